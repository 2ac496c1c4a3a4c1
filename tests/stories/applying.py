"""Applications to a call of the demo, written past the browser: one that is being written, and one that was sent."""

from __future__ import annotations

import sqlalchemy as sa

from eventsys import clock, create_app
from eventsys.extensions import transaction
from eventsys.organisations.models import Organisation
from eventsys.programmes.applications import actions
from eventsys.programmes.applications.rules import ApplicationState, FileKind
from eventsys.programmes.cases.links import application_path
from eventsys.programmes.models import Application, Call
from tests.calling import add_application, add_member
from tests.conftest import settings
from tests.stories.serving import Site


def apply(site: Site, call_slug: str) -> dict[str, str]:
    """What the addresses of an application's own pages need."""
    secret = (site.mails.parent / "demo.secret").read_text()
    app = create_app(settings(f"sqlite:///{site.mails.parent}/demo.db", SECRET_KEY=secret))
    with app.app_context(), transaction() as session:
        now = clock.now()
        call = session.scalars(sa.select(Call).filter_by(slug=call_slug)).one()
        numbers = ("0101", "0104")
        draft_of, sent_of = (session.scalars(sa.select(Organisation.id).filter_by(number=one)).one() for one in numbers)
        writes = actions.begin(
            session, call, draft_of, recipient=None, name="Kari Nordmann", email="kari@halden.example", language="nb",
            now=now,
        )  # fmt: skip
        draft = session.get_one(Application, writes.application_id)
        file = actions.add_file(session, draft, kind=FileKind.COUNCIL, name="Vedtak.txt", content=b"Vedtatt", now=now)
        actions.invite(session, draft, writes, name="Ola Nordmann", email="ola@halden.example", now=now)
        sent = add_application(session, call, sent_of, state=ApplicationState.SENT, way_of_working="I grupper.")
        paths = {
            "application": application_path(writes),
            "sent_application": application_path(add_member(session, sent)),
        }
        tokens = {name: path.rpartition("/")[2] for name, path in paths.items()}
        return {**tokens, "application_paper": str(file.public_id)}
