"""One organisation comes after others: chosen, looked at with all that goes over, then done. It cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.rules import LogVerb
from eventsys.extensions import db, transaction
from eventsys.organisations.actions import NameIsTaken, NumberIsTaken
from eventsys.organisations.models import Organisation
from eventsys.organisations.positions.emails import send_contact_link
from eventsys.organisations.register.actions import OrganisationFacts
from eventsys.organisations.register.queries import list_all, list_by_ids
from eventsys.organisations.rules import OrganisationKind, PositionRole
from eventsys.registrations.people.links import contact_path
from eventsys.web import Access, access
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.registers.actions.succession import HasEnded, Succeeded, succeed
from eventsys.workspace.registers.finding import Finder, Known
from eventsys.workspace.registers.labels import name_day
from eventsys.workspace.registers.queries.succession import count_effects
from eventsys.workspace.views.frame import account, blueprint, log, today
from eventsys.workspace.views.organisations import Answer, address_of, key_of, rights, tell_not_given

MOST_ENDING = 6


@dataclass(frozen=True, slots=True)
class Meant:
    """Those that end, the one that is there already and comes after them or the new one, and the day."""

    ending: list[Organisation]
    into: Organisation | OrganisationFacts
    on: date


@blueprint.get("/organisations/succession", endpoint="succession")
@access(Access.ORGANISER)
def new() -> str:
    typed = Typed({"into": "new", "on": write_day(today())})
    typed["ending-0"] = request.args.get("of", "").replace("\0", "")[:200]
    return show_form(typed, {})


@blueprint.post("/organisations/succession/preview", endpoint="preview_succession")
@access(Access.ORGANISER)
def preview() -> str | tuple[str, int]:
    session, reader = db.session(), Reader(Typed(request.form))
    meant = read_meant(session, reader)
    if meant is None or "change" in reader.typed:
        return show_form(reader.typed, reader.errors), 422 if meant is None else 200
    effects = count_effects(session, [one.id for one in meant.ending], on=meant.on)
    return render_template(
        "workspace/succession_preview.html",
        ending=[{"label": one.label, "number": one.number, "url": address_of(one)} for one in meant.ending],
        into=name_into(meant),
        is_new=isinstance(meant.into, OrganisationFacts),
        on=name_day(meant.on),
        effects=effects,
        kept=[(name, value) for name, value in reader.typed.items() if name not in ("csrf_token", "change")],
    )


@blueprint.post("/organisations/succession", endpoint="save_succession")
@access(Access.ORGANISER)
def save() -> Answer:
    reader = Reader(Typed(request.form))
    try:
        with transaction() as session:
            meant = read_meant(session, reader)
            done = carry_out(session, meant) if meant is not None else None
            url = address_of(done.successor) if done is not None else ""
    except HasEnded:
        reader.errors["ending-0"] = _("One of them has ended already.")
    except (NameIsTaken, NumberIsTaken):
        reader.errors["new_number"] = _("Another organisation has that name or number.")
    if reader.errors or done is None:
        return show_form(reader.typed, reader.errors), 422
    flash(_("%(name)s has come after them. Contacts have got a new link.", name=done.successor.label), "success")
    return redirect(url, 303)


def carry_out(session: Session, meant: Meant) -> Succeeded:
    labels = [f"{one.number or ''} {one.label}".strip() for one in meant.ending]
    done = succeed(session, meant.ending, meant.into, on=meant.on, account_id=account().id, now=clock.now())
    row = done.successor
    log(
        session, LogVerb.MERGED, "organisation", key_of(row), row.label,
        before={"name": labels}, after={"name": f"{row.number or ''} {row.label}".strip(), "from_on": meant.on},
    )  # fmt: skip
    for position in done.positions:
        if position.role is PositionRole.CONTACT and position.confirmed_at is not None:
            send_contact_link(session, row, position, path=contact_path(row, position), now=clock.now())
    return done


def read_meant(session: Session, reader: Reader) -> Meant | None:
    """None when something is wrong, which then stands beside its field."""
    finder = Finder(list_all(session))
    ending = read_ending(session, reader, finder)
    on = reader.day("on", required=_("Write the first day of the one that comes after."))
    if on is not None and on > today():
        reader.errors["on"] = _("That day has not come. Do this on the day, or after it.")
    into = read_into(session, reader, finder, ending)
    if reader.errors or on is None or into is None:
        return None
    return Meant(ending, into, on)


def read_ending(session: Session, reader: Reader, finder: Finder) -> list[Organisation]:
    found: dict[int, str] = {}
    for place in range(MOST_ENDING):
        field = f"ending-{place}"
        text = reader.text(field, most=200)
        known = find_one(reader, field, finder) if text else None
        if known is not None:
            found[known.id] = field
    if not found and "ending-0" not in reader.errors:
        reader.errors["ending-0"] = _("Write the name or number of at least one that ends.")
    rows, mine = list_by_ids(session, list(found)), rights(session)
    for row in rows:
        if not mine.may_change(row.id):
            reader.errors[found[row.id]] = _("%(name)s is in another organiser's programme.", name=row.label)
    if len({row.kind for row in rows}) > 1:
        reader.errors["ending-0"] = _("They are not of one kind.")
    return rows


def find_one(reader: Reader, field: str, finder: Finder) -> Known | None:
    found = finder.find(reader.text(field, most=200))
    if len(found) == 1:
        return found[0]
    reader.errors[field] = (
        _("Several are meant: %(words)s", words=", ".join(one.label for one in found))
        if found
        else _("Write the name or number of one organisation in the register.")
    )
    return None


def read_into(
    session: Session, reader: Reader, finder: Finder, ending: list[Organisation]
) -> Organisation | OrganisationFacts | None:
    if reader.typed.get("into") != "known":
        return read_new(reader, ending)
    known = find_one(reader, "known", finder)
    if known is not None and known.id in {one.id for one in ending}:
        reader.errors["known"] = _("It cannot come after itself. If it keeps its number, say the others end into it.")
        return None
    row, mine = session.get_one(Organisation, known.id) if known is not None else None, rights(session)
    if row is not None and not mine.may_change(row.id):
        reader.errors["known"] = _("%(name)s is in another organiser's programme.", name=row.label)
    elif row is not None and any(one.kind is not row.kind for one in ending):
        reader.errors["known"] = _("They are not of one kind.")
    elif row is not None and not all(mine.may_give(one.id, row) for one in ending):
        reader.errors["known"] = tell_not_given(row)
    return row


def read_new(reader: Reader, ending: list[Organisation]) -> OrganisationFacts | None:
    name = reader.text("new_name", most=200, required=_("Write the name of the new one."))
    number, county = reader.text("new_number", most=20), reader.text("new_county", most=100)
    is_municipality = bool(ending) and ending[0].kind is OrganisationKind.MUNICIPALITY
    if is_municipality and not (len(number) == 4 and number.isascii() and number.isdigit()):
        reader.errors["new_number"] = _("A municipality has a number of four digits, such as 0821.")
    parent_ids = {one.parent_id for one in ending}
    parent_id = parent_ids.pop() if len(parent_ids) == 1 else None
    return OrganisationFacts(name, number or None, county or None, parent_id) if name else None


def name_into(meant: Meant) -> str:
    into = meant.into
    words = into.label if isinstance(into, Organisation) else into.name
    return f"{into.number or ''} {words}".strip()


def show_form(typed: Typed, errors: dict[str, str]) -> str:
    rows = 1 + max((place for place in range(MOST_ENDING) if typed.get(f"ending-{place}")), default=0)
    return render_template(
        "workspace/succession_form.html",
        typed=typed,
        errors=errors,
        rows=min(max(rows + 1, 3), MOST_ENDING),
        back=url_for(".organisations"),
    )
