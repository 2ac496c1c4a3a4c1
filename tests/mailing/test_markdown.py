"""Mail texts: what their writers may write, and that no value is anything but itself."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.mailing import templates
from eventsys.mailing.markdown import BadText, Compiled, Link, compile
from eventsys.mailing.message import one_line
from eventsys.mailing.placeholders import PLACEHOLDERS, Use
from eventsys.workflows.rules import TEMPLATES

LAYOUT = "<!doctype html><html lang='@language@'><head><title>@subject@</title></head><body>@content@</body></html>"


def compiled(source: str) -> Compiled:
    return compile(source, language="nb", layout=LAYOUT)


def body_of(page: str) -> str:
    return page.partition("<body>")[2].partition("</body>")[0].strip()


def test_the_first_line_is_the_subject_and_the_rest_markdown() -> None:
    mail = compiled(
        "Subject: Til {who}\n\n# Velkommen\n\nHei **{who}**!\n\n- én\n- [to]({event_link})\n\nHilsen\\\n{organiser}"
    ).render({"who": "Kari", "event_link": "https://kkp.example/e", "organiser": "KKP"})
    assert mail.subject == "Til Kari"
    assert mail.text == "Velkommen\n\nHei Kari!\n\n- én\n- to: https://kkp.example/e\n\nHilsen\nKKP\n"
    assert body_of(mail.html) == (
        "<h1>Velkommen</h1>\n<p>Hei <strong>Kari</strong>!</p>\n<ul>\n<li>én</li>\n"
        '<li><a class="link" href="https://kkp.example/e">to</a></li>\n</ul>\n<p>Hilsen<br>\nKKP</p>'
    )
    assert "<title>Til Kari</title>" in mail.html


@pytest.mark.parametrize(
    "value",
    ["{{ 7*7 }}", "{who}", "{last_name}", "<b>", 'R&D "AS"', "'", "[x](javascript:1)", "**x**", "zq7link7qz", "%s\\"],
)
def test_a_value_comes_out_as_itself(value: str) -> None:
    mail = compiled("Subject: {event}\n\n{event}\n").render({"event": value, "who": "X"})
    assert (mail.subject, mail.text) == (value, f"{value}\n")
    assert body_of(mail.html) == f"<p>{html.escape(value)}</p>"


def test_a_line_break_in_a_value_is_a_space() -> None:
    mail = compiled("Subject: {event}\n\n{event}\n").render({"event": "A\r\nBcc: x@y.example\n\n# B"})
    assert mail.subject == "A Bcc: x@y.example # B"
    assert mail.text == "A Bcc: x@y.example # B\n"


@given(st.text())
def test_any_value_is_itself_in_subject_text_and_html(value: str) -> None:
    mail = compiled("Subject: {event}\n\nA {event} B\n").render({"event": value})
    assert mail.subject == one_line(value)
    assert mail.text == f"A {one_line(value)} B\n"
    assert body_of(mail.html) == f"<p>A {html.escape(one_line(value))} B</p>"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("Hei\n", "the first line must be «Subject: » and the subject"),
        ("Subject: \n\nHei", "the first line must be «Subject: » and the subject"),
        ("Subject: x\n\nHei {organizer}", "there is no placeholder {organizer}; did you mean {organiser}?"),
        ("Subject: {evnt}\n", "there is no placeholder {evnt}; did you mean {event}?"),
        ("Subject: x\n\n{who.name}", "there is no placeholder {who.name}; did you mean {who}?"),
        ("Subject: {event_link}\n", "{event_link} cannot stand in the subject"),
        ("Subject: x\n\n[her]({event})", "{event} is no address, so it cannot be where a link leads"),
        (
            "Subject: x\n\nSe {registrations}",
            "{registrations} must be the address of a link that is a paragraph by itself",
        ),
        (
            "Subject: x\n\nSe [her]({registrations}).",
            "{registrations} must be the address of a link that is a paragraph by itself",
        ),
    ],
)
def test_a_mistake_is_told_when_the_text_is_made(source: str, why: str) -> None:
    with pytest.raises(BadText) as error:
        compiled(source)
    assert str(error.value) == why


def test_a_name_that_resembles_nothing_gets_the_whole_list() -> None:
    with pytest.raises(BadText, match=re.escape(f"there are {', '.join(sorted(PLACEHOLDERS))}")):
        compiled("Subject: x\n\n{xyzzy}")


def test_html_in_a_text_is_text() -> None:
    mail = compiled("Subject: x\n\n<script>alert(1)</script>\n").render({})
    assert "<script>" not in mail.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.html


def test_one_registration_is_a_button_and_several_are_a_list() -> None:
    text = compiled("Subject: x\n\n[Se påmeldingen]({registrations})\n")
    one = text.render({"registrations": [Link("Kari", "https://kkp.example/1")]})
    assert one.text == "Se påmeldingen:\nhttps://kkp.example/1\n"
    assert body_of(one.html).startswith('<p><a class="button" style="')
    two = text.render(
        {"registrations": [Link("Kari", "https://kkp.example/1"), Link("<Ola>", "https://kkp.example/2")]}
    )
    assert two.text == "Se påmeldingen:\n- Kari: https://kkp.example/1\n- <Ola>: https://kkp.example/2\n"
    assert re.sub(r' style="[^"]*"', "", body_of(two.html)) == (
        '<p>Se påmeldingen:<br><a class="link" href="https://kkp.example/1">Kari</a>'
        '<br><a class="link" href="https://kkp.example/2">&lt;Ola&gt;</a></p>'
    )


# --- the shipped texts ------------------------------------------------------------------------------------------------

SHIPPED = [*TEMPLATES, "sign_in"]
LANGUAGES = ("nb", "nn", "en")
VALUES: dict[str, Any] = {
    name: "https://kkp.example/x"
    if use is Use.URL
    else [Link("Kari", "https://kkp.example/1")]
    if use is Use.LINKS
    else name
    for name, (use, _what) in PLACEHOLDERS.items()
}


def test_every_shipped_text_is_there_in_three_languages_and_nothing_else() -> None:
    expected = {f"{template}.{language}.md" for template in SHIPPED for language in LANGUAGES} | {"layout.html"}
    assert {path.name for path in templates.FOLDER.iterdir()} == expected


@pytest.mark.parametrize("template", SHIPPED)
def test_a_shipped_text_says_the_same_in_each_language(template: str) -> None:
    texts = [templates.find(template, language) for language in LANGUAGES]
    assert len({text.names for text in texts}) == 1
    rendered = [text.render(VALUES) for text in texts]
    assert len({mail.text for mail in rendered}) == 3
    assert {re.search(r'<html lang="(\w+)"', mail.html)[1] for mail in rendered} == set(LANGUAGES)  # type: ignore[index]
    for mail in rendered:
        assert mail.html.count('role="presentation"') == mail.html.count("<table")
        assert "@media (prefers-color-scheme: dark)" in mail.html
        assert "zq7" not in mail.html + mail.text + mail.subject
        assert len(mail.subject) < 78


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_mail_about_an_event_begins_with_its_name_and_days(template: str) -> None:
    for language in LANGUAGES:
        assert templates.render(template, language, VALUES).subject.startswith("event, short_date: ")


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_participants_never_read_the_words_of_organisers(template: str) -> None:
    for language in LANGUAGES:
        text = templates.render(template, language, VALUES).text.casefold()
        assert not {"run", "gjennomføring", "gjennomføringen", "gjennomføringa"} & set(re.findall(r"\w+", text))


def test_bokmal_and_nynorsk_are_not_mixed() -> None:
    bokmal = {
        "ikke",
        "påmeldingen",
        "arrangementet",
        "jeg",
        "deltaker",
        "vennlig",
        "lenke",
        "lenken",
        "stedet",
        "sted",
        "mer",
    }
    nynorsk = {
        "ikkje",
        "påmeldinga",
        "eg",
        "deltakar",
        "vennleg",
        "lenkje",
        "lenkja",
        "staden",
        "stad",
        "meir",
        "frå",
        "nokon",
    }
    same = {"arrangementet"}
    for template in SHIPPED:
        words = {
            language: set(re.findall(r"\w+", templates.render(template, language, VALUES).text.casefold()))
            for language in LANGUAGES
        }
        assert words["nb"] & nynorsk == set()
        assert words["nn"] & (bokmal - same) == set()
