"""Meetings of a group made many at once, and its members on their lists."""
