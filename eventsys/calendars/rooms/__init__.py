"""The calendar of one room for one organiser, behind a secret address: its own titles, of others only that it is taken."""
