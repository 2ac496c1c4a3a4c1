"""What members have promised to take part in, and how each stands to it."""
