"""Mail texts in the organiser's words: what one is called and when it goes, its placeholders, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventsys.events.labels import join_words
from eventsys.mailing.faults import BadText, Fault
from eventsys.mailing.placeholders import PLACEHOLDERS, Use
from eventsys.workflows.rules import Trigger
from eventsys.workflows.texts.checks import KNOWN
from eventsys.workflows.texts.queries import TextEntry
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail_rules.labels import CHANGES

LANGUAGES = {"nb": _l("Bokmål"), "nn": _l("Nynorsk"), "en": _l("English")}
IN_LANGUAGES = {"nb": _l("in bokmål"), "nn": _l("in nynorsk"), "en": _l("in English")}
MEANINGS = {
    "event": _l("the event’s title"),
    "short_date": _l("its days without the year, for the subject"),
    "when": _l("its days with weekdays and clock times"),
    "place": _l("the venue and its address"),
    "before": _l("when and where it was until it was moved"),
    "deadline": _l("the last day to sign up"),
    "names_by": _l("the last day to say who comes"),
    "organisation": _l("the organisation that the mail is to, or that its reader comes from"),
    "lacking": _l("whom the organisation has not signed up yet, such as politicians"),
    "promise": _l("what the organisation promised to take part in, and how often it did"),
    "at_risk": _l("whom the organisation has not signed up for what it needs"),
    "signed_up": _l("who signed up in the last day"),
    "signed_up_count": _l("how many signed up in the last day"),
    "who": _l("those whom the mail is about, with their organisations"),
    "status": _l("how they stand, such as a number on the waiting list"),
    "position": _l("their number on the waiting list"),
    "offered_until": _l("until when a place is offered"),
    "registrar": _l("who signed them up"),
    "asked": _l("what somebody asks you for after its deadline"),
    "decision": _l("your answer, yes or no"),
    "name": _l("the reader’s name, or their organisation’s"),
    "programme": _l("the programme that the call is for"),
    "call_title": _l("the call’s title"),
    "call_deadline": _l("the last moment to apply"),
    "case_number": _l("the number of the case"),
    "cohort": _l("the cohort that the organisation is admitted to"),
    "intake": _l("the intake that was decided on"),
    "arrived": _l("when the application arrived, to the second"),
    "supplement_by": _l("the last day to send what is missing"),
    "organiser": _l("who arranges it"),
    "site": _l("the name of this site"),
    "registrations": _l("a button to the reader’s own registration: see, change, cancel"),
    "delegations": _l("a button to the page of all that its reader has signed up"),
    "certificates": _l("a button to the certificate of attendance, for who came"),
    "invitations": _l("a button to the reader’s own invitation: come, decline, pass on"),
    "held_until": _l("until when a place is held for the invited; left out where none is"),
    "passed_by": _l("the colleague who passed the invitation on; left out where nobody did"),
    "materials": _l("a list of the papers that are out, each with its link; left out where there is none"),
    "line": _l("what you add about a change; left out where you add nothing"),
    "seats": _l("a list of the places and how each stands"),
    "dropped": _l("a list of what was chosen and there was no room for; left out where there is nothing"),
    "why": _l("the reason that was given; left out where there is none"),
    "words": _l("what was written to you; left out where there is nothing"),
    "grounds": _l("why the application got its answer; left out where you give no grounds"),
    "event_link": _l("the event’s page"),
    "mend_link": _l("the form that signs up whom is missing, for a contact; the organisation’s page for its mailbox"),
    "call_link": _l("the call’s page, for the reader’s own organisation"),
    "application_link": _l("the reader’s own page of the application"),
    "participants_link": _l("your own page of who is coming"),
    "requests_link": _l("your own page of what is asked for after a deadline"),
    "site_link": _l("the front page of this site"),
    "unsubscribe_link": _l("no more reminders to this address"),
}


USES = {
    "call_not_begun": _l("At the moments that a call says, to those who have not begun"),
    "call_not_sent": _l("At the moments that a call says, to those who have begun and not sent"),
    "application_link": _l("When somebody begins an application, or asks for the link again"),
    "application_shared": _l("When somebody is invited to write on an application"),
    "application_received": _l("When an application is sent"),
    "application_withdrawn": _l("When an application is withdrawn"),
    "supplement_asked": _l("When you ask for more"),
    "application_supplemented": _l("To you, when what you asked for has come"),
    "application_admitted": _l("When you send the letter of an admission, if the call has no letter of its own"),
    "application_waiting": _l(
        "When you send the letter of a place on the waiting list, if the call has none of its own"
    ),
    "application_declined": _l("When you send the letter of a refusal, if the call has none of its own"),
}


def name_text(entry: TextEntry) -> str:
    """What the organiser calls it, or what it is called as it is shipped."""
    return entry.name or name_template(entry.key)


def tell_use(entry: TextEntry) -> str:
    """When the text is sent, or by how many rules."""
    if entry.key in set(Trigger) and Trigger(entry.key) in CHANGES:
        return str(CHANGES[Trigger(entry.key)])
    if entry.key in USES:
        return str(USES[entry.key])
    if entry.rules:
        return ngettext("%(num)d rule that is on sends it", "%(num)d rules that are on send it", entry.rules)
    return _("No rule sends it now")


def tell_missing(languages: Iterable[str]) -> str:
    """«Mangler på nynorsk og engelsk», or nothing."""
    names = [str(IN_LANGUAGES[code]) for code in languages]
    return _("Not written %(languages)s", languages=join_words(names)) if names else ""


def list_placeholders(known: Iterable[str] = KNOWN) -> list[dict[str, str]]:
    """Every placeholder of an organiser's text: how it is written, what it means, and what a click puts around a word."""
    return [_describe(name) for name in known]


def _describe(name: str) -> dict[str, str]:
    is_text = PLACEHOLDERS[name][0] is Use.TEXT
    return {
        "written": f"{{{name}}}" if is_text else f"[…]({{{name}}})",
        "meaning": str(MEANINGS.get(name, PLACEHOLDERS[name][1])),
        "before": f"{{{name}}}" if is_text else "[",
        "after": "" if is_text else f"]({{{name}}})",
        "use": "text" if is_text else "link",
    }


SENTENCES = {
    Fault.NO_SUBJECT: _l("Write a subject."),
    Fault.NO_BODY: _l("Write the text."),
    Fault.TOO_LONG: _l("At most %(most)s characters; this is %(length)s."),
    Fault.UNKNOWN: _l("There is no %(name)s. The placeholders are listed above the texts."),
    Fault.LINKS_ALONE: _l("Write a link to %(name)s as a paragraph of its own, such as [See](%(name)s)."),
    Fault.LINKS_LABEL: _l(
        "The link to %(name)s needs words of its own, without placeholders and the signs <, > and &."
    ),
    Fault.NOT_IN_SUBJECT: _l("%(name)s is an address, so it cannot stand in the subject."),
    Fault.NO_ADDRESS: _l("%(name)s is not an address, so a link cannot lead there."),
    Fault.ADDRESS_FIRST: _l("%(name)s is a whole address: nothing may stand before it in the link."),
    Fault.BAD_LINK: _l("A link must begin with https://, mailto: or tel:; “%(href)s” does not."),
    Fault.IMAGE: _l("Most mail programs hide pictures. Leave out the “!” and “%(src)s” becomes a link."),
}
NEAREST = _l("There is no %(name)s; did you mean %(near)s?")


def tell_fault(fault: BadText) -> str:
    """What is wrong with a text and what to write instead, for the one who wrote it."""
    values = dict(fault.values)
    values.update({name: f"{{{fault.values[name]}}}" for name in ("name", "near") if name in fault.values})
    sentence = NEAREST if fault.values.get("near") else SENTENCES[fault.fault]
    return str(sentence) % values
