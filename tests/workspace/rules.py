"""The form of a rule filled in, and what is read of the pages about rules."""

from __future__ import annotations

import html
import re
from datetime import time

import sqlalchemy as sa
from werkzeug.test import TestResponse

from eventsys.extensions import db
from eventsys.workflows.actions.switching import describe
from eventsys.workflows.models import Rule
from eventsys.workflows.rulefacts import RuleFacts
from eventsys.workflows.rules import Anchor, Audience, Trigger, Unit

EVENT = "/manage/events/laeringsseminar-2-pulje-ii/rules"
COMMON = "/manage/rules/"
TYPE = "/manage/rules/types/learning_seminar"
KEY = "own-abcdefghij"
SENTENCE = {
    "key": KEY, "when": "relative", "number": "5", "unit": "days", "side": "before", "anchor": "start",
    "clock": "10.00", "audience": "confirmed", "text": "reminder",
}  # fmt: skip


def lines(answer: TestResponse) -> list[str]:
    """What the list of rules says, a string for each line: the sentence, whence, the state, what can be done."""
    found = re.findall(r"<li(?: class=\"off\")?>\s*<div>\s*<p class=\"says\">(.*?)</li>", answer.text, re.DOTALL)
    plain = [re.sub(r'<span class="sr-only">.*?</span>', "", line) for line in found]
    return [html.unescape(" ".join(re.sub(r"<[^>]+>", " ", line).split())) for line in plain]


def line_of(answer: TestResponse, words: str) -> str:
    return next(line for line in lines(answer) if words in line)


def preview(answer: TestResponse) -> str:
    """What stands beside the form, as plain text."""
    text = answer.text.partition('id="preview"')[2] or answer.text
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text.partition("</section>")[0]).split()))


def rules(key: str = KEY) -> list[tuple[str, RuleFacts, bool]]:
    """The rules of a key that stand, nearest last: where, what, whether on."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Rule).where(Rule.key == key, Rule.removed_at.is_(None)).order_by(Rule.id))
    where = [("event" if row.event_id else "type" if row.event_type else "common", row) for row in rows]
    return [(name, describe(row), row.enabled_at is not None) for name, row in where]


FACTS = RuleFacts(Trigger.RELATIVE, "reminder", Audience.CONFIRMED, Anchor.START, -5, Unit.DAYS, time(10))
