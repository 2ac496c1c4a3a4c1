"""The form of a one-off mail: what is typed turned into a letter, or into what to say beside each field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.workflows.rules import Audience
from eventsys.workflows.texts.rules import LANGUAGES, Faults, Written, join
from eventsys.workspace.forms import LATER, NOW, Reader, Typed, write_day
from eventsys.workspace.mail.mailings import Letter, Mailing
from eventsys.workspace.mail.occasions import Meant
from eventsys.workspace.mail_rules.meant import SavedAudience, write_audience
from eventsys.workspace.texts.wording import LANGUAGES as LANGUAGE_NAMES
from eventsys.workspace.texts.wording import tell_fault

CHOICES = (
    Audience.CONFIRMED,
    Audience.REGISTERED,
    Audience.WAITING,
    Audience.REQUESTED,
    Audience.CANCELLED,
    Audience.ATTENDED,
    Audience.ABSENT,
    Audience.UNNAMED,
    Audience.ORGANISATIONS_WITHOUT,
    Audience.ORGANISATIONS_LACKING,
    Audience.CONTACTS_WITHOUT,
    Audience.CONTACTS_LACKING,
    Audience.CONTACTS_AT_RISK,
    Audience.INVITED,
    Audience.SPEAKERS,
    Audience.ORGANISERS,
)
MOST_SUBJECT, MOST_BODY = 200, 20_000


def read_letter(
    typed: Typed, errors: dict[str, str], *, meant: Meant, readers: Mapping[str, int], now_local: datetime
) -> Letter | None:
    """The letter; None, with `errors` by field, when something is wrong. Languages that nobody reads may be left empty."""
    reader = Reader(typed, errors)
    texts = {}
    for code in LANGUAGES:
        written = _read_language(reader, code, readers.get(code, 0))
        if written is not None:
            texts[code] = join(written)
    at_local = reader.moment(now_local)
    if not texts and not errors:
        errors["subject_nb"] = _("Write what it says.")
    if errors:
        return None
    name = next(typed.get(f"subject_{code}", "").strip() for code in LANGUAGES if code in texts)
    return Letter(meant.audience, meant.run_id, at_local, texts, name[:MOST_SUBJECT], meant.audience_id)


def _read_language(reader: Reader, code: str, readers: int) -> Written | None:
    subject = reader.text(f"subject_{code}", most=MOST_SUBJECT)
    body = reader.prose(f"body_{code}", most=MOST_BODY)
    if not subject and not body and not readers:
        return None
    who = ngettext("%(num)d person reads this language.", "%(num)d people read this language.", readers)
    suffix = f" {who}" if readers else ""
    if not subject:
        reader.errors[f"subject_{code}"] = _("Write a subject.") + suffix
    if not body:
        reader.errors[f"body_{code}"] = _("Write the text.") + suffix
    return Written(subject, body) if subject and body else None


def tell_faults(faults: Faults) -> dict[str, str]:
    """What is wrong with placeholders and links, beside each field."""
    return {
        f"{field}_{language}": f"{LANGUAGE_NAMES[language]}: {tell_fault(fault)}"
        for (language, field), fault in faults.items()
    }


def type_letter(mailing: Mailing, run: str, *, later: bool, saved: Sequence[SavedAudience] = ()) -> Typed:
    """The form as if somebody had typed the draft as it is."""
    at = mailing.rule.at_local
    audience = write_audience(mailing.rule.audience, mailing.rule.audience_id, saved)
    typed = {"audience": audience, "run": run, "when": LATER if later else NOW}
    if at is not None and later:
        typed.update({"on": write_day(at.date()), "at": f"{at:%H.%M}"})
    for code, written in mailing.written().items():
        typed.update({f"subject_{code}": written.subject, f"body_{code}": written.body})
    return Typed({**typed, "number": str(mailing.number)})
