"""A mail text as its readers will see it, in each language, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from eventsys.mailing.markdown import Rendered, Value
from eventsys.mailing.templates import compile_draft
from eventsys.workflows.texts.checks import KNOWN, check
from eventsys.workflows.texts.rules import LANGUAGES
from eventsys.workspace.texts.wording import tell_fault


@dataclass(frozen=True, slots=True)
class Preview:
    """One language's mail; none where it is not written, or where something is wrong with it."""

    language: str
    mail: Rendered | None
    faults: list[str]


def render_all(
    texts: Mapping[str, str], values: Callable[[str], Mapping[str, Value]], known: Collection[str] = KNOWN
) -> list[Preview]:
    """The text in each language with the values of that language; `known` are the placeholders that it may have."""
    return [_render(language, texts.get(language), values, known) for language in LANGUAGES]


def _render(
    language: str, source: str | None, values: Callable[[str], Mapping[str, Value]], known: Collection[str]
) -> Preview:
    if source is None:
        return Preview(language, None, [])
    faults = check({language: source}, known)
    if faults:
        return Preview(language, None, [tell_fault(fault) for fault in faults.values()])
    return Preview(language, compile_draft(source, language).render(values(language)), [])
