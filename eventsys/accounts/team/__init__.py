"""Who works for an organiser: invitations by mail, roles, and their end."""
