"""Mail texts as sources: subject and body put together and apart, what is wrong with them, what differs. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from eventsys.mailing.faults import BadText

LANGUAGES = ("nb", "nn", "en")
SUBJECT = "Subject: "

Field = Literal["subject", "body"]
Faults = dict[tuple[str, Field], BadText]
"""What is wrong with a text, by language and field."""


class Written(NamedTuple):
    """A text in one language as its writer sees it."""

    subject: str = ""
    body: str = ""


class BadTexts(ValueError):
    """A text cannot be saved; `faults` say why, by language and field."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("; ".join(f"{language} {field}: {why}" for (language, field), why in faults.items()))
        self.faults = faults


class TextIsUsed(ValueError):
    """A rule has the text, or a mail with it waits: it cannot be removed."""


class ChangedMeanwhile(ValueError):
    """Somebody else saved a version since the form was opened; `number` is theirs."""

    def __init__(self, number: int) -> None:
        super().__init__(f"version {number} was saved meanwhile")
        self.number = number


def join(written: Written) -> str:
    """The source: a first line with the subject, then the body."""
    return f"{SUBJECT}{' '.join(written.subject.split())}\n\n{written.body.strip()}\n"


def split(source: str) -> Written:
    """What `join` put together."""
    first, _, body = source.partition("\n")
    return Written(first.removeprefix(SUBJECT).strip(), body.strip())


def list_changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The languages whose texts differ."""
    return [language for language in LANGUAGES if before.get(language) != after.get(language)]


# --- what differs ---------------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A line of a comparison: the same in both, added, removed, or «gap» for lines left out."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str = ""


def compare(before: str, after: str) -> list[Line]:
    """The lines that differ, each with a line of what stands around it; empty where nothing does."""
    return list(_compare(before.splitlines(), after.splitlines()))


def _compare(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(n=1)):
        if number:
            yield Line("gap")
        for what, from_, to, new_from, new_to in group:
            if what == "equal":
                yield from (Line("same", text) for text in before[from_:to])
                continue
            yield from (Line("removed", text) for text in before[from_:to])
            yield from (Line("added", text) for text in after[new_from:new_to])
