"""Whom visitors may write to or call."""
