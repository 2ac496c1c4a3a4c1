"""Papers and a speaker of each organiser, and the addresses of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eventsys.events.materials.actions import add_material
from eventsys.events.materials.rules import MaterialFacts
from eventsys.events.models import Event, Material, Speaker
from eventsys.events.programme.actions import add_speaker
from eventsys.events.programme.rules import SpeakerFacts
from eventsys.events.rules import MaterialAccess
from eventsys.extensions import db
from eventsys.tokens import Purpose, capability
from tests.world import NOW

OF_MATERIALS = (
    "material", "edit_material", "update_material", "confirm_remove_material", "remove_material",
)  # fmt: skip
OF_SPEAKERS = ("speaker", "update_speaker", "confirm_remove_speaker", "remove_speaker")


def add_programme_things(session: Session, event: Event, marker: str) -> None:
    """A paper for everybody, one for those who are signed up, and a speaker who stands in no session."""
    for title, access in (("Innbydelse", MaterialAccess.EVERYBODY), (f"{marker}-kladd", MaterialAccess.PARTICIPANTS)):
        facts = MaterialFacts(title, access=access)
        add_material(session, event, facts, file=("paper.txt", title.encode()), published_at=NOW, now=NOW)
    add_speaker(session, event.organiser_id, SpeakerFacts(f"{marker}-kladd"), now=NOW)


def programme_values(organiser_id: int, event: Event, registration: Any) -> dict[str, dict[str, Any]]:
    """The arguments of the addresses about them, by endpoint."""

    def paper(access: MaterialAccess) -> Any:
        mine = (Material.event_id == event.id, Material.access == access)
        return db.session.scalars(sa.select(Material.public_id).where(*mine)).first()

    speaker = db.session.scalars(sa.select(Speaker.public_id).where(Speaker.organiser_id == organiser_id)).first()
    token, own = capability(Purpose.REGISTRATION, registration.public_id, 0), paper(MaterialAccess.PARTICIPANTS)
    return {
        **{f"workspace.{name}": {"slug": event.slug, "public_id": own} for name in OF_MATERIALS},
        **{f"workspace.{name}": {"public_id": speaker} for name in OF_SPEAKERS},
        "site.event_material": {"slug": event.slug, "public_id": paper(MaterialAccess.EVERYBODY)},
        "registrations.material": {"token": token, "public_id": own},
    }
