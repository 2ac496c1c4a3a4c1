"""An event's own questions: what they ask, what was answered, and what is kept of it for how long."""
