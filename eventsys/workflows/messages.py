"""What mails are written from: an outbox message, or one that is only imagined for a preview."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol


class Message(Protocol):
    """What is asked of an outbox message."""

    @property
    def id(self) -> int: ...
    @property
    def public_id(self) -> uuid.UUID: ...
    @property
    def organiser_id(self) -> int: ...
    @property
    def template(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def email_key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Imagined:
    """A message that nobody has put in the outbox."""

    id: int
    public_id: uuid.UUID
    organiser_id: int
    template: str
    email: str
    email_key: str
    name: str
    language: str
