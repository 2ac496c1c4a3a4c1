"""What a browser sends to one's own page and the registrar's, turned into values or errors; no database here."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional

from eventsys.registrations.forms import TOO_LONG, AddressForm, squeezed, trimmed, valid_address
from eventsys.registrations.own.rules import WORDS_AT_MOST, Typed
from eventsys.registrations.rules import Asked, NewSeat, Side
from eventsys.registrations.seat_lines import SeatLine

Sent = MultiDict[str, str]


class NameForm(AddressForm):
    """Who is to have a place. Without an address the mail goes to who signed the place up, where somebody did."""

    email = StringField(filters=[trimmed], validators=[Optional(), Length(max=254, message=TOO_LONG), valid_address])
    name = StringField(
        filters=[squeezed],
        validators=[InputRequired(_l("Write a name")), Length(max=200, message=TOO_LONG)],
    )


class ColleagueForm(AddressForm):
    """Who takes over a place from the one who has it: both name and address, since nobody else gets the mail."""

    email = StringField(
        filters=[trimmed],
        validators=[
            InputRequired(_l("Write the colleague’s e-mail address")),
            Length(max=254, message=TOO_LONG),
            valid_address,
        ],
    )
    name = StringField(
        filters=[squeezed],
        validators=[InputRequired(_l("Write a name")), Length(max=200, message=TOO_LONG)],
    )


def read_person(sent: Sent, prefix: str, *, needs_address: bool) -> tuple[AddressForm, Typed]:
    """The name and address of fields that begin with `prefix`, and the errors with those fields' names."""
    fields = {"name": f"{prefix}name", "email": f"{prefix}email"}
    kind = ColleagueForm if needs_address else NameForm
    form = kind(MultiDict({name: sent.get(field, "") for name, field in fields.items()}))
    form.validate()
    errors = tuple((fields[name], str(error)) for name in ("name", "email") for error in form[name].errors)
    return form, Typed({field: sent.get(field, "") for field in fields.values()}, errors)


def read_asked(sent: Sent) -> tuple[Asked | None, str, Typed]:
    """What is asked of the organiser and in which words; the errors where that cannot be read."""
    kind = sent.get("asked", "")
    asked = Asked(kind) if kind in set(Asked) else None
    field = f"{kind}_words"
    words = sent.get(field, "").replace("\0", "").strip()
    values = dict(sent.items())
    if len(words) > WORDS_AT_MOST:
        message = _("At most %(most)d characters; this is %(length)d.", most=WORDS_AT_MOST, length=len(words))
        return asked, words, Typed(values, ((field, message),))
    if not words:
        return asked, words, Typed(values, ((field, _("Write a few words to the organiser")),))
    return asked, words, Typed(values)


def read_seats(lines: Sequence[SeatLine], *, asks_union: bool) -> list[NewSeat]:
    """The lines as seats; what a line's part means is the union's id where the event asks for that, else the side."""
    return [
        NewSeat(
            side=None if asks_union else Side(line.part),
            name=line.name,
            email=line.email,
            union_id=int(line.part) if asks_union else None,
        )
        for line in lines
    ]
