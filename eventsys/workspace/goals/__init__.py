"""The goals of a programme's projects, added up."""
