"""What somebody may ask for about what is kept of them, and how an erasure came about. Pure."""

from __future__ import annotations

import enum


class RequestKind(enum.StrEnum):
    EXPORT = "export"
    ERASURE = "erasure"


class RequestState(enum.StrEnum):
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


class ErasureKind(enum.StrEnum):
    NIGHTLY = "nightly"
    PERSON = "person"
