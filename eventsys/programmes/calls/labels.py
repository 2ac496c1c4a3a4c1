"""What pages call calls: where one stands, how far a recipient has come, its deadline and whom it is for, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys import dates, texts
from eventsys.filetypes import ending_of
from eventsys.organisations.rules import OrganisationKind
from eventsys.programmes.calls.queries import Paper
from eventsys.programmes.calls.rules import Nudged, Stage, Standing
from eventsys.programmes.models import Call, Cohort, Intake
from eventsys.web import language

STAGES = {
    Stage.DRAFT: _l("Draft"),
    Stage.OPEN: _l("Open for applications"),
    Stage.OVER: _l("The deadline has passed"),
    Stage.CLOSED: _l("Closed"),
    Stage.WITHDRAWN: _l("Called off"),
}
STAGE_KINDS = {
    Stage.DRAFT: "warning",
    Stage.OPEN: "success",
    Stage.OVER: "info",
    Stage.CLOSED: "neutral",
    Stage.WITHDRAWN: "neutral",
}
STANDINGS = {
    Standing.NO_MAILBOX: _l("No mailbox"),
    Standing.QUEUED: _l("On its way"),
    Standing.FAILED: _l("Did not arrive"),
    Standing.DELIVERED: _l("Not opened"),
    Standing.OPENED: _l("Opened"),
    Standing.DECLINED: _l("Said no"),
    Standing.BEGUN: _l("Has begun"),
    Standing.SENT: _l("Has applied"),
}
STANDING_KINDS = {
    Standing.NO_MAILBOX: "danger",
    Standing.QUEUED: "neutral",
    Standing.FAILED: "danger",
    Standing.DELIVERED: "neutral",
    Standing.OPENED: "info",
    Standing.DECLINED: "neutral",
    Standing.BEGUN: "warning",
    Standing.SENT: "success",
}
NUDGED = {
    Nudged.NOT_BEGUN: _l("Those who have not begun"),
    Nudged.BEGUN_NOT_SENT: _l("Those who have begun and not sent"),
}
MANY = {
    OrganisationKind.MUNICIPALITY: _l("municipalities"),
    OrganisationKind.DISTRICT: _l("city districts"),
    OrganisationKind.COUNTY: _l("counties"),
    OrganisationKind.COMPANY: _l("intermunicipal companies"),
    OrganisationKind.STATE_BODY: _l("state bodies"),
    OrganisationKind.ASSOCIATION: _l("associations"),
    OrganisationKind.CONFEDERATION: _l("confederations"),
    OrganisationKind.UNION: _l("unions"),
    OrganisationKind.OTHER: _l("other organisations"),
}


def name_call(call: Call) -> texts.Text:
    return texts.read(call.title, language())


def tell_deadline(call: Call) -> str:
    """«mandag 15. september 2008, kl. 15.00», by the call's own clock."""
    return dates.format_moment(call.closes_local, language())


def tell_closed(stage: Stage, call: Call) -> str:
    """Why nobody can apply; empty while they can."""
    if stage is Stage.OVER:
        return _("The deadline was %(moment)s. Nothing more can be sent.", moment=tell_deadline(call))
    if stage is Stage.CLOSED:
        return _("The call is closed. Nothing more can be sent.")
    if stage is Stage.WITHDRAWN:
        return _("The call is called off, and nobody can apply.")
    return _("The call is not open yet.") if stage is Stage.DRAFT else ""


def tell_whom(kinds: Sequence[str], cohorts: Sequence[Mapping[str, str]]) -> str:
    """«kommuner», «kommuner i Pulje II»; empty where the audience is of another sort."""
    named = [str(MANY[OrganisationKind(kind)]) for kind in kinds]
    within = [texts.read(name, language()).value for name in cohorts]
    if named and within:
        return _("%(kinds)s in %(cohorts)s", kinds=join(named), cohorts=join(within))
    return join(named or within)


def join(names: Sequence[str]) -> str:
    """«kommuner, fylker og bydeler»."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])


def describe_intake(intake: Intake, cohort: Cohort | None) -> dict[str, Any]:
    return {
        "name": texts.read(intake.name, language()),
        "ceiling": ngettext("%(num)d place", "%(num)d places", intake.ceiling),
        "beside": ngettext("beside %(num)d that takes part already", "beside %(num)d that take part already",
                           intake.beside) if intake.beside else "",
        "cohort": texts.read(cohort.name, language()) if cohort else None,
        "decides": name_day(intake.decides_on),
        "starts": name_day(intake.starts_on),
    }  # fmt: skip


def name_moment(at: datetime, timezone: str) -> str:
    """«ma. 25. aug. kl. 09.00», by the clock of that place."""
    return dates.format_short_moment(dates.to_local(at, timezone), language())


def name_day(day: date | None) -> str:
    return dates.format_day(day, language()) if day else ""


def describe_paper(paper: Paper) -> dict[str, Any]:
    return {
        "public_id": paper.public_id,
        "name": paper.name,
        "form": f"{ending_of(paper.name).upper()}, {name_size(paper.size)}",
    }


def name_size(size: int) -> str:
    """«2,1 MB», «480 kB», as the language writes numbers."""
    if size < 1_000_000:
        return f"{max(size // 1_000, 1)} kB"
    text = f"{size / 1_000_000:.1f}".removesuffix(".0")
    return f"{text if language() == 'en' else text.replace('.', ',')} MB"
