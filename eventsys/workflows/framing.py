"""What the program puts around an organiser's text: the files that go with it, and that a mail is a partner's copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from eventsys.filetypes import ending_of
from eventsys.mailing.markdown import NO_FRAME, Frame, Link
from eventsys.workflows.causes import Cause
from eventsys.workflows.copies import WentTo, find_went_to, is_copy
from eventsys.workflows.enclosures import Enclosure, are_attached, find_enclosures
from eventsys.workflows.messages import Message

Key = tuple[int, str]
"""An organiser's id and a text."""
ATTACHED = {"nb": "Vedlegg", "nn": "Vedlegg", "en": "Attached"}
COPY = {"nb": "Kopi", "nn": "Kopi", "en": "Copy"}
IS_COPY = {
    "nb": "**Dette er en kopi.** Brevet nedenfor gikk til {letter_to}.",
    "nn": "**Dette er ein kopi.** Brevet nedanfor gjekk til {letter_to}.",
    "en": "**This is a copy.** The letter below went to {letter_to}.",
}
RECIPIENTS = {
    "nb": ("1 mottaker", "{} mottakere"),
    "nn": ("1 mottakar", "{} mottakarar"),
    "en": ("1 recipient", "{} recipients"),
}
AND_MORE = {"nb": "og {} til", "nn": "og {} til", "en": "and {} more"}
MOST_NAMED = 40


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes around the mails of a batch, by organiser and text."""

    files: Mapping[Key, Sequence[Enclosure]] = field(default_factory=dict)
    went_to: Mapping[Key, WentTo] = field(default_factory=dict)
    most_attached: int = 0
    base: str = ""

    def frame(self, key: Key, language: str, *, is_copy: bool) -> Frame:
        if key not in self.files and not is_copy:
            return NO_FRAME
        after = f"[{ATTACHED[language]}]({{attachments}})" if key in self.files else ""
        return Frame(f"{COPY[language]}: ", f"{IS_COPY[language]}\n\n---", after) if is_copy else Frame(after=after)

    def list_files(self, key: Key, language: str) -> list[Link]:
        """Each with its size; with its address where they are too big together to go along."""
        files = self.files.get(key, ())
        goes_along = self.are_attached(key)
        return [
            Link(name_file(one, language), "" if goes_along else f"{self.base}/mail/files/{one.public_id}")
            for one in files
        ]

    def are_attached(self, key: Key) -> bool:
        return key in self.files and are_attached(self.files[key], self.most_attached)

    def say_letter_to(self, key: Key, language: str, *, is_copy: bool) -> str:
        """As `say_went_to`; empty for a mail that is no copy."""
        if not is_copy:
            return ""
        return say_went_to(self.went_to[key], language)


def say_went_to(went_to: WentTo, language: str) -> str:
    """«117 mottakere: Asker kommune; Bodø kommune og 38 til»."""
    mails, organisations = went_to
    one, many = RECIPIENTS[language]
    count = one if mails == 1 else many.format(mails)
    named, more = organisations[:MOST_NAMED], len(organisations) - MOST_NAMED
    names = "; ".join(named) + (f" {AND_MORE[language].format(more)}" if more > 0 else "")
    return f"{count}: {names}" if names else count


def find_extras(
    session: Session,
    messages: Iterable[Message],
    causes: Mapping[int, Sequence[Cause]],
    *,
    most_attached: int,
    base: str,
) -> Extras:
    """One statement, and for letters that are copied a few each; `causes` has none of a message that is only imagined."""
    texts = {message.id: (message.organiser_id, message.template) for message in messages}
    copied = {key for number, key in texts.items() if causes.get(number) and is_copy(causes[number])}
    return Extras(find_enclosures(session, {*texts.values()}), find_went_to(session, copied), most_attached, base)


def name_file(file: Enclosure, language: str) -> str:
    """«Avtale.pdf (PDF, 2,1 MB)»."""
    kind = ending_of(file.name).upper()
    if file.size < 1_000_000:
        return f"{file.name} ({kind}, {max(file.size // 1_000, 1)} kB)"
    size = f"{file.size / 1_000_000:.1f} MB".replace(".", "." if language == "en" else ",")
    return f"{file.name} ({kind}, {size})"
