"""The organisers' pages of papers: put up, shown now or later, changed, taken away."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from eventsys.accounts.models import LogEntry
from eventsys.events.models import EventChange, Material
from eventsys.events.rules import ChangeKind, MaterialAccess, MaterialKind
from eventsys.extensions import db
from eventsys.files import MOST_BYTES
from tests.statements import counted
from tests.workspace.programmes import add as add_session
from tests.workspace.programmes import event_address, sessions, text
from tests.world import World

FORM = {"kind": "slides", "access": "participants", "when": "now", "language": "nb"}
PDF = b"%PDF-1.4 lysark"


@pytest.fixture
def address(world: World) -> str:
    return f"{event_address(world)}/materials"


def post(adviser: FlaskClient, address: str, *files: tuple[str, bytes], **typed: str) -> TestResponse:
    chosen = [FileStorage(io.BytesIO(content), name) for name, content in files]
    boundary, body = encode_multipart(MultiDict([*{**FORM, **typed}.items(), *(("files", one) for one in chosen)]))
    return adviser.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def materials() -> list[Material]:
    db.session.rollback()
    db.session.expunge_all()
    return list(db.session.scalars(sa.select(Material).order_by(Material.id)))


def told() -> list[list[str]]:
    db.session.rollback()
    kind = EventChange.kind == ChangeKind.MATERIALS_PUBLISHED
    return [row.facts["titles"] for row in db.session.scalars(sa.select(EventChange).where(kind))]


def test_an_event_without_papers_says_what_to_do_first(adviser: FlaskClient, address: str) -> None:
    assert "No papers yet" in text(adviser.get(address))


def test_several_files_are_put_up_at_once_by_their_names_and_told_of_together(
    adviser: FlaskClient, world: World, address: str
) -> None:
    add_session(adviser, world)
    (one,) = sessions()
    number = one.id
    files = [("Mål som kan måles.pdf", PDF), ("Referat.txt", "Vi møttes.".encode())]
    assert post(adviser, address, *files, session=str(one.public_id)).status_code == 303
    found = [(m.title, m.kind, m.access, m.language, m.session_id) for m in materials()]
    rest = (MaterialKind.SLIDES, MaterialAccess.PARTICIPANTS, "nb", number)
    assert found == [("Mål som kan måles", *rest), ("Referat", *rest)]
    assert told() == [["Mål som kan måles", "Referat"]]
    page = text(adviser.get(address))
    assert (
        "Mål som kan måles Slides · PDF, 1 kB Mål som kan måles (Monday 1 September, 10:00–11:30) Participants Shown"
        in page
    )
    opened = adviser.get(f"{address}/{materials()[0].public_id}")
    assert (opened.data, opened.mimetype, opened.headers["Cache-Control"]) == (PDF, "application/pdf", "no-store")
    assert opened.headers["Content-Disposition"].startswith("attachment; ")


def test_a_link_is_a_paper_too_and_leads_there(adviser: FlaskClient, address: str) -> None:
    assert post(adviser, address, url="https://video.example/1", title="Opptak").status_code == 303
    (link,) = materials()
    assert (link.title, link.url, link.file_id) == ("Opptak", "https://video.example/1", None)
    assert adviser.get(f"{address}/{link.public_id}").location == "https://video.example/1"


@pytest.mark.parametrize(
    "files, typed, field",
    [
        ([], {}, "files"),
        ([("virus.exe", b"MZ")], {}, "files"),
        ([("lysark.pdf", b"<html>")], {}, "files"),
        ([("tom.txt", b"")], {}, "files"),
        ([("lysark.pdf", PDF)], {"url": "https://video.example"}, "url"),
        ([], {"url": "javascript:alert(1)"}, "url"),
        ([], {"url": "https://"}, "url"),
        ([("lysark.pdf", PDF)], {"access": "group"}, "access"),
        ([("lysark.pdf", PDF)], {"when": "later", "publish_on": "", "publish_at": "10.00"}, "publish_on"),
        ([("lysark.pdf", PDF)], {"when": "later", "publish_on": "01.01.2008", "publish_at": "10.00"}, "publish_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    adviser: FlaskClient, address: str, files: list[tuple[str, bytes]], typed: dict[str, str], field: str
) -> None:
    answer = post(adviser, address, *files, **{"title": "Mine lysark", **typed})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, f'href="#{field}"' in page, "Mine lysark" in page) == (422, True, True)
    assert (materials(), told()) == ([], [])


def test_a_big_file_is_kept_and_one_that_is_too_big_is_told_so(adviser: FlaskClient, address: str) -> None:
    big = PDF.ljust(5 * 2**20, b" ")
    assert post(adviser, address, ("stor.pdf", big)).status_code == 303
    answer = post(adviser, address, ("for stor.pdf", PDF.ljust(MOST_BYTES + 1, b" ")))
    assert (answer.status_code, "The file is too big" in text(answer), len(materials())) == (422, True, 1)


def test_who_is_not_signed_in_sends_no_big_form(client: FlaskClient, address: str) -> None:
    assert post(client, address, ("stor.pdf", PDF.ljust(5 * 2**20, b" "))).status_code == 413


def test_a_paper_is_shown_later_and_told_of_then(adviser: FlaskClient, address: str) -> None:
    when = {"when": "later", "publish_on": "02.09.2008", "publish_at": "16.00"}
    post(adviser, address, ("lysark.pdf", PDF), **when)
    (later,) = materials()
    assert (later.published_at, told()) == (datetime(2008, 9, 2, 14, tzinfo=UTC), [])
    assert "Shown from Tue 2 Sep 16:00" in text(adviser.get(address))
    page = adviser.get(f"{address}/{later.public_id}/edit").get_data(as_text=True)
    assert ['value="02.09.2008"' in page, 'value="16.00"' in page] == [True, True]
    assert re.search(r'value="later"[^>]* checked', page) is not None


def test_papers_are_shown_and_hidden_together(adviser: FlaskClient, address: str) -> None:
    for title in ("En", "To"):
        post(adviser, address, (f"{title}.pdf", PDF), when="not_yet")
    ids = [str(one.public_id) for one in materials()]
    assert adviser.post(f"{address}/publication", data={"do": "publish"}).status_code == 303
    assert [one.published_at for one in materials()] == [None, None]
    adviser.post(f"{address}/publication", data={"material": ids, "do": "publish", "tells": "1"})
    assert (told(), all(one.published_at for one in materials())) == ([["En", "To"]], True)
    adviser.post(f"{address}/publication", data={"material": ids[:1], "do": "withdraw"})
    assert [one.published_at is None for one in materials()] == [True, False]


def test_a_paper_is_changed_and_given_another_file(adviser: FlaskClient, address: str) -> None:
    post(adviser, address, ("lysark.pdf", PDF), when="not_yet")
    place = f"{address}/{materials()[0].public_id}"
    more = {"title": "Bedre lysark", "access": "everybody", "kind": "agenda", "when": "now"}
    assert post(adviser, place, ("bedre.txt", b"Nytt"), **more).status_code == 303
    (one,) = materials()
    assert (one.title, one.access, one.kind) == ("Bedre lysark", MaterialAccess.EVERYBODY, MaterialKind.AGENDA)
    assert (adviser.get(place).data, told()) == (b"Nytt", [["Bedre lysark"]])
    assert post(adviser, place, title="").status_code == 422
    db.session.rollback()
    entries = db.session.scalars(sa.select(LogEntry).where(LogEntry.object == "material").order_by(LogEntry.id)).all()
    assert [entry.verb.value for entry in entries] == ["added", "changed"]
    assert entries[1].facts["access"] == {"from": "participants", "to": "everybody"}


def test_a_paper_is_taken_away_after_a_question(adviser: FlaskClient, address: str) -> None:
    post(adviser, address, ("lysark.pdf", PDF))
    place = f"{address}/{materials()[0].public_id}"
    assert "Links to it stop working." in text(adviser.get(f"{place}/removal"))
    assert [adviser.post(f"{place}/removal").status_code for _time in range(2)] == [303, 404]
    assert (materials(), adviser.get(place).status_code) == ([], 404)


def test_the_list_takes_as_many_statements_with_one_paper_as_with_fifty(adviser: FlaskClient, address: str) -> None:
    def count() -> int:
        adviser.get(address)
        with counted(db.engine) as statements:
            adviser.get(address)
        return len(statements)

    post(adviser, address, ("0.pdf", PDF))
    one = count()
    for first in range(1, 50, 7):
        post(adviser, address, *((f"{first + number}.pdf", PDF) for number in range(7)))
    assert (count(), len(materials())) == (one, 50)
