"""Organisations and people as organisers keep them: lists, imports with their check, doubles, successors."""
