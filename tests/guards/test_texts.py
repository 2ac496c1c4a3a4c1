"""Every text is there in bokmål, nynorsk and English, says the same things, and nynorsk is nynorsk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.guards.source import ROOT
from tests.guards.texts import (
    extract,
    find_bokmal,
    find_faults,
    placeholders,
    read_catalogue,
    strings_of,
    words_not_shared,
)

SAME = set((Path(__file__).parent / "same_in_both.txt").read_text().split())
"""Words that are written alike in both."""
MAILS = sorted(ROOT.glob("templates/**/emails/*.md"))
SINKS = re.compile(r"(?:textContent|innerText|title|placeholder|ariaLabel)\s*=\s*[\"'`]\w|\b(?:alert|confirm|prompt)\(")
LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
NO_TEXTS = {"use strict", "combo-status sr-only"}
"""Literals of two words that nobody reads: a directive, and class names."""


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_text_is_translated(language: str) -> None:
    assert find_faults(extract(), read_catalogue(language)) == []


def test_texts_are_found_in_code_and_in_templates() -> None:
    found = extract()
    assert found["There is nothing here"].startswith("eventsys")
    assert found["Skip to the main content"].startswith("templates")
    assert len(found) > 100


def test_a_text_nobody_translated_is_seen(tmp_path: Path) -> None:
    (tmp_path / "eventsys").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "eventsys" / "views.py").write_text(
        "_('One')\nlazy_gettext('Two')\n_('Three %(n)s')\nngettext('%(num)s place', '%(num)s places', 2)\n_('Five')"
    )
    (tmp_path / "templates" / "page.html").write_text("{{ _('Four {n}') }}{% trans %}Six{% endtrans %}")
    catalogue = Catalog("nn")
    catalogue.add("Two", "")
    catalogue.add("Three %(n)s", "Tre %(m)s")
    catalogue.add("Four {n}", "Fire")
    catalogue.add("Five", "Fem", flags=["fuzzy"])
    catalogue.add("Six", "Seks")
    catalogue.add(("%(num)s place", "%(num)s places"), ("%(num)s plass", "mange plassar"))
    assert find_faults(extract(tmp_path), catalogue) == [
        "other placeholders: %(num)s place", "fuzzy: Five", "other placeholders: Four {n}", "missing: One",
        "other placeholders: Three %(n)s", "not translated: Two",
    ]  # fmt: skip


def list_copied(bokmal: Catalog, nynorsk: Catalog) -> list[tuple[str, list[str]]]:
    """The nynorsk texts that equal the bokmål ones, with their words that are not known to be the same in both."""
    same = [
        form
        for message in nynorsk
        if message.id and (other := bokmal.get(message.id)) and strings_of(other) == strings_of(message)
        for form in strings_of(message)
        if form
    ]
    return [(text, words) for text in same if (words := words_not_shared(text, SAME))]


def test_a_nynorsk_text_that_equals_bokmal_has_only_words_that_are_the_same() -> None:
    assert list_copied(read_catalogue("nb"), read_catalogue("nn")) == []


def test_a_copied_sentence_is_seen() -> None:
    bokmal, nynorsk = Catalog("nb"), Catalog("nn")
    for catalogue in (bokmal, nynorsk):
        catalogue.add("Event", "Arrangement")
        catalogue.add("The link is old", "Hyperlenka er utdatert")
    assert list_copied(bokmal, nynorsk) == [("Hyperlenka er utdatert", ["hyperlenka", "utdatert"])]


def test_no_bokmal_in_the_nynorsk_catalogue() -> None:
    texts = [text for message in read_catalogue("nn") if message.id for text in strings_of(message)]
    assert [(text, words) for text in texts if (words := find_bokmal(text))] == []


def test_no_bokmal_in_nynorsk_mails() -> None:
    mails = [path for path in MAILS if path.name.endswith(".nn.md")]
    assert mails
    assert [(path.name, words) for path in mails if (words := find_bokmal(path.read_text()))] == []


@pytest.mark.parametrize(
    "text, words",
    [
        ("Hvem kommer ikke?", ["hvem", "kommer", "ikke"]),
        ("Deltakere fra kommunen", ["deltakere", "fra"]),
        ("Opplysningene er tilgjengelige, påmeldingen har muligheter", ["tilgjengelige", "påmeldingen", "muligheter"]),
        ("Kven kjem ikkje? Ingen ringer. %(fra)s {navn} <a href='hva'> billig", []),
        ("[Sjå påmeldinga]({registrations}) til https://hva.example/hvem eller hvem@hva.example", []),
    ],
)
def test_planted_bokmal_is_seen(text: str, words: list[str]) -> None:
    assert find_bokmal(text) == words


def find_mail_faults(mails: list[Path]) -> list[str]:
    """Mails that lack a language, whose placeholders differ, or whose nynorsk is the bokmål one."""
    faults = []
    for stem in sorted({path.with_name(path.name.split(".")[0]) for path in mails}):
        texts = {path.name.split(".")[1]: path.read_text() for path in mails if path.name.startswith(f"{stem.name}.")}
        if set(texts) != {"nb", "nn", "en"}:
            faults.append(f"{stem.name} is there in {', '.join(sorted(texts))}")
        if len({tuple(placeholders(text)) for text in texts.values()}) > 1:
            faults.append(f"{stem.name} has other placeholders by language")
        if texts.get("nb") == texts.get("nn"):
            faults.append(f"{stem.name} is the same in bokmål and nynorsk")
    return faults


def test_every_mail_is_there_in_three_languages_with_the_same_placeholders() -> None:
    assert find_mail_faults(MAILS) == []


def test_a_mail_that_is_missing_or_different_or_copied_is_seen(tmp_path: Path) -> None:
    texts = {
        "a.nb": "Hei {name}", "a.nn": "Hei {name}!",
        "b.nb": "Hei {name}", "b.nn": "Hei {name}!", "b.en": "Hello",
        "c.nb": "Hei", "c.nn": "Hei", "c.en": "Hello",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text)
    assert find_mail_faults(sorted(tmp_path.iterdir())) == [
        "a is there in nb, nn",
        "b has other placeholders by language",
        "c is the same in bokmål and nynorsk",
    ]


def find_texts_in_script(source: str) -> list[str]:
    """Literals that people could read: words with spaces, letters beyond ASCII, or what is put on the page as text."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", source, flags=re.S | re.M)
    literals = [next(filter(None, match.groups()), "") for match in LITERAL.finditer(code)]
    words = [text for text in literals if re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}|[^\x00-\x7f]", text)]
    return [text for text in words if text not in NO_TEXTS] + [match.group() for match in SINKS.finditer(code)]


def test_scripts_hold_no_texts() -> None:
    scripts = [path for path in ROOT.glob("eventsys/static/**/*.js") if "vendor" not in path.parts]
    assert [(path.name, texts) for path in scripts if (texts := find_texts_in_script(path.read_text()))] == []


@pytest.mark.parametrize(
    "source",
    ['say("No hits found")', "x = 'Søk'", "node.textContent = `Loading`", 'node.title = "Close"', "confirm(question)"],
)
def test_a_planted_text_in_a_script_is_seen(source: str) -> None:
    assert find_texts_in_script(source) != []
