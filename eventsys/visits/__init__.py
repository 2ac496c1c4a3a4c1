"""Visits that organisations ask for: times offered, one accepted, then an event in both calendars."""
