"""What pages say of materials: their kinds, what is told of one in a list, which form of link or file it is; how big any
file is and why one is refused."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsys.events.models import Material
from eventsys.events.rules import MaterialAccess, MaterialKind
from eventsys.files import FileIsEmpty, FileIsRefused, FileIsTooBig
from eventsys.filetypes import ending_of
from eventsys.web import LANGUAGES, language

KINDS = {
    MaterialKind.SLIDES: _l("Slides"),
    MaterialKind.MINUTES: _l("Minutes"),
    MaterialKind.AGENDA: _l("Agenda"),
    MaterialKind.OTHER: _l("Other papers"),
}
ACCESSES = {
    MaterialAccess.EVERYBODY: _l("Everybody"),
    MaterialAccess.PARTICIPANTS: _l("Participants"),
    MaterialAccess.GROUP: _l("Members of the group"),
}


def describe_material(material: Material) -> dict[str, Any]:
    """«Slides (PDF, 2.1 MB)», in a language that is told where it is not the page's."""
    other = material.language if material.language and material.language != language() else None
    facts = [name_form(material)]
    if other is not None:
        facts.append(LANGUAGES[other])
    return {
        "public_id": material.public_id,
        "title": material.title,
        "language": other,
        "kind": str(KINDS[material.kind]),
        "form": ", ".join(facts),
        "session_id": material.session_id,
        "is_link": material.file is None,
    }


def name_form(material: Material) -> str:
    """«PDF, 2,1 MB», or that it is a link."""
    if material.file is None:
        return _("link to another site")
    return f"{ending_of(material.file.name).upper()}, {name_size(material.file.size)}"


def name_size(size: int) -> str:
    """«2,1 MB», «20 MB», «480 kB», as the language writes numbers."""
    point = "." if language() == "en" else ","
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f}".removesuffix(".0").replace(".", point) + " MB"
    return f"{max(size // 1_000, 1)} kB"


def tell_refused(error: FileIsRefused) -> str:
    """Why a file that an organiser puts up is not taken."""
    if isinstance(error, FileIsTooBig):
        return _("The file is too big: at most 20 MB.")
    if isinstance(error, FileIsEmpty):
        return _("The file is empty.")
    return _(
        "Only PDF, Word, PowerPoint, Excel, OpenDocument text, pictures (JPG, PNG) and plain text, by their content."
    )
