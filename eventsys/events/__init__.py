"""Events, their runs, and the announcements they are read from."""
