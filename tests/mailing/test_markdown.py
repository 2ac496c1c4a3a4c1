"""Mail texts: what their writers may write, and that no value is anything but itself."""

from __future__ import annotations

import email
import html
import re
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsys.mailing import templates
from eventsys.mailing.markdown import LONGEST_BODY, BadText, Compiled, Fault, Link, check_body, check_subject, compile
from eventsys.mailing.message import Email, build, one_line
from eventsys.mailing.placeholders import PLACEHOLDERS, Use
from eventsys.workflows.rules import TEMPLATES
from eventsys.workflows.texts.checks import CASE_TEXTS

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
        ("Subject: x\n\n{who.name}", "there is no placeholder {who.name}; did you mean {name}?"),
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


def test_what_is_always_a_list_is_one_of_one_too_and_an_item_needs_no_address() -> None:
    text = compiled("Subject: x\n\nHei\n\n[Slik står det]({seats})\n\nHilsen")
    one = text.render({"seats": [Link("<Kari> – plass", "")]})
    assert one.text == "Hei\n\nSlik står det:\n- <Kari> – plass\n\nHilsen\n"
    assert "<p>Slik står det:<br>• &lt;Kari&gt; – plass</p>" in re.sub(r' style="[^"]*"', "", one.html)
    two = text.render({"seats": [Link("Kari", "https://kkp.example/1"), Link("Ola", "")]})
    assert "- Kari: https://kkp.example/1\n- Ola\n" in two.text
    assert text.render({"seats": []}).text == "Hei\n\nHilsen\n"


# --- whatever people are called ---------------------------------------------------------------------------------------

HOSTILE = [
    "{{ 7*7 }}",
    "{last_name}",
    "{event}",
    "<b>",
    'R&D "AS"',
    "Kari\nBcc: x@y.example",
    "Kari\r\n\r\n<p>ny tekst</p>",
    "zq7event7qz",
    "%(x)s",
    "%s %d %",
    "[her](javascript:alert(1))",
    "=?utf-8?q?x?=",
    "\u2028linje",
    "Åse «Ås» Đorđe 漢字 🎉",
    "&amp;nbsp;",
    "@organiser@",
    "navn " * 2000,
]


def parsed(mail: Any) -> EmailMessage:
    """The mail built and read back by the standard library."""
    raw = build(
        Email(mail.subject, mail.text, mail.html, from_name=mail.subject), sender="post@program.example",
        to_name=mail.subject, to_address="kari@kommune.example", message_id="1@program.example",
        date=datetime(2008, 8, 18, tzinfo=UTC), language="nb",
    )  # fmt: skip
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def content_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["who", "event"])
def test_a_name_or_a_title_stays_just_that_in_the_mail_that_is_sent(name: str, value: str) -> None:
    text = compiled(f"Subject: Til {{{name}}}!\n\nHei {{{name}}}, **{{{name}}}**\n\n[Se]({{registrations}})\n")
    link, line = Link(value, "https://kkp.example/1"), one_line(value)
    message = parsed(text.render({name: value, "registrations": [link, link]}))
    plain, page = content_of(message, "plain"), content_of(message, "html")
    assert str(message["Subject"]).removeprefix("Til ").rstrip("!") == line[:246].rstrip("!")
    assert plain == (f"Hei {line}, {line}\n\nSe:\n- {line}: https://kkp.example/1\n- {line}: https://kkp.example/1\n")
    assert page.count(html.escape(line)) == 5
    assert {key for key in message if key not in USUAL} == set()
    assert len(message.get_all("To", [])) == 1


USUAL = {
    "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type",
}  # fmt: skip


# --- whatever organisers write ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text", "page"),
    [
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("<!-- {who} -->", "<!-- Kari -->", "<p>&lt;!-- Kari --&gt;</p>"),
        ("En } og en { for seg", "En } og en { for seg", "<p>En } og en { for seg</p>"),
        ("{{who}}", "{Kari}", "<p>{Kari}</p>"),
        ("zq7who7qz og &#123;who}", "zq7who7qz og {who}", "<p>zq7who7qz og {who}</p>"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,a)", "[x](data:text/html,a)", "<p>[x](data:text/html,a)</p>"),
        ("@content@", "@content@", "<p>@content@</p>"),
        ("3. tre\n4. fire", "3. tre\n4. fire", '<ol start="3">\n<li>tre</li>\n<li>fire</li>\n</ol>'),
        ("- a\n  - b\n- c", "- a\n  - b\n- c",
         "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"),
        ("```\n{who} <\n```", "Kari <", "<pre><code>Kari &lt;\n</code></pre>"),
        ("[post@x.example](mailto:post@x.example)", "post@x.example",
         '<p><a class="link" href="mailto:post@x.example">post@x.example</a></p>'),
    ],
)  # fmt: skip
def test_what_an_organiser_writes_is_text_or_the_markdown_it_looks_like(body: str, text: str, page: str) -> None:
    mail = compiled(f"Subject: x\n\n{body}").render({"who": "Kari"})
    assert (mail.text, body_of(mail.html)) == (f"{text}\n", page)


def test_a_table_reads_well_as_text_too() -> None:
    mail = compiled("Subject: x\n\n| Kl. | Hva |\n|---|---|\n| 10 | {event} |\n\nVel møtt").render({"event": "Åpning"})
    assert mail.text == "Kl. | Hva\n10 | Åpning\n\nVel møtt\n"
    assert '<table class="grid">' in mail.html
    assert "<td>Åpning</td>" in mail.html


@pytest.mark.parametrize(
    ("body", "fault", "values"),
    [
        ("![logo](https://x.example/a.png)", Fault.IMAGE, {"src": "https://x.example/a.png"}),
        ("[x](side.html)", Fault.BAD_LINK, {"href": "side.html"}),
        ("[x](//x.example)", Fault.BAD_LINK, {"href": "//x.example"}),
        ("[x](https://x.example/?til={event_link})", Fault.ADDRESS_FIRST, {"name": "event_link"}),
        ("[x]({event_link}{site_link})", Fault.ADDRESS_FIRST, {"name": "site_link"}),
        ("[x](mailto:{who})", Fault.NO_ADDRESS, {"name": "who"}),
        ('[x](https://x.example "{registrations}")', Fault.LINKS_ALONE, {"name": "registrations"}),
        ("```{registrations}\n```", Fault.LINKS_ALONE, {"name": "registrations"}),
        ("[{who}]({registrations})", Fault.LINKS_LABEL, {"name": "registrations"}),
        ("[]({registrations})", Fault.LINKS_LABEL, {"name": "registrations"}),
        ("[a < b]({registrations})", Fault.LINKS_LABEL, {"name": "registrations"}),
        ("x" * 100_000, Fault.TOO_LONG, {"length": 100_000, "most": LONGEST_BODY}),
    ],
)
def test_what_no_mail_may_hold_is_refused_with_where_it_is(body: str, fault: Fault, values: dict[str, Any]) -> None:
    with pytest.raises(BadText) as error:
        check_body(body)
    assert (error.value.fault, error.value.values) == (fault, values)


def test_a_writer_knows_only_the_placeholders_that_are_theirs() -> None:
    for check in (check_subject, check_body):
        with pytest.raises(BadText) as error:
            check("Hei {link}", known=("event", "event_link"))
        assert error.value.values == {"name": "link", "near": "event_link", "known": "event, event_link"}


def test_a_link_to_nothing_leaves_no_trace() -> None:
    mail = compiled("Subject: x\n\nHei\n\n[Se]({registrations})\n\nHilsen").render({"registrations": []})
    assert (mail.text, "Se" in mail.html) == ("Hei\n\nHilsen\n", False)


def test_a_label_keeps_its_hard_spaces() -> None:
    mail = compiled("Subject: x\n\n[Se\u00a0den]({registrations})").render(
        {"registrations": [Link("a", "https://x.example")]}
    )
    assert mail.text == "Se\u00a0den:\nhttps://x.example\n"
    assert ">Se\u00a0den</a>" in mail.html


PIECES = st.sampled_from(
    [*"{}[]()<>!&#*_`~|\\\n\r\t-+.:;@\x00\x85\u2028'\"=1 ", *(f"{{{name}}}" for name in PLACEHOLDERS), "zq7", "7qz",
     "https://", "javascript:", "](", "![", "&#123;", "|-|-|\n", "```", "    ", "\ud800", "&nbsp;", "<!--", "Subject: "]
)  # fmt: skip
SOURCES = st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)


@given(SOURCES)
def test_whatever_is_written_is_compiled_or_refused(source: str) -> None:
    values: dict[str, Any] = {**VALUES, "who": "<{who}>"}
    try:
        text = compiled(f"Subject: {source}\n\n{source}") if len(source) % 2 else compiled(source)
        check_body(source)
    except BadText:
        return
    mail = text.render(values)
    assert "<{who}>" not in mail.html
    assert not re.search(r"<(?!/?(p|a|b|br|h[1-6]|ul|ol|li|em|strong|code|pre|hr|blockquote|table|thead|tbody|tr|th|td)\b)",
                         body_of(mail.html))  # fmt: skip


# --- the shipped texts ------------------------------------------------------------------------------------------------

SHIPPED = [
    *TEMPLATES, "sign_in", "test", "own_pages", "contact", "contact_confirmed", "team_invitation", "contract_deadline",
    "network_draft", "brochure_ordered", "brochure_sent", "brochure_declined", "visit_asked",
    "visit_offered", "visit_declined", "group_link", "group_minutes", *CASE_TEXTS,
]  # fmt: skip
LANGUAGES = ("nb", "nn", "en")
VALUES: dict[str, Any] = {
    name: "https://kkp.example/x"
    if use is Use.URL
    else [Link("Kari", "https://kkp.example/1")]
    if use in (Use.LINKS, Use.LIST)
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
