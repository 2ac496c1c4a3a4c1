"""How long the links to one's own pages live, and how many may be asked for. Pure."""

from __future__ import annotations

from datetime import timedelta

LINK_LIVES = timedelta(hours=24)
LINKS_AN_HOUR = 5
OPEN_LIVES = timedelta(hours=2)
