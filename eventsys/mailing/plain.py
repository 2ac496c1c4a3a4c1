"""The tokens of Markdown as plain text that reads well by itself. Pure.

Blocks stand apart by an empty line, list items behind a dash or their number, links as «text: address», the cells of a
table's row with bars between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

INDENT = "  "


def to_plain(tokens: Sequence[Token], block_of: Callable[[Token], str]) -> str:
    """The text, ending in one new line. `block_of` answers what stands for a whole paragraph, or nothing."""
    text = "".join(_blocks(tokens, block_of))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _blocks(tokens: Sequence[Token], block_of: Callable[[Token], str]) -> Iterator[str]:
    depth, is_first_cell = 0, True
    for token in tokens:
        match token.type:
            case "inline":
                yield block_of(token) or "".join(_inline(token.children or []))
            case "paragraph_close" | "heading_close":
                yield "\n" if token.hidden else "\n\n"
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "list_item_open":
                yield INDENT * (depth - 1) + (f"{token.info}. " if token.info else "- ")
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                yield "" if depth else "\n"
            case "tr_open":
                is_first_cell = True
            case "th_open" | "td_open":
                yield "" if is_first_cell else " | "
                is_first_cell = False
            case "tr_close" | "table_close":
                yield "\n"
            case "code_block" | "fence":
                yield f"{token.content}\n"
            case "hr":
                yield "--\n\n"


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    href, label = "", ""
    for token in tokens:
        if token.type == "link_open":
            href, label = str(token.attrGet("href")), ""
        elif token.type == "link_close":
            yield "" if href in (label, f"mailto:{label}") else f": {href}"
            href = ""
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n" if token.type == "hardbreak" else " "
        else:
            label += token.content if href else ""
            yield token.content
