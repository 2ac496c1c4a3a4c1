"""What a file is by its content, whatever its name says. Pure; nothing is unpacked."""

from __future__ import annotations

import io
import zipfile

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}
"""The types that may be asked for, by the ending of the name."""

_SAME_ENDING = {"jpeg": "jpg"}
_BEGINNINGS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_MOST_NAME = 120


def ending_of(name: str) -> str:
    """The type that a name claims: «pdf» of «Plan.PDF»; empty where it claims none."""
    _stem, dot, ending = name.rpartition(".")
    ending = ending.lower()
    return _SAME_ENDING.get(ending, ending) if dot else ""


def sniff(content: bytes) -> str:
    """The type that the bytes are; empty where they are none of those that may be asked for."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _look_into(content)
    return "txt" if _is_text(content) else ""


def _look_into(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" in names:
        return next((kind for name, kind in _OFFICE.items() if name in names), "")
    is_odt = MEDIA_TYPES["odt"].encode() in content[30:120] and "content.xml" in names
    return "odt" if is_odt else ""


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return bool(text) and all(char.isprintable() or char in "\n\r\t\f\ufeff" for char in text)


def clean_name(name: str) -> str:
    """The name without a path or anything that is not printed; its ending stays where the name is too long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = " ".join("".join(char if char.isprintable() else " " for char in last).split())
    if len(plain) <= _MOST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: _MOST_NAME - 10]}{dot}{ending[:9]}" if dot else plain[:_MOST_NAME]
