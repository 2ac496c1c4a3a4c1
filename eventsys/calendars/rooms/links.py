"""The secret address of a room's calendar: it opens what one organiser may see of one room."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from eventsys.tokens import Purpose, capability
from eventsys.venues.models import Room

NAMESPACE = uuid.UUID("5d0b1c5e-5f43-4a52-9d5e-0c1e7a5f1b3d")


def feed_token(room: Room, organiser_id: int) -> str:
    """Good until the room's feed is renewed."""
    return capability(Purpose.ROOM_FEED, join(room.public_id, organiser_id), room.link_version)


def join(public_id: uuid.UUID, organiser_id: int) -> uuid.UUID:
    """Room and organiser as one id, from which the room is found again by trying the organisers, who are few. A token says
    in 43 characters both whose calendar it is and that nobody has made it up."""
    return uuid.UUID(int=public_id.int ^ uuid.uuid5(NAMESPACE, str(organiser_id)).int)


def split(joined: uuid.UUID, organiser_ids: Sequence[int]) -> dict[uuid.UUID, int]:
    """Which room it would be of for each organiser; at most one of them is there."""
    return {join(joined, organiser_id): organiser_id for organiser_id in organiser_ids}
