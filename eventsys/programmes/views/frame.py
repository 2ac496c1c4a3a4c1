"""The blueprint of the pages of calls and applications that need no account."""

from __future__ import annotations

import io

from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from eventsys.files import StoredFile

blueprint = Blueprint("programmes", __name__)


def send_stored(file: StoredFile, *, cache_control: str = "no-store") -> Response:
    """Saved, never shown in the page's own name: what is in a file is somebody else's."""
    answer = send_file(io.BytesIO(file.content), file.media_type, as_attachment=True, download_name=file.name)
    answer.headers["Cache-Control"] = cache_control
    return answer
