"""Organisers' own mail texts: which one counts, who may save what, and the versions that are kept."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys.extensions import db, transaction
from eventsys.mailing.faults import Fault
from eventsys.mailing.models import OutboxMessage
from eventsys.mailing.outbox import enqueue
from eventsys.mailing.rules import MailState
from eventsys.mailing.templates import read_shipped
from eventsys.organisers.models import Organiser
from eventsys.workflows.models import MailTemplate, MailTemplateVersion, Rule
from eventsys.workflows.rules import Anchor, Relative, Unit
from eventsys.workflows.texts import actions, compiled, find_sources, missing_languages, queries
from eventsys.workflows.texts.checks import check, known_of
from eventsys.workflows.texts.rules import (
    BadTexts,
    ChangedMeanwhile,
    Line,
    TextIsUsed,
    Written,
    compare,
    join,
    list_changed,
    split,
)  # fmt: skip
from tests.accounts.people import add_account
from tests.statements import counted
from tests.workflows import rows
from tests.workflows.rows import MORNING

SHIPPED = dict(read_shipped("reminder"))
OURS = {
    "nb": join(Written("Husk {event}", "Vi sees {when}.")),
    "en": join(Written("Remember {event}", "See you {when}.")),
}


@pytest.fixture
def us(app: Flask) -> Organiser:
    with transaction() as session:
        return rows.add_organiser(session)


@pytest.fixture
def them(app: Flask) -> Organiser:
    with transaction() as session:
        return rows.add_organiser(session, slug="unio")


def save(
    organiser: Organiser, texts: dict[str, str], *, key: str = "reminder", opened_at: int = 0, **more: object
) -> int:
    with transaction() as session:
        return actions.save_version(
            session, organiser_id=organiser.id, key=key, texts=texts, opened_at=opened_at,
            **{"account_id": None, "now": MORNING, **more},  # type: ignore[arg-type]
        )  # fmt: skip


def sources(organiser: Organiser, key: str = "reminder") -> dict[str, str]:
    db.session.rollback()
    return find_sources(db.session(), [(organiser.id, key)])[organiser.id, key]


def numbers(organiser: Organiser, key: str = "reminder") -> list[int]:
    db.session.rollback()
    return [version.number for version in queries.list_versions(db.session(), organiser.id, key)]


def test_the_shipped_text_counts_until_the_organiser_has_its_own(us: Organiser, them: Organiser) -> None:
    assert sources(us) == SHIPPED
    assert save(us, OURS) == 1
    assert (sources(us), sources(them)) == (OURS, SHIPPED)
    assert compiled(sources(us)["nb"], "nb").names == {"event", "when", "organiser", "site", "site_link"}


def test_the_newest_version_counts_and_every_one_is_kept(us: Organiser) -> None:
    later = {**OURS, "nn": join(Written("Hugs {event}", "Vi sjåast."))}
    account = add_account("adviser@program.example", us.id)
    save(us, OURS, account_id=account.id)
    assert save(us, later, opened_at=1, now=MORNING + timedelta(hours=1)) == 2
    assert sources(us) == later
    found = queries.list_versions(db.session(), us.id, "reminder")
    assert [(one.number, one.by, one.at - MORNING, one.changed, dict(one.texts)) for one in found] == [
        (2, None, timedelta(hours=1), ["nn"], later),
        (1, "Adviser", timedelta(), ["nb", "nn", "en"], OURS),
    ]


def test_a_language_that_is_not_written_is_not_there_and_is_told(us: Organiser, them: Organiser) -> None:
    save(us, OURS)
    assert missing_languages(db.session(), us.id, "reminder") == ["nn"]
    assert missing_languages(db.session(), them.id, "reminder") == []
    assert missing_languages(db.session(), us.id, "nothing") == ["nb", "nn", "en"]


def test_many_texts_are_found_in_one_statement(us: Organiser, them: Organiser) -> None:
    save(us, OURS)
    wanted = [(us.id, "reminder"), (us.id, "practical"), (them.id, "reminder"), (them.id, "own-none")]
    with counted(db.engine) as statements:
        found = find_sources(db.session(), wanted)
    assert len(statements) == 1
    assert found == {
        wanted[0]: OURS, wanted[1]: dict(read_shipped("practical")), wanted[2]: SHIPPED, wanted[3]: {},
    }  # fmt: skip
    assert find_sources(db.session(), []) == {}


def test_what_changes_nothing_makes_no_version(us: Organiser) -> None:
    assert (save(us, SHIPPED), numbers(us)) == (0, [])
    save(us, OURS)
    assert (save(us, OURS, opened_at=1), numbers(us)) == (1, [1])


def test_the_shipped_text_counts_again_as_a_new_version_without_texts(us: Organiser) -> None:
    save(us, OURS)
    with transaction() as session:
        number = actions.use_shipped(
            session, organiser_id=us.id, key="reminder", opened_at=1, account_id=None, now=MORNING
        )
    assert (number, sources(us), numbers(us)) == (2, SHIPPED, [2, 1])
    assert [dict(one.texts) for one in queries.list_versions(db.session(), us.id, "reminder")] == [{}, OURS]
    assert save(us, SHIPPED, opened_at=2) == 2


def test_an_old_version_counts_again_as_a_new_one(us: Organiser) -> None:
    save(us, OURS)
    save(us, SHIPPED, opened_at=1)
    with transaction() as session:
        number = actions.restore_version(
            session, organiser_id=us.id, key="reminder", number=1, opened_at=2, account_id=None, now=MORNING
        )
    assert (number, sources(us), numbers(us)) == (3, OURS, [3, 2, 1])


def test_who_saves_over_somebody_elses_version_is_told_and_nothing_is_lost(us: Organiser) -> None:
    save(us, OURS)
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        save(us, {"nb": join(Written("x", "y"))})
    assert (meanwhile.value.number, numbers(us), sources(us)) == (1, [1], OURS)
    with pytest.raises(ChangedMeanwhile):
        save(us, OURS, opened_at=7)


def test_everything_that_is_wrong_is_told_by_language_and_field(us: Organiser) -> None:
    texts = {
        "nb": join(Written("{evnt}", "Hei {organizer}")),
        "nn": join(Written("", "[x]({event})")),
        "en": join(Written("{link}", "")),
    }
    with pytest.raises(BadTexts) as bad:
        save(us, texts)
    assert {where: fault.fault for where, fault in bad.value.faults.items()} == {
        ("nb", "subject"): Fault.UNKNOWN, ("nb", "body"): Fault.UNKNOWN,
        ("nn", "subject"): Fault.NO_SUBJECT, ("nn", "body"): Fault.NO_ADDRESS,
        ("en", "subject"): Fault.UNKNOWN, ("en", "body"): Fault.NO_BODY,
    }  # fmt: skip
    faults = bad.value.faults
    assert [faults[where].values["near"] for where in (("nb", "subject"), ("nb", "body"), ("en", "subject"))] == [
        "event", "organiser", "line",
    ]  # fmt: skip
    assert (numbers(us), sources(us)) == ([], SHIPPED)


@pytest.mark.parametrize("key", queries.list_shipped())
def test_every_shipped_text_can_be_saved_as_it_is(key: str) -> None:
    assert check(read_shipped(key), known_of(key)) == {}


def test_a_text_about_an_event_has_no_word_of_a_case_nor_the_reverse() -> None:
    of_event, of_case = {"nb": "Subject: {event}\n\nHei\n"}, {"nb": "Subject: {case_number}\n\nHei\n"}
    assert [*check(of_case, known_of("reminder"))] == [("nb", "subject")]
    assert [*check(of_event, known_of("application_admitted"))] == [("nb", "subject")]
    assert check(of_event, known_of("reminder")) == check(of_case, known_of("own-brev", call_id=1)) == {}


def test_a_text_of_ones_own_goes_when_no_rule_and_no_waiting_mail_has_it(us: Organiser, them: Organiser) -> None:
    with transaction() as session:
        ours = actions.new_text(session, organiser_id=us.id, name="Vår", texts=OURS, account_id=None, now=MORNING)
        of_event = actions.new_text(
            session, organiser_id=us.id, name="Brev", texts=OURS, account_id=None, now=MORNING,
            event_id=rows.add_event(session, us).id,
        )  # fmt: skip
        rule = rows.add_rule(session, us, "own", a_week_before(), template=ours.key, enabled_at=None)
    save(us, OURS)

    def remove(organiser: Organiser, key: str) -> None:
        with transaction() as session:
            actions.remove_text(session, organiser_id=organiser.id, key=key)

    with pytest.raises(TextIsUsed):
        remove(us, ours.key)
    with transaction() as session:
        session.get_one(Rule, rule.id).removed_at = MORNING
        number = enqueue(
            session, organiser_id=us.id, reason_key="a", template=ours.key, email="a@kommune.example", name="",
            language="nb", due_at=MORNING, now=MORNING,
        )  # fmt: skip
    with pytest.raises(TextIsUsed):
        remove(us, ours.key)
    with transaction() as session:
        session.get_one(OutboxMessage, number).state = MailState.CANCELLED
    for whose, key in ((them, ours.key), (us, "reminder"), (us, of_event.key), (us, "nothing")):
        with pytest.raises(LookupError):
            remove(whose, key)
    remove(us, ours.key)
    assert sorted(db.session.scalars(sa.select(MailTemplate.key))) == [of_event.key, "reminder"]
    assert queries.find_text(db.session(), us.id, ours.key) is None


def a_week_before() -> Relative:
    return Relative(Anchor.START, -7, Unit.DAYS, time(9))


def test_nobody_saves_a_text_that_is_not_there(us: Organiser, them: Organiser) -> None:
    with transaction() as session:
        theirs = actions.new_text(session, organiser_id=them.id, name="Vår", texts=OURS, account_id=None, now=MORNING)
    for key in ("nothing", theirs.key, "../layout", ""):
        with pytest.raises(LookupError):
            save(us, OURS, key=key)
    assert [queries.find_text(db.session(), us.id, key) for key in ("nothing", theirs.key, "sign_in")] == [None] * 3


def test_a_text_of_ones_own_gets_a_key_that_nobody_has(us: Organiser, them: Organiser) -> None:
    with transaction() as session:
        made = [
            actions.new_text(session, organiser_id=owner.id, name=name, texts=OURS, account_id=None, now=MORNING).key
            for owner, name in ((us, "Vel møtt!"), (us, "Vel møtt"), (them, "Vel møtt"), (us, "ord " * 30), (us, "!"))
        ]
    assert made[:3] == ["own-vel-mott", "own-vel-mott-2", "own-vel-mott"]
    assert all(len(key) <= 40 and key.startswith("own-") for key in made)


def test_the_list_has_the_shipped_texts_and_the_organisers_own_and_no_one_elses(us: Organiser, them: Organiser) -> None:
    save(us, OURS)
    with transaction() as session:
        event = rows.add_event(session, us)
        for owner, name, event_id in (
            (us, "Ålen", None),
            (us, "Brev", None),
            (them, "Deres", None),
            (us, "Ett", event.id),
        ):
            actions.new_text(
                session, organiser_id=owner.id, name=name, texts=OURS, event_id=event_id, account_id=None, now=MORNING
            )
    found = queries.list_texts(db.session(), us.id)
    assert [entry.key for entry in found[:-2]] == queries.list_shipped()
    assert [(one.key, one.name, one.is_shipped, one.is_own, one.number, one.languages) for one in found[-2:]] == [
        ("own-brev", "Brev", False, True, 1, ["nb", "en"]), ("own-alen", "Ålen", False, True, 1, ["nb", "en"]),
    ]  # fmt: skip
    reminder = next(entry for entry in found if entry.key == "reminder")
    assert (reminder.is_shipped, reminder.is_own, reminder.texts, reminder.rules) == (True, True, OURS, 1)
    one = queries.find_text(db.session(), us.id, "own-ett")
    assert one is not None
    assert one.event_id == event.id


def test_a_version_that_failed_leaves_nothing_behind(us: Organiser) -> None:
    with pytest.raises(BadTexts):
        save(us, {"nb": "no subject"})
    db.session.rollback()
    assert db.session.scalars(sa.select(MailTemplate)).all() == []
    assert db.session.scalars(sa.select(MailTemplateVersion)).all() == []


def test_subject_and_body_are_put_together_and_apart() -> None:
    written = Written("Hei  på\tdeg", "\n\nLinje\n\n- to\n")
    assert join(written) == "Subject: Hei på deg\n\nLinje\n\n- to\n"
    assert split(join(written)) == Written("Hei på deg", "Linje\n\n- to")
    assert {language: join(split(source)) for language, source in SHIPPED.items()} == SHIPPED


def test_a_comparison_has_the_lines_that_differ_and_one_on_each_side() -> None:
    before = "a\nb\nc\nd\ne\nf\ng"
    assert compare(before, before) == []
    assert compare(before, "a\nB\nc\nd\ne\nf\ng\nh") == [
        Line("same", "a"), Line("removed", "b"), Line("added", "B"), Line("same", "c"), Line("gap"),
        Line("same", "g"), Line("added", "h"),
    ]  # fmt: skip
    assert compare("", "x") == [Line("added", "x")]
    assert list_changed({"nb": "a"}, {"nb": "a", "en": "b"}) == ["en"]
