"""How many mails a worker takes at once: what the mail server took lately, half of it. Kept in the application, for its
process."""

from __future__ import annotations

from flask import current_app

from eventsys.mailing.rules import FIRST_BATCH, next_batch


def batch_size() -> int:
    size: int = current_app.extensions.get("mail_batch", FIRST_BATCH)
    return size


def learn(*, taken: int, done: int, seconds: float) -> None:
    """What came of a batch: so many taken, so many of them dealt with in that time."""
    current_app.extensions["mail_batch"] = next_batch(batch_size(), taken=taken, done=done, seconds=seconds)
