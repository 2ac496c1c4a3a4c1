"""Documents and brochures: the newest version in each language, and orders on paper that nobody gets twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys import files
from eventsys.extensions import db, transaction
from eventsys.mailing.models import OutboxMessage
from eventsys.site.library import actions
from eventsys.site.models import BrochureOrder, SiteDocument
from eventsys.site.orders import actions as orders
from eventsys.site.rules import DocumentFacts, DocumentKind, OrderFacts, OrderState, TooManyOrders
from tests.statements import counted
from tests.world import NOW, World, build

PDF = b"%PDF-1.7 "
WANTED = OrderFacts(40, "nb", "Turid", "Bø", "Gata 1\n3833 Bø", "turid@kommune.example")
FORM = {
    "copies": "40", "language": "nb", "name": "Turid", "organisation": "Bø kommune",
    "postal_address": "Gata 1\r\n\r\n3833  Bø",
    "email": "Turid@kommune.example", "nonce": "a" * 24,
}  # fmt: skip


@pytest.fixture
def world(client: FlaskClient) -> World:
    return build()


def put_up(
    world: World, *, on_paper: bool = True, out: bool = True, versions: tuple[str, ...] = ("nb",)
) -> SiteDocument:
    facts = DocumentFacts(DocumentKind.BROCHURE, {"nb": "Slik arbeider vi"}, {}, on_paper, 100, NOW if out else None)
    with transaction() as session:
        document = actions.add(session, organiser_id=world.secretariat, facts=facts, now=NOW)
        for code in versions:
            actions.add_version(
                session, document, language=code, name="Hefte.pdf", content=PDF + code.encode(), now=NOW
            )
    return document


def list_orders() -> list[BrochureOrder]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(BrochureOrder).order_by(BrochureOrder.id)))


def test_the_newest_version_in_each_language_is_the_one_that_is_opened(client: FlaskClient, world: World) -> None:
    document = put_up(world, versions=("nb", "nn"))
    with transaction() as session:
        document = session.get_one(SiteDocument, document.id)
        assert actions.add_version(session, document, language="nb", name="Ny.pdf", content=PDF + b"to", now=NOW) == 2
    answer = client.get(f"/documents/{document.slug}/nb")
    assert (answer.data, answer.mimetype) == (PDF + b"to", "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=Ny.pdf"
    assert client.get(f"/documents/{document.slug}/nn").data == PDF + b"nn"
    assert client.get(f"/documents/{document.slug}/en").status_code == 404


def test_a_draft_is_neither_listed_nor_opened_nor_ordered(client: FlaskClient, world: World) -> None:
    document = put_up(world, out=False)
    assert "Slik arbeider vi" not in client.get("/documents").get_data(as_text=True)
    for address in ("nb", "orders/new"):
        assert client.get(f"/documents/{document.slug}/{address}").status_code == 404
    assert client.post(f"/documents/{document.slug}/orders", data=FORM).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("Hefte.pdf", b"", files.FileIsEmpty),
        ("Hefte.pdf", b"<html>", files.FileIsOfAnotherKind),
        ("Hefte.exe", b"MZ\x00", files.FileIsOfAnotherKind),
        ("Hefte.txt", b"%PDF-1.7", files.FileIsOfAnotherKind),
    ],
)
def test_a_file_is_what_its_bytes_are_and_its_name_says(
    world: World, name: str, content: bytes, error: type[Exception]
) -> None:
    document = put_up(world)
    with transaction() as session, pytest.raises(error):
        actions.add_version(session, document, language="nb", name=name, content=content, now=NOW)


def test_forty_are_ordered_once_however_often_the_form_is_sent(client: FlaskClient, world: World) -> None:
    document = put_up(world)
    for _time in (1, 2):
        answer = client.post(f"/documents/{document.slug}/orders", data=FORM)
        assert (answer.status_code, answer.location) == (303, "/documents/orders/received")
    (ordered,) = list_orders()
    assert (ordered.copies, ordered.postal_address, ordered.state) == (40, "Gata 1\n3833 Bø", OrderState.RECEIVED)
    (mail,) = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.template == "brochure_ordered"))
    assert (mail.email, mail.organiser_id) == ("Turid@kommune.example", world.secretariat)
    assert "40 × «Slik arbeider vi»" in (mail.text or "")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("copies", "0", "Skriv et helt tall"),
        ("copies", "101", "Høyst 100"),
        ("copies", "mange", "Skriv et helt tall"),
        ("name", "", "Fyll ut dette"),
        ("postal_address", "  \n ", "Fyll ut dette"),
        ("email", "turid", "Skriv en e-postadresse"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    client: FlaskClient, world: World, field: str, value: str, says: str
) -> None:
    document = put_up(world)
    answer = client.post(f"/documents/{document.slug}/orders", data=FORM | {field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">{says}', page), page
    assert "Bø kommune" in page
    assert list_orders() == []


def test_what_is_not_on_paper_cannot_be_ordered(client: FlaskClient, world: World) -> None:
    document = put_up(world, on_paper=False)
    assert client.post(f"/documents/{document.slug}/orders", data=FORM).status_code == 404


def test_an_address_orders_only_so_often_in_an_hour(world: World) -> None:
    document = put_up(world)
    with transaction() as session:
        document = session.get_one(SiteDocument, document.id)
        for number in range(10):
            orders.order(session, document, facts=WANTED, form_token=str(number), now=NOW)
        with pytest.raises(TooManyOrders):
            orders.order(session, document, facts=WANTED, form_token="more", now=NOW)
        later = NOW + timedelta(hours=1, minutes=1)
        assert orders.order(session, document, facts=WANTED, form_token="later", now=later) is not None


def test_an_order_is_answered_once_and_forgotten_three_months_after(world: World) -> None:
    document = put_up(world)
    with transaction() as session:
        document = session.get_one(SiteDocument, document.id)
        ordered = orders.order(session, document, facts=WANTED, form_token="one", now=NOW)
        assert ordered is not None
        assert orders.answer(session, ordered, state=OrderState.SENT, now=NOW) is True
        assert orders.answer(session, ordered, state=OrderState.DECLINED, now=NOW) is False
    assert (ordered.state, ordered.erase_on) == (OrderState.SENT, (NOW + timedelta(days=90)).date())
    for days, how_many in ((89, 0), (90, 1), (91, 0)):
        with transaction() as session:
            assert orders.erase(session, now=NOW + timedelta(days=days)) == how_many
    (forgotten,) = list_orders()
    db.session.refresh(forgotten)
    assert (forgotten.copies, forgotten.name, forgotten.email, forgotten.postal_address) == (40, "", "", "")


def test_the_list_takes_as_many_statements_for_fifty_as_for_one(client: FlaskClient, world: World) -> None:
    put_up(world)
    with counted(db.engine) as few:
        client.get("/documents")
    for _number in range(50):
        put_up(world)
    with counted(db.engine) as many:
        client.get("/documents")
    assert len(many) == len(few)
