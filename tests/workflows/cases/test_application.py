"""Each act on an application is told to those whom it concerns, once, in a mail that still is true when it goes."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.models import OutboxMessage
from eventsys.organisers.models import Organiser
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.intake.rules import LetterState, Outcome
from eventsys.programmes.models import Application, ApplicationMember, Call, Decision, DecisionLetter
from eventsys.workflows.cases.noticing import notice_cases
from eventsys.workflows.cases.previews import render_letter
from eventsys.workflows.models import CaseCause
from tests.calling import add_intake
from tests.workflows.cases.given import Case, apply, link_in, list_mails, mailbox_of, member_mail, text_of
from tests.world import NOW

LATER = NOW + timedelta(days=30)
NIGHT = datetime(2008, 8, 18, 21, tzinfo=NOW.tzinfo)
BO = mailbox_of("0821")
GROUNDS = {"nb": "Målene er klare.\n\nAlle sider er med.", "nn": "Måla er klare."}


def decide(case: Case, application_id: int, outcome: Outcome, **more: Any) -> int:
    """A decision in the first intake and its letter, sent by somebody; the row of the history."""
    with transaction() as session:
        call = session.get_one(Call, case.call_id)
        intake = add_intake(session, call, cohort_id=case.world.cohorts[3])
        decision = Decision(
            application_id=application_id, intake_id=intake.id, outcome=outcome, grounds=GROUNDS, batch=uuid.uuid4(),
            decided_at=NOW,
        )  # fmt: skip
        session.add(decision)
        session.flush()
        letter = DecisionLetter(
            organiser_id=call.organiser_id, application_id=application_id, decision_id=decision.id, sent_at=LATER,
            state=LetterState.SENT, **{"language": "nb"} | more,
        )  # fmt: skip
        session.add(letter)
        session.flush()
        letter_id = letter.id
    return case.note(CaseAct.LETTER_SENT, application_id=application_id, letter_id=letter_id, now=LATER)


def test_who_begins_gets_the_link_alone_and_at_night_too(case: Case) -> None:
    number, (first, _second) = apply(case, "0821", members=2, state=ApplicationState.DRAFT)
    case.note(CaseAct.BEGUN, application_id=number, member_id=first, now=NIGHT)
    case.tick(NIGHT)
    assert list_mails() == [("application_link", member_mail(number), "sent", None)]
    (mail,) = case.sink.messages
    assert mail["Subject"] == "Lenken din til søknaden fra Bø (Telemark)"
    assert "Hei, Søker Nummer1!" in text_of(mail)
    link_in(mail, "/applications/[A-Za-z0-9_-]{43}")
    assert "/applications/…" in (db.session.scalars(sa.select(OutboxMessage.text)).one() or "")


def test_a_colleague_reads_who_invited_them_and_gets_a_link_of_their_own(case: Case) -> None:
    number, (first, second) = apply(case, "0821", members=2, state=ApplicationState.DRAFT)
    case.change(ApplicationMember, invited_by_id=first)
    case.note(CaseAct.INVITED_COLLEAGUE, application_id=number, member_id=second)
    case.note(CaseAct.ASKED_FOR_LINK, application_id=number, member_id=first)
    case.tick()
    came = case.came()
    assert came[member_mail(number, 2)]["Subject"] == "Søker Nummer1 ber deg skrive på søknaden fra Bø (Telemark)"
    assert len({link_in(mail, "/applications/") for mail in came.values()}) == 2


def test_everybody_who_writes_and_the_mailbox_get_the_receipt(case: Case) -> None:
    case.send()
    number, (first, _second) = apply(case, "0821", members=2, state=ApplicationState.SENT, case_number="08/1234")
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.tick()
    receipts = [mail for mail in list_mails() if mail[0] == "application_received"]
    assert {mail[1] for mail in receipts} == {BO, member_mail(number), member_mail(number, 2)}
    mine, mailbox = case.came()[member_mail(number)], case.came()[BO]
    assert "Sendt av: Søker Nummer1" in text_of(mine)
    assert "Saksnummer: 08/1234" in text_of(mine)
    assert "Kom fram: tirsdag 19. august 2008, kl. 08.00.00" in text_of(mine)
    link_in(mine, "/applications/")
    link_in(mailbox, "/calls/utlysing/[A-Za-z0-9_-]{43}")


def test_who_reads_the_mailbox_and_writes_too_gets_one_mail_with_their_own_link(case: Case) -> None:
    number, (first,) = apply(case, "0821", state=ApplicationState.SENT)
    case.change(ApplicationMember, email=BO, email_key=BO)
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.tick()
    assert list_mails() == [("application_received", BO, "sent", None)]
    link_in(case.came()[BO], "/applications/")


def test_a_receipt_of_an_application_that_was_withdrawn_meanwhile_gives_way(case: Case) -> None:
    number, (first,) = apply(case, "0821", state=ApplicationState.SENT)
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.change(Application, state=ApplicationState.WITHDRAWN)
    case.note(CaseAct.WITHDRAWN, application_id=number, member_id=first)
    case.tick()
    why = "the application has changed since"
    assert sorted(list_mails()) == sorted([
        ("application_received", BO, "cancelled", why), ("application_withdrawn", BO, "sent", None),
        ("application_received", member_mail(number), "cancelled", why),
        ("application_withdrawn", member_mail(number), "sent", None),
    ])  # fmt: skip


def test_what_is_asked_for_is_told_with_its_day_and_waits_for_the_morning(case: Case) -> None:
    number, _members = apply(
        case, "0821", state=ApplicationState.SUPPLEMENT, supplement_by=date(2008, 10, 1), case_number="08/7"
    )
    case.note(CaseAct.ASKED_TO_SUPPLEMENT, application_id=number, words="Et mål til.\nEt budsjett.", now=NIGHT)
    case.tick(NIGHT)
    assert {mail[2] for mail in list_mails()} == {"queued"}
    case.tick(NIGHT + timedelta(hours=10))
    text = text_of(case.came()[member_mail(number)])
    assert "Dette trenger vi:\n- Et mål til.\n- Et budsjett." in text
    assert "Frist: onsdag 1. oktober 2008" in text
    case.change(Application, state=ApplicationState.SENT)
    case.note(CaseAct.SUPPLEMENTED, application_id=number, now=NIGHT + timedelta(hours=11))
    case.tick(NIGHT + timedelta(hours=11))
    ours = case.came()["post@program.example"]
    assert ours["Subject"] == "Bø (Telemark) har sendt det dere ba om"
    page = link_in(ours, "/manage/calls/")
    public_id = db.session.scalars(sa.select(Application.public_id)).one()
    assert page == f"/manage/calls/utlysing/applications/{public_id}"


def test_who_has_left_and_who_was_erased_read_nothing(case: Case) -> None:
    number, (first, second, third) = apply(case, "0821", members=3, state=ApplicationState.SENT)
    with transaction() as session:
        session.get_one(ApplicationMember, third).email_key = ""
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    with transaction() as session:
        notice_cases(session, now=NOW)
        session.get_one(ApplicationMember, second).ended_at = NOW
    case.tick()
    left = "who was to read it takes no part in the application any more"
    assert list_mails() == [
        ("application_received", BO, "sent", None),
        ("application_received", member_mail(number), "sent", None),
        ("application_received", member_mail(number, 2), "cancelled", left),
    ]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_answer_goes_to_the_mailbox_and_to_all_who_wrote_with_a_copy_to_the_archive(
    case: Case, outcome: Outcome
) -> None:
    case.change(Organiser, archive_email="arkiv@program.example")
    state = ApplicationState(outcome.value)
    number, _members = apply(case, "0821", members=2, state=state, case_number="08/1234")
    decide(case, number, outcome)
    case.tick(LATER)
    came = case.came()
    assert sorted(came) == sorted([BO, member_mail(number), member_mail(number, 2), "arkiv@program.example"])
    text = text_of(came[BO])
    assert "Saksnummer: 08/1234" in text
    assert "Begrunnelse:\n- Målene er klare.\n- Alle sider er med." in text
    assert ("Pulje: Pulje III" in text) is (outcome is Outcome.ADMITTED)
    copy = came["arkiv@program.example"]
    assert str(copy["Subject"]).startswith("Kopi: Svar på søknad")
    assert "Brevet nedenfor gikk til 3 mottakere: Bø (Telemark)." in text_of(copy)
    assert link_in(copy, "/calls/") == "/calls/utlysing"
    copies = sa.select(OutboxMessage.email).join(CaseCause, CaseCause.outbox_id == OutboxMessage.id)
    assert list(db.session.scalars(copies.where(CaseCause.is_copy.is_(True)))) == ["arkiv@program.example"]


def test_a_letter_that_was_edited_goes_as_it_was_edited_and_as_it_was_previewed(case: Case) -> None:
    own = (
        "Subject: Til {organisation}\n\nVelkommen til {cohort}. Sak {case_number}.\n\n[Søknaden]({application_link})\n"
    )
    number, _members = apply(case, "0821", state=ApplicationState.ADMITTED)
    decide(case, number, Outcome.ADMITTED, text=own, language="nn")
    with case.app.test_request_context():
        shown = render_letter(db.session(), db.session.scalars(sa.select(DecisionLetter)).one())
    case.tick(LATER)
    mail = case.came()[BO]
    assert (mail["Subject"], mail["Content-Language"]) == ("Til Bø (Telemark)", "nn")
    assert "Velkommen til Pulje III. Sak 08/99." in text_of(mail)
    kept = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email == BO)).one()
    assert (shown.subject, shown.text) == (kept.subject, kept.text)


def test_the_letter_of_a_decision_that_was_reversed_stays(case: Case) -> None:
    number, _members = apply(case, "0821", state=ApplicationState.DECLINED)
    decide(case, number, Outcome.DECLINED)
    case.change(Decision, reversed_at=LATER)
    case.tick(LATER)
    assert {mail[2:] for mail in list_mails()} == {("cancelled", "the application has changed since")}


def test_a_letter_that_failed_can_be_tried_again_by_hand(case: Case) -> None:
    number, _members = apply(case, "0821", state=ApplicationState.ADMITTED)
    decide(case, number, Outcome.ADMITTED)
    case.sink.rcpt_answer = lambda address: "554 5.7.1 not from you" if address == BO else None
    case.tick(LATER)
    assert [mail[2] for mail in list_mails()] == ["failed", "sent"]
    case.sink.rcpt_answer = lambda _address: None
    with transaction() as session:
        failed = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email == BO)).one()
        outbox.retry(session, failed, now=LATER)
    case.tick(LATER)
    assert [mail[2] for mail in list_mails()] == ["sent", "sent"]
    assert "er tatt opp" in str(case.came()[BO]["Subject"])
