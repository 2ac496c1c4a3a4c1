"""What the registers' pages say: of a line what is wrong with it, of a field its name, of a day how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys import dates
from eventsys.invitations.rules import InvitationState
from eventsys.organisations.labels import LANGUAGE_FORMS, POSITION_ROLES
from eventsys.organisations.rules import LanguageForm, PositionRole
from eventsys.web import LANGUAGES, language
from eventsys.workspace.registers.queries.merging import Fate
from eventsys.workspace.registers.rows import Change, Checked, Wrong

FIELDS = {
    "number": _l("Number"),
    "name": _l("Name"),
    "county": _l("County"),
    "parent_id": _l("Belongs to"),
    "email": _l("E-mail"),
    "postal_address": _l("Postal address"),
    "organisation_number": _l("Organisation number"),
    "language_form": _l("Language form"),
    "language_form_source": _l("Source"),
    "language_form_on": _l("Decided on"),
    "organisation": _l("Organisation"),
    "role": _l("Role"),
    "from_on": _l("From"),
    "to_on": _l("Until"),
    "language": _l("Language"),
    "union": _l("Union"),
}
DOES = {
    "new": _l("New"),
    "changed": _l("Changes"),
    "same": _l("As it is"),
    "wrong": _l("Must be mended"),
}
DOES_KINDS = {"new": "success", "changed": "info", "same": "neutral", "wrong": "danger"}
INVITATION_STATES = {
    InvitationState.PLANNED: _l("not sent yet"),
    InvitationState.ASKED: _l("no answer"),
    InvitationState.ACCEPTED: _l("said yes"),
    InvitationState.DECLINED: _l("said no"),
    InvitationState.PASSED_ON: _l("passed on"),
    InvitationState.WITHDRAWN: _l("withdrawn"),
}
UNREADABLE = {
    "empty": _l("The file is empty."),
    "too_big": _l("The file is too big. Take a part of the list at a time."),
    "not_a_table": _l("That is no list we can read. Save it as XLSX, or as CSV in UTF-8."),
    "nothing": _l("Choose a file or paste some lines first."),
    "too_many": _l("At most 5,000 lines at a time."),
}
WRONGS: dict[str, Callable[[str], str]] = {
    "no_name": lambda _words: _("The name is missing"),
    "no_email": lambda _words: _("The address is missing"),
    "bad_email": lambda words: _("«%(words)s» is no e-mail address", words=words),
    "too_long": lambda words: _("«%(words)s…» is too long", words=words),
    "bad_number": lambda words: _("«%(words)s» has not the number of digits that it should", words=words),
    "bad_register_number": lambda words: _("«%(words)s» is no organisation number", words=words),
    "bad_language_form": lambda words: _("«%(words)s» is no language form", words=words),
    "no_source": lambda _words: _("Say where the language form is from"),
    "bad_day": lambda words: _("«%(words)s» is no day, such as 01.09.2008", words=words),
    "ends_before": lambda _words: _("It ends before it begins"),
    "bad_language": lambda words: _("«%(words)s» is no language we write in", words=words),
    "bad_role": lambda words: _("«%(words)s» is no role we know", words=words),
    "no_role": lambda _words: _("The role is missing"),
    "no_organisation": lambda _words: _("The organisation is missing"),
    "unknown_organisation": lambda words: _(
        "«%(words)s» is none of the organisations that you may choose", words=words
    ),
    "which_organisation": lambda words: _("Several are meant: %(words)s", words=words),
    "other_number": lambda words: _(
        "There is one of that name with another number: %(words)s. Say that one comes after it instead.", words=words
    ),
    "other_organisation": lambda words: _("The number and the name are two different ones: %(words)s", words=words),
    "not_yours": lambda words: _("%(words)s is in another organiser's programme", words=words),
    "no_union": lambda _words: _("The union is missing"),
    "unknown_union": lambda words: _("«%(words)s» is none of your unions", words=words),
    "twice": lambda words: _("The same as line %(number)s", number=words),
}


def tell_wrong(wrong: Wrong) -> str:
    return WRONGS[wrong.code](wrong.words)


def name_value(field: str, value: str) -> str:
    """A cell as a person writes it: days, roles, language forms and languages by name; what is none as it was typed."""
    if not value:
        return ""
    if field.endswith("_on"):
        return _name_iso_day(value)
    if field == "role" and value in set(PositionRole):
        return str(POSITION_ROLES[PositionRole(value)])
    if field == "language_form" and value in set(LanguageForm):
        return str(LANGUAGE_FORMS[LanguageForm(value)])
    return LANGUAGES.get(value, value) if field == "language" else value


def _name_iso_day(value: str) -> str:
    """What is no day stands as it was written."""
    try:
        return name_day(date.fromisoformat(value))
    except ValueError:
        return value


def tell_change(change: Change) -> str:
    """«County: Møre → Møre og Romsdal»."""
    was = name_value(change.field, change.was) or _("nothing")
    becomes = name_value(change.field, change.becomes) or _("nothing")
    return f"{FIELDS[change.field]}: {was} → {becomes}"


def name_day(day: date | None) -> str:
    return dates.format_day(day, language()) if day else ""


def describe_lines(checked: Iterable[Checked], fields: Iterable[str]) -> list[dict[str, object]]:
    """Lines as the check page shows them."""
    shown = list(fields)
    return [
        {
            "number": line.number,
            "cells": [(FIELDS[name], name_value(name, line.shown.get(name, ""))) for name in shown],
            "does": DOES[line.does],
            "kind": DOES_KINDS[line.does],
            "changes": [tell_change(change) for change in line.changes] if not line.wrong else [],
            "wrong": [tell_wrong(one) for one in line.wrong],
        }
        for line in checked
    ]


TABLES = {
    "registrations": _l("Seats"),
    "delegations": _l("Delegations that they keep"),
    "invitations": _l("Invitations"),
    "held_places": _l("Places held for them"),
    "positions": _l("Roles"),
    "group_memberships": _l("Groups"),
    "representatives": _l("As a union's representative"),
    "mail_causes": _l("Mails about them"),
}
FATES = {
    Fate.MOVES: _l("goes over"),
    Fate.ENDS: _l("ends: the other has the same"),
    Fate.GOES: _l("goes: the other has the same"),
    Fate.STAYS: _l("stays as it is: both have one"),
}
