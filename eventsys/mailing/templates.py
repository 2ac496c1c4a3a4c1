"""Mail texts made ready for readers: the shipped Markdown files by key and language, and any other source.

Everything here is kept by its arguments alone: what a file of the release says, and what a source becomes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from eventsys.extensions import ROOT
from eventsys.mailing.markdown import NO_FRAME, Compiled, Frame, Rendered, Value, compile

__all__ = ["FOLDER", "Rendered", "compile_draft", "compiled", "find", "list_keys", "read_shipped", "render"]

FOLDER = ROOT / "templates" / "workflows" / "emails"


def render(template: str, language: str, values: Mapping[str, Value]) -> Rendered:
    """The shipped mail of a template in a language (nb, nn, en); `values` by the names in `PLACEHOLDERS`."""
    return find(template, language).render(values)


def find(template: str, language: str) -> Compiled:
    """The shipped text, compiled. Raises `BadText` for one with a mistake, `FileNotFoundError` where there is none."""
    source = read_shipped(template).get(language)
    if source is None:
        raise FileNotFoundError(f"{template}.{language}.md")
    return compiled(source, language)


@functools.lru_cache(maxsize=1000)
def compiled(source: str, language: str, frame: Frame = NO_FRAME) -> Compiled:
    """A text in the layout of all mails, kept for the next reader. Raises `BadText`."""
    return compile_draft(source, language, frame)


def compile_draft(source: str, language: str, frame: Frame = NO_FRAME) -> Compiled:
    """A text that changes while it is written, so that it is not kept. Raises `BadText`."""
    return compile(source, language=language, layout=_layout(), frame=frame)


def read_shipped(key: str) -> Mapping[str, str]:
    """The sources that are shipped under a key, by language; none for a key that is not shipped."""
    return _shipped().get(key, {})


def list_keys() -> list[str]:
    """The keys of all shipped texts."""
    return list(_shipped())


@functools.cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.*.md")):
        key, language, _md = path.name.split(".")
        found.setdefault(key, {})[language] = path.read_text(encoding="utf-8")
    return found


@functools.cache
def _layout() -> str:
    return (FOLDER / "layout.html").read_text(encoding="utf-8")
