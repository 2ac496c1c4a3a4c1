"""Tables: the register of venues that all organisers share, their rooms, and how many each takes in a layout."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.extensions import Base
from eventsys.venues.rules import Layout


class Venue(Base):
    """A place. `capacity` is how many it takes at once and the limit of a run that has none of its own and no room.

    Position in degrees (WGS 84), both or none. One with an `organiser_id` is seen by that organiser alone. `edition`
    rises with each change, so that of two who change it at once neither loses anything.
    """

    __tablename__ = "venues"
    __table_args__ = (
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="position"),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    capacity: Mapped[int | None]
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisers.id"), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    access: Mapped[str] = mapped_column(default="")
    equipment: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_email: Mapped[str] = mapped_column(sa.String(320), default="")
    contact_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    edition: Mapped[int] = mapped_column(default=1)

    rooms: Mapped[list[Room]] = relationship(order_by="Room.position, Room.id", lazy="raise", back_populates="venue")


class Room(Base):
    """A room of a venue, in the venue's own order. `capacity` is the limit where no layout is said; `link_version` is of
    its feed's secret address."""

    __tablename__ = "rooms"
    __table_args__ = (
        sa.UniqueConstraint("venue_id", "name_key"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    link_version: Mapped[int] = mapped_column(default=0)
    venue_id: Mapped[int] = mapped_column(sa.ForeignKey("venues.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200))
    position: Mapped[int] = mapped_column(default=0)
    capacity: Mapped[int | None]
    floor: Mapped[str] = mapped_column(sa.String(60), default="")
    equipment: Mapped[str] = mapped_column(default="")
    access: Mapped[str] = mapped_column(default="")

    venue: Mapped[Venue] = relationship(lazy="raise", back_populates="rooms")
    layouts: Mapped[list[RoomLayout]] = relationship(lazy="raise", cascade="all, delete-orphan")


class RoomLayout(Base):
    """How many a room takes when it is set up so."""

    __tablename__ = "room_layouts"
    __table_args__ = (sa.CheckConstraint("capacity > 0", name="capacity"),)

    room_id: Mapped[int] = mapped_column(sa.ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    layout: Mapped[Layout] = mapped_column(primary_key=True)
    capacity: Mapped[int]
