"""Seats in runs: who has one, who waits, who asked."""
