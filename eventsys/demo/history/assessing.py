"""What happens to a call beside the applications that are decided on: opened, said no to, begun and left; and what those who
read the applications do with them. Made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.demo.history import words
from eventsys.demo.history.calls import WORDS, By, apply, find_recipients
from eventsys.demo.people import make_address, make_name, to_weekday
from eventsys.events.rules import TIMEZONE
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import language_of
from eventsys.programmes.applications import actions as applications
from eventsys.programmes.applications.queries import read_facts
from eventsys.programmes.applications.rules import Area
from eventsys.programmes.calls.actions import note_opened, say_no
from eventsys.programmes.intake import actions as intake
from eventsys.programmes.models import Application, ApplicationMember, Call

UNFINISHED = 3
"""How many begin and do not send; one more sends and takes it back."""


def read_by_all(session: Session, random: Random, call: Call, *, since: datetime) -> None:
    """Everybody opens it within three weeks; some who do not apply say no."""
    recipients = find_recipients(session, call)
    applied = set(session.scalars(sa.select(Application.organisation_id).where(Application.call_id == call.id)))
    others = [row for row in recipients.values() if row.organisation_id not in applied]
    for row in recipients.values():
        first = since + timedelta(hours=random.randrange(1, 30))
        later = first + timedelta(days=random.randrange(20))
        note_opened(session, row, now=first if row.organisation_id in applied else later)
    for row in random.sample(others, words.SAY_NO_COUNT):
        said = words.SAY_NO[row.language if row.language in words.SAY_NO else "nb"]
        say_no(session, row, words=said, now=since + timedelta(days=random.randrange(21, 40)))


def leave_unfinished(
    session: Session, random: Random, call: Call, municipalities: Sequence[Organisation], *, since: datetime
) -> None:
    """Some begin, one with a colleague, and are not done in time; the last sends in time and takes it back."""
    recipients = find_recipients(session, call)
    for number, one in enumerate(municipalities[:UNFINISHED]):
        now = call.closes_at - timedelta(days=9 - 2 * number, hours=3)
        name, language = make_name(random), language_of(one.language_form, "nb")
        member = applications.begin(
            session, call, one.id, recipient=recipients[one.id], name=name, email=make_address(name, one.label),
            language=language, now=now,
        )  # fmt: skip
        application = session.get_one(Application, member.application_id)
        way, involvement, _timetable, _cooperation = WORDS[language if language in WORDS else "nb"]
        facts = replace(
            read_facts(session, application), areas=(Area.SICKNESS_ABSENCE,), way_of_working=way,
            involvement=involvement if number else "",
        )  # fmt: skip
        applications.write(session, application, facts, member=member, now=now + timedelta(hours=1))
        if number == 1:
            other = make_name(random)
            applications.invite(
                session, application, member, name=other, email=make_address(other, one.label),
                now=now + timedelta(hours=2),
            )  # fmt: skip
    (taken_back,) = apply(session, random, call, municipalities[UNFINISHED : UNFINISHED + 1], since=since)
    applications.withdraw(session, taken_back, _member_of(session, taken_back), now=call.closes_at - timedelta(hours=4))


def assess(
    session: Session, random: Random, by: By, call: Call, sent: Sequence[Application], *, on: date, days: int
) -> None:
    """The advisers and who decides read all of them in the days from `on` and give points, but for one from which one of
    them is shut out; two applications are to be supplemented first, and are."""
    now = datetime.combine(on, time(9), ZoneInfo(TIMEZONE)).astimezone(UTC)
    criteria = [
        intake.add_criterion(session, call_id=call.id, name=name, help=help_, most_points=most)
        for name, help_, most in words.CRITERIA
    ]
    for account_id in by.adviser_ids:
        intake.appoint(session, call_id=call.id, account_id=account_id, may_decide=False)
    shut_out = (sent[4].id, by.adviser_ids[0])
    intake.disqualify(
        session, call, sent[4], by.adviser_ids[0], why=words.DISQUALIFIED, by_account_id=by.account_id, now=now
    )
    for application in sent[1:3]:
        _supplement(session, by, application, now=now + timedelta(hours=2))
    for account_id in (*by.adviser_ids, by.account_id):
        for application in sent:
            if (application.id, account_id) == shut_out:
                continue
            intake.save_assessment(
                session, call, application, account_id=account_id, notes=random.choice(words.NOTES),
                points={one.id: random.choice((2, 3, 3, 4, 4, 5)) for one in criteria},
                now=to_weekday(now + timedelta(days=random.randrange(6, days), minutes=random.randrange(360))),
            )  # fmt: skip


def _supplement(session: Session, by: By, application: Application, *, now: datetime) -> None:
    language = application.language if application.language in words.SUPPLEMENT else "nb"
    applications.ask_to_supplement(
        session, application, words=words.SUPPLEMENT[language], by=(now + timedelta(days=7)).date(),
        account_id=by.account_id, now=now,
    )  # fmt: skip
    applications.supplement(
        session, application, _member_of(session, application), words=words.SUPPLEMENTED[language],
        now=now + timedelta(days=4),
    )  # fmt: skip


def _member_of(session: Session, application: Application) -> ApplicationMember:
    return session.scalars(sa.select(ApplicationMember).filter_by(application_id=application.id, is_contact=True)).one()
