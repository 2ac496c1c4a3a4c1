"""Tables: rules, the occasions at which they fire, what each outbox message is about, pauses, organisers' own texts."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.events.rules import EventType
from eventsys.extensions import Base, LocalDateTime
from eventsys.workflows.rules import Anchor, Audience, OccasionState, Trigger, Unit


def _only_where(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, unique=True, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


class Rule(Base):
    """When, to whom and which template: for the whole organiser, its events of a type, or one event; of several with one
    `key` the nearest counts, even when it is off.

    `enabled_at` null is off; a rule never fires for moments before `enabled_at`. Relative: `offset_units` units from the
    anchor (negative is before), at a local clock time or the anchor's own. Absolute: `at_local` in the organiser's zone,
    for one event and, where `run_id` is set, one run of it; `clauses` is then the record of the saved audience as it was
    when the mail was sent. With `late_joiners` who comes in after it fired gets it too.
    """

    __tablename__ = "rules"
    __table_args__ = (
        sa.CheckConstraint(
            "(trigger = 'relative') = (anchor IS NOT NULL) AND (trigger = 'relative') = (unit IS NOT NULL)"
            " AND (trigger = 'relative') = (offset_units IS NOT NULL)",
            name="relative",
        ),
        sa.CheckConstraint("(trigger = 'absolute') = (at_local IS NOT NULL)", name="absolute"),
        sa.CheckConstraint("trigger <> 'absolute' OR event_id IS NOT NULL", name="absolute_of_event"),
        sa.CheckConstraint("(trigger IN ('relative', 'absolute')) = (audience <> 'concerned')", name="whom"),
        sa.CheckConstraint(
            "(audience IN ('saved', 'saved_without')) = (audience_id IS NOT NULL)", name="saved_audience"
        ),
        sa.ForeignKeyConstraint(["audience_id", "organiser_id"], ["audiences.id", "audiences.organiser_id"]),
        sa.CheckConstraint("event_id IS NULL OR event_type IS NULL", name="one_scope"),
        sa.CheckConstraint("run_id IS NULL OR event_id IS NOT NULL", name="run_of_event"),
        sa.CheckConstraint("removed_at IS NULL OR enabled_at IS NULL", name="removed_is_off"),
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.ForeignKeyConstraint(
            ["run_id", "event_id", "organiser_id"], ["runs.id", "runs.event_id", "runs.organiser_id"]
        ),
        _only_where(
            "uq_rules_organiser",
            "organiser_id",
            "key",
            where="event_id IS NULL AND event_type IS NULL AND removed_at IS NULL",
        ),
        _only_where(
            "uq_rules_type",
            "organiser_id",
            "event_type",
            "key",
            where="event_type IS NOT NULL AND removed_at IS NULL",
        ),
        _only_where("uq_rules_event", "event_id", "key", where="event_id IS NOT NULL AND removed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    event_type: Mapped[EventType | None]
    event_id: Mapped[int | None]
    run_id: Mapped[int | None]
    key: Mapped[str] = mapped_column(sa.String(40))
    trigger: Mapped[Trigger]
    audience: Mapped[Audience] = mapped_column(default=Audience.CONCERNED)
    audience_id: Mapped[int | None]
    clauses: Mapped[list[dict[str, Any]] | None]
    template: Mapped[str] = mapped_column(sa.String(40))
    anchor: Mapped[Anchor | None]
    offset_units: Mapped[int | None]
    unit: Mapped[Unit | None]
    clock_time: Mapped[time | None]
    at_local: Mapped[datetime | None] = mapped_column(LocalDateTime())
    late_joiners: Mapped[bool] = mapped_column(default=False)
    enabled_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class Occasion(Base):
    """One moment at which a rule fires for a run, or for a whole event where `run_id` is null (a deadline, one date).

    The generation rises when one that fired moves to the future again.
    """

    __tablename__ = "occasions"
    __table_args__ = (
        _only_where("uq_occasions_run", "rule_id", "run_id", "generation", where="run_id IS NOT NULL"),
        _only_where("uq_occasions_event", "rule_id", "event_id", "generation", where="run_id IS NULL"),
        sa.Index("ix_occasions_due", "due_at", postgresql_where=sa.text("state = 'planned'"),
                 sqlite_where=sa.text("state = 'planned'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("rules.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("runs.id"), index=True)
    generation: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    state: Mapped[OccasionState] = mapped_column(default=OccasionState.PLANNED)
    fired_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(sa.String(200))


class MailCause(Base):
    """What an outbox message is about: a registration, an organisation, an invitation, a person or the event alone; by
    which rule, and the change or the occasion that made it (neither for one that an organiser asked for by hand)."""

    __tablename__ = "mail_causes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["outbox_id", "organiser_id"], ["outbox.id", "outbox.organiser_id"]),
        sa.ForeignKeyConstraint(
            ["registration_id", "organiser_id"], ["registrations.id", "registrations.organiser_id"]
        ),
        sa.CheckConstraint(
            "(CASE WHEN occasion_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN registration_change_id IS NULL THEN 0"
            " ELSE 1 END) + (CASE WHEN event_change_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invitation_change_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_cause",
        ),
        sa.CheckConstraint(
            "(CASE WHEN registration_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_subject",
        ),
        sa.ForeignKeyConstraint(["invitation_id", "organiser_id"], ["invitations.id", "invitations.organiser_id"]),
        # Of all rows, though it forbids only among those about a registration: a mail's causes are found by it.
        sa.Index("uq_mail_causes_registration", "outbox_id", "registration_id", unique=True),
        _only_where("uq_mail_causes_other", "outbox_id", where="registration_id IS NULL"),
        sa.Index("ix_mail_causes_event", "event_id", "outbox_id"),
        sa.Index("ix_mail_causes_occasion", "occasion_id", "outbox_id"),
        sa.Index("ix_mail_causes_rule", "rule_id", "outbox_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int]
    organiser_id: Mapped[int]
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    registration_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    invitation_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rules.id"))
    occasion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("occasions.id"))
    registration_change_id: Mapped[int | None] = mapped_column(sa.ForeignKey("registration_changes.id"))
    event_change_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_changes.id"))
    invitation_change_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitation_changes.id"))


class CaseCause(Base):
    """What an outbox message about a call, an application or a decision is about: a row of the case's history. A copy is
    for a partner or the archive."""

    __tablename__ = "case_causes"
    __table_args__ = (sa.ForeignKeyConstraint(["outbox_id", "organiser_id"], ["outbox.id", "outbox.organiser_id"]),)

    outbox_id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int]
    change_id: Mapped[int] = mapped_column(sa.ForeignKey("case_changes.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application_members.id"), index=True)
    is_copy: Mapped[bool] = mapped_column(default=False)


class Pause(Base):
    """That mail waits: of a rule, of an event, of an organiser, or of everybody where it is the installation's own."""

    __tablename__ = "pauses"
    __table_args__ = (
        sa.CheckConstraint("event_id IS NULL OR rule_id IS NULL", name="one_target"),
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        _only_where("uq_pauses_rule", "rule_id", where="rule_id IS NOT NULL"),
        _only_where("uq_pauses_event", "event_id", where="event_id IS NOT NULL"),
        _only_where("uq_pauses_organiser", "organiser_id", where="event_id IS NULL AND rule_id IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    event_id: Mapped[int | None]
    rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rules.id"))
    since: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class MailTemplate(Base):
    """A text of the organiser's own under a key: a shipped one's, which it then replaces, or a key of its own.

    With `event_id` or `call_id` it is written for that event or call alone and offered nowhere else.
    """

    __tablename__ = "mail_templates"
    __table_args__ = (
        sa.UniqueConstraint("organiser_id", "key"),
        sa.ForeignKeyConstraint(["event_id", "organiser_id"], ["events.id", "events.organiser_id"]),
        sa.ForeignKeyConstraint(["call_id", "organiser_id"], ["calls.id", "calls.organiser_id"]),
        sa.CheckConstraint("event_id IS NULL OR call_id IS NULL", name="one_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("organisers.id"))
    event_id: Mapped[int | None] = mapped_column(index=True)
    call_id: Mapped[int | None] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200), default="")


class MailTemplateVersion(Base):
    """One saved version, never changed: by language a first line «Subject: …» and Markdown. The highest is in force; one
    without any text means the shipped one again."""

    __tablename__ = "mail_template_versions"
    __table_args__ = (sa.UniqueConstraint("template_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("mail_templates.id"))
    number: Mapped[int]
    texts: Mapped[dict[str, str]]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class MailAttachment(Base):
    """A file that goes with every mail of an organiser's text; above a limit of them all, mails carry links instead."""

    __tablename__ = "mail_attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(unique=True, default=uuid.uuid4)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("mail_templates.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    position: Mapped[int] = mapped_column(default=0)


class MailCopy(Base):
    """A partner who gets a copy, as a mail of its own that says whom the letter went to, when a one-off letter is sent."""

    __tablename__ = "mail_copies"
    __table_args__ = (sa.UniqueConstraint("template_id", "email_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("mail_templates.id"))
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    email: Mapped[str] = mapped_column(sa.String(320))
    email_key: Mapped[str] = mapped_column(sa.String(320))
