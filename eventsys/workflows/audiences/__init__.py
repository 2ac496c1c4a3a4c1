"""Whom an audience is: the one SELECT of people, mailboxes and accounts that mails are made, counted and shown by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from eventsys.workflows.audiences.columns import Recipients, mail_language
from eventsys.workflows.audiences.organisations import SIDES, read_needing, select_organisations, still_meant
from eventsys.workflows.audiences.others import (
    Saved,
    keep_list,
    read_saved,
    select_invited,
    select_organisers,
    select_saved,
    select_speakers,
)
from eventsys.workflows.audiences.seats import select_registrars, select_registrations
from eventsys.workflows.rules import OF_ORGANISATIONS, OF_SAVED, STATES, Audience

__all__ = [
    "SIDES",
    "Recipients",
    "Saved",
    "keep_list",
    "mail_language",
    "read_needing",
    "read_saved",
    "select_recipients",
    "select_registrations",
    "still_meant",
]


def select_recipients(
    audience: Audience,
    *,
    event_id: int,
    run_id: int | None,
    on: date,
    saved: Saved | None = None,
    needing: Collection[int] = (),
) -> Recipients:
    """A row for each registration, organisation, invitation, person or account that the audience is on that day at the
    run; without a run, at all of the event's that have not been cancelled.

    Columns: organiser_id, email, email_key, name, language, registration_id, organisation_id, invitation_id, person_id.
    All but registrations and speakers count for the whole event. `saved` is the audience that an organiser has given a
    name, where it is meant, and `needing` the organisations that `read_needing` found, where those are.
    `ValueError` for the one whom a change concerns, who is no audience.
    """
    if audience in STATES:
        return select_registrations(STATES[audience], event_id=event_id, run_id=run_id)
    if audience in OF_ORGANISATIONS:
        return select_organisations(audience, event_id=event_id, on=on, needing=needing)
    if audience is Audience.UNNAMED:
        return select_registrars(event_id, run_id)
    if audience is Audience.INVITED:
        return select_invited(event_id)
    if audience is Audience.SPEAKERS:
        return select_speakers(event_id, run_id)
    if audience in OF_SAVED and saved is not None:
        return select_saved(saved, event_id, on, without=audience is Audience.SAVED_WITHOUT)
    if audience is Audience.ORGANISERS:
        return select_organisers(event_id)
    raise ValueError(f"{audience.value} is nobody by itself")
