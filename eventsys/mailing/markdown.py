"""Mail texts in Markdown, compiled once to subject, plain text and HTML with places where values go. Pure.

A text's first line is `Subject: …`. `{name}` stands for a value; there are no expressions. Values are put in once, after
everything else is done, so nothing in a value is Markdown, HTML or a placeholder. A paragraph that is only a link to
`{registrations}` becomes one link, or a list of links where there are several.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import css_inline
from markdown_it import MarkdownIt
from markdown_it.token import Token

from eventsys.mailing.message import one_line
from eventsys.mailing.placeholders import PLACEHOLDERS, Use

BRACES = re.compile(r"\{([^{}\n]*)\}")
MARK = re.compile(r"zq7([a-z_]+)7qz")
BLOCK = re.compile(r"zq7block:([a-z_]+):(.*?):block7qz", re.DOTALL)
_parser = MarkdownIt("commonmark", {"html": False})


class BadText(ValueError):
    """A mail's text cannot be used; the message says where and what to write instead."""


class Link(NamedTuple):
    label: str
    url: str


Value = str | Sequence[Link]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes. `label` is the text of a link that may become several."""

    name: str
    label: str = ""


Parts = tuple[str | Place, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A text ready for any number of readers."""

    subject: Parts
    text: Parts
    html: Parts
    names: frozenset[str]

    def render(self, values: Mapping[str, Value]) -> Rendered:
        """The mail with the values put in. Raises `KeyError` for a name without a value."""
        return Rendered(
            subject="".join(_fill(self.subject, values, "subject")),
            text="".join(_fill(self.text, values, "text")),
            html="".join(_fill(self.html, values, "html")),
        )


def compile(source: str, *, language: str, layout: str) -> Compiled:
    """The text compiled into the HTML `layout` (with @language@, @subject@, @content@ and placeholders between two @).

    Raises `BadText`.
    """
    first, _, body = source.partition("\n")
    if not first.startswith("Subject: ") or not first.removeprefix("Subject: ").strip():
        raise BadText("the first line must be «Subject: » and the subject")
    _check_names(source)
    subject = _mark(first.removeprefix("Subject: ").strip())
    tokens = _parser.parse(_mark(body))
    text = _collapse("".join(_text(tokens)))
    page = _page(layout, {"language": language, "subject": html.escape(subject), "content": _html(tokens)})
    compiled = (_split(subject), _split(text), _split(page))
    _check_uses(*compiled, tokens)
    return Compiled(*compiled, frozenset(part.name for parts in compiled for part in parts if isinstance(part, Place)))


def _page(layout: str, parts: Mapping[str, str]) -> str:
    """The layout with its parts in, styles written onto the elements for readers that know no style sheet."""
    page = re.sub(r"@([a-z_]+)@", lambda match: parts.get(match[1], f"zq7{match[1]}7qz"), layout)
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(page)


def _check_names(source: str) -> None:
    for name in BRACES.findall(source):
        if name not in PLACEHOLDERS:
            near = difflib.get_close_matches(name, PLACEHOLDERS, n=1, cutoff=0.4)
            hint = f"; did you mean {{{near[0]}}}?" if near else f"; there are {', '.join(sorted(PLACEHOLDERS))}"
            raise BadText(f"there is no placeholder {{{name}}}{hint}")


def _check_uses(subject: Parts, text: Parts, page: Parts, tokens: Sequence[Token]) -> None:
    """Addresses stand in links and nowhere else, so that no value can make an address, and links that may become
    several stand in a paragraph of their own."""
    for place in (part for parts in (subject, text, page) for part in parts if isinstance(part, Place)):
        if PLACEHOLDERS[place.name][0] is Use.LINKS and not place.label:
            raise BadText(f"{{{place.name}}} must be the address of a link that is a paragraph by itself")
    for part in subject:
        if isinstance(part, Place) and PLACEHOLDERS[part.name][0] is not Use.TEXT:
            raise BadText(f"{{{part.name}}} cannot stand in the subject")
    for token in _walk(tokens):
        if token.type == "link_open":
            href = str(token.attrGet("href"))
            for name in MARK.findall(href):
                if PLACEHOLDERS[name][0] is Use.TEXT:
                    raise BadText(f"{{{name}}} is no address, so it cannot be where a link leads")


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _mark(text: str) -> str:
    """Placeholders as plain letters that Markdown, HTML and the inlining of CSS leave alone."""
    return BRACES.sub(lambda match: f"zq7{match[1]}7qz", text)


def _split(text: str) -> Parts:
    """The text cut at its places."""
    parts: list[str | Place] = []
    for index, piece in enumerate(BLOCK.split(text)):
        if index % 3 == 0:
            parts.extend(Place(found) if place % 2 else found for place, found in enumerate(MARK.split(piece)))
        elif index % 3 == 1:
            parts.append(Place(piece, "?"))
        else:
            last = parts[-1]
            assert isinstance(last, Place)
            parts[-1] = Place(last.name, piece)
    return tuple(part for part in parts if part != "")


# --- values -----------------------------------------------------------------------------------------------------


def _fill(parts: Parts, values: Mapping[str, Value], kind: Literal["subject", "text", "html"]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        value = values[part.name]
        if isinstance(value, str):
            safe = one_line(value)
            yield html.escape(safe) if kind == "html" else safe
        else:
            yield _links_html(part.label, value) if kind == "html" else _links_text(part.label, value)


def _links_text(label: str, links: Sequence[Link]) -> str:
    if len(links) == 1:
        return f"{label}:\n{links[0].url}"
    return "\n".join([f"{label}:", *(f"- {one_line(link.label)}: {link.url}" for link in links)])


LINK_STYLE = "color:#0062ba;text-decoration:underline;"
BUTTON_STYLE = (
    "display:inline-block;background:#0062ba;color:#ffffff;font-weight:600;text-decoration:none;"
    "padding:12px 20px;border-radius:6px;"
)


def _links_html(label: str, links: Sequence[Link]) -> str:
    if len(links) == 1:
        url = html.escape(links[0].url)
        return f'<a class="button" style="{BUTTON_STYLE}" href="{url}">{html.escape(label)}</a>'
    lines = (
        f'<br><a class="link" style="{LINK_STYLE}" href="{html.escape(link.url)}">{html.escape(one_line(link.label))}</a>'
        for link in links
    )
    return f"{html.escape(label)}:{''.join(lines)}"


# --- Markdown ---------------------------------------------------------------------------------------------------


def _html(tokens: Sequence[Token]) -> str:
    for token in tokens:
        block = _block_of(token)
        if block is not None:
            token.children = [Token("html_inline", "", 0, content=f"zq7block:{block.name}:{block.label}:block7qz")]
    for token in _walk(tokens):
        if token.type == "link_open":
            token.attrSet("class", "link")
    rendered: str = _parser.renderer.render(tokens, _parser.options, {})
    return rendered


def _block_of(token: Token) -> Place | None:
    """The place of a paragraph that is nothing but a link to links."""
    children = token.children or []
    if token.type != "inline" or len(children) < 3 or children[0].type != "link_open":
        return None
    match = MARK.fullmatch(str(children[0].attrGet("href")))
    if match is None or PLACEHOLDERS[match[1]][0] is not Use.LINKS or children[-1].type != "link_close":
        return None
    label = "".join(child.content for child in children[1:-1])
    if MARK.search(label) or not label.strip() or set(label) & set("<>&"):
        raise BadText(
            f"the link to {{{match[1]}}} needs a text of its own, without placeholders and signs like < and &"
        )
    return Place(match[1], label)


def _text(tokens: Sequence[Token]) -> Iterator[str]:
    """Plain text that reads well by itself: blocks apart by an empty line, list items by a dash, links as «text: url»."""
    for token in tokens:
        if token.type == "inline":
            block = _block_of(token)
            if block is not None:
                yield f"zq7block:{block.name}:{block.label}:block7qz"
            else:
                yield from _inline_text(token.children or [])
        elif token.type in ("paragraph_close", "heading_close"):
            yield "\n" if token.hidden else "\n\n"
        elif token.type == "list_item_open":
            yield "- "
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            yield "\n"
        elif token.type == "hr":
            yield "--\n\n"


def _inline_text(tokens: Sequence[Token]) -> Iterator[str]:
    href, label = "", ""
    for token in tokens:
        if token.type == "link_open":
            href, label = str(token.attrGet("href")), ""
        elif token.type == "link_close":
            yield "" if label == href else f": {href}"
            href = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n" if token.type == "hardbreak" else " "
        else:
            label += token.content if href else ""
            yield token.content


def _collapse(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
