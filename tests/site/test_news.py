"""News: written in three languages, out on its day, kept from being saved over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsys.extensions import db, transaction
from eventsys.site.models import NewsItem
from eventsys.site.news import actions
from eventsys.site.rules import EditedMeanwhile, NewsFacts
from tests.statements import counted
from tests.world import NOW, World, build


@pytest.fixture
def world(client: FlaskClient) -> World:
    return build()


def tell(world: World, title: str = "Nytt opptak", **facts: object) -> NewsItem:
    values = {"title": {"nb": title}, "text": {"nb": "Vi tar opp **flere**."}, "published_at": NOW, **facts}
    with transaction() as session:
        return actions.add(session, organiser_id=world.secretariat, facts=NewsFacts(**values), now=NOW)  # type: ignore[arg-type]


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_news_is_on_the_front_page_in_the_list_and_on_a_page_of_its_own(client: FlaskClient, world: World) -> None:
    item = tell(world)
    for address in ("/", "/news"):
        assert f'<a href="/news/{item.slug}">Nytt opptak</a>' in read(client, address)
    page = read(client, f"/news/{item.slug}")
    assert "<strong>flere</strong>" in page
    assert "Sekretariatet" in page


def test_what_is_not_out_yet_is_nowhere(client: FlaskClient, world: World) -> None:
    for title, at in (("Kladden", None), ("I morgen", NOW + timedelta(days=1))):
        item = tell(world, title, published_at=at)
        assert client.get(f"/news/{item.slug}").status_code == 404
        assert title not in read(client, "/") + read(client, "/news")


def test_a_reader_gets_the_nearest_language_and_it_is_marked(client: FlaskClient, world: World) -> None:
    item = tell(world)
    page = read(client, f"/news/{item.slug}?lang=nn")
    assert '<h1 lang="nb">Nytt opptak</h1>' in page


def test_tags_in_a_text_are_only_text(client: FlaskClient, world: World) -> None:
    item = tell(world, "R&D <b>", text={"nb": "<script>alert(1)</script> [x](javascript:alert(1))"})
    page = read(client, f"/news/{item.slug}")
    assert "R&amp;D &lt;b&gt;" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_two_of_one_title_have_two_addresses(world: World) -> None:
    assert [tell(world).slug, tell(world).slug] == ["nytt-opptak", "nytt-opptak-2"]


def test_whoever_saves_over_somebody_elses_change_is_told(world: World) -> None:
    item = tell(world)
    facts = NewsFacts({"nb": "Ny tittel"}, {}, NOW)
    with transaction() as session:
        actions.edit(session, session.get_one(NewsItem, item.id), facts=facts, edition=1, now=NOW)
    with pytest.raises(EditedMeanwhile), transaction() as session:
        actions.edit(session, session.get_one(NewsItem, item.id), facts=facts, edition=1, now=NOW)


def test_the_list_takes_as_many_statements_for_fifty_as_for_one(client: FlaskClient, world: World) -> None:
    tell(world)
    with counted(db.engine) as few:
        read(client, "/news")
    for number in range(50):
        tell(world, f"Nyhet {number}")
    with counted(db.engine) as many:
        page = read(client, "/news")
    assert len(many) == len(few)
    assert "/news?page=2" in page


@pytest.mark.parametrize("page", ["00001" + "9" * 5000, "00001" + "9" * 30, "0", "-1", "²"])
def test_a_page_that_there_is_not_is_the_first(client: FlaskClient, world: World, page: str) -> None:
    tell(world)
    assert "Nytt opptak" in read(client, f"/news?page={page}")
