"""Programmes with their cohorts and networks, and who belongs to them when."""
