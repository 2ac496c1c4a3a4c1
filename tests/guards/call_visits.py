"""A call that is open and a draft of each organiser, one that got the first, and the addresses of both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.extensions import db
from eventsys.organisations.models import Organisation
from eventsys.programmes import actions as programmes
from eventsys.programmes.calls import actions as calls
from eventsys.programmes.calls.rules import CallFacts, IntakeFacts, Nudged
from eventsys.programmes.models import Call, CallFile, CallNudge, CallRecipient, Programme
from eventsys.tokens import Purpose, capability
from eventsys.workflows import copies, enclosures
from eventsys.workflows.cases.texts import own_template, write_letter
from eventsys.workspace.calls.forms import EVERYBODY
from tests.calling import add_recipient
from tests.world import NOW

CLOSES = datetime(2008, 9, 15, 15)
OF_DRAFTS = (
    "call_letter", "save_call_letter", "preview_call_letter", "preview_call_letter_body", "test_call_letter",
    "call_audience", "save_call_audience", "call_sending", "send_call", "remove_call", "add_call_copy",
    "remove_call_copy",
)  # fmt: skip
OF_OPEN_ONES = (
    "call", "edit_call", "update_call", "confirm_end_call", "close_call", "reopen_call", "withdraw_call", "call_nudges",
    "add_call_nudge", "export_call", "export_call_csv", "add_call_file",
)  # fmt: skip


def add_call_things(session: Session, organiser_id: int, marker: str) -> None:
    """The open one has a paper that anybody may read, a reminder, and a municipality that said no with a word."""
    programme = session.scalars(sa.select(Programme).filter_by(organiser_id=organiser_id)).first()
    programme = programme or programmes.add_programme(
        session, organiser_id=organiser_id, slug=f"program-{organiser_id}", name={"nb": "Programmet"}
    )
    for number, title in enumerate(("Utlysing", f"{marker}-kladd")):
        facts = CallFacts({"nb": title, "nn": title}, CLOSES, intakes=[IntakeFacts(1, {"nb": "Opptak 1"}, ceiling=50)])
        call = calls.create_call(session, programme, facts, clauses=EVERYBODY, now=NOW)
        call.slug = f"{'utkast' if number else 'utlysing'}-{organiser_id}"
        said = dict.fromkeys(("nb", "nn"), f"Subject: Søk\n\nHilsen {title}\n")
        write_letter(session, call, "letter", said, account_id=None, now=NOW)
        template = own_template(session, call, "letter")
        assert template is not None
        kept = enclosures.add_file(session, template, name="avtale.txt", content=b"Avtale", now=NOW)
        calls.add_paper(session, call, public_id=kept.public_id, name=kept.name, content=b"Avtale", now=NOW)
        copies.add_partner(session, template, name=f"{marker}-kladd", email=f"{marker}@partner.example")
        calls.add_nudge(session, call, whom=Nudged.NOT_BEGUN, at_local=datetime(2008, 9, 1, 9))
    reads_it = session.scalars(sa.select(Organisation).where(Organisation.number == "1867")).one()
    reads_it.email = "postmottak@bo.example"
    opened = find(session, organiser_id, "utlysing")
    opened.sent_at = NOW
    calls.open_call(session, opened, account_id=None, now=NOW)
    first = session.scalars(sa.select(Organisation.id).where(Organisation.number == "2021")).one()
    recipient = add_recipient(session, opened, first)
    calls.say_no(session, recipient, words=f"{marker}-kladd", now=NOW)


def find(session: Session, organiser_id: int, which: str) -> Call:
    return session.scalars(sa.select(Call).filter_by(slug=f"{which}-{organiser_id}")).one()


def call_values(organiser_id: int) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""
    session = db.session()
    opened, draft = find(session, organiser_id, "utlysing"), find(session, organiser_id, "utkast")

    def of(model: Any, call: Call) -> Any:
        return session.scalars(sa.select(model).filter_by(call_id=call.id)).one()

    recipient, paper = of(CallRecipient, opened), of(CallFile, opened).public_id
    token = capability(Purpose.CALL, recipient.public_id, recipient.link_version)
    nudge = of(CallNudge, opened).public_id
    return {
        **{f"workspace.{name}": {"slug": draft.slug} for name in OF_DRAFTS},
        **{f"workspace.{name}": {"slug": opened.slug} for name in OF_OPEN_ONES},
        "workspace.remove_call_file": {"slug": opened.slug, "public_id": paper},
        "workspace.remove_call_nudge": {"slug": opened.slug, "public_id": nudge},
        "programmes.call": {"slug": opened.slug},
        "programmes.call_file": {"slug": opened.slug, "public_id": paper},
        **{
            f"programmes.{name}": {"slug": opened.slug, "token": token}
            for name in ("call_of", "note_call_opened", "begin_application", "decline_call", "regret_declining")
        },
    }
