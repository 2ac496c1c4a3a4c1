"""The organisers' first page: what is on today, what waits for a decision, what is coming."""
