"""The first page: what needs a decision, then what is coming; and the choice of organiser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flask import abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock, texts
from eventsys.accounts.queries import COOKIE_ORGANISER
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.events.rules import EventStatus, RunStatus
from eventsys.extensions import db
from eventsys.mailing.health import find_trouble, list_workers
from eventsys.mailing.returns.queries import count_unseen
from eventsys.mailing.rules import MailState
from eventsys.organisations.positions.queries import count_asked
from eventsys.programmes.queries import select_members_of
from eventsys.registrations.queries import count_places
from eventsys.registrations.rules import Places, State
from eventsys.web import Access, access, language
from eventsys.workspace import queries
from eventsys.workspace.mail.health import TROUBLES
from eventsys.workspace.mail.queries import MOST_COUNTED, count_states
from eventsys.workspace.views.frame import account, blueprint, describe_event, name_event, today

NEARLY_FULL = 5
NAMED = 3


class Decision(NamedTuple):
    """One thing that waits for the organiser: what, in a sentence, and where it is done."""

    title: str
    text: str
    url: str
    label: str
    color: str = "warning"


@blueprint.get("/")
@access(Access.ORGANISER)
def index() -> str:
    session, organiser = db.session(), account().organiser
    events = queries.list_events(session, organiser.id, from_on=today())
    places = count_places(session, [run.id for event in events for run in event.runs])
    coming = [event for event in events if event.status is not EventStatus.CANCELLED]
    return render_template(
        "workspace/index.html",
        decisions=list_decisions(session, coming, places),
        events=[describe_event(event, places) for event in coming],
        has_events=bool(queries.count_events(session, organiser.id)),
        organisers=account().organisers,
        organiser=organiser,
    )


@blueprint.post("/organiser")
@access(Access.ORGANISER)
def choose_organiser() -> Response:
    """Works for another of one's organisers from now on."""
    slug = request.form.get("organiser")
    if slug not in {organiser.slug for organiser in account().organisers}:
        abort(404)
    cookie[COOKIE_ORGANISER] = slug
    return redirect(url_for(".index"), 303)


def list_decisions(session: Session, events: Sequence[Event], places: Mapping[int, Places]) -> list[Decision]:
    """The most urgent first: a machine that stands still, people who wait for an answer, then what can wait."""
    organiser_id = account().organiser.id
    published = [event for event in events if event.status is EventStatus.PUBLISHED]
    return [
        *_on_worker(session),
        *_on_mail(session),
        *_on_returned(session, organiser_id),
        *_on_requests(session, organiser_id),
        *_on_contacts(session),
        *(decision for event in published for decision in _on_full_runs(event, places)),
        *_on_missing_texts(published),
        *_on_drafts(events),
    ]


def _on_worker(session: Session) -> Iterator[Decision]:
    trouble = find_trouble(list_workers(session), real_now=clock.real_now())
    if trouble is not None:
        title, text = TROUBLES[trouble]
        yield Decision(str(title), str(text), url_for(".health"), _("See how mail stands"), "danger")


def _on_mail(session: Session) -> Iterator[Decision]:
    """What is in doubt is told where it waits for somebody to decide; elsewhere it is sent again by itself."""
    organiser = account().organiser
    counts = count_states(session, organiser.id, (MailState.FAILED, MailState.UNCERTAIN))
    failed, uncertain = counts[MailState.FAILED], counts[MailState.UNCERTAIN]
    if failed:
        title = ngettext("%(num)d mail did not arrive", "%(num)d mails did not arrive", failed)
        if failed >= MOST_COUNTED:
            title = _("More than %(count)d mails did not arrive", count=MOST_COUNTED - 1)
        url = url_for(".mail", state=MailState.FAILED.value)
        yield Decision(title, _("The mail server said no. Read why, and try again."), url, _("See them"), "danger")
    if uncertain and organiser.holds_uncertain:
        title = ngettext("%(num)d mail was perhaps sent", "%(num)d mails were perhaps sent", uncertain)
        text = _("The worker ended before it had heard the mail server’s answer.")
        yield Decision(title, text, url_for(".mail", state=MailState.UNCERTAIN.value), _("See them"))


def _on_returned(session: Session, organiser_id: int) -> Iterator[Decision]:
    if unseen := count_unseen(session, organiser_id):
        title = ngettext("%(num)d mail came back", "%(num)d mails came back", unseen)
        text = _("Nobody has looked at it. What does not arrive is not tried again by itself.")
        yield Decision(title, text, url_for(".returned_mails"), _("See what came back"))


def _on_requests(session: Session, organiser_id: int) -> Iterator[Decision]:
    for row in queries.list_requested(session, organiser_id):
        name = texts.read(row.title, language()).value
        if row.how_many:
            title = ngettext("%(num)d person asks to come", "%(num)d people ask to come", row.how_many)
            url = url_for(".participants", slug=row.slug, state=State.REQUESTED.value)
            yield Decision(title, _("«%(event)s»: you decide who comes.", event=name), url, _("Decide"))
        if row.asking:
            title = ngettext(
                "%(num)d person asks for something after the deadline",
                "%(num)d people ask for something after the deadline",
                row.asking,
            )
            text = _("«%(event)s»: the last day for it has passed; you decide.", event=name)
            yield Decision(title, text, url_for(".change_requests", slug=row.slug), _("Decide"))


def _on_contacts(session: Session) -> Iterator[Decision]:
    if asked := count_asked(session, select_members_of(account().organiser.id, on=today()), on=today()):
        title = ngettext("%(num)d person asks to be contact", "%(num)d people ask to be contact", asked)
        text = _("The municipality’s official mailbox is asked where we know it; you may answer too.")
        yield Decision(title, text, url_for(".contacts"), _("Decide"), "info")


def _on_full_runs(event: Event, places: Mapping[int, Places]) -> Iterator[Decision]:
    for run in event.runs:
        if run.status is not RunStatus.PLANNED or not _is_nearly_full(places[run.id]):
            continue
        left, waiting = places[run.id].left, places[run.id].waiting
        title = ngettext("%(num)d person waits for a place", "%(num)d people wait for a place", waiting)
        if not waiting:
            title = ngettext("%(num)d place left", "%(num)d places left", left) if left else _("Full")
        text = _("«%(event)s», %(days)s.", event=name_event(event).value, days=name_run(run, year=False))
        url = url_for(".edit_run", slug=event.slug, uid=run.uid)
        yield Decision(title, text, url, _("Change the number of places"))


def _is_nearly_full(places: Places) -> bool:
    if places.left is None:
        return False
    return places.waiting > 0 or (places.taken > 0 and places.left <= NEARLY_FULL)


def _on_missing_texts(events: Sequence[Event]) -> Iterator[Decision]:
    for code, title in (("nb", _("Bokmål is missing")), ("nn", _("Nynorsk is missing"))):
        lacking = [event for event in events if _lacks(event, code)]
        if not lacking:
            continue
        names = ", ".join(f"«{name_event(event).value}»" for event in lacking[:NAMED])
        text = _("%(events)s: shown in the other language instead.", events=names)
        if len(lacking) > NAMED:
            more = len(lacking) - NAMED
            text = _("%(events)s and %(more)d more: shown in the other language instead.", events=names, more=more)
        url = url_for(".edit_event", slug=lacking[0].slug) + f"#title_{code}"
        yield Decision(title, text, url, _("Write it"), "info")


def _lacks(event: Event, code: str) -> bool:
    return any(text and code not in text for text in (event.title, event.description))


def _on_drafts(events: Sequence[Event]) -> Iterator[Decision]:
    drafts = [event for event in events if event.status is EventStatus.DRAFT]
    if len(drafts) == 1:
        text = _("«%(event)s» is seen by nobody else yet.", event=name_event(drafts[0]).value)
        url = url_for(".event", slug=drafts[0].slug)
        yield Decision(_("A draft waits to be published"), text, url, _("Read it through"), "info")
    elif drafts:
        title = ngettext("%(num)d draft waits to be published", "%(num)d drafts wait to be published", len(drafts))
        url = url_for(".events", status=EventStatus.DRAFT.value)
        yield Decision(title, _("They are seen by nobody else yet."), url, _("See them"), "info")
