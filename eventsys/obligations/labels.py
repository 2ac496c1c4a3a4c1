"""What pages call how one stands to a promise: a word, a letter and a colour for each, never the colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys import dates, texts
from eventsys.events.labels import TYPES, join_words
from eventsys.obligations.gatherings import Gathering
from eventsys.obligations.models import Obligation
from eventsys.obligations.rules import Cell, ExcuseState, Kept, Standing
from eventsys.registrations.labels import SIDES
from eventsys.web import language

STANDINGS = {
    Standing.MET: _l("Came with all"),
    Standing.PARTLY: _l("Came in part"),
    Standing.EXCUSED: _l("Excused"),
    Standing.MISSED: _l("Missed"),
    Standing.COMING: _l("To come"),
    Standing.NOT_RECORDED: _l("Not recorded"),
}
MEANINGS = {
    Standing.MET: _l("whoever was promised came"),
    Standing.PARTLY: _l("but not all the sides that were promised"),
    Standing.EXCUSED: _l("by the organiser"),
    Standing.MISSED: _l("attendance was taken, and nobody came"),
    Standing.COMING: _l("with an exclamation mark where somebody is still to be signed up"),
    Standing.NOT_RECORDED: _l("attendance has not been taken; nobody has missed it"),
}
COLOURS = {
    Standing.MET: "success",
    Standing.PARTLY: "warning",
    Standing.EXCUSED: "neutral",
    Standing.MISSED: "danger",
    Standing.COMING: "info",
    Standing.NOT_RECORDED: "",
}
LETTERS: Mapping[str, Mapping[Standing, str]] = {
    code: dict(zip(Standing, letters, strict=True))
    for code, letters in {"nb": "MDFUK?", "nn": "MDFUK?", "en": "CPEMT?"}.items()
}
"""A letter for each standing, in the order of the enum, by language."""
EXCUSES = {
    ExcuseState.ASKED: _l("Asked for"),
    ExcuseState.GRANTED: _l("Excused"),
    ExcuseState.REFUSED: _l("Not excused"),
    ExcuseState.WITHDRAWN: _l("Withdrawn"),
}


def letter_of(cell: Cell) -> str:
    return LETTERS[language()][cell.standing] + ("!" if cell.needs_more else "")


def tell_cell(cell: Cell) -> str:
    """«Kommende: mangler tillitsvalgte», «Møtt delvis: uten politikere»."""
    word = str(STANDINGS[cell.standing])
    lacking = join_words([str(SIDES[side]).lower() for side in cell.lacking])
    if cell.standing is Standing.COMING:
        if not cell.anybody:
            return _("%(standing)s: nobody is signed up", standing=word)
        if cell.lacking:
            return _("%(standing)s: lacks %(sides)s", standing=word, sides=lacking)
        return _("%(standing)s: signed up", standing=word)
    if cell.standing is Standing.PARTLY:
        return _("%(standing)s: without %(sides)s", standing=word, sides=lacking)
    return word


def tell_kept(kept: Kept) -> str:
    """«2 av 3»."""
    return _("%(met)d of %(needed)d", met=kept.met, needed=kept.needed)


def tell_state(kept: Kept) -> tuple[str, str]:
    """Whether a promise is kept, in words and as a colour."""
    if kept.is_kept:
        return _("Kept"), "success"
    if kept.can_be_kept:
        return _("Can be kept"), "info"
    return _("Can no longer be kept"), "danger"


def name_obligation(row: Obligation) -> texts.Text:
    return texts.read(row.name, language())


def name_gathering(gathering: Gathering) -> texts.Text:
    return texts.read(gathering.title, language())


def name_days(gathering: Gathering) -> str:
    """The days of each time, or that they are not known."""
    spans = sorted(
        {(time.first_on, time.last_on or time.first_on) for time in gathering.times if time.first_on is not None}
    )
    known = [dates.format_days(first, last, language()) for first, last in spans]
    return " · ".join(known) or _("Date to come")


def tell_obligation(row: Obligation, sides: list[str], series: str) -> str:
    """«2 ganger i serien «Læringsseminarer», med politikere og administrasjonen»."""
    times = ngettext("%(num)d time", "%(num)d times", row.required)
    if row.event_type is not None:
        what = _("%(times)s at events of the kind “%(kind)s”", times=times, kind=TYPES[row.event_type])
    else:
        what = _("%(times)s at the events of “%(series)s”", times=times, series=series)
    if not sides:
        return what
    return _("%(what)s, with %(sides)s", what=what, sides=join_words([side.lower() for side in sides]))
