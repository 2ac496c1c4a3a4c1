"""How a feed is answered over HTTP: its tag, 304 where nothing changed, gzip, and what may be kept for how long."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from flask import Response
from werkzeug.wrappers import Request

PUBLIC = "public, max-age=300"
PRIVATE = "private, max-age=300"
"""Kept by the client alone: its address is a secret."""
TYPE = "text/calendar; charset=utf-8"

Body = bytes | Iterator[bytes]


def make_tag(*of: object) -> str:
    """A strong tag of everything that the bytes depend on."""
    return hashlib.sha256(repr(of).encode()).hexdigest()[:32]


def takes_gzip(request: Request) -> bool:
    return request.accept_encodings.quality("gzip") > 0


def is_known(request: Request, tag: str, changed_at: datetime) -> bool:
    """Whether the client has this already: by its tag if it sent one, else by the time."""
    if "HTTP_IF_NONE_MATCH" in request.environ:
        return request.if_none_match.contains_weak(tag)
    since = request.if_modified_since
    return since is not None and changed_at.replace(microsecond=0) <= since


def answer(
    request: Request,
    *,
    tag: str,
    changed_at: datetime,
    file_name: str,
    attached: bool = False,
    kept: str = PUBLIC,
    write: Callable[[], tuple[str, Body]],
) -> Response:
    """304 without a body where the client has it, else the bytes of `write`, which returns them with their own tag; in
    pieces where it gives pieces."""
    suffix = "-gzip" if takes_gzip(request) else ""
    if is_known(request, tag + suffix, changed_at):
        return _with_headers(Response(status=304), tag + suffix, changed_at, kept)
    tag, body = write()
    response = Response(_pack(body) if suffix else body, content_type=TYPE)
    if suffix:
        response.headers["Content-Encoding"] = "gzip"
    placed = "attachment" if attached else "inline"
    response.headers["Content-Disposition"] = f'{placed}; filename="{file_name}"'
    return _with_headers(response, tag + suffix, changed_at, kept)


def _pack(body: Body) -> Body:
    return gzip.compress(body, 6, mtime=0) if isinstance(body, bytes) else _pack_pieces(body)


def _pack_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _with_headers(response: Response, tag: str, changed_at: datetime, kept: str) -> Response:
    response.set_etag(tag)
    response.last_modified = changed_at
    response.headers["Cache-Control"] = kept
    response.headers["Vary"] = "Accept-Encoding"
    return response


def plain(text: str, status: int) -> Response:
    """A calendar program is told in plain text; a page would be read as a broken calendar."""
    return Response(text + "\n", status, content_type="text/plain; charset=utf-8")
