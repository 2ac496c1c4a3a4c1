"""Lists for tests of imports: what a page of the check says, and a workbook of rows."""

from __future__ import annotations

import html
import io
import re
from typing import Any

from flask.testing import FlaskClient
from openpyxl import Workbook
from werkzeug.test import TestResponse


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client: FlaskClient, address: str, *, text: str = "", file: bytes = b"", **fields: Any) -> TestResponse:
    """Posts a list, pasted or as a file, as the pages do."""
    data = {"text": text, **fields}
    if file:
        data["file"] = (io.BytesIO(file), "liste.xlsx")
    return client.post(address, data=data, content_type="multipart/form-data")


def read_check(answer: TestResponse) -> list[list[str]]:
    """What each line does, with its cells, and what is said of it in the first."""
    page = answer.get_data(as_text=True)
    rows = re.findall(r"<tr[^>]*>\s*(<td class=\"numbers\".*?)</tr>", page, re.S)
    return [[words_in(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in rows]


def words_in(fragment: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", fragment).split()))


def told(answer: TestResponse, client: FlaskClient) -> str:
    """The message on the page that one is sent on to."""
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    return words_in(" ".join(re.findall(r"<div class=\"ds-alert\".*?</div>", page, re.S)))
