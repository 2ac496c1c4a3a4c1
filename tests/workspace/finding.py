"""Searching as an organiser does: what the page names, by its headings."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient


def found(client: FlaskClient, text: str) -> dict[str, list[str]]:
    """The names that a search shows, by section."""
    page = client.get("/manage/search", query_string={"q": text}).get_data(as_text=True)
    sections = re.findall(r'<h2 id="found-(\w+)">.*?</section>', page, re.S)
    parts = re.split(r'<h2 id="found-\w+">', page)[1:]
    return {name: _names(part) for name, part in zip(sections, parts, strict=True)}


def _names(part: str) -> list[str]:
    names = re.findall(r"<p><b>(.*?)</b>", part.partition("</section>")[0], re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", name)).strip() for name in names]


def people(client: FlaskClient, text: str) -> list[str]:
    return found(client, text).get("people", [])
