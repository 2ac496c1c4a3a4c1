"""Mail texts in Markdown, compiled once to subject, plain text and HTML with places where values go. Pure.

A text's first line is `Subject: …`. `{name}` stands for a value; there are no expressions. Values are put in once, after
everything else is done, so nothing in a value is Markdown, HTML or a placeholder. A paragraph that is only a link to
`{registrations}` becomes one link, or a list of links where there are several; to `{seats}`, a list always.
"""

from __future__ import annotations

import difflib
import hashlib
import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import css_inline
from markdown_it import MarkdownIt
from markdown_it.token import Token

from eventsys.mailing.faults import BadText, Fault
from eventsys.mailing.links import Link, links_html, links_text, safe
from eventsys.mailing.message import one_line
from eventsys.mailing.placeholders import PLACEHOLDERS, Use
from eventsys.mailing.plain import to_plain

__all__ = ["BadText", "Compiled", "Fault", "Link", "Rendered", "Value", "check_body", "check_subject", "compile"]

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000
SUBJECT = "Subject: "
BRACES = re.compile(r"\{([^{}\n]*)\}")
GAP = re.compile(r"\n{3,}")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
BLOCKS = (Use.LINKS, Use.LIST)
"""What stands as a paragraph of its own."""
SCHEMES = ("https://", "http://", "mailto:", "tel:")
_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


Value = str | Sequence[Link]


class Frame(NamedTuple):
    """What the program itself puts around a text: words before its subject, Markdown before and after its body. Neither
    reaches into the other, whatever is left open there."""

    subject: str = ""
    before: str = ""
    after: str = ""


NO_FRAME = Frame()


class Place(NamedTuple):
    """Where a value goes. `label` is the text of a link that may become several."""

    name: str
    label: str = ""


Parts = tuple[str | Place, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A text ready for any number of readers; `places` are those of all its parts, each once."""

    subject: Parts
    text: Parts
    html: Parts
    places: tuple[Place, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(place.name for place in self.places)

    def fill(self, values: Mapping[str, str]) -> Compiled:
        """The text with these values in it, for many readers whom they are the same for; the other places stay."""
        plain = {place: safe(values[place.name]) for place in self.places if place.name in values}
        page = {place: html.escape(line) for place, line in plain.items()}
        left = tuple([place for place in self.places if place not in plain])
        return Compiled(_put(self.subject, plain), _put(self.text, plain), _put(self.html, page), left)

    def render(self, values: Mapping[str, Value]) -> Rendered:
        """The mail with the values put in. Raises `KeyError` for a name without a value."""
        plain: dict[str | Place, str] = {}
        page: dict[str | Place, str] = {}
        for place in self.places:
            value = values[place.name]
            if isinstance(value, str):
                plain[place] = line = safe(value)
                page[place] = html.escape(line)
            else:
                is_list = len(value) > 1 or PLACEHOLDERS[place.name][0] is Use.LIST
                plain[place] = links_text(place.label, value, is_list)
                page[place] = links_html(place.label, value, is_list)
        text = _fill(self.text, plain)
        if any(not plain[place] and place.label for place in self.places):
            text = GAP.sub("\n\n", text)
        return Rendered(_fill(self.subject, plain), text, _fill(self.html, page))


def compile(source: str, *, language: str, layout: str, frame: Frame = NO_FRAME) -> Compiled:
    """The text compiled into the HTML `layout` (with @language@, @subject@, @content@ and placeholders between two @).

    Raises `BadText`.
    """
    first, _, body = source.partition("\n")
    if not first.startswith(SUBJECT):
        raise BadText(Fault.NO_SUBJECT)
    marks = Marks(source)
    subject = frame.subject + _read_subject(first.removeprefix(SUBJECT), marks, PLACEHOLDERS)
    bodies = [_read_body(one, marks, PLACEHOLDERS) for one in (frame.before, body, frame.after) if one.strip()]
    text = "\n".join(plain for plain, _page in bodies)
    content = "".join(page for _plain, page in bodies)
    page = _page(layout, marks, {"language": language, "subject": html.escape(subject), "content": content})
    parts = (marks.split(subject), marks.split(text), marks.split(page))
    places = dict.fromkeys(part for one in parts for part in one if isinstance(part, Place))
    return Compiled(*parts, tuple(places))


def check_subject(subject: str, *, known: Collection[str] = tuple(PLACEHOLDERS)) -> None:
    """Raises `BadText` for what may not be a subject; `known` are the placeholders that its writer may use."""
    _read_subject(subject, Marks(subject), known)


def check_body(body: str, *, known: Collection[str] = tuple(PLACEHOLDERS)) -> None:
    """Raises `BadText` for what may not be a text; `known` are the placeholders that its writer may use."""
    _read_body(body, Marks(body), known)


def _read_subject(written: str, marks: Marks, known: Collection[str]) -> str:
    """The subject with marks for its placeholders."""
    subject = one_line(written)
    if not subject:
        raise BadText(Fault.NO_SUBJECT)
    _check_length(subject, LONGEST_SUBJECT)
    for name in _read_names(subject, known):
        if PLACEHOLDERS[name][0] is not Use.TEXT:
            raise BadText(Fault.NOT_IN_SUBJECT, name=name)
    return marks.put(subject)


def _read_body(written: str, marks: Marks, known: Collection[str]) -> tuple[str, str]:
    """Plain text and HTML with marks for the placeholders."""
    _check_length(written.strip(), LONGEST_BODY)
    _read_names(written, known)
    tokens = _parser.parse(marks.put(UNSEEN.sub(" ", written.replace("\r\n", "\n"))))
    for token in _walk(tokens):
        _check_token(token, marks)
    text = to_plain(tokens, lambda token: marks.block(_block_of(token, marks)))
    content = _html(tokens, marks)
    for place in (*marks.split(text), *marks.split(content)):
        if isinstance(place, Place) and PLACEHOLDERS[place.name][0] in BLOCKS and not place.label:
            raise BadText(Fault.LINKS_ALONE, name=place.name)
    return text, content


def _page(layout: str, marks: Marks, parts: Mapping[str, str]) -> str:
    """The layout with its parts in, styles written onto the elements for readers that know no style sheet."""
    page = re.sub(r"@([a-z_]+)@", lambda match: parts.get(match[1], marks.of(match[1])), layout)
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(page)


# --- what may stand where -------------------------------------------------------------------------------------------


def _check_length(text: str, most: int) -> None:
    if len(text) > most:
        raise BadText(Fault.TOO_LONG, length=len(text), most=most)


def _read_names(text: str, known: Collection[str]) -> list[str]:
    """The placeholders of a text; an unknown one is told with the nearest that is known."""
    names: list[str] = BRACES.findall(text)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name[:40], known, n=1, cutoff=0.4)
            raise BadText(Fault.UNKNOWN, name=name[:40], near="".join(near), known=", ".join(sorted(known)))
    return names


def _check_token(token: Token, marks: Marks) -> None:
    """Addresses stand in links, whole and alone, so that no value can make an address."""
    if token.type == "image":
        raise BadText(Fault.IMAGE, src=str(token.attrGet("src"))[:80])
    if token.type != "link_open":
        return
    href = str(token.attrGet("href"))
    first, *more = marks.split(href) or ("",)
    for part in (first, *more):
        if isinstance(part, Place) and PLACEHOLDERS[part.name][0] is Use.TEXT:
            raise BadText(Fault.NO_ADDRESS, name=part.name)
    for part in more:
        if isinstance(part, Place):
            raise BadText(Fault.ADDRESS_FIRST, name=part.name)
    if isinstance(first, str) and not first.lower().startswith(SCHEMES):
        raise BadText(Fault.BAD_LINK, href=first[:80])


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


# --- marks ----------------------------------------------------------------------------------------------------------


class Marks:
    """Placeholders as plain letters that Markdown, HTML and the inlining of CSS leave alone, and which nobody who writes
    a text can make: they hold its digest."""

    def __init__(self, source: str) -> None:
        sign = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:20]
        self.begin, self.end = f"q{sign}z", f"z{sign}q"
        self.mark = re.compile(f"{self.begin}([a-z_]+?)(?:q:(.*?):q)?{self.end}", re.DOTALL)

    def of(self, name: str) -> str:
        return f"{self.begin}{name}{self.end}"

    def block(self, place: Place | None) -> str:
        return f"{self.begin}{place.name}q:{place.label}:q{self.end}" if place else ""

    def put(self, text: str) -> str:
        return BRACES.sub(lambda match: self.of(match[1]), text)

    def split(self, text: str) -> Parts:
        """The text cut at its places. A label has no signs like &, so what looks like one is HTML's way of writing it."""
        pieces = self.mark.split(text)
        parts: list[str | Place] = [pieces[0]]
        for name, label, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            parts += [Place(name, html.unescape(label or "")), after]
        return tuple(part for part in parts if part != "")


# --- values ---------------------------------------------------------------------------------------------------------


def _fill(parts: Parts, values: Mapping[str | Place, str]) -> str:
    return "".join([part if part.__class__ is str else values[part] for part in parts])


def _put(parts: Parts, values: Mapping[Place, str]) -> Parts:
    """The parts with these values among them, and what is words in one piece."""
    found: list[str | Place] = []
    for part in parts:
        piece = values.get(part, part) if isinstance(part, Place) else part
        if found and isinstance(piece, str) and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


# --- Markdown -------------------------------------------------------------------------------------------------------


def _html(tokens: Sequence[Token], marks: Marks) -> str:
    for token in tokens:
        block = _block_of(token, marks)
        if block is not None:
            token.children = [Token("html_inline", "", 0, content=marks.block(block))]
    for token in _walk(tokens):
        if token.type == "link_open":
            token.attrSet("class", "link")
        elif token.type == "table_open":
            token.attrSet("class", "grid")
    rendered: str = _parser.renderer.render(tokens, _parser.options, {})
    return rendered


def _block_of(token: Token, marks: Marks) -> Place | None:
    """The place of a paragraph that is nothing but a link to links."""
    children = token.children or []
    if token.type != "inline" or len(children) < 2 or children[0].type != "link_open":
        return None
    (first, *more) = marks.split(str(children[0].attrGet("href"))) or ("",)
    if more or not isinstance(first, Place) or PLACEHOLDERS[first.name][0] not in BLOCKS:
        return None
    if children[-1].type != "link_close" or any(child.type == "link_close" for child in children[1:-1]):
        return None
    label = "".join(child.content for child in children[1:-1])
    if marks.mark.search(label) or not label.strip() or set(label) & set("<>&"):
        raise BadText(Fault.LINKS_LABEL, name=first.name)
    return Place(first.name, label)
