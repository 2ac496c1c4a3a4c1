"""Sums over several events: beds and chairs at a hotel by date, and how many of an event have a seat at another too."""
