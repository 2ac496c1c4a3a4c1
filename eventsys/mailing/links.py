"""The items of a placeholder that becomes links, as plain text and as HTML; a value on one line. Pure."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

from eventsys.mailing.message import one_line


class Link(NamedTuple):
    """One of the items of a placeholder; without an address it is words alone."""

    label: str
    url: str


def safe(value: str) -> str:
    """The value on one line; most are that already."""
    is_safe = value.isprintable() and "  " not in value and value == value.strip()
    return value if is_safe else one_line(value)


def links_text(label: str, links: Sequence[Link], is_list: bool) -> str:
    if not links:
        return ""
    if not is_list:
        return f"{label}:\n{links[0].url}"
    items = (f"{safe(link.label)}: {link.url}" if link.url else safe(link.label) for link in links)
    return "\n".join([f"{label}:", *(f"- {item}" for item in items)])


LINK_STYLE = "color:#0062ba;text-decoration:underline;"
BUTTON_STYLE = (
    "display:inline-block;background:#0062ba;color:#ffffff;font-weight:600;text-decoration:none;"
    "padding:12px 20px;border-radius:6px;"
)


def links_html(label: str, links: Sequence[Link], is_list: bool) -> str:
    if not links:
        return ""
    if not is_list:
        url = html.escape(links[0].url)
        return f'<a class="button" style="{BUTTON_STYLE}" href="{url}">{html.escape(label)}</a>'
    return f"{html.escape(label)}:{''.join(f'<br>{_item_html(link)}' for link in links)}"


def _item_html(link: Link) -> str:
    """Words alone have a mark before them, so that where one ends and the next begins is seen on a narrow screen."""
    label = html.escape(safe(link.label))
    if not link.url:
        return f"• {label}"
    return f'<a class="link" style="{LINK_STYLE}" href="{html.escape(link.url)}">{label}</a>'
