"""How long links about positions live, and how many may ask. Pure."""

from __future__ import annotations

from datetime import timedelta

CONFIRMATION_LIVES = timedelta(days=14)
ASKED_AGAIN_AFTER = timedelta(days=1)
"""Who asks again sooner causes no second mail to the official mailbox."""
ASKED_AT_MOST = 5
ASKED_WITHIN = timedelta(hours=1)
"""More people than that ask to be one organisation's contact only if somebody plays tricks with its mailbox."""
