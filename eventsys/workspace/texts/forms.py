"""What an organiser typed as a mail's texts, and the form filled with what is there."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.workflows.texts.rules import LANGUAGES, Written, join, split
from eventsys.workspace.forms import Typed

VIEWS = ("phone", "desktop", "text")
MOST_TYPED = 200_000


def read_texts(typed: Typed) -> dict[str, str]:
    """The sources by language; a language in which nothing is typed is not there."""
    written = {language: _read(typed, language) for language in LANGUAGES}
    return {language: join(one) for language, one in written.items() if one != Written()}


def _read(typed: Typed, language: str) -> Written:
    subject, body = typed.get(f"subject_{language}", ""), typed.get(f"body_{language}", "")
    return Written(" ".join(subject.split()), body.replace("\r\n", "\n").strip()[:MOST_TYPED])


def fill(texts: Mapping[str, str]) -> Typed:
    """The form with these sources in it."""
    typed = Typed()
    for language in LANGUAGES:
        typed[f"subject_{language}"], typed[f"body_{language}"] = split(texts.get(language, ""))
    return typed


def read_number(typed: Typed, name: str) -> int:
    """A whole number of the form, 0 for anything else."""
    text = typed.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def read_view(typed: Typed) -> str:
    """How the preview is looked at: on a phone unless something else is chosen."""
    view = typed.get("view", "")
    return view if view in VIEWS else VIEWS[0]
