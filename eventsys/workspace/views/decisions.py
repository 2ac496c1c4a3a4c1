"""What waits for the organiser, each in a sentence with the page where it is done, and only where that page opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from eventsys import clock, dates, texts
from eventsys.events.bookings.deadlines.labels import KINDS
from eventsys.events.bookings.deadlines.queries import list_open_deadlines
from eventsys.events.bookings.labels import tell_shared
from eventsys.events.bookings.queries import list_shared_days
from eventsys.events.rules import DATED, EventStatus
from eventsys.extensions import Translated
from eventsys.mailing.health import find_trouble, list_workers
from eventsys.mailing.returns.queries import count_unseen
from eventsys.mailing.rules import MailState
from eventsys.obligations import excuses
from eventsys.organisations.positions.queries import count_asked
from eventsys.registrations.rules import State
from eventsys.site.orders.queries import count_waiting
from eventsys.visits.queries import count_asked as count_visits
from eventsys.web import language
from eventsys.workspace.calls.queries import list_waiting
from eventsys.workspace.mail.health import TROUBLES
from eventsys.workspace.mail.queries import MOST_COUNTED, count_states
from eventsys.workspace.registers.queries.scope import select_kept_contacts
from eventsys.workspace.start.queries import (
    Ahead,
    Mine,
    Requested,
    find_draft,
    find_lacking,
    list_ahead,
    list_requested,
    list_unnamed,
    list_unrecorded,
)
from eventsys.workspace.views.frame import account, opens

NEARLY_FULL = 5
NEARLY_EMPTY = 4
"""One in so many places taken, or fewer."""
SOON = timedelta(days=10)
DEADLINES = timedelta(days=14)
ALIKE = 4
NAMED = 3


class Decision(NamedTuple):
    """One thing that waits: what, in a sentence, and the page where it is done, of one event or of none."""

    title: str
    text: str
    label: str
    endpoint: str
    values: dict[str, Any]
    color: str = "warning"

    @property
    def url(self) -> str:
        return url_for(f".{self.endpoint}", **self.values)

    @property
    def opens(self) -> bool:
        return opens(self.endpoint, self.values.get("slug"))


def list_decisions(session: Session, mine: Mine, drafts: int) -> list[Decision]:
    """The most urgent first: a machine that stands still, people who wait for an answer, then what can wait."""
    ways: list[Callable[[Session, Mine], Iterator[Decision]]] = [
        *([] if mine.slugs is not None else [_on_worker, _on_mail, _on_returned]),
        _on_requests,
        *(
            []
            if mine.slugs is not None
            else [_on_contacts, _on_visits, _on_excuses, _on_orders, _on_calls, _on_deadlines]
        ),
        _on_runs,
        _on_unnamed,
        _on_unrecorded,
        *([] if mine.slugs is not None else [_on_shared_days]),
        _on_missing_texts,
    ]
    found = [decision for way in ways for decision in way(session, mine)]
    return [decision for decision in (*found, *_on_drafts(session, mine, drafts)) if decision.opens]


def _name(title: Translated) -> str:
    return texts.read(title, language()).value


# --- the machine and the mail ---------------------------------------------------------------------------------------


def _on_worker(session: Session, _mine: Mine) -> Iterator[Decision]:
    trouble = find_trouble(list_workers(session), real_now=clock.real_now())
    if trouble is not None:
        title, text = TROUBLES[trouble]
        yield Decision(str(title), str(text), _("See how mail stands"), "health", {}, "danger")


def _on_mail(session: Session, mine: Mine) -> Iterator[Decision]:
    """What is in doubt is told where it waits for somebody to decide; elsewhere it is sent again by itself."""
    counts = count_states(session, mine.organiser_id, (MailState.FAILED, MailState.UNCERTAIN))
    failed, uncertain = counts[MailState.FAILED], counts[MailState.UNCERTAIN]
    if failed:
        title = ngettext("%(num)d mail did not arrive", "%(num)d mails did not arrive", failed)
        if failed >= MOST_COUNTED:
            title = _("More than %(count)d mails did not arrive", count=MOST_COUNTED - 1)
        text = _("The mail server said no. Read why, and try again.")
        yield Decision(title, text, _("See them"), "mail", {"state": MailState.FAILED.value}, "danger")
    if uncertain and account().organiser.holds_uncertain:
        title = ngettext("%(num)d mail was perhaps sent", "%(num)d mails were perhaps sent", uncertain)
        text = _("The worker ended before it had heard the mail server’s answer.")
        yield Decision(title, text, _("See them"), "mail", {"state": MailState.UNCERTAIN.value})


def _on_returned(session: Session, mine: Mine) -> Iterator[Decision]:
    if unseen := count_unseen(session, mine.organiser_id):
        title = ngettext("%(num)d mail came back", "%(num)d mails came back", unseen)
        text = _("Nobody has looked at it. What does not arrive is not tried again by itself.")
        yield Decision(title, text, _("See what came back"), "returned_mails", {})


# --- people who wait ------------------------------------------------------------------------------------------------


def _on_requests(session: Session, mine: Mine) -> Iterator[Decision]:
    for row in list_requested(session, mine):
        if row.how_many:
            yield _on_coming(row)
        if row.asking:
            title = ngettext(
                "%(num)d person asks for something after the deadline",
                "%(num)d people ask for something after the deadline",
                row.asking,
            )
            text = _("«%(event)s»: the last day for it has passed; you decide.", event=_name(row.title))
            yield Decision(title, text, _("Decide"), "change_requests", {"slug": row.slug})


def _on_coming(row: Requested) -> Decision:
    title = ngettext("%(num)d person asks to come", "%(num)d people ask to come", row.how_many)
    text = _("«%(event)s»: you decide who comes.", event=_name(row.title))
    return Decision(title, text, _("Decide"), "participants", {"slug": row.slug, "state": State.REQUESTED.value})


def _on_contacts(session: Session, mine: Mine) -> Iterator[Decision]:
    if asked := count_asked(session, select_kept_contacts(mine.organiser_id, on=mine.on), on=mine.on):
        title = ngettext("%(num)d person asks to be contact", "%(num)d people ask to be contact", asked)
        text = _("The municipality’s official mailbox is asked where we know it; you may answer too.")
        yield Decision(title, text, _("Decide"), "contacts", {}, "info")


def _on_excuses(session: Session, mine: Mine) -> Iterator[Decision]:
    if asked := excuses.count_asked(session, mine.organiser_id):
        title = ngettext("%(num)d excuse is asked for", "%(num)d excuses are asked for", asked)
        yield Decision(title, _("A municipality cannot come to what it promised."), _("Answer"), "excuses", {})


def _on_visits(session: Session, mine: Mine) -> Iterator[Decision]:
    if asked := count_visits(session, mine.organiser_id, on=mine.on):
        title = ngettext("%(num)d visit is asked for", "%(num)d visits are asked for", asked)
        text = _("Nobody has taken it yet. Whoever can come offers some times.")
        yield Decision(title, text, _("See what is asked for"), "visits", {}, "info")


def _on_orders(session: Session, mine: Mine) -> Iterator[Decision]:
    if waiting := count_waiting(session, mine.organiser_id):
        title = ngettext("%(num)d order of brochures waits", "%(num)d orders of brochures wait", waiting)
        yield Decision(title, _("Say when they are sent."), _("See the orders"), "brochure_orders", {}, "info")


def _on_calls(session: Session, mine: Mine) -> Iterator[Decision]:
    for row in list_waiting(session, mine.organiser_id, account().id)[:ALIKE]:
        text = f"«{_name(row.title)}»."
        if row.to_assess:
            title = ngettext("%(num)d application to assess", "%(num)d applications to assess", row.to_assess)
            yield Decision(title, text, _("Read them"), "applications", {"slug": row.slug})
        else:
            yield Decision(
                _("A call to finish"), text, _("See what is missing"), "call_sending", {"slug": row.slug}, "info"
            )


def _on_deadlines(session: Session, mine: Mine) -> Iterator[Decision]:
    for row in list_open_deadlines(session, mine.organiser_id, until=mine.on + DEADLINES)[:ALIKE]:
        day = dates.format_day(row.deadline.due_on, language(), year=False)
        title = _("%(what)s: tell %(venue)s by %(day)s", what=KINDS[row.deadline.kind], venue=row.venue, day=day)
        over = row.deadline.due_on < mine.on
        if over:
            title = _("%(what)s: %(venue)s should have been told by %(day)s",
                      what=KINDS[row.deadline.kind], venue=row.venue, day=day)  # fmt: skip
        text = row.deadline.words or (f"«{_name(row.event_title)}»." if row.event_slug else "")
        yield Decision(title, text, _("See the deadlines"), "deadlines", {}, "danger" if over else "warning")


# --- runs -----------------------------------------------------------------------------------------------------------


def _on_runs(session: Session, mine: Mine) -> Iterator[Decision]:
    ahead = list_ahead(session, mine)
    yield from _some([_on_full(run) for run in ahead if _is_nearly_full(run)])
    yield from _some([_on_empty(run) for run in ahead if _is_nearly_empty(run, mine.on)])


def _some(found: Sequence[Decision]) -> Iterator[Decision]:
    """The soonest few, and in one line how many more there are."""
    yield from found[:ALIKE]
    if len(found) > ALIKE:
        title = ngettext("and %(num)d more like these", "and %(num)d more like these", len(found) - ALIKE)
        yield Decision(title, "", _("See all events"), "events", {"status": EventStatus.PUBLISHED.value}, "info")


def _on_full(run: Ahead) -> Decision:
    left, waiting = run.places.left, run.places.waiting
    title = ngettext("%(num)d person waits for a place", "%(num)d people wait for a place", waiting)
    if not waiting:
        title = ngettext("%(num)d place left", "%(num)d places left", left) if left else _("Full")
    return Decision(
        title, _tell_run(run), _("Change the number of places"), "edit_run", {"slug": run.slug, "uid": run.uid}
    )


def _on_empty(run: Ahead) -> Decision:
    title = ngettext("Only %(num)d person has signed up", "Only %(num)d people have signed up", run.places.taken)
    if not run.places.taken:
        title = _("Nobody has signed up yet")
    return Decision(title, _tell_run(run), _("Write to those who are meant"), "event_mail", {"slug": run.slug}, "info")


def _tell_run(run: Ahead) -> str:
    days = dates.format_span(run.precision, run.first_on, run.last_on, language(), year=False)
    return _("«%(event)s», %(days)s.", event=_name(run.title), days=days)


def _is_nearly_full(run: Ahead) -> bool:
    places = run.places
    if places.left is None:
        return False
    return places.waiting > 0 or (places.taken > 0 and places.left <= NEARLY_FULL)


def _is_nearly_empty(run: Ahead, on: date) -> bool:
    """Soon, and few of its places are taken; of a run without a limit none at all."""
    if run.precision not in DATED or run.first_on is None or not on < run.first_on <= on + SOON:
        return False
    return run.places.taken * NEARLY_EMPTY < (run.places.capacity or 1)


def _on_unnamed(session: Session, mine: Mine) -> Iterator[Decision]:
    for row in list_unnamed(session, mine)[:ALIKE]:
        title = ngettext("%(num)d place has no name yet", "%(num)d places have no name yet", row.how_many)
        text = _("«%(event)s»: the last day to name them is near.", event=_name(row.title))
        yield Decision(title, text, _("See whose they are"), "participants", {"slug": row.slug}, "info")


def _on_unrecorded(session: Session, mine: Mine) -> Iterator[Decision]:
    for row in list_unrecorded(session, mine)[:ALIKE]:
        text = _("«%(event)s» is over: say who came.", event=_name(row.title))
        values = {"slug": row.slug, "run": row.uid}
        yield Decision(_("Attendance is not taken"), text, _("Take attendance"), "attendance", values, "info")


def _on_shared_days(session: Session, mine: Mine) -> Iterator[Decision]:
    for shared in list_shared_days(session, mine.organiser_id, from_on=mine.on)[:ALIKE]:
        values = {"on": shared.first_on.isoformat(), "view": "day"}
        yield Decision(
            _("Somebody else is there too"),
            tell_shared(shared, language()),
            _("See the rooms"),
            "rooms",
            values,
            "info",
        )


# --- texts and drafts -----------------------------------------------------------------------------------------------


def _on_missing_texts(session: Session, mine: Mine) -> Iterator[Decision]:
    titles = {"nb": _("Bokmål is missing"), "nn": _("Nynorsk is missing")}
    for code, lacking in find_lacking(session, mine, [*titles], most=NAMED).items():
        names = ", ".join(f"«{_name(title)}»" for _slug, title in lacking.soonest)
        text = _("%(events)s: shown in the other language instead.", events=names)
        if more := lacking.how_many - len(lacking.soonest):
            text = _("%(events)s and %(more)d more: shown in the other language instead.", events=names, more=more)
        values = {"slug": lacking.soonest[0][0], "_anchor": f"title_{code}"}
        yield Decision(titles[code], text, _("Write it"), "edit_event", values, "info")


def _on_drafts(session: Session, mine: Mine, drafts: int) -> Iterator[Decision]:
    draft = find_draft(session, mine) if drafts == 1 else None
    if draft is not None:
        text = _("«%(event)s» is seen by nobody else yet.", event=_name(draft.title))
        yield Decision(
            _("A draft waits to be published"), text, _("Read it through"), "event", {"slug": draft.slug}, "info"
        )
    elif drafts:
        title = ngettext("%(num)d draft waits to be published", "%(num)d drafts wait to be published", drafts)
        values = {"status": EventStatus.DRAFT.value}
        yield Decision(title, _("They are seen by nobody else yet."), _("See them"), "events", values, "info")
