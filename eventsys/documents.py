"""PDF documents: values put into a template of the release, as tagged PDF/UA. Pure: no database, no network, no clock.

Values reach the typesetter as data beside the source, never as part of it, so a name stays a name whatever is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "documents"
NOWHERE = str(FOLDER / "no-packages")
"""Where packages would be looked for: no template uses one, and none is ever fetched."""


def make_pdf(template: str, values: Mapping[str, Any], *, title: str, language: str, at: datetime) -> bytes:
    """The document that the template makes of the values, which are what JSON can hold; `at` is when it was made.

    A letter that the release's own fonts lack is looked for in those of the machine; such a document is tagged all the
    same, but makes no claim to be PDF/UA.
    """
    data = json.dumps({**values, "title": title, "language": language})
    try:
        return _compile(template, data, at, claim="ua-1", own_fonts_only=True)
    except typst.TypstError:
        return _compile(template, data, at, claim=None, own_fonts_only=False)


def _compile(template: str, data: str, at: datetime, *, claim: Literal["ua-1"] | None, own_fonts_only: bool) -> bytes:
    return typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        format="pdf",
        sys_inputs={"values": data},
        pdf_standards=claim,
        ignore_system_fonts=own_fonts_only,
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
        timestamp=int(at.timestamp()),
    )
