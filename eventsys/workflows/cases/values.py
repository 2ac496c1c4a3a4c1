"""What stands for each placeholder in a mail about a call, an application or a decision, in its reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eventsys import dates, texts
from eventsys.mailing.markdown import Link, Value
from eventsys.programmes.applications.shown import tell_second
from eventsys.programmes.calls.rules import CaseAct
from eventsys.programmes.cases.links import application_path, recipient_path
from eventsys.workflows.cases.facts import CaseFacts
from eventsys.workflows.cases.labels import AS_SOON_AS_YOU_CAN, NO_NUMBER
from eventsys.workflows.values import Site


@dataclass(frozen=True, slots=True)
class AboutCase:
    """What one mail is about; `name` is its reader's. In a copy for a partner or the archive every link is the call's
    public page, since the others open something for one reader alone."""

    facts: CaseFacts
    site: Site
    language: str
    name: str
    unsubscribe: str = ""
    files: Sequence[Link] = ()
    letter_to: str = ""

    def read(self, name: str) -> Value:
        return VALUES[name](self)

    def say_who(self) -> str:
        """Who did what the mail tells of; of one who is invited, who invited them."""
        facts = self.facts
        who = facts.inviter if facts.change.act is CaseAct.INVITED_COLLEAGUE else facts.actor
        return who.name if who is not None and who.name else self.say_organisation()

    def say_organisation(self) -> str:
        organisation = self.facts.organisation
        return organisation.label if organisation is not None else ""

    def say_case_number(self) -> str:
        """The application's own, else the call's."""
        application = self.facts.application
        return (application.case_number if application is not None else "") or self.facts.call.case_number or NO_NUMBER

    def say_cohort(self) -> str:
        """Where an intake fills no cohort, the programme."""
        cohort = self.facts.cohort
        return self._in_language((cohort or self.facts.programme).name)

    def say_intake(self) -> str:
        intake = self.facts.intake
        return self._in_language(intake.name) if intake is not None else ""

    def say_arrived(self) -> str:
        application, call = self.facts.application, self.facts.call
        at = application.sent_at if application is not None else None
        return tell_second(at, call.timezone, self.language) if at is not None else ""

    def say_supplement_by(self) -> str:
        application = self.facts.application
        day = application.supplement_by if application is not None else None
        return dates.format_day(day, self.language, weekday=True) if day else AS_SOON_AS_YOU_CAN[self.language]

    def list_grounds(self) -> list[Link]:
        decision = self.facts.decision
        return _lines(self._in_language(decision.grounds)) if decision is not None and decision.grounds else []

    def list_words(self) -> list[Link]:
        return _lines(self.facts.change.words)

    def find_call(self) -> str:
        facts = self.facts
        if facts.recipient is None or facts.is_copy or facts.member is not None:
            return f"{self.site.base}/calls/{facts.call.slug}"
        return self.site.base + recipient_path(facts.call.slug, facts.recipient)

    def find_application(self) -> str:
        """The reader's own; the organiser's page of it; for a mailbox the page of the call, where it is asked for."""
        facts = self.facts
        if facts.member is not None:
            return self.site.base + application_path(facts.member)
        if facts.change.act is CaseAct.SUPPLEMENTED and facts.application is not None:
            return f"{self.site.base}/manage/calls/{facts.call.slug}/applications/{facts.application.public_id}"
        return self.find_call()

    def _in_language(self, translated: Mapping[str, str]) -> str:
        return texts.read(translated, self.language).value


VALUES: Mapping[str, Callable[[AboutCase], Value]] = {
    "name": lambda about: about.name or about.say_organisation(),
    "organisation": AboutCase.say_organisation,
    "programme": lambda about: about._in_language(about.facts.programme.name),
    "call_title": lambda about: about._in_language(about.facts.call.title),
    "call_deadline": lambda about: dates.format_moment(about.facts.call.closes_local, about.language),
    "case_number": AboutCase.say_case_number,
    "cohort": AboutCase.say_cohort,
    "intake": AboutCase.say_intake,
    "arrived": AboutCase.say_arrived,
    "supplement_by": AboutCase.say_supplement_by,
    "who": AboutCase.say_who,
    "organiser": lambda about: about.facts.organiser.name,
    "site": lambda about: about.site.name,
    "grounds": AboutCase.list_grounds,
    "words": AboutCase.list_words,
    "attachments": lambda about: about.files,
    "letter_to": lambda about: about.letter_to,
    "call_link": AboutCase.find_call,
    "application_link": AboutCase.find_application,
    "site_link": lambda about: f"{about.site.base}/",
    "unsubscribe_link": lambda about: about.unsubscribe or f"{about.site.base}/",
}
"""Exactly the names that such a text may have, with those of what is put around it."""


def _lines(words: str) -> list[Link]:
    """Each line of what somebody wrote, so that paragraphs stay apart."""
    return [Link(line.strip(), "") for line in words.splitlines() if line.strip()]
