"""Measures the real server on both databases, beside what the machine can do at best. Imports nothing of the tests."""
