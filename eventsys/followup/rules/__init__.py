"""Figures of events as values, and the arithmetic of their pictures. Pure."""
