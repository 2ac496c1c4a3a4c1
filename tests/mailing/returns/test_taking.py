"""What a returned mail changes: a hard bounce its mail and its address, once; everything else nothing at all."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, Suppression
from eventsys.mailing.returns import actions, queries
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.organisers.models import Organiser
from tests.mailing.returns import samples
from tests.mailing.returns.mails import NOW, add_mail, all_returned, blocked, kinds, mail_states, take
from tests.mailing.returns.samples import KARI, UNKNOWN_USER, VERP, report

SENT = ("sent", "250 OK")
FAILED = ("failed", UNKNOWN_USER)
BLOCKED = (KARI, "", "returned: 5.1.1")
NOBODYS = report(to="nobody@program.example")


def outcome() -> tuple[list[tuple[str, str | None]], list[tuple[str, str, str]]]:
    return mail_states(), blocked()


@pytest.mark.parametrize("raw, envelope", [(report(), ""), (NOBODYS, VERP), (NOBODYS, "")])
def test_a_hard_bounce_fails_the_mail_blocks_the_address_and_waits_to_be_seen(
    app: Flask, raw: bytes, envelope: str
) -> None:
    mail = add_mail()
    taken = take(raw, envelope)
    assert outcome() == ([FAILED], [BLOCKED])
    (row,) = all_returned()
    assert (row.id, row.kind, row.outbox_id, row.status, row.words, row.received_at, row.seen_at) == (
        taken,
        ReturnKind.HARD_BOUNCE,
        mail,
        "5.1.1",
        UNKNOWN_USER,
        NOW,
        None,
    )
    assert queries.count_unseen(db.session(), row.organiser_id) == 1


def test_the_same_mail_read_twice_is_acted_on_once(app: Flask) -> None:
    mail = add_mail()
    assert take(report()) is not None
    with transaction() as session:
        session.execute(sa.delete(Suppression))
    assert take(b"Received: from another way\r\n" + report()) is None
    assert (kinds(), blocked()) == ([("hard_bounce", mail, "5.1.1")], [])


def test_the_same_mail_taken_by_many_at_once_is_acted_on_once(app: Flask) -> None:
    add_mail()
    taken: list[int | None] = []

    def take_one() -> None:
        with app.app_context():
            taken.append(take(report()))

    threads = [threading.Thread(target=take_one) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(one is not None for one in taken), len(all_returned()), blocked()) == (1, 1, [BLOCKED])


def test_a_second_bounce_of_a_blocked_address_is_kept_and_changes_nothing_more(app: Flask) -> None:
    add_mail()
    take(report())
    take(report(words="550 5.1.1 still unknown"))
    assert outcome() == ([FAILED], [BLOCKED])
    assert [kind for kind, _mail, _status in kinds()] == ["hard_bounce", "hard_bounce"]


@pytest.mark.parametrize(
    "raw, kind",
    [
        (report(status="5.2.2"), "soft_bounce"),
        (report(status="5.7.1"), "soft_bounce"),
        (report(status="4.4.7"), "soft_bounce"),
        (report(status="4.4.1", action="delayed"), "delay"),
        (samples.AUTO_REPLY, "auto_reply"),
        (samples.LETTER.replace(b"To: bounce", b"To: " + VERP.split("@")[0].encode()), "unknown"),
    ],
)
def test_all_else_about_a_mail_is_kept_with_it_and_changes_nothing(app: Flask, raw: bytes, kind: str) -> None:
    mail = add_mail()
    take(raw)
    assert outcome() == ([SENT], [])
    assert [(row.kind.value, row.outbox_id) for row in all_returned()] == [(kind, mail)]
    assert [row.kind.value for row in queries.list_of_mail(db.session(), mail)] == [kind]


def test_nothing_is_ever_sent_in_answer(app: Flask) -> None:
    add_mail()
    for raw in (report(), samples.AUTO_REPLY, samples.CALENDAR_ANSWER, samples.FREE_TEXT, samples.LETTER):
        take(raw)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 1


def test_a_report_about_another_address_than_the_mails_changes_nothing(app: Flask) -> None:
    mail = add_mail()
    take(report(recipient="per@kommune.example"))
    assert outcome() == ([SENT], [])
    assert kinds() == [("unknown", mail, "5.1.1")]


def test_the_address_is_compared_as_addresses_are(app: Flask) -> None:
    add_mail(email="Kari@Blåbær.example")
    take(report(recipient="kari@xn--blbr-roah.example"))
    assert [state for state, _answer in mail_states()] == ["failed"]


def test_of_several_recipients_the_mails_own_counts(app: Flask) -> None:
    add_mail()
    full = ("", f"Final-Recipient: rfc822;{KARI}", "Action: failed", "Status: 5.2.2")
    take(report(recipient="per@kommune.example", more=full))
    assert outcome() == ([SENT], [])
    assert [row.kind.value for row in all_returned()] == ["soft_bounce"]


def test_a_report_that_names_nobody_counts_for_the_mail_that_it_came_back_to(app: Flask) -> None:
    add_mail()
    take(report(recipient=None))
    assert outcome() == ([FAILED], [BLOCKED])


@pytest.mark.parametrize("state", ["queued", "deferred", "cancelled", "suppressed"])
def test_a_report_of_a_mail_that_was_never_sent_changes_nothing(app: Flask, state: str) -> None:
    mail = add_mail(state=MailState(state), sent_at=None, answer=None)
    take(report())
    assert outcome() == ([(state, None)], [])
    assert kinds() == [("unknown", mail, "5.1.1")]


def test_a_mail_that_was_perhaps_sent_was_sent_if_it_bounces(app: Flask) -> None:
    add_mail(state=MailState.UNCERTAIN, sent_at=None, answer=None)
    take(report())
    assert outcome() == ([FAILED], [BLOCKED])


def test_what_comes_back_while_its_mail_is_being_handed_over_comes_again(app: Flask) -> None:
    add_mail(state=MailState.SENDING, sent_at=None, answer=None, worker_id=uuid.uuid4())
    with pytest.raises(actions.NotYet):
        take(report())
    assert all_returned() == []


def test_a_forged_report_changes_nothing_and_is_kept_for_whoever_runs_the_installation(app: Flask) -> None:
    add_mail()
    take(report(to=VERP.replace("0", "1"), original="made-up@program.example"))
    take(report(to="nobody@program.example", original="made-up@program.example"))
    take(samples.LETTER)
    assert outcome() == ([SENT], [])
    assert [(kind, mail) for kind, mail, _status in kinds()] == [("unknown", None)] * 3
    owners = {row.organiser_id for row in all_returned()}
    (installation,) = db.session.scalars(sa.select(Organiser).where(Organiser.id.in_(owners)))
    assert (installation.slug, installation.name, installation.email) == (
        "installation",
        "Programmet",
        "post@program.example",
    )


def test_a_message_id_counts_only_for_a_mail_to_the_address_that_the_report_names(app: Flask) -> None:
    add_mail()
    take(report(to="nobody@program.example", recipient="per@kommune.example"))
    take(report(to="nobody@program.example", recipient=None))
    assert outcome() == ([SENT], [])
    assert [(kind, mail) for kind, mail, _status in kinds()] == [("unknown", None)] * 2


def test_a_notice_in_free_text_counts_only_by_the_address_that_it_came_to(app: Flask) -> None:
    mail = add_mail()
    take(samples.FREE_TEXT.replace(VERP.encode(), b"nobody@program.example"))
    assert outcome() == ([SENT], [])
    take(samples.FREE_TEXT)
    assert [state for state, _answer in mail_states()] == ["failed"]
    assert blocked() == [BLOCKED]
    assert kinds() == [("unknown", mail, ""), ("hard_bounce", mail, "5.1.1")]


def test_an_automatic_reply_finds_its_mail_by_what_it_answers(app: Flask) -> None:
    mail = add_mail()
    take(samples.AUTO_REPLY.replace(VERP.encode(), b"post@program.example"))
    assert kinds() == [("auto_reply", mail, "")]


def test_a_calendar_answer_finds_the_mail_that_carried_the_entry(app: Flask) -> None:
    entry = "BEGIN:VEVENT\r\nUID:6f9619ff-8b86-4011-b42d-00c04fc964ff@events.example\r\nEND:VEVENT\r\n"
    mail = add_mail(calendar=entry)
    take(samples.CALENDAR_ANSWER)
    take(samples.CALENDAR_ANSWER.replace(b"UID:6f", b"UID:7_"))
    assert kinds() == [("calendar_answer", mail, "declined"), ("calendar_answer", None, "declined")]
    assert outcome() == ([SENT], [])


def test_an_organiser_is_told_of_bounces_and_what_is_unknown_until_it_has_looked(app: Flask) -> None:
    add_mail()
    minute = timedelta(minutes=1)
    raws = (report(status="5.2.2"), samples.AUTO_REPLY, report(recipient="per@kommune.example"), report())
    for number, raw in enumerate(raws):
        take(raw, now=NOW + number * minute)
    rows = all_returned()
    whose = rows[0].organiser_id
    assert queries.count_unseen(db.session(), whose) == 3
    with transaction() as session:
        actions.see(session, rows[3], and_older=False, now=NOW)
    assert queries.count_unseen(db.session(), whose) == 2
    with transaction() as session:
        actions.see(session, rows[1], and_older=True, now=NOW)
    assert queries.count_unseen(db.session(), whose) == 1
    assert [row.seen_at for row in all_returned()] == [NOW, NOW, None, NOW]


def test_a_block_is_shown_to_who_has_written_to_the_address_and_to_nobody_else(app: Flask) -> None:
    add_mail()
    add_mail("unio", public_id=uuid.uuid4(), email="per@kommune.example")
    take(report())
    owner, other = db.session.scalars(sa.select(Organiser.id).order_by(Organiser.id))
    (block,) = queries.list_blocked(db.session(), owner)
    assert queries.list_blocked(db.session(), other) == []
    assert queries.find_blocked(db.session(), block.public_id, organiser_id=other) is None
    assert queries.find_blocked(db.session(), block.public_id, organiser_id=owner) is block


def test_a_lifted_block_is_gone_and_one_kind_of_mail_that_somebody_does_not_want_is_no_block(app: Flask) -> None:
    add_mail()
    take(report())
    with transaction() as session:
        unsubscribed = Suppression(email_key=KARI, category="reminders", why="unsubscribed", created_at=NOW)
        session.add(unsubscribed)
        owner = session.scalars(sa.select(Organiser.id)).one()
        (block,) = queries.list_blocked(session, owner)
        actions.lift(session, block)
    assert blocked() == [(KARI, "reminders", "unsubscribed")]
    assert queries.find_blocked(db.session(), unsubscribed.public_id, organiser_id=owner) is None
