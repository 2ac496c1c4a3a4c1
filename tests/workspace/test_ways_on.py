"""Pages lead nowhere that would be refused: what does not open for the account is no link."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from eventsys.accounts.rules import MemberRole
from eventsys.events.models import EventHelper
from eventsys.extensions import transaction
from tests.accounts.people import add_account, sign_in
from tests.workspace.seats import EVENT
from tests.world import World

PAGES = {
    MemberRole.HELPER: ("/manage/", "/manage/events", EVENT, f"{EVENT}/programme", f"{EVENT}/participants"),
    MemberRole.READER: ("/manage/", "/manage/site", "/manage/documents", "/manage/news", "/manage/people",
                        "/manage/venues", EVENT, f"{EVENT}/programme", f"{EVENT}/invitations", "/manage/programmes"),
    MemberRole.DOOR: ("/manage/",),
}  # fmt: skip


@pytest.mark.parametrize("role", PAGES)
def test_no_page_leads_to_one_that_is_refused(client: FlaskClient, world: World, role: MemberRole) -> None:
    who = add_account("kollega@program.example", world.secretariat, role=role)
    if role is MemberRole.HELPER:
        with transaction() as session:
            session.add(
                EventHelper(account_id=who.id, event_id=world.events["seminar"].id, organiser_id=world.secretariat)
            )
    sign_in(client, who)
    refused = []
    for page in PAGES[role]:
        answer = client.get(page)
        assert answer.status_code == 200, page
        links = {html.unescape(link) for link in re.findall(r'<a [^>]*href="(/manage[^"#]*)', answer.text)}
        refused += [(page, link) for link in sorted(links) if client.get(link).status_code in (403, 404)]
    assert refused == []
