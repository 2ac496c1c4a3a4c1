"""News: what is told, and when."""
