"""What the pages of places, their rooms and their deadlines need beside the verbs of venues and bookings."""
