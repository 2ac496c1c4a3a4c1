"""Who writes an application reads on a page what mail they got about it, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventsys.extensions import db
from eventsys.programmes.applications.rules import ApplicationState
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.models import ApplicationMember
from tests.mailing.sink import sink_of
from tests.workflows.cases.given import Case, apply, build_case
from tests.world import NOW


@pytest.fixture
def case(app: Flask) -> Iterator[Case]:
    with sink_of(app) as sink:
        yield build_case(app, sink)


def test_each_reads_their_own_mails_without_the_links_in_them(case: Case, client: FlaskClient) -> None:
    number, (first, second) = apply(case, "0821", members=2, state=ApplicationState.SENT)
    case.note(CaseAct.ASKED_FOR_LINK, application_id=number, member_id=first)
    case.note(CaseAct.SENT, application_id=number, member_id=first)
    case.tick()
    mine = f"{application_path(db.session.get_one(ApplicationMember, first))}/mails"
    theirs = f"{application_path(db.session.get_one(ApplicationMember, second))}/mails"
    page = client.get(mine).text
    assert page.index("Vi har fått søknaden fra Bø (Telemark)") < page.index(
        "Lenken din til søknaden fra Bø (Telemark)"
    )
    assert "/applications/…" in page
    assert "Lenken din" not in client.get(theirs).text
    case.change(ApplicationMember, ended_at=NOW)
    assert client.get(mine).status_code == 410
    assert client.get(f"{mine[:-8]}x/mails").status_code == 404
