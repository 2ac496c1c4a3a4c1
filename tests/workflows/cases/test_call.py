"""A call becomes a letter to each organisation that it means, once, in its own form of the language."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.organisations.models import Organisation
from eventsys.organisations.rules import LanguageForm
from eventsys.organisers.models import Organiser
from eventsys.programmes.calls.rules import CallState, CaseAct
from eventsys.programmes.models import Call, CallRecipient, CaseChange, ProgrammeParty
from eventsys.programmes.rules import PartyKind, PartyRole
from eventsys.workflows.cases.noticing import notice_cases
from eventsys.workflows.cases.previews import render_call
from eventsys.workflows.cases.sending import CannotBeSent, LanguageIsMissing, NobodyIsMeant, count_readers
from eventsys.workflows.cases.texts import own_template, read_letter, write_letter
from eventsys.workflows.copies import add_partner
from eventsys.workflows.enclosures import add_file
from eventsys.workflows.models import CaseCause, Pause
from eventsys.workflows.texts.rules import BadTexts
from tests.calling import CLOSES_AT
from tests.workflows.cases.given import LETTER, Case, give_mailboxes, link_in, list_mails, mailbox_of, text_of
from tests.world import NOW

PDF = b"%PDF-1.7\n" + b"x" * 2000
END_OF_TIME = datetime(9999, 12, 31, 22, 30, tzinfo=NOW.tzinfo)
FOUR = ["0821", "1119", "1867", "2021"]


def test_each_organisation_gets_the_call_in_its_own_form_with_a_link_of_its_own(case: Case) -> None:
    assert case.send() == 4
    case.tick()
    came = case.came()
    assert sorted(came) == [mailbox_of(number) for number in FOUR]
    nynorsk, bokmal = came["post@1119.example"], came["post@0821.example"]
    assert (nynorsk["Content-Language"], bokmal["Content-Language"]) == ("nn", "nb")
    assert (nynorsk["Subject"], str(nynorsk["To"])) == ("Søk om å bli med", "Hå <post@1119.example>")
    assert (bokmal["From"], bokmal["Reply-To"]) == (
        "Sekretariatet <arrangement@eventsys.example>", "Sekretariatet <post@program.example>",
    )  # fmt: skip
    assert "Til Bø (Telemark): søk innen mandag 15. september 2008, kl. 15.00." in text_of(bokmal)
    links = {link_in(message, "/calls/utlysing/") for message in came.values()}
    assert len(links) == 4
    assert case.call.state is CallState.OPEN


def test_what_is_kept_of_a_letter_has_no_link_that_opens_anything(case: Case) -> None:
    case.send()
    case.tick()
    texts = db.session.scalars(sa.select(OutboxMessage.text)).all()
    assert {"/calls/utlysing/…" in (text or "") for text in texts} == {True}


def test_the_list_of_readers_stays_as_it_was(case: Case) -> None:
    case.send()
    case.change(Organisation, email="ny@kommune.example", language_form=LanguageForm.NYNORSK)
    rows = db.session.execute(
        sa.select(CallRecipient.email, CallRecipient.language, CallRecipient.form).order_by(CallRecipient.email)
    )
    assert [tuple(row) for row in rows] == [
        (mailbox_of(number), "nn" if number == "1119" else "nb",
         LanguageForm.NYNORSK if number == "1119" else LanguageForm.UNKNOWN)
        for number in FOUR
    ]  # fmt: skip
    case.tick()
    assert sorted(case.came()) == [mailbox_of(number) for number in FOUR]


def test_sent_again_it_goes_to_those_alone_who_came_in_since(case: Case) -> None:
    assert (case.send(), case.send()) == (4, 0)
    case.tick()
    with transaction() as session:
        give_mailboxes(session, case.world, ["0301"])
    later = NOW + timedelta(hours=1)
    assert case.send(later) == 1
    case.tick(later)
    assert [email for _text, email, _state, _why in list_mails()] == sorted(
        [*(mailbox_of(number) for number in FOUR), "post@0301.example"]
    )
    assert case.call.sent_at == NOW


def test_two_organisations_on_one_mailbox_get_a_letter_each(case: Case) -> None:
    case.change(Organisation, email="felles@kommune.example")
    case.send()
    case.tick()
    named = {str(message["To"]).partition(" <")[0].strip('"') for message in case.sink.messages}
    assert case.sink.recipients == ["felles@kommune.example"] * 5
    assert len(named) == 5


def test_two_workers_notice_each_letter_once(case: Case) -> None:
    case.send()
    with transaction() as session:
        assert notice_cases(session, now=NOW) == 4
        session.flush()
    with transaction() as session:
        assert notice_cases(session, now=NOW) == 0
        session.execute(sa.update(CaseChange).where(CaseChange.act == CaseAct.CALLED).values(noticed_at=None))
    with transaction() as session:
        assert notice_cases(session, now=NOW) == 4
    assert len(list_mails()) == 4
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CaseCause)) == 4


def test_one_act_that_cannot_be_mailed_stops_no_other(case: Case) -> None:
    case.send()
    with transaction() as session:
        first = session.scalars(sa.select(CaseChange.id).where(CaseChange.act == CaseAct.CALLED)).first()
        session.execute(sa.update(CaseChange).where(CaseChange.id == first).values(at=END_OF_TIME))
    case.tick()
    assert len(list_mails()) == 3


def test_who_has_no_mailbox_and_what_is_not_written_is_told_before_anything_is_sent(case: Case) -> None:
    found = count_readers(db.session(), case.call, on=NOW.date())
    assert (found.languages, found.without_mailbox, found.missing, found.sent, found.count) == (
        {"nb": 3, "nn": 1}, ["Oslo"], [], 0, 4,
    )  # fmt: skip
    with transaction() as session:
        only = {"nb": LETTER["nb"]}
        write_letter(session, session.get_one(Call, case.call_id), "letter", only, account_id=None, now=NOW)
    assert count_readers(db.session(), case.call, on=NOW.date()).missing == ["nn"]
    with pytest.raises(LanguageIsMissing, match="nn"):
        case.send()
    assert (db.session.scalars(sa.select(CallRecipient)).all(), case.call.state) == ([], CallState.DRAFT)


def test_a_letter_in_bokmal_alone_is_refused_though_nobody_reads_nynorsk(case: Case) -> None:
    case.change(Organisation, language_form=LanguageForm.BOKMAL)
    with transaction() as session:
        only = {"nb": LETTER["nb"]}
        write_letter(session, session.get_one(Call, case.call_id), "letter", only, account_id=None, now=NOW)
    with pytest.raises(LanguageIsMissing, match="nn"):
        case.send()


def test_a_call_that_is_over_or_means_nobody_is_not_sent(case: Case) -> None:
    with pytest.raises(CannotBeSent):
        case.send(CLOSES_AT)
    case.change(Call, clauses=[])
    assert count_readers(db.session(), case.call, on=NOW.date()).count == 0
    with pytest.raises(NobodyIsMeant):
        case.send()
    case.change(Call, state=CallState.WITHDRAWN)
    with pytest.raises(CannotBeSent):
        case.send()


@pytest.mark.parametrize(
    ("model", "values", "why"),
    [
        (Call, {"state": CallState.WITHDRAWN}, "the call was withdrawn"),
        (Call, {"state": CallState.CLOSED}, "the call has closed"),
        (CallRecipient, {"declined_at": NOW}, "the organisation has answered since"),
    ],
)
def test_a_letter_that_makes_no_sense_any_more_is_not_sent(
    case: Case, model: type, values: dict[str, object], why: str
) -> None:
    case.send()
    with transaction() as session:
        notice_cases(session, now=NOW)
    case.change(model, **values)
    case.tick()
    assert {mail[2:] for mail in list_mails()} == {("cancelled", why)}


def test_letters_wait_for_the_morning(case: Case) -> None:
    night = datetime(2008, 8, 18, 20, 30, tzinfo=NOW.tzinfo)
    case.send(night)
    case.tick(night)
    assert {mail[2] for mail in list_mails()} == {"queued"}
    case.tick(datetime(2008, 8, 19, 5, 0, tzinfo=NOW.tzinfo))
    assert {mail[2] for mail in list_mails()} == {"sent"}


def test_letters_wait_while_the_organiser_has_stopped_mail(case: Case) -> None:
    with transaction() as session:
        session.add(Pause(organiser_id=case.world.secretariat, since=NOW))
    case.send()
    case.tick()
    assert {mail[2] for mail in list_mails()} == {"queued"}
    with transaction() as session:
        session.execute(sa.delete(Pause))
    case.tick()
    assert {mail[2] for mail in list_mails()} == {"sent"}


def test_the_preview_is_what_is_sent(case: Case) -> None:
    with case.app.test_request_context():
        organisation = db.session.get_one(Organisation, case.world.municipalities["1119"])
        shown = render_call(db.session(), case.call, organisation, "nn")
    case.send()
    case.tick()
    kept = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email == "post@1119.example")).one()
    assert (shown.subject, shown.text, shown.html) == (kept.subject, kept.text, kept.html)


def test_the_papers_go_along_and_become_links_where_they_are_too_big(case: Case) -> None:
    with transaction() as session:
        template = own_template(session, session.get_one(Call, case.call_id), "letter")
        assert template is not None
        add_file(session, template, name="Avtale.pdf", content=PDF, now=NOW)
    case.send()
    case.tick()
    (attached,) = case.sink.messages[0].iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("Avtale.pdf", PDF)
    assert "Avtale.pdf (PDF, 2 kB)" in text_of(case.sink.messages[0])
    case.app.config["MAIL_ATTACHED_MB"] = 0
    try:
        with transaction() as session:
            give_mailboxes(session, case.world, ["0301"])
        case.send(NOW + timedelta(hours=1))
        case.tick(NOW + timedelta(hours=1))
    finally:
        case.app.config["MAIL_ATTACHED_MB"] = 5
    assert list(case.sink.messages[-1].iter_attachments()) == []
    link_in(case.sink.messages[-1], "/mail/files/")


def test_archive_and_partners_get_one_copy_each_that_says_whom_it_went_to(case: Case) -> None:
    with transaction() as session:
        call = session.get_one(Call, case.call_id)
        session.get_one(Organiser, call.organiser_id).archive_email = "arkiv@program.example"
        facts = {"programme_id": call.programme_id, "role": PartyRole.PARTNER, "kind": next(iter(PartyKind))}
        session.add(ProgrammeParty(**facts, name={"nb": "KS"}, email="post@ks.example"))
        template = own_template(session, call, "letter")
        assert template is not None
        add_partner(session, template, name="Fagforbundet", email="post@fagforbundet.example")
        add_partner(session, template, name="Bø", email="post@0821.example")
    assert case.send() == 4
    case.tick()
    came = case.came()
    assert len(case.sink.messages) == 7
    copy = came["arkiv@program.example"]
    assert copy["Subject"] == "Kopi: Søk om å bli med"
    assert "Brevet nedenfor gikk til 4 mottakere: Bø (Nordland); Bø (Telemark); Hå; Karasjok." in text_of(copy)
    assert link_in(copy, "/calls/") == "/calls/utlysing"
    assert {"post@ks.example", "post@fagforbundet.example"} <= set(came)
    assert came["post@0821.example"]["Subject"] == "Søk om å bli med"


def test_a_letter_has_versions_and_no_word_of_an_event(case: Case) -> None:
    with transaction() as session:
        call = session.get_one(Call, case.call_id)
        with pytest.raises(BadTexts):
            write_letter(session, call, "letter", {"nb": "Subject: {event}\n\nHei\n"}, account_id=None, now=NOW)
        new = write_letter(
            session, call, "letter", {**LETTER, "en": "Subject: Apply\n\nHello\n"}, account_id=None, now=NOW
        )
        assert (new.number, sorted(new.texts), new.missing, new.is_own) == (2, ["en", "nb", "nn"], [], True)
        shipped = read_letter(session, call, "declined")
        assert (shipped.key, shipped.is_own, shipped.missing) == ("application_declined", False, [])
        assert write_letter(session, call, "declined", shipped.texts, account_id=None, now=NOW) == shipped
        own = write_letter(session, call, "declined", LETTER, account_id=None, now=NOW)
        assert (own.is_own, own.number, call.declined_template) == (True, 1, own.key)
