"""Drafts made of the entries of a calendar file that was put up or pasted."""
