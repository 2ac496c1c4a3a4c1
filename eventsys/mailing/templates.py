"""The shipped mail texts: Markdown files by template and language, compiled at their first use and kept."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from eventsys.extensions import ROOT
from eventsys.mailing.markdown import Compiled, Rendered, Value, compile

__all__ = ["FOLDER", "Rendered", "find", "render"]

FOLDER = ROOT / "templates" / "workflows" / "emails"


def render(template: str, language: str, values: Mapping[str, Value]) -> Rendered:
    """The mail of a template in a language (nb, nn, en); `values` by the names in `placeholders.PLACEHOLDERS`."""
    return find(template, language).render(values)


@functools.cache
def find(template: str, language: str) -> Compiled:
    """The compiled text. Raises `BadText` for a text with a mistake, `FileNotFoundError` for one that is not shipped."""
    layout = (FOLDER / "layout.html").read_text(encoding="utf-8")
    source = (FOLDER / f"{template}.{language}.md").read_text(encoding="utf-8")
    return compile(source, language=language, layout=layout)
