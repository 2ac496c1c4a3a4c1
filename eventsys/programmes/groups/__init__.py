"""Standing groups: the steering group, the political contact meeting, a working group, and who is in each by name."""
