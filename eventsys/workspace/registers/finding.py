"""Which organisation the words of a line mean, among those that exist now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from eventsys.organisations.rules import OrganisationKind, name_key
from eventsys.workspace.registers.rows import Wrong


class Known(NamedTuple):
    """An organisation that a line may name."""

    id: int
    kind: OrganisationKind
    label: str
    number: str | None
    name: str


class Finder:
    """Finds by label, by number (with or without the zero that a spreadsheet may have taken), or by name alone."""

    def __init__(self, organisations: Iterable[Any]) -> None:
        self._by_word: dict[str, list[Known]] = {}
        for row in organisations:
            known = Known(*row)
            for key in {name_key(known.label), known.number or "", name_key(known.name)} - {""}:
                self._by_word.setdefault(key, []).append(known)

    def find(self, text: str) -> Sequence[Known]:
        """All that the words may mean; one, if they are clear."""
        key = name_key(text)
        plain = name_key(re.sub(r"\s+kommune$", "", text, flags=re.IGNORECASE))
        found = self._by_word.get(key) or (self._by_word.get(key.zfill(4)) if key.isdigit() else None) or []
        found = found or self._by_word.get(plain, [])
        exact = [one for one in found if key in (name_key(one.label), one.number)]
        municipalities = [one for one in found if one.kind is OrganisationKind.MUNICIPALITY]
        for fewer in (exact, municipalities):
            if len(fewer) == 1:
                return fewer
        return found

    def read(self, text: str, wrong: list[Wrong]) -> Known | None:
        """The one that is meant, or a note of why there is none. Nothing of nothing."""
        if not text:
            return None
        found = self.find(text)
        if len(found) == 1:
            return found[0]
        if found:
            wrong.append(Wrong("which_organisation", ", ".join(one.label for one in found)))
        else:
            wrong.append(Wrong("unknown_organisation", text))
        return None
