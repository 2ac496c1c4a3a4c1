"""However many there are, the overview is one sheet of A3."""

from __future__ import annotations

import io

import pypdf
import pytest

from eventsys.documents import make_pdf
from tests.world import NOW

STANDINGS = (("M", "met"), ("U", "missed"), ("K!", "coming"), ("?", "not_recorded"), ("", ""))


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (1, 1), (124, 10), (430, 40)])
def test_all_of_it_stands_on_one_a3(rows: int, columns: int) -> None:
    values = {
        "heading": "Programmet: hvem kom til hva", "note": "Pulje I",
        "columns": [{"title": f"Læringsseminar {one} for pulje I", "days": "3. mars 2008", "came": "33"}
                    for one in range(columns)],
        "rows": [{"name": f"Kommune med langt navn {one}", "cells": [STANDINGS[(one + at) % 5] for at in range(columns)],
                  "kept": "2 av 3"} for one in range(rows)],
        "legend": [["M", "met", "Møtt"], ["U", "missed", "Uteble"]],
        "words": {"name": "Kommune", "kept": "Holdt så langt", "came": "Møtt"}, "nobody": "Ingen å vise.",
    }  # fmt: skip
    found = pypdf.PdfReader(io.BytesIO(make_pdf("matrix", values, title="Hvem kom", language="nb", at=NOW)))
    size = {round(float(side) * 25.4 / 72) for side in found.pages[0].mediabox[2:]}
    assert (len(found.pages), size) == (1, {297, 420})
    text = found.pages[0].extract_text()
    assert rows == 0 or f"Kommune med langt navn {rows - 1}" in text.replace("\n", " ")
