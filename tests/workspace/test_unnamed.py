"""Who was asked as a union's representative is named on no page that is opened without a note of who did."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsys import jobs
from eventsys.accounts.models import LogEntry
from eventsys.accounts.rules import LogVerb, MemberRole
from eventsys.audiences.rules import Kind
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage, ReturnedMail
from eventsys.mailing.rules import MailState, ReturnKind
from eventsys.workflows.actions import notice_changes
from tests.audiences.given import add_representative, all_of, of
from tests.guards.test_roles import is_open, list_own, sign_in_as
from tests.guards.visits import Site, Visitor, address_of, build_site
from tests.invitations.given import invite
from tests.world import NOW

NAME, ADDRESS = "Bjørg Hemmelig", "bjørg.hemmelig@kommune.example"


def ask_representative(app: Flask, site: Site, *, failed: bool = False) -> None:
    """Asked to Unio's conference as what she is; the mail stands in the outbox."""
    union = site.world.unions[0]
    add_representative(site.world, NAME, 0, "0821")
    invite(site.world, "unio", clauses=(all_of(of(Kind.UNION, union)),))
    with transaction() as session:
        notice_changes(session, now=NOW)
    jobs.tick(app)
    if failed:
        with transaction() as session:
            mine = sa.update(OutboxMessage).where(OutboxMessage.email == ADDRESS)
            session.execute(mine.values(state=MailState.FAILED, answer=f"550 no {ADDRESS} here"))
            mail = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.email == ADDRESS)).one()
            session.add(
                ReturnedMail(
                    key="hers", organiser_id=mail.organiser_id, outbox_id=mail.id, kind=ReturnKind.HARD_BOUNCE,
                    status="5.1.1", words=f"unknown: {ADDRESS}", raw=ADDRESS.encode(), received_at=NOW,
                )
            )  # fmt: skip


def names_her(client: Visitor, address: str) -> bool:
    page = client.get(address).get_data().decode(errors="replace")
    return any(word in page.replace(f'value="{ADDRESS}"', "") for word in (NAME, ADDRESS))


def count_notes() -> int:
    db.session.rollback()
    mine = sa.select(sa.func.count()).select_from(LogEntry)
    return db.session.scalar(mine.where(LogEntry.object == "representative", LogEntry.verb == LogVerb.READ)) or 0


@pytest.mark.parametrize("role", [MemberRole.OWNER, MemberRole.HELPER, MemberRole.READER])
@pytest.mark.parametrize("failed", [False, True])
def test_no_page_names_a_representative_who_was_asked(app: Flask, role: MemberRole, failed: bool) -> None:
    site = build_site()
    pages = [address_of(app, rule, site, site.b) for rule in list_own(app, "GET") if is_open(app, rule, role)]
    ask_representative(app, site, failed=failed)
    client = sign_in_as(app, role, site.b)
    slug = site.b.event.slug
    searches = [f"/manage/mail?q={ADDRESS}", f"/manage/events/{slug}/mail?q={ADDRESS}", "/manage/mail?state=failed"]
    assert len(pages) > 5
    assert [page for page in [*pages, *searches] if names_her(client, page)] == []


def test_the_mail_itself_is_read_with_a_note_of_who_did(app: Flask) -> None:
    site = build_site()
    ask_representative(app, site)
    client = sign_in_as(app, MemberRole.ORGANISER, site.b)
    mail = db.session.scalars(sa.select(OutboxMessage.public_id).where(OutboxMessage.email == ADDRESS)).one()
    assert "An elected representative" in client.get("/manage/mail?lang=en").get_data(as_text=True)
    before = count_notes()
    assert names_her(client, f"/manage/mail/{mail}")
    assert count_notes() == before + 1


def test_what_came_back_of_it_is_read_with_a_note_too(app: Flask) -> None:
    site = build_site()
    ask_representative(app, site, failed=True)
    client = sign_in_as(app, MemberRole.ORGANISER, site.b)
    returned = db.session.scalars(sa.select(ReturnedMail.public_id).where(ReturnedMail.key == "hers")).one()
    before = count_notes()
    assert names_her(client, f"/manage/mail/returned/{returned}")
    assert count_notes() == before + 1
