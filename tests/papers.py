"""Reads a PDF as a test wants to look at it."""

from __future__ import annotations

import io
from typing import Any, NamedTuple

from pypdf import PdfReader


class Paper(NamedTuple):
    """`text` is by page, each run of spaces one; `accessible` says that it is tagged and claims to be PDF/UA-1."""

    title: str
    language: str
    pages: list[str]
    accessible: bool

    @property
    def text(self) -> str:
        return " ".join(self.pages)


def read(body: bytes) -> Paper:
    reader = PdfReader(io.BytesIO(body))
    root: Any = reader.trailer["/Root"]
    about = root["/Metadata"].get_data().decode()
    title = reader.metadata.title if reader.metadata else ""
    return Paper(
        title=str(title),
        language=str(root["/Lang"]),
        pages=[" ".join(page.extract_text().split()) for page in reader.pages],
        accessible=bool(root["/MarkInfo"]["/Marked"]) and "<pdfuaid:part>1</pdfuaid:part>" in about,
    )
