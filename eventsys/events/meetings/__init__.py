"""Meetings of groups: when they are, their agendas and their minutes."""
