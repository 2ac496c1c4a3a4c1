"""What two people typed into one form, joined field by field; pure, without a database.

A form carries, beside its object's `edition`, a short digest of each field as it was when it was opened (`was`). So what
the one did not touch is taken from the other, and only a field that both changed is asked about.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

Typed = MultiDict[str, str]
KEEP = "keep-"
THEIRS, BOTH = "theirs", "both"


class Field(NamedTuple):
    """What a page calls a field; `options` are the words of its values where it has choices. Of a long text one may keep
    both, the one after the other."""

    label: str
    options: Mapping[str, str] = {}
    is_long: bool = False


class Clash(NamedTuple):
    """A field that both changed, each to something else, in words."""

    name: str
    field: Field
    mine: str
    theirs: str


class Merged(NamedTuple):
    """What the form says when both are joined: mine where both changed it, until the `clashes` are decided. `taken` are
    the labels of what only the other changed."""

    typed: Typed
    clashes: list[Clash]
    taken: list[str]


def mark(typed: Typed, fields: Mapping[str, Field]) -> str:
    """How the fields are now, for the hidden field `was`."""
    return json.dumps({name: _digest(values_of(typed, name)) for name in fields}, separators=(",", ":"))


def merge(mine: Typed, theirs: Typed, fields: Mapping[str, Field]) -> Merged:
    """`mine` is what was sent, with its `was`; `theirs` what the object is now, as if typed."""
    was = read_mark(mine.get("was", ""))
    typed, clashes, taken = mine.copy(), [], []
    for name, field in fields.items():
        ours, others = values_of(mine, name), values_of(theirs, name)
        if ours == others or was.get(name) == _digest(others):
            continue
        if was.get(name) == _digest(ours):
            typed.setlist(name, list(theirs.getlist(name)))
            taken.append(field.label)
        else:
            clashes.append(Clash(name, field, _words(ours, field), _words(others, field)))
    return Merged(typed, clashes, taken)


def choose(typed: Typed, theirs: Typed, fields: Mapping[str, Field]) -> Typed:
    """The form with what was decided about each clash: the other's value, or both, where that was asked for."""
    chosen = typed.copy()
    for name, field in fields.items():
        keep = typed.get(KEEP + name)
        if keep == THEIRS:
            chosen.setlist(name, list(theirs.getlist(name)))
        elif keep == BOTH and field.is_long:
            chosen[name] = f"{theirs.get(name, '').strip()}\n\n{typed.get(name, '').strip()}"
        chosen.poplist(KEEP + name)
    return chosen


def is_decided(typed: Typed) -> bool:
    """Whether the form comes from the page that asks about clashes."""
    return any(name.startswith(KEEP) for name in typed)


def values_of(typed: Typed, name: str) -> tuple[str, ...]:
    """The values of a field, however a browser breaks its lines; unticked and empty are the same."""
    values = (value.replace("\r\n", "\n").strip() for value in typed.getlist(name))
    return tuple(sorted(value for value in values if value))


def read_mark(text: str) -> dict[str, str]:
    """The digests that a form came with; nothing of what is none of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _digest(values: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:12]


def _words(values: Sequence[str], field: Field) -> str:
    return ", ".join(str(field.options.get(value, value)) for value in values)
