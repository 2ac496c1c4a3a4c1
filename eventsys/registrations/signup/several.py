"""Signing several colleagues up: the lines of people, what may be done with them, and what is refused and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.extensions import db
from eventsys.mailing.addresses import email_key
from eventsys.organisations.queries import Found
from eventsys.organisations.rules import name_key
from eventsys.registrations import links, seat_lines
from eventsys.registrations.actions import RegisteredDelegation
from eventsys.registrations.forms import DelegationForm
from eventsys.registrations.labels import list_part_words
from eventsys.registrations.pasted import Pasted, read_people
from eventsys.registrations.people.queries import Behind
from eventsys.registrations.questions.forms import read_answers
from eventsys.registrations.questions.rules import GivenAnswer
from eventsys.registrations.rules import (
    NewDelegation,
    NewSeat,
    NotEnoughPlaces,
    NotForThisOrganisation,
    OptionIsFull,
    RegistrationIsClosed,
    SessionsOverlap,
    WhenFull,
)
from eventsys.registrations.seat_lines import SeatLine
from eventsys.registrations.signup import sheet as sheets
from eventsys.registrations.signup.entrance import Entrance
from eventsys.registrations.signup.queries import Choice, list_told
from eventsys.registrations.signup.several_page import Told, load_sheet, read_link, show_several
from eventsys.registrations.signup.sheet import Sheet
from eventsys.registrations.signup.visit import next_nonce, nonce, visitor
from eventsys.web import language_was_chosen

REFUSALS = (*sheets.REFUSALS, NotEnoughPlaces)
TOKEN_LENGTH = 60


def open_form(
    sheet: Sheet,
    *,
    run: str = "",
    organisation: str = "",
    name: str = "",
    email: str = "",
    link: str = "",
    last: bool = False,
    sides: Sequence[str] = (),
) -> Response:
    """Empty, or begun by the link of an earlier delegation or of a contact: with who they are and, where the people of
    `last` time are asked for, whom; `sides` are those that a line each is begun for."""
    form = DelegationForm()
    form.run.data, form.link.data, form.organisation.data = run, link, organisation
    form.name.data, form.email.data = name, email
    form.nonce.data = nonce()
    behind = read_link(form)
    lines = seat_lines.add_blank([], how_many=seat_lines.AT_FIRST)
    known = dict(sheets.list_sides())
    for line, side in zip(lines, [one for one in dict.fromkeys(sides) if one in known], strict=False):
        line.part = side
    step = ""
    if behind is not None:
        form.organisation.data, form.name.data, form.email.data = behind.organisation, behind.name, behind.email
        if last:
            lines, step = add_last(lines, behind, known)
    return show_several(sheet, form, lines, behind=behind, told=Told(step))


def send(entrance: Entrance, choices: Sequence[Choice]) -> Response:
    """A step with the lines, or the sign-up. Whatever is refused, all that was typed stands there again."""
    form = DelegationForm(request.form)
    lines = seat_lines.read_lines(request.form)
    if (form.do.data or "sign_up") != "sign_up" or (form.pasted.data or "").strip():
        return change_lines(load_sheet(entrance), form, lines)
    return sign_up(entrance, choices, form, lines)


def lead_to_own(entrance: Entrance) -> Response:
    """A seat at a conference of unions tells of membership, so everybody takes their own: nobody learns there by a list of
    names who has one."""
    flash(_("Everybody signs up for themselves at this event: whom somebody represents here is theirs to say."), "info")
    return redirect(entrance.alone, 303)


def change_lines(sheet: Sheet, form: DelegationForm, lines: Sequence[SeatLine]) -> Response:
    """One of the buttons beside the lines; what is in the field for pasting goes into them whichever it is."""
    behind, what = read_link(form), form.do.data or ""
    step = ""
    if (form.pasted.data or "").strip():
        people = read_people(form.pasted.data, list_part_words(sheets.list_sides()))
        lines, form.pasted.data = tell_unknown(seat_lines.add_people(lines, people)), ""
        step = name_added(len(people))
    if what == "last" and behind is not None:
        lines, step = add_last(lines, behind, dict(sheets.list_sides()))
    elif what == "me":
        lines = seat_lines.add_people(lines, [Pasted(form.name.data or "", form.email.data or "")])
    elif what == "more" or not lines:
        lines = seat_lines.add_blank(lines)
    elif what.startswith("remove-") and what[7:].isdigit():
        lines = seat_lines.take_away(lines, int(what[7:]))
    return show_several(sheet, form, lines, behind=behind, told=Told(step))


def name_added(how_many: int) -> str:
    return ngettext(
        "%(num)d person was put in the list. Look through it before you send.",
        "%(num)d people were put in the list. Look through it before you send.",
        how_many,
    )


def add_last(lines: Sequence[SeatLine], behind: Behind, parts: Collection[str]) -> tuple[list[SeatLine], str]:
    """The people of last time, each with the side of then where the form asks for sides."""
    sides = [one.side.value if one.side else "" for one in behind.people]
    people = [
        Pasted(one.name, one.email, side if side in parts else "")
        for one, side in zip(behind.people, sides, strict=True)
    ]
    return seat_lines.add_people(lines, people), name_added(len(people))


def tell_unknown(lines: list[SeatLine]) -> list[SeatLine]:
    """Says beside a line which pasted words found no field."""
    for line in lines:
        if line.unknown:
            line.errors["part"] = _("We do not know «%(words)s». Choose whom they represent.", words=line.unknown)
    return lines


def sign_up(entrance: Entrance, choices: Sequence[Choice], form: DelegationForm, lines: Sequence[SeatLine]) -> Response:
    valid = form.validate()
    take_other_date(form)
    run_id = sheets.choose_run(choices, form)
    found = sheets.find_organisations(form)
    organisation = sheets.choose_organisation(found, form)
    sheet = load_sheet(entrance)
    seats, answers = read_seats(sheet, lines, organisation)
    wrong = any(seat.errors for seat in seats)
    if not valid or wrong or not seats or run_id is None or organisation is None:
        return show_several(sheet, form, lines, organisations=found, checked=True, status=422)
    asked = NewDelegation(
        run_id=run_id,
        second_run_id=sheets.choose_second(choices, form, run_id),
        organisation_id=organisation.id,
        name=form.name.data,
        email=form.email.data,
        language=language_was_chosen(),
        seats=tuple(read_seat(sheet, run_id, seat, answers[seat.place]) for seat in seats),
        form_token=form.form_token(visitor(), request.path)[:TOKEN_LENGTH],
        when_full=WhenFull(form.when_full.data) if form.when_full.data in set(WhenFull) else None,
        asks=form.asks.data,
    )
    now = clock.now()
    try:
        made = entrance.register_delegation(asked)
    except REFUSALS as refusal:
        return show_refusal(entrance, form, lines, seats, organisation, refusal)
    return lead_on(entrance, form, lines, asked, made, now=now)


def take_other_date(form: DelegationForm) -> None:
    """Where places are too few, another date may be the answer."""
    if (form.when_full.data or "").startswith("run-"):
        form.run.data, form.when_full.data = form.when_full.data.removeprefix("run-"), ""


def read_seats(
    sheet: Sheet, lines: Sequence[SeatLine], organisation: Found | None
) -> tuple[list[SeatLine], dict[int, tuple[GivenAnswer, ...]]]:
    """The lines that are seats, each with what is wrong with it, and the answers for each by its place."""
    choose = _("Choose whom they represent")
    seats = seat_lines.check_lines(lines, {value for value, _label in sheets.list_sides()}, choose=choose)
    cohort_ids = sheets.list_cohort_ids(sheet.questions, organisation)
    answers = {}
    for seat in seats:
        given, errors = read_answers(
            sheet.questions,
            request.form,
            {},
            seat.prefix,
            side=sheets.read_side(seat.part),
            cohort_ids=cohort_ids,
        )
        answers[seat.place] = tuple(one for one in given if not one.is_empty)
        seat.errors |= {name.removeprefix(seat.prefix): message for name, message in errors.items()}
    return seats, answers


def read_seat(sheet: Sheet, run_id: int, seat: SeatLine, answers: tuple[GivenAnswer, ...]) -> NewSeat:
    return NewSeat(
        side=sheets.read_side(seat.part),
        name=seat.name,
        email=seat.email,
        answers=answers,
        **sheets.keep_offered(sheet.options.get(run_id), seat.sessions, seat.nights),
    )


def lead_on(
    entrance: Entrance,
    form: DelegationForm,
    lines: Sequence[SeatLine],
    asked: NewDelegation,
    made: RegisteredDelegation,
    *,
    now: datetime,
) -> Response:
    """To the registrar's page. Who is signed up already is not made again, and gets a mail; where that is everybody, the
    page is the neutral one. Other people in a form that was sent already are shown again, with what it made before."""
    if not made.registrations:
        next_nonce()
        return redirect(url_for("registrations.received", slug=entrance.slug), 303)
    address = url_for("registrations.delegation", token=links.delegation_token(made.delegation))
    if made.delegation.created_at < now and not is_same(asked, made):
        form.nonce.data = next_nonce()
        return show_several(load_sheet(entrance), form, lines, told=Told(already=address), status=409)
    next_nonce()
    if made.repeated:
        names = ", ".join(asked.seats[index].name for index in made.repeated)
        flash(_("Signed up already: %(names)s. We have sent them their own link.", names=names), "info")
    return redirect(address, 303)


def is_same(asked: NewDelegation, made: RegisteredDelegation) -> bool:
    """Whether the form that made the delegation was sent again as it was; who was signed up before it is not in it."""
    wanted = Counter(name_key(seat.name) for seat in asked.seats)
    there = Counter(name_key(registration.name) for registration in made.registrations)
    others = wanted - there
    at = made.delegation.created_at
    known = list_told(db.session(), asked.run_id, list(others), at=at) if others else set()
    is_registrar = email_key(asked.email) == made.delegation.email_key
    return is_registrar and not there - wanted and set(others) <= known


def show_refusal(
    entrance: Entrance,
    form: DelegationForm,
    lines: Sequence[SeatLine],
    seats: Sequence[SeatLine],
    organisation: Found,
    refusal: Exception,
) -> Response:
    """The form again, with what has become full or closed since it was opened."""
    sheet = load_sheet(entrance)
    told = Told()
    if isinstance(refusal, NotForThisOrganisation):
        told = Told(refused=organisation)
    elif isinstance(refusal, NotEnoughPlaces):
        told = Told(short=refusal)
    elif isinstance(refusal, OptionIsFull | SessionsOverlap):
        name, message = sheets.tell_option(refusal, sheet.questions)
        seats[refusal.seat_index].errors[name] = message
    elif isinstance(refusal, RegistrationIsClosed):
        form.refuse("run", sheets.tell_closed(refusal, entrance))
    return show_several(sheet, form, lines, told=told, checked=True, status=409)
