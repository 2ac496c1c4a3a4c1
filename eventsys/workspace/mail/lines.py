"""The lines of an event's timeline in words: what goes out to how many, what went, what waits and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.extensions import AnyRow
from eventsys.workflows.models import Rule
from eventsys.workflows.pauses import PauseRow
from eventsys.workflows.rules import OF_CONTACTS, OF_ORGANISATIONS, Audience, OccasionState
from eventsys.workspace.mail.labels import name_template, tell_reason
from eventsys.workspace.mail.occasions import Meant, OccasionLine
from eventsys.workspace.mail_rules.labels import LANGUAGES

BY_ATTENDANCE = (Audience.ATTENDED, Audience.ABSENT)


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines are told from: to how many of which language, which texts are written in what, what is stopped."""

    readers: Mapping[Meant, Mapping[str, int]]
    written: Mapping[str, Collection[str]]
    pauses: Sequence[PauseRow]
    event_id: int

    def count(self, line: OccasionLine) -> int:
        return sum(self.readers.get(line.meant, {}).values()) if line.is_planned else 0

    def needed(self, line: OccasionLine) -> dict[str, int]:
        """The languages that the line's text is not written in and somebody reads, with how many do."""
        readers = self.readers.get(line.meant, {}) if line.is_planned else {}
        written = self.written.get(line.rule.template, ())
        return {code: readers[code] for code in LANGUAGES if readers.get(code) and code not in written}

    def is_stopped(self, rule: Rule | None = None) -> bool:
        """Whether mail of the event, or of the rule, waits."""
        return any(
            pause.event_id == self.event_id
            or (pause.event_id is None and pause.rule_id is None)
            or (rule is not None and rule.id in pause.rule_ids)
            for pause in self.pauses
        )


def upper_first(words: str) -> str:
    """As the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def name_line(line: OccasionLine) -> str:
    """What the text is called: the organiser's own name for it, or the shipped one's."""
    return line.name or name_template(line.rule.template)


def kind_of(line: OccasionLine, known: Known) -> str:
    """How it is drawn: coming, sent, with a failure, or waiting for something; passed without a mail is waiting too."""
    if line.is_planned:
        return "waiting" if known.is_stopped(line.rule) or known.needed(line) else "due"
    if line.failed:
        return "failed"
    if line.mails > line.sent:
        return "waiting" if known.is_stopped(line.rule) else "due"
    return "sent" if line.sent else "waiting"


def tell_line(line: OccasionLine, known: Known, days: str) -> str:
    """«117 får påminnelse om 1.–2. september»; what it was when it is past. `days` is empty for the whole event."""
    what = name_line(line) if not line.name else _("“%(name)s”", name=line.name)
    if line.rule.audience is Audience.ORGANISERS:
        return _("%(template)s about %(days)s to the organisers", template=what, days=days) if days else _(
            "%(template)s to the organisers", template=what
        )  # fmt: skip
    if not line.is_planned:
        return _("%(template)s about %(days)s", template=what, days=days) if days else what
    if line.rule.audience in OF_ORGANISATIONS and line.rule.audience not in OF_CONTACTS:
        return _tell_organisations(what, known.count(line))
    return _tell_people(what if line.name else what.lower(), what, known.count(line), days, line.rule.audience)


def _tell_people(inside: str, what: str, count: int, days: str, audience: Audience) -> str:
    if not count:
        return _tell_nobody(what, days, audience)
    if not days:
        return ngettext("%(num)d person gets %(template)s", "%(num)d people get %(template)s", count, template=inside)
    return ngettext(
        "%(num)d person gets the %(template)s about %(days)s",
        "%(num)d people get the %(template)s about %(days)s",
        count,
        template=inside,
        days=days,
    )


def _tell_nobody(what: str, days: str, audience: Audience) -> str:
    if audience in BY_ATTENDANCE:
        return (
            _("%(template)s about %(days)s, to those who came", template=what, days=days)
            if (days and audience is Audience.ATTENDED)
            else what
        )
    if not days:
        return _("%(template)s; nobody as of now", template=what)
    if audience is not Audience.CONFIRMED:
        return _("%(template)s about %(days)s; nobody as of now", template=what, days=days)
    return _("%(template)s about %(days)s; nobody has a place yet", template=what, days=days)


def _tell_organisations(what: str, count: int) -> str:
    if not count:
        return _("%(template)s; no organisation as of now", template=what)
    return ngettext(
        "%(template)s to %(num)d organisation", "%(template)s to %(num)d organisations", count, template=what
    )


def tell_result(line: OccasionLine, known: Known) -> str:
    """How it stands: planned or what it waits for; how many were sent, wait and did not arrive; why it was not sent."""
    if line.is_planned:
        return _tell_coming(line, known)
    if line.occasion.state is not OccasionState.FIRED or not line.mails:
        why = line.occasion.why
        return _("not sent: %(why)s", why=tell_reason(why)) if why else _("not sent")
    return tell_counts(
        line.sent, line.mails - line.sent - line.failed, line.failed, stopped=known.is_stopped(line.rule)
    )


def _tell_coming(line: OccasionLine, known: Known) -> str:
    if known.is_stopped(line.rule):
        return _("waits: stopped")
    if known.needed(line):
        return _("waits for a text")
    if line.rule.audience in BY_ATTENDANCE and not known.count(line):
        return _("when it is noted who came")
    return _("planned")


def tell_change(row: AnyRow, known: Known) -> str:
    """How what goes to each as it happens stands."""
    return tell_counts(row.sent, row.mails - row.sent - row.failed, row.failed, stopped=known.is_stopped())


def tell_counts(sent: int, waiting: int, failed: int, *, stopped: bool) -> str:
    parts = [ngettext("%(num)d sent", "%(num)d sent", sent)]
    if waiting:
        parts.append(_("%(count)d wait: stopped", count=waiting) if stopped else _("%(count)d not yet", count=waiting))
    if failed:
        parts.append(_("%(count)d did not arrive", count=failed))
    return ", ".join(parts)
