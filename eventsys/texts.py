"""Texts that organisers write in several languages: reading one takes a language and a fallback order."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

FALLBACK = {"nb": ("nb", "nn", "en"), "nn": ("nn", "nb", "en"), "en": ("en", "nb", "nn")}


class Text(NamedTuple):
    """A text and the language it turned out to be in."""

    value: str
    language: str


def read(text: Mapping[str, str] | None, language: str) -> Text:
    """The text in `language`, or in the nearest one there is; empty, in `language`, if there is none."""
    for code in FALLBACK.get(language, FALLBACK["nb"]):
        if text and text.get(code, "").strip():
            return Text(text[code], code)
    return Text("", language)


_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@functools.lru_cache(maxsize=512)
def to_html(text: str) -> Markup:
    """Markdown that an organiser wrote as HTML; tags in it come out as text, and links only as web or mail ones."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704  (the renderer escapes: html is off)
