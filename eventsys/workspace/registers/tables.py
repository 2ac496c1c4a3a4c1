"""A file or pasted text as one text of lines; a workbook is read into tabs. What the lines mean is not for here."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from eventsys.filetypes import sniff
from eventsys.workspace.lines import MOST_COLUMNS

MOST_BYTES = 1_500_000
MOST_CHARACTERS = 400_000
MOST_LINES = 5_000
MOST_UNPACKED = 40_000_000
"""What a workbook may be when it is unpacked; one of five thousand lines is a tenth of it."""
MOST_PARTS = 500


class CannotBeRead(Exception):
    """A file that is no table: `code` says why (`empty`, `too_big`, `not_a_table`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_file(content: bytes) -> str:
    """The text of a CSV file, or of the first sheet of a workbook with tabs between its cells. Raises `CannotBeRead`."""
    if not content.strip():
        raise CannotBeRead("empty")
    if len(content) > MOST_BYTES:
        raise CannotBeRead("too_big")
    if content.startswith(b"PK\x03\x04"):
        return _read_workbook(content)
    return _decode(content)


def _decode(content: bytes) -> str:
    """UTF-8, the UTF-16 of «Unicode text», or what older spreadsheets write in Norway."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if is_wide else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(not char.isprintable() and char not in "\n\r\t\f\ufeff\xa0\xad" for char in text):
            break
        return text
    raise CannotBeRead("not_a_table")


def _read_workbook(content: bytes) -> str:
    _require_small(content)
    try:
        # A workbook without a style sheet, say, is warned about; it is read all the same.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            rows = sheet.iter_rows(max_row=MOST_LINES + 2, max_col=MOST_COLUMNS, values_only=True)
            lines = [_join(row) for row in rows]
            book.close()
    except Exception as error:  # whatever the parser trips over in a file of somebody else's making
        raise CannotBeRead("not_a_table") from error
    return "\n".join(lines)


def _require_small(content: bytes) -> None:
    """By what its directory says of it; a reader takes no more than that from each part."""
    if sniff(content) != "xlsx":
        raise CannotBeRead("not_a_table")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise CannotBeRead("too_big")


def _join(row: Iterable[Any]) -> str:
    return "\t".join(_write_cell(value) for value in row).rstrip("\t")


def _write_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
