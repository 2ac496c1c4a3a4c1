"""What organisers type about a programme, its parties, cohorts and networks, as values; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from flask_babel import gettext as _

from eventsys.programmes.rules import (
    NEED_REASON,
    CohortFacts,
    MembershipStatus,
    NetworkFacts,
    NetworkKind,
    PartyFacts,
    PartyKind,
    PartyRole,
    ProgrammeFacts,
)
from eventsys.web import LANGUAGES
from eventsys.workspace.forms import Reader, Typed, write_day
from eventsys.workspace.registers.forms import choose, read_titles

MOST_WORDS = 20_000
MOST_IN_COHORT = 10_000
BY_HAND = (
    MembershipStatus.MEMBER, MembershipStatus.PAUSED, MembershipStatus.WITHDRAWN, MembershipStatus.EXCLUDED,
    MembershipStatus.COMPLETED,
)  # fmt: skip
"""What an organiser may choose: that two have merged is said in the register."""


def read_programme(reader: Reader) -> ProgrammeFacts:
    begins_on, ends_on = reader.day("begins_on"), reader.day("ends_on")
    if begins_on and ends_on and ends_on < begins_on:
        reader.errors["ends_on"] = _("It cannot end before it begins.")
    return ProgrammeFacts(read_titles(reader), _read_about(reader), begins_on, ends_on)


def type_programme(facts: ProgrammeFacts) -> Typed:
    """The form as if somebody had typed the programme as it is."""
    typed = Typed({**_typed("name", facts.name), **_typed("about", facts.about)})
    typed["begins_on"], typed["ends_on"] = write_day(facts.begins_on), write_day(facts.ends_on)
    return typed


def read_party(reader: Reader) -> PartyFacts | None:
    """None if something is wrong with it."""
    role = choose(reader, "role", PartyRole, required=_("Choose whether it is a party or a partner."))
    kind = choose(reader, "kind", PartyKind, required=_("Choose what kind it is."))
    name, email, url = read_titles(reader), reader.email("email"), reader.text("url", most=500)
    if url and not _is_link(url):
        reader.errors["url"] = _("Write a link that begins with https:// or http://.")
    if reader.errors or role is None or kind is None:
        return None
    return PartyFacts(role, kind, name, email, url)


def type_party(facts: PartyFacts) -> Typed:
    plain = {"role": facts.role.value, "kind": facts.kind.value, "email": facts.email, "url": facts.url}
    return Typed({**_typed("name", facts.name), **plain})


def read_cohort(reader: Reader) -> CohortFacts | None:
    """None if something is wrong with it."""
    name, ordinal = read_titles(reader), reader.number("ordinal", most=99)
    if ordinal is None and "ordinal" not in reader.errors:
        reader.errors["ordinal"] = _("Write which one in order it is, such as 1.")
    ceiling = reader.number("ceiling", most=MOST_IN_COHORT)
    return None if reader.errors or ordinal is None else CohortFacts(ordinal, name, ceiling)


def type_cohort(facts: CohortFacts) -> Typed:
    return Typed(
        {**_typed("name", facts.name), "ordinal": str(facts.ordinal), "ceiling": str(facts.ceiling or "")}
    )  # fmt: skip


def read_network(reader: Reader) -> NetworkFacts | None:
    """None if something is wrong with it."""
    name = reader.text("name", most=200, required=_("Write the name."))
    kind = choose(reader, "kind", NetworkKind, required=_("Choose what kind it is."))
    about = _read_about(reader)
    return None if reader.errors or kind is None else NetworkFacts(name, kind, about)


def type_network(facts: NetworkFacts) -> Typed:
    return Typed({"name": facts.name, "kind": facts.kind.value, **_typed("about", facts.about)})


@dataclass(frozen=True, slots=True)
class StatusEntry:
    status: MembershipStatus
    reason: str
    on: date


def read_status(reader: Reader) -> StatusEntry | None:
    """None if something is wrong with it."""
    status = choose(reader, "status", MembershipStatus, required=_("Choose how it stands."))
    if status is not None and status not in BY_HAND:
        reader.errors["status"] = _("That two have merged is said in the register of organisations.")
    reason = reader.text("reason", most=500)
    if status in NEED_REASON and not reason:
        reader.errors["reason"] = _("Write why: it stands in the history.")
    on = reader.day("on", required=_("Write the day, such as 01.09.2008."))
    return None if reader.errors or status is None or on is None else StatusEntry(status, reason, on)


def _read_about(reader: Reader) -> dict[str, str]:
    texts = {code: reader.prose(f"about_{code}", most=MOST_WORDS) for code in LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def _typed(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{field}_{code}": texts.get(code, "") for code in LANGUAGES}


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
