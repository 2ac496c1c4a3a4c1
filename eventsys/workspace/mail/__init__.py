"""An event's mail as organisers see it: what went out, what is planned, on one line of time."""
