"""The organisers' side of the web site: news, documents, orders, contact people; each organiser its own."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from eventsys.accounts.models import LogEntry
from eventsys.extensions import db, transaction
from eventsys.files import MOST_BYTES
from eventsys.mailing.models import OutboxMessage
from eventsys.site.models import BrochureOrder, ContactPerson, NewsItem, SiteDocument
from eventsys.site.orders import actions as orders
from eventsys.site.rules import OrderFacts
from tests.accounts.people import add_account, sign_in
from tests.statements import counted
from tests.world import NOW, World

NEWS = {"title_nb": "Nytt opptak", "text_nb": "Hei", "published": "1"}
DOCUMENT = {"title_nb": "Slik arbeider vi", "kind": "brochure", "on_paper": "1", "most_copies": "50", "published": "1"}


def rows(model: type) -> list:  # type: ignore[type-arg]
    db.session.rollback()
    statement = sa.select(model).order_by(model.id).execution_options(populate_existing=True)
    return list(db.session.scalars(statement))  # type: ignore[attr-defined]


def test_news_is_written_read_changed_and_taken_away(adviser: FlaskClient) -> None:
    assert adviser.post("/manage/news", data=NEWS).status_code == 303
    (item,) = rows(NewsItem)
    assert "Nytt opptak" in adviser.get("/news").get_data(as_text=True)
    changed = NEWS | {"title_nb": "Nytt opptak i juni", "edition": "1", "published": ""}
    assert adviser.post(f"/manage/news/{item.slug}", data=changed).status_code == 303
    assert "Nytt opptak" not in adviser.get("/news").get_data(as_text=True)
    assert ">Draft<" in adviser.get("/manage/news").get_data(as_text=True)
    assert adviser.get(f"/manage/news/{item.slug}/removal").status_code == 200
    assert adviser.post(f"/manage/news/{item.slug}/removal").status_code == 303
    assert rows(NewsItem) == []


def test_two_who_change_the_same_news_lose_nothing(adviser: FlaskClient) -> None:
    adviser.post("/manage/news", data=NEWS)
    (item,) = rows(NewsItem)
    address = f"/manage/news/{item.slug}"
    assert adviser.post(address, data=NEWS | {"text_nb": "Den første", "edition": "1"}).status_code == 303
    answer = adviser.post(address, data=NEWS | {"text_nb": "Den andre", "edition": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Den første" in page
    assert "Den andre" in page
    assert adviser.post(address, data=NEWS | {"text_nb": "Begge", "edition": "2"}).status_code == 303
    assert [one.text for one in rows(NewsItem)] == [{"nb": "Begge"}]


def test_a_title_is_needed_and_what_was_typed_stays(adviser: FlaskClient) -> None:
    answer = adviser.post("/manage/news", data={"text_nb": "Bare tekst"})
    assert answer.status_code == 422
    assert "Bare tekst" in answer.get_data(as_text=True)
    assert rows(NewsItem) == []


def upload(client: FlaskClient, name: str, content: bytes) -> int:
    file = (io.BytesIO(content), name)
    return client.post(
        "/manage/documents", data=DOCUMENT | {"file_nb": file}, content_type="multipart/form-data"
    ).status_code


def test_a_document_is_put_up_with_its_file(adviser: FlaskClient) -> None:
    assert upload(adviser, "Hefte.pdf", b"%PDF-1.7 ett") == 303
    (document,) = rows(SiteDocument)
    assert adviser.get(f"/manage/documents/{document.slug}/nb").data == b"%PDF-1.7 ett"
    assert "Hefte.pdf" in adviser.get(f"/manage/documents/{document.slug}").get_data(as_text=True)


def test_a_file_that_is_refused_leaves_no_document_behind(adviser: FlaskClient) -> None:
    assert upload(adviser, "Hefte.pdf", b"<html>") == 422
    assert rows(SiteDocument) == []


def test_forty_brochures_are_sent_and_who_ordered_is_told(adviser: FlaskClient, world: World) -> None:
    upload(adviser, "Hefte.pdf", b"%PDF-1.7 ett")
    (document,) = rows(SiteDocument)
    wanted = OrderFacts(40, "nn", "Turid", "Bø", "Gata 1\n3833 Bø", "turid@kommune.example")
    with transaction() as session:
        ordered = orders.order(
            session, session.get_one(SiteDocument, document.id), facts=wanted, form_token="one", now=NOW
        )
    assert ordered is not None
    assert "3833 Bø" in adviser.get("/manage/orders").get_data(as_text=True)
    for _twice in (1, 2):
        adviser.post("/manage/orders", data={"order": str(ordered.public_id), "state": "sent"})
    (row,) = rows(BrochureOrder)
    assert (row.state, row.sent_at is not None) == ("sent", True)
    (mail,) = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "brochure_sent"))
    assert (mail.language, mail.email) == ("nn", "turid@kommune.example")
    page = adviser.get("/manage/documents").get_data(as_text=True)
    assert ">40<" in page


def test_contact_people_are_added_moved_changed_and_removed(adviser: FlaskClient) -> None:
    for name in ("Anne", "Berit"):
        adviser.post("/manage/contact-people", data={"name": name, "email": f"{name.lower()}@program.example"})
    _anne, berit = rows(ContactPerson)
    assert adviser.post(f"/manage/contact-people/{berit.public_id}/position", data={"to": "up"}).status_code == 303
    assert [one.position for one in rows(ContactPerson)] == [2, 1]
    adviser.post(f"/manage/contact-people/{berit.public_id}", data={"name": "Berit B", "title_nb": "Rådgiver"})
    page = adviser.get("/contact").get_data(as_text=True)
    assert re.findall(r"<h3>([^<]+)</h3>", page) == ["Berit B", "Anne"]
    adviser.post(f"/manage/contact-people/{berit.public_id}/removal")
    assert [one.name for one in rows(ContactPerson)] == ["Anne"]


def test_what_is_done_stands_in_the_log_with_what_it_was(adviser: FlaskClient) -> None:
    adviser.post("/manage/news", data=NEWS)
    (item,) = rows(NewsItem)
    adviser.post(f"/manage/news/{item.slug}", data=NEWS | {"title_nb": "Ny tittel", "edition": "1"})
    found = [(one.verb.value, one.object, one.key) for one in rows(LogEntry)]
    assert found == [("added", "news", "nytt-opptak"), ("changed", "news", "nytt-opptak")]
    assert rows(LogEntry)[-1].facts == {"title": {"from": {"nb": "Nytt opptak"}, "to": {"nb": "Ny tittel"}}}


@pytest.mark.parametrize(
    "address", ["news/{news}", "news/{news}/removal", "documents/{document}", "documents/{document}/nb"]
)
def test_what_is_another_organisers_is_not_there(
    adviser: FlaskClient, world: World, client: FlaskClient, address: str
) -> None:
    adviser.post("/manage/news", data=NEWS)
    upload(adviser, "Hefte.pdf", b"%PDF-1.7 ett")
    names = {"news": rows(NewsItem)[0].slug, "document": rows(SiteDocument)[0].slug}
    sign_in(client, add_account("unio@unio.example", world.unio))
    assert client.get("/manage/" + address.format(**names)).status_code == 404
    assert "Nytt opptak" not in client.get("/manage/news").get_data(as_text=True)


@pytest.mark.parametrize("address", ["/manage/news", "/manage/contact-people"])
def test_a_list_takes_as_many_statements_for_fifty_as_for_one(adviser: FlaskClient, address: str) -> None:
    def add(number: int) -> None:
        adviser.post(address, data={"title_nb": f"Nyhet {number}", "name": f"Navn {number}"})

    add(0)
    with counted(db.engine) as few:
        adviser.get(address)
    for number in range(1, 50):
        add(number)
    with counted(db.engine) as many:
        adviser.get(address)
    assert len(many) == len(few)


def test_a_document_of_several_megabytes_is_taken_and_one_above_the_limit_is_told_of(
    adviser: FlaskClient, world: World
) -> None:
    def put(size: int) -> int:
        file = FileStorage(io.BytesIO(b"%PDF-1.4".ljust(size, b" ")), "stor.pdf")
        boundary, body = encode_multipart(MultiDict([*DOCUMENT.items(), ("file_nb", file)]))
        kind = f"multipart/form-data; boundary={boundary}"
        return adviser.post("/manage/documents", data=body, content_type=kind).status_code

    assert [put(5 * 2**20), put(MOST_BYTES + 1)] == [303, 422]
