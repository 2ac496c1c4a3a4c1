"""The states of an outbox message and the decisions about its next try. Pure."""

from __future__ import annotations

import enum
import re
import uuid
from datetime import timedelta


class MailState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPPRESSED = "suppressed"
    UNCERTAIN = "uncertain"


class ReturnKind(enum.StrEnum):
    """What came back to the mailbox that mails are sent from."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    DELAY = "delay"
    AUTO_REPLY = "auto_reply"
    CALENDAR_ANSWER = "calendar_answer"
    UNKNOWN = "unknown"


BULK = 1
"""The priority of mail that no act of its reader asked for: a thousand reminders delay no confirmation, which has 0."""
LEASE = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=48)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=4)
FIRST_BATCH, SMALLEST_BATCH, LARGEST_BATCH = 200, 20, 1000
BATCH_SECONDS = 5.0
"""A batch that takes longer gives back its rest, so that what is due before it is not kept waiting by a slow server."""
REST = (2, 5, 10, 30, 60)
"""Seconds without any try after the server was found away, longer each time in a row."""


def next_batch(size: int, *, taken: int, done: int, seconds: float) -> int:
    """How many to take after a batch of `taken` (at most `size`), of which `done` were dealt with in `seconds`.

    As many as go in half of a batch's time at that rate, at most twice as many as before: large batches cost less for
    each mail, and too large ones are given back. What stopped early, or had no more to take, says nothing of the rate.
    """
    was_cut = done < taken and seconds >= BATCH_SECONDS
    if not was_cut and (done < taken or taken < size):
        return size
    fits = int(done * BATCH_SECONDS / 2 / max(seconds, 0.001))
    return max(SMALLEST_BATCH, min(fits, 2 * size, LARGEST_BATCH))


def next_wait(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th try that failed for now; `jitter` is between 0.8 and 1.2."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 20)
    return min(doubled, LONGEST_WAIT) * jitter


TOO_BIG = re.compile(r"552[ -]5\.(2\.3|3\.4)\b")


def is_for_good(code: int, words: str) -> bool:
    """Whether a refusal will be the same tomorrow: 5xx, but 552 only for a mail that is too big.

    Else 552 is a full mailbox, which its owner can empty (RFC 3463 §3.3: X.2.2 is a persistent transient failure), or too
    many recipients, which is to be taken as 452 (RFC 5321 §4.5.3.1.10).
    """
    return code >= 500 and (code != 552 or TOO_BIG.match(f"{code} {words}") is not None)


def bounce_address(base: str, public_id: uuid.UUID) -> str:
    """The sender on the envelope of one message, so that what comes back says which it is about; "" without a base."""
    name, _at, domain = base.rpartition("@")
    return f"{name}+{public_id.hex}@{domain}" if base else ""
