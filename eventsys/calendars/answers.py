"""How a feed is answered over HTTP: its tag, 304 where nothing changed, gzip, and what may be kept for how long."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import datetime

from flask import Request, Response

KEPT = "public, max-age=300"
TYPE = "text/calendar; charset=utf-8"


def make_tag(*of: object) -> str:
    """A strong tag of everything that the bytes depend on."""
    return hashlib.sha256(repr(of).encode()).hexdigest()[:32]


def takes_gzip(request: Request) -> bool:
    return request.accept_encodings.quality("gzip") > 0


def is_known(request: Request, tag: str, changed_at: datetime) -> bool:
    """Whether the client has this already: by its tag if it sent one, else by the time."""
    if request.headers.get("If-None-Match") is not None:
        return request.if_none_match.contains_weak(tag)
    since = request.if_modified_since
    return since is not None and changed_at.replace(microsecond=0) <= since


def answer(
    request: Request,
    *,
    tag: str,
    changed_at: datetime,
    file_name: str,
    attached: bool,
    write: Callable[[], tuple[str, bytes]],
) -> Response:
    """304 without a body where the client has it, else the bytes of `write`, which returns them with their own tag."""
    suffix = "-gzip" if takes_gzip(request) else ""
    if is_known(request, tag + suffix, changed_at):
        return _with_headers(Response(status=304), tag + suffix, changed_at)
    tag, body = write()
    response = Response(gzip.compress(body, 6, mtime=0) if suffix else body, content_type=TYPE)
    if suffix:
        response.headers["Content-Encoding"] = "gzip"
    placed = "attachment" if attached else "inline"
    response.headers["Content-Disposition"] = f'{placed}; filename="{file_name}"'
    return _with_headers(response, tag + suffix, changed_at)


def _with_headers(response: Response, tag: str, changed_at: datetime) -> Response:
    response.set_etag(tag)
    response.last_modified = changed_at
    response.headers["Cache-Control"] = KEPT
    response.headers["Vary"] = "Accept-Encoding"
    return response


def plain(text: str, status: int) -> Response:
    """A calendar program is told in plain text; a page would be read as a broken calendar."""
    return Response(text + "\n", status, content_type="text/plain; charset=utf-8")
