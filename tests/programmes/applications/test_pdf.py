"""The application as a document says all that was sent, in the reader's language, and is tagged."""

from __future__ import annotations

import io

import pypdf
import pytest

from eventsys.extensions import db, transaction
from eventsys.programmes.applications.pdf import make_application
from eventsys.programmes.applications.queries import read_facts
from tests.programmes.applications.whole import application_of, begin, begin_whole
from tests.world import NOW, World


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Application from", "Sent Monday 18 August 2008", "Starting point 9.5", "31 December 2010"]),
        ("nb", ["mandag 18. august 2008", "9,5", "31. desember 2010"]),
        ("nn", ["måndag 18. august 2008", "9,5", "31. desember 2010"]),
    ],
)
def test_it_says_what_was_sent_in_each_language(world: World, language: str, words: list[str]) -> None:
    member = begin_whole(world)
    facts = read_facts(db.session(), application_of(db.session(), member))
    pdf = make_application(facts, language=language, at=NOW)
    text = words_of(pdf)
    said = [
        "Bø (Telemark)", "Rekruttering", "Grupper på hver arbeidsplass.", "Tillitsvalgte er med i alt.",
        "Vår 2009: oppstart.", "Lavere sykefravær", "Kommunestyret", "Vi skrev den sammen.", "Navn employees", "Vedtak.txt",
    ]  # fmt: skip
    assert [word for word in (*said, *words) if word not in text] == []
    marks = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]  # type: ignore[index]
    assert marks["/Marked"]
    assert make_application(facts, language=language, at=NOW) == pdf


def test_an_empty_draft_says_so_and_markup_stays_words(world: World) -> None:
    _call, member = begin(world)
    with transaction() as session:
        application_of(session, member).timetable = "#pagebreak() *fet* $x$ <b>"
    facts = read_facts(db.session(), application_of(db.session(), member))
    text = words_of(make_application(facts, language="en", at=NOW, is_sent=False))
    assert "Draft, changed Monday 18 August 2008" in text
    assert "#pagebreak() *fet* $x$ <b>" in text
    assert "Nothing is written here." in text
