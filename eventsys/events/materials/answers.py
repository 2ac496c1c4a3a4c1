"""A file as a browser gets it, under its own name; of a material, that or the way to the link."""

from __future__ import annotations

import io

from flask import redirect, send_file
from werkzeug.wrappers import Response

from eventsys.events.models import Material
from eventsys.files import StoredFile


def send_material(material: Material, *, cache_control: str = "no-store") -> Response:
    """The file, or the page that the material is a link to."""
    if material.file is not None:
        return send_stored(material.file, cache_control=cache_control)
    answer = redirect(material.url or "/", 303)
    answer.headers["Cache-Control"] = cache_control
    return answer


def send_stored(file: StoredFile, *, cache_control: str = "no-store") -> Response:
    """Saved, never shown in the page's own name: what is in a file is somebody else's."""
    answer = send_file(io.BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name)
    answer.headers["Cache-Control"] = cache_control
    return answer
