"""The waiting list: who stands where in it, and who is served next."""
