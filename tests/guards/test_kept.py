"""Every column that tells who somebody is has an end: which, stands here, and that it comes is tried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts import actions as accounts
from eventsys.accounts.models import AccountInvitation, FormDraft, LogEntry
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.calendars.models import CalendarLink
from eventsys.calendars.own.actions import erase_links
from eventsys.calendars.rules import LinkKind
from eventsys.events.models import EventContact, Speaker
from eventsys.extensions import Base, db, transaction
from eventsys.invitations.models import Invitation, InvitationRound
from eventsys.invitations.rules import InvitationState
from eventsys.site.models import BrochureOrder, SiteDocument
from eventsys.site.orders.actions import erase as erase_orders
from eventsys.site.rules import DocumentKind
from eventsys.workflows.erasure import erase_expired
from tests.accounts.people import add_account, sign_in
from tests.guards.kept_rows import CASE_TABLES, PROMISED_TABLES, add_case_rows, add_promised_rows
from tests.world import NOW, World, build

MARK = "sletteprøve"
TELLING = (
    "name", "email", "email_key", "phone", "postal_address", "words", "facts", "fields", "reasons", "raw",
    "why", "reason", "notes", "grounds", "presenter", "present", "wish", "treated_by",
)  # fmt: skip
"""What columns are called that tell who somebody is, or hold what somebody wrote."""

NOBODY = frozenset(
    "organisers audiences stored_files organisations programmes cohorts groups networks series rooms mail_templates "
    "obligations programme_parties intakes intake_criteria projects occasions".split()
)
"""Tables in which these are names of things, why a program let something be, and official addresses."""
PUBLIC_OR_AT_WORK = frozenset("accounts contact_people venues".split())
"""Kept until somebody takes them away: who works here, and whom an organiser says to contact."""
ENDS = {
    "erasure": "registrations delegations outbox returned_mails suppressions change_requests registration_changes",
    "retention.people": "positions group_memberships invitations representatives log_entries people",
    "retention.workspace": "form_drafts account_invitations speakers event_contacts mail_copies "
    "meeting_items meeting_minutes",
    "retention.applications": "applications application_members application_confirmations application_drafts "
    "application_versions assessments disqualifications case_changes call_recipients",
    "obligations.erasing": "excuses",
    "visits.erasing": "visits visit_changes",
    "site.orders": "brochure_orders",
    "calendars.own": "calendar_links",
}
"""By whom they are erased."""
TOLD_ELSEWHERE = frozenset("event_changes contract_deadlines cohort_memberships decisions project_changes".split())
"""The organisers' own words about their events, about organisations in cohorts and on applications, and what goals and
figures were: totals that stay."""


def test_every_table_that_tells_who_somebody_is_says_when_it_ends() -> None:
    telling = {
        table.name for table in Base.metadata.sorted_tables if any(name in table.columns for name in TELLING)
    } | {"people"}
    ending = {name for names in ENDS.values() for name in names.split()}
    assert telling == NOBODY | PUBLIC_OR_AT_WORK | ending | TOLD_ELSEWHERE


def add_rows(session: Session, world: World) -> None:
    """Somebody in each table of the organisers' workspace."""
    event, someone = world.events["seminar"], {"name": MARK, "email": MARK, "email_key": MARK}
    own: dict[str, Any] = {"organiser_id": event.organiser_id}
    account = add_colleague(session, world)
    asked = InvitationRound(**own, event_id=event.id, clauses=[], created_at=NOW)
    document = SiteDocument(
        **own, slug="heftet", kind=DocumentKind.BROCHURE, title={"nb": "Heftet"}, created_at=NOW, revised_at=NOW
    )
    session.add_all([asked, document])
    session.flush()
    session.add_all(
        [
            EventContact(**own, event_id=event.id, name=MARK, email=MARK, phone=MARK),
            Speaker(**own, name="Taler", email=MARK, email_key=MARK, created_at=NOW),
            FormDraft(
                **own, account_id=account, form="venue.new", edition=0, fields=[{"name": "x", "value": MARK}],
                saved_at=clock.real_now(), seen_at=clock.real_now(),
            ),
            AccountInvitation(
                **own, **someone, role=MemberRole.READER, created_at=clock.real_now(), expires_at=clock.real_now()
            ),
            Invitation(
                **own, **someone, event_id=event.id, round_id=asked.id, words=MARK, reasons=[{"passed_on_by": MARK}],
                organisation_id=world.municipalities["0821"], state=InvitationState.DECLINED, created_at=NOW,
            ),
            CalendarLink(
                kind=LinkKind.PERSONAL, email_key=MARK, name=MARK, language="nb", created_at=NOW,
            ),
            BrochureOrder(
                **own, **someone, document_id=document.id, form_token="x", copies=1, language="nb", organisation=MARK,
                postal_address=MARK, created_at=NOW, erase_on=NOW.date(),
            ),
        ]
    )  # fmt: skip
    session.flush()


def add_colleague(session: Session, world: World) -> int:
    known: dict[str, Any] = {"email": "a@program.example", "key": "a@program.example", "name": "A", "language": "nb"}
    role = MemberRole.ORGANISER
    return accounts.add(session, **known, organiser_id=world.secretariat, role=role, now=clock.real_now()).id


def find_marks() -> set[str]:
    db.session.rollback()
    return {
        table.name
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(sa.select(table))
        if MARK in " ".join(map(str, row)).casefold()
    }


def test_what_organisers_work_leaves_of_people_is_gone_when_its_time_is_over(app: Flask) -> None:
    world = build()
    with transaction() as session:
        add_rows(session, world)
        add_case_rows(session, world, mark=MARK)
        add_promised_rows(session, world, mark=MARK)
    assert find_marks() == {
        "event_contacts", "speakers", "form_drafts", "account_invitations", "invitations", "brochure_orders",
        "calendar_links", *CASE_TABLES, *PROMISED_TABLES,
    }  # fmt: skip
    for _again in range(2):
        with transaction() as session:
            later = NOW + timedelta(days=900)
            counts = erase_expired(session, now=later, real_now=clock.real_now() + timedelta(days=31))
            erased = erase_orders(session, now=later)
            links = erase_links(session, now=later, real_now=clock.real_now())
    assert (find_marks(), {*counts.values(), *links.values()}, erased) == (set(), {0}, 0)


def test_what_the_log_tells_of_whom_to_contact_goes_after_two_years(client: FlaskClient) -> None:
    world = build()
    sign_in(client, add_account("adviser@program.example", world.secretariat))
    client.post("/manage/contact-people", data={"name": MARK, "email": f"{MARK}@program.example"})
    client.post("/manage/venues", data={"name": "Hotellet", "contact_name": MARK})
    assert "log_entries" in find_marks()
    with transaction() as session:
        erase_expired(session, now=NOW + timedelta(days=731), real_now=clock.real_now())
    assert "log_entries" not in find_marks()
    db.session.rollback()
    assert {row.verb for row in db.session.scalars(sa.select(LogEntry))} == {LogVerb.ADDED}
