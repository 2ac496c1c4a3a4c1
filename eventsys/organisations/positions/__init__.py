"""Positions: that a person is an organisation's contact or something else in it, and how a contact is confirmed."""
