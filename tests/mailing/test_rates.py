"""So many mails a minute and no more: over all, and to each domain; what is above a rate holds up nobody."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Config
from eventsys import clock
from eventsys.extensions import db, transaction
from eventsys.mailing import outbox
from eventsys.mailing.delivery import deliver
from eventsys.mailing.models import MailRate, OutboxMessage
from eventsys.mailing.rates import Rates
from eventsys.mailing.rules import BULK
from tests.mailing.messages import ME, NOW, compose, put, set_clock
from tests.mailing.sink import Sink


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> None:
    set_clock(NOW)


def claim(rates: Rates, real_now: datetime, *, batch: int = 50, after: timedelta = timedelta()) -> list[str]:
    """Whom one claim takes, when so much time has gone since the morning."""
    with transaction() as session:
        claimed = outbox.claim(
            session, worker_id=uuid.uuid4(), domain="eventsys.example", batch=batch, now=NOW + after,
            real_now=real_now + after, rates=rates,
        )  # fmt: skip
        return [message.email for message in claimed]


def at(domain: str, *numbers: int) -> list[str]:
    return [f"p{number}@{domain}.example" for number in numbers]


@pytest.mark.parametrize(
    "overall, domains, rates",
    [
        (0, "", None),
        (0, "gmail.example=0", None),
        (90, "", Rates(90, {})),
        (0, "Gmail.example=60  *=0.5", Rates(0, {"gmail.example": 60, "*": 0.5})),
    ],
)
def test_rates_are_read_from_the_settings(overall: float, domains: str, rates: Rates | None) -> None:
    assert Rates.read(overall, domains) == rates


@pytest.mark.parametrize("domains", ["gmail.example", "gmail.example=many", "=5", "a.example=1 b.example"])
def test_a_rate_that_cannot_be_read_stops_the_start(domains: str) -> None:
    with pytest.raises(ValueError, match="MAIL_DOMAIN_RATES"):
        Config.from_environment({"SECRET_KEY": "a secret", "MAIL_DOMAIN_RATES": domains})


def test_no_more_go_than_the_rate_allows_and_the_others_stay_due(app: Flask) -> None:
    put(*at("kommune", *range(1, 8)))
    rates, start = Rates(60, {}), clock.real_now()
    taken = [claim(rates, start, after=timedelta(seconds=second)) for second in (0, 0, 1, 2, 30)]
    assert taken == [
        at("kommune", 1, 2), [], at("kommune", 3), at("kommune", 4), at("kommune", 5, 6),
    ]  # fmt: skip
    assert db.session.scalar(sa.select(OutboxMessage.next_try_at).where(OutboxMessage.state == "queued")) == NOW


def test_a_domain_above_its_rate_waits_its_turns_and_holds_up_nobody(app: Flask) -> None:
    put(*at("gmail", 1, 2, 3, 4, 5), *at("kommune", 1, 2, 3), priority=BULK)
    rates, start = Rates(0, {"gmail.example": 30}), clock.real_now()
    assert claim(rates, start, batch=4) == [*at("gmail", 1), *at("kommune", 1, 2, 3)]
    waiting = db.session.execute(
        sa.select(OutboxMessage.email, OutboxMessage.next_try_at).where(OutboxMessage.state == "queued")
    ).all()
    assert [(email, (moment - NOW).total_seconds()) for email, moment in waiting] == [
        ("p2@gmail.example", 2), ("p3@gmail.example", 4), ("p4@gmail.example", 6), ("p5@gmail.example", 8),
    ]  # fmt: skip
    taken = [claim(rates, start, after=timedelta(seconds=second)) for second in range(1, 10)]
    assert taken == [[], at("gmail", 2), [], at("gmail", 3), [], at("gmail", 4), [], at("gmail", 5), []]


def test_an_answer_to_somebodys_own_act_goes_before_the_bulk_that_waits_for_the_domain(app: Flask) -> None:
    put(*at("gmail", 1, 2, 3, 4), priority=BULK)
    rates, start = Rates(0, {"*": 30}), clock.real_now()
    assert claim(rates, start) == at("gmail", 1)
    put("kari@gmail.example", reason="change")
    taken = [claim(rates, start, after=timedelta(seconds=second)) for second in (0, 2, 4, 6, 8)]
    assert taken == [[], ["kari@gmail.example"], at("gmail", 3), at("gmail", 4), at("gmail", 2)]


def test_two_workers_share_one_rate(app: Flask) -> None:
    put(*at("kommune", *range(1, 20)))
    rates, start = Rates(120, {}), clock.real_now()
    seconds = [timedelta(seconds=second) for second in (0, 0, 1, 1, 2, 2)]
    assert [len(claim(rates, start, after=second)) for second in seconds] == [3, 0, 2, 0, 2, 0]
    assert db.session.scalars(sa.select(MailRate.scope)).all() == [""]


def test_the_settings_are_kept_to_when_mails_are_delivered(app: Flask, sink: Sink) -> None:
    put(*at("gmail", 1, 2, 3), *at("outlook", 1, 2, 3), *at("kommune", 1, 2, 3))
    app.config.update(MAIL_DOMAIN_RATES="gmail.example=1 *=2")
    deliver(compose, worker_id=ME)
    app.config.update(MAIL_DOMAIN_RATES="")
    assert Counter(address.partition("@")[2] for address in sink.recipients) == {
        "gmail.example": 1, "outlook.example": 1, "kommune.example": 1,
    }  # fmt: skip
