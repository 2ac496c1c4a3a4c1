"""Venues and how many people they take."""
