"""Invitations as an organiser sends and follows them; `invitations` says what one is."""
