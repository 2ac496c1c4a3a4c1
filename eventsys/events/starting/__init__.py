"""Ways to begin an event: from its kind, and from the entries of a calendar file."""
