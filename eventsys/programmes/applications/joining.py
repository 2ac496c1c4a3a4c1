"""What somebody sends of an application, joined with what others wrote meanwhile; without a database.

What can be read and clashes with nothing goes in at once. A field that both changed, or that cannot be read, stays as the
application has it until it is decided or mended.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from eventsys.merging import Clash, Field, Typed, choose, is_decided, mark, merge, read_mark
from eventsys.programmes.applications import forms
from eventsys.programmes.applications.labels import describe_fields
from eventsys.programmes.applications.rules import ApplicationFacts, ApplicationState

ABOUT_THE_FORM = ("page", "turn", "was")
"""Fields about the form itself: which opening of it this is, how often that has been kept, and how its fields were."""
Kept = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Joined:
    """`facts` is what the application is to say; `typed` what the form says when both are joined. `was` describes what
    the sender's page shows, for the next time it sends."""

    facts: ApplicationFacts
    typed: Typed
    clashes: list[Clash]
    taken: list[str]
    errors: dict[str, str]
    fields: dict[str, Field]
    was: str

    @property
    def is_settled(self) -> bool:
        return not self.clashes and not self.errors


def join(sent: Typed, facts: ApplicationFacts, *, kept: Kept = ()) -> Joined:
    """`facts` is what the application says now; `kept` what the sender's draft remembers of the page it came from."""
    theirs, mine = forms.to_typed(facts), forms.tidy(sent)
    fields = describe_fields(forms.list_goal_ids(theirs, mine))
    was = read_mark(mark(Typed(), fields)) | read_mark(mine.get("was", ""))
    if is_decided(mine):
        mine = forms.tidy(choose(mine, theirs, fields))
    else:
        was |= _remembered(kept, mine)
    mine["was"] = json.dumps(was)
    merged = merge(mine, theirs, fields)
    errors = forms.find_errors(merged.typed, fields)
    clashing = {clash.name for clash in merged.clashes}
    unsettled = clashing | set(errors)
    settled = merged.typed.copy()
    for name in unsettled:
        settled.setlist(name, theirs.getlist(name))
    shown = read_mark(mark(mine, fields)) | {name: was[name] for name in unsettled}
    return Joined(
        forms.read(settled, facts), merged.typed, merged.clashes, merged.taken, errors, fields, json.dumps(shown)
    )


def is_outrun(sent: Typed, kept: Kept) -> bool:
    """Whether the same page has sent something newer already: two requests of one page may overtake each other."""
    before = dict(kept)
    return bool(sent.get("page")) and before.get("page") == sent.get("page") and _turn(before) > _turn(sent)


def _turn(typed: Typed | dict[str, str]) -> int:
    text = typed.get("turn") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _remembered(kept: Kept, sent: Typed) -> dict[str, str]:
    """An answer that never came back must not make a page clash with what it wrote itself."""
    before = dict(kept)
    return read_mark(before.get("was", "")) if sent.get("page") and before.get("page") == sent.get("page") else {}


def remember(sent: Typed, joined: Joined) -> list[tuple[str, str]]:
    """What the sender's draft keeps: how its page is, and all that was typed where something is not settled."""
    about = [("page", sent.get("page", "")), ("turn", sent.get("turn", "")), ("was", joined.was)]
    if joined.is_settled:
        return about
    return about + [(name, value) for name in joined.fields for value in joined.typed.getlist(name)]


def is_unfinished(kept: Kept) -> bool:
    """Whether a draft holds what the application does not."""
    return any(name not in ABOUT_THE_FORM for name, _value in kept)


def may_be_written(state: ApplicationState) -> bool:
    return state is ApplicationState.DRAFT
