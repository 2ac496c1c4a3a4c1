"""Rules told in sentences, in the reader's language: when, to whom, which text, and why one cannot be switched on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from eventsys import dates
from eventsys.events.labels import TYPES, join_words
from eventsys.web import language
from eventsys.workflows.rulefacts import RuleFacts, Scope
from eventsys.workflows.rules import Anchor, Audience, Trigger, Unit

AUDIENCES = {
    Audience.CONFIRMED: _l("confirmed participants"),
    Audience.REGISTERED: _l("everybody who is signed up"),
    Audience.WAITING: _l("those on the waiting list"),
    Audience.REQUESTED: _l("those who ask to come"),
    Audience.CANCELLED: _l("those who cancelled"),
    Audience.ATTENDED: _l("those who came"),
    Audience.ABSENT: _l("those who did not come"),
    Audience.UNNAMED: _l("those who have not said who comes"),
    Audience.ORGANISATIONS_WITHOUT: _l("invited organisations with nobody signed up"),
    Audience.ORGANISATIONS_LACKING: _l("organisations that lack somebody in their delegation"),
    Audience.CONTACTS_WITHOUT: _l("contacts of invited organisations with nobody signed up"),
    Audience.CONTACTS_LACKING: _l("contacts of organisations that lack somebody in their delegation"),
    Audience.CONTACTS_AT_RISK: _l("contacts of organisations that need it to keep what they promised"),
    Audience.INVITED: _l("the invited who have not answered"),
    Audience.SPEAKERS: _l("the speakers"),
    Audience.SAVED: _l("a saved audience"),
    Audience.SAVED_WITHOUT: _l("those of a saved audience who have not signed up"),
    Audience.ORGANISERS: _l("the organisers"),
}
UNITS = {
    Unit.MINUTES: _l("minutes"),
    Unit.HOURS: _l("hours"),
    Unit.DAYS: _l("days"),
    Unit.WORKING_DAYS: _l("working days"),
    Unit.WEEKS: _l("weeks"),
}
SIDES = {"before": _l("before"), "after": _l("after")}
ANCHORS = {
    Anchor.START: _l("the start"),
    Anchor.END: _l("the end"),
    Anchor.DEADLINE: _l("the registration deadline"),
    Anchor.NAMING: _l("the last day to say who comes"),
}
BEFORE = {
    Anchor.START: _l("before the start"),
    Anchor.END: _l("before the end"),
    Anchor.DEADLINE: _l("before the registration deadline"),
    Anchor.NAMING: _l("before the last day to say who comes"),
}
AFTER = {
    Anchor.START: _l("after the start"),
    Anchor.END: _l("after the end"),
    Anchor.DEADLINE: _l("after the registration deadline"),
    Anchor.NAMING: _l("after the last day to say who comes"),
}
THAT_MOMENT = {Anchor.START: _l("When it begins"), Anchor.END: _l("When it ends")}
THAT_DAY = {
    Anchor.START: _l("The day it begins"),
    Anchor.END: _l("The day it ends"),
    Anchor.DEADLINE: _l("The last day to sign up"),
    Anchor.NAMING: _l("The last day to say who comes"),
}
CHANGES = {
    Trigger.CONFIRMED: _l("When somebody gets a place"),
    Trigger.WAITING: _l("When somebody is put on the waiting list"),
    Trigger.PROMOTED: _l("When somebody gets a place from the waiting list"),
    Trigger.REQUESTED: _l("When somebody asks to come"),
    Trigger.DECLINED: _l("When somebody who asked does not get a place"),
    Trigger.CANCELLED: _l("When somebody cancels"),
    Trigger.REPEATED: _l("When somebody signs up once more"),
    Trigger.READDRESSED: _l("When somebody gets another address"),
    Trigger.NAMED: _l("When somebody is signed up by somebody else"),
    Trigger.DELEGATION: _l("When somebody signs up several"),
    Trigger.OFFERED: _l("When somebody is offered a place"),
    Trigger.LAPSED: _l("When an offer is not answered in time"),
    Trigger.CHANGED: _l("When a registration is changed"),
    Trigger.MOVED: _l("When somebody is moved to another date"),
    Trigger.MOVED_FROM: _l("When a place on another date is left"),
    Trigger.HANDED_OVER: _l("When somebody gets a colleague’s place"),
    Trigger.GIVEN_AWAY: _l("When somebody’s place goes to a colleague"),
    Trigger.RESTORED: _l("When a cancelled registration stands again"),
    Trigger.ASKED: _l("When somebody asks for something after its deadline"),
    Trigger.ANSWERED: _l("When you answer a request"),
    Trigger.RUN_CHANGED: _l("When the time or the place changes"),
    Trigger.RUN_CANCELLED: _l("When the event or one of its dates is cancelled"),
    Trigger.PROGRAMME_CHANGED: _l("When the programme changes"),
    Trigger.MATERIALS_PUBLISHED: _l("When papers are published"),
    Trigger.INVITED: _l("When somebody is invited"),
    Trigger.INVITATION_NUDGED: _l("When the invited are reminded"),
    Trigger.INVITATION_WITHDRAWN: _l("When an invitation is withdrawn"),
}


def _english() -> str:
    """Within a sentence, where Norwegian writes languages small."""
    return _("English") if language() == "en" else _("English").lower()


LANGUAGES = {"nb": _l("bokmål"), "nn": _l("nynorsk"), "en": LazyString(_english)}
NOBODY_CAME = _l("Nobody has come, or stayed away, before it begins: nobody would get it.")
AUDIENCE_IS_GONE = _l("The saved audience was taken away meanwhile. Choose another one.")
NOBODY_INVITED = _l("The event is for everybody, so no organisation is invited: nobody would get it.")
AMOUNTS = {
    Unit.MINUTES: lambda num: ngettext("%(num)d minute", "%(num)d minutes", num),
    Unit.HOURS: lambda num: ngettext("%(num)d hour", "%(num)d hours", num),
    Unit.DAYS: lambda num: ngettext("%(num)d day", "%(num)d days", num),
    Unit.WORKING_DAYS: lambda num: ngettext("%(num)d working day", "%(num)d working days", num),
    Unit.WEEKS: lambda num: ngettext("%(num)d week", "%(num)d weeks", num),
}


def tell_rule(facts: RuleFacts, text: str, saved: Mapping[int, str] = MappingProxyType({})) -> str:
    """«7 dager før start kl. 09.00 får bekreftede deltakere «Påminnelse»», «Når noen får plass: «Bekreftelse»».

    `saved` are the names of saved audiences by their ids.
    """
    if facts.trigger in CHANGES:
        return _("%(when)s: “%(text)s”", when=CHANGES[facts.trigger], text=text)
    whom = name_audience(facts.audience, saved.get(facts.audience_id or 0, ""))
    return _("%(when)s, %(whom)s get “%(text)s”", when=tell_when(facts), whom=whom, text=text)


def name_audience(audience: Audience, saved: str = "") -> str:
    """Whom, within a sentence; a saved audience by its name where that is known."""
    if saved and audience is Audience.SAVED:
        return _("“%(name)s”", name=saved)
    if saved and audience is Audience.SAVED_WITHOUT:
        return _("those of “%(name)s” who have not signed up", name=saved)
    return str(AUDIENCES.get(audience, audience))


def tell_when(facts: RuleFacts) -> str:
    """«7 dager før start kl. 09.00», «Onsdag 20. august 2008, kl. 12.00»."""
    if facts.at_local is not None:
        moment = dates.format_moment(facts.at_local, language())
        return moment[:1].upper() + moment[1:]
    if facts.anchor is None or facts.unit is None:
        return ""
    span = _tell_span(facts.offset_units or 0, facts.unit, facts.anchor)
    if facts.clock_time is None:
        return span
    return _("%(span)s at %(clock)s", span=span, clock=dates.format_clock(facts.clock_time, language()))


def _tell_span(offset: int, unit: Unit, anchor: Anchor) -> str:
    if offset == 0:
        names = THAT_MOMENT if unit in (Unit.MINUTES, Unit.HOURS) else THAT_DAY
        return str(names.get(anchor) or THAT_DAY[anchor])
    side = str((BEFORE if offset < 0 else AFTER)[anchor])
    return _("%(amount)s %(side)s", amount=AMOUNTS[unit](abs(offset)), side=side)


def name_scope(scope: Scope, organiser: str) -> str:
    """Where a rule comes from, as a tag says it."""
    if scope.event_id is not None:
        return _("This event alone")
    if scope.event_type is not None:
        return _("All of the kind “%(type)s”", type=TYPES[scope.event_type])
    return _("All of %(organiser)s", organiser=organiser)


def tell_missing(text: str, languages: list[str]) -> str:
    """Why a rule cannot be switched on: its text is not written in these languages."""
    names = join_words([str(LANGUAGES.get(code, code)) for code in languages])
    return _("“%(text)s” is not written in %(languages)s yet, so it cannot be sent.", text=text, languages=names)
