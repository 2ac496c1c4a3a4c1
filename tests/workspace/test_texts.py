"""The pages of mail texts: what an organiser sees, writes, previews and takes back."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsys import clock
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.placeholders import PLACEHOLDERS
from eventsys.mailing.templates import read_shipped
from eventsys.organisers.models import Organiser
from eventsys.registrations.actions import register
from eventsys.workflows.models import MailTemplateVersion, Rule
from eventsys.workflows.texts import actions, find_sources
from eventsys.workflows.texts.checks import KNOWN, NOT_ORGANISERS, OF_CASES_ALONE
from eventsys.workflows.texts.rules import split
from eventsys.workspace.texts.samples import EXAMPLE, values_of
from eventsys.workspace.texts.wording import MEANINGS
from tests.accounts.people import add_account, sign_in
from tests.world import NOW, World, somebody

PAGE = "/manage/texts/reminder"
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
TYPED = {
    "opened_at": "0",
    "subject_nb": "Husk {event}",
    "body_nb": "Vi sees {when}.\r\n\r\n[Se]({registrations})",
    "subject_en": "Remember {event}",
    "body_en": "See you {when}.\r\n\r\n[See]({registrations})",
}


@pytest.fixture
def stranger(app: Flask, world: World) -> FlaskClient:
    """Somebody of the other organiser."""
    client = app.test_client()
    sign_in(client, add_account("stranger@unio.example", world.unio, name="Stranger"))
    return client


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def sources(organiser_id: int, key: str = "reminder") -> dict[str, str]:
    db.session.rollback()
    return find_sources(db.session(), [(organiser_id, key)])[organiser_id, key]


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def mails_of(page: str) -> list[str]:
    """The documents in the frames of a preview."""
    return [html.unescape(found) for found in re.findall(r'srcdoc="([^"]*)"', page)]


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_says_when_each_is_sent_and_what_is_not_written(adviser: FlaskClient, world: World) -> None:
    adviser.post(PAGE, data=TYPED)
    page = text_of(read(adviser, "/manage/texts/"))
    assert "Reminder 1 rule that is on sends it Not written in nynorsk Changed by you" in page
    assert "Practical information 1 rule that is on sends it all three Came with the system" in page
    assert "Confirmation When somebody gets a place all three Came with the system" in page
    assert "Link to sign in" not in page


def test_a_text_of_ones_own_begins_as_a_copy(adviser: FlaskClient, world: World) -> None:
    answer = adviser.post("/manage/texts/", data={"name": "Vel møtt", "from": "reminder"})
    assert (answer.status_code, answer.location) == (303, "/manage/texts/own-vel-mott")
    assert sources(world.secretariat, "own-vel-mott") == read_shipped("reminder")
    assert "Vel møtt No rule sends it now all three Your own" in text_of(read(adviser, "/manage/texts/"))
    typed = {**TYPED, "opened_at": "1", "name": "Velkommen"}
    assert adviser.post("/manage/texts/own-vel-mott", data=typed).status_code == 303
    assert "Velkommen" in read(adviser, "/manage/texts/own-vel-mott")


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": " ", "from": "reminder"}, "name"), ({"name": "x", "from": "sign_in"}, "from"), ({"name": "x"}, "from")],
)
def test_a_new_text_needs_a_name_and_something_to_begin_as(
    adviser: FlaskClient, typed: dict[str, str], field: str
) -> None:
    answer = adviser.post("/manage/texts/", data=typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.get_data(as_text=True)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_the_form_has_three_languages_and_every_placeholder_with_its_meaning(adviser: FlaskClient) -> None:
    page = read(adviser, PAGE)
    for language, source in read_shipped("reminder").items():
        subject, body = split(source)
        assert html.escape(subject) in page
        assert html.unescape(page).count(body) == 1, language
    assert tuple(MEANINGS) == tuple(name for name in PLACEHOLDERS if name not in NOT_ORGANISERS)
    assert tuple(name for name in MEANINGS if name not in OF_CASES_ALONE) == KNOWN
    shown = text_of(page)
    assert "{event} the event’s title" in shown
    assert "[…]({event_link}) the event’s page" in shown


def test_what_is_written_is_kept_with_who_wrote_it(adviser: FlaskClient, world: World) -> None:
    answer = adviser.post(PAGE, data=TYPED)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert sources(world.secretariat) == {
        "nb": "Subject: Husk {event}\n\nVi sees {when}.\n\n[Se]({registrations})\n",
        "en": "Subject: Remember {event}\n\nSee you {when}.\n\n[See]({registrations})\n",
    }
    page = text_of(read(adviser, PAGE))
    assert "The text is saved." in page
    assert "Not written in nynorsk. A rule cannot be switched on" in page
    assert "Version 1 counts now" in page
    assert "Adviser Bokmål, Nynorsk, English" in page


def test_what_is_wrong_is_said_beside_its_field_in_the_organisers_language(adviser: FlaskClient, world: World) -> None:
    typed = {**TYPED, "subject_nb": "{evnt}", "body_en": "[x](side.html)", "subject_nn": "Hei"}
    answer = adviser.post(PAGE, data=typed)
    page = text_of(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Bokmål: There is no {evnt}; did you mean {event}?" in page
    assert "English: A link must begin with https://, mailto: or tel:; “side.html” does not." in page
    assert "Nynorsk: Write the text." in page
    assert 'value="{evnt}"' in answer.get_data(as_text=True)
    assert sources(world.secretariat) == read_shipped("reminder")


def test_a_text_in_no_language_is_refused(adviser: FlaskClient) -> None:
    answer = adviser.post(PAGE, data={"opened_at": "0", "body_nb": "  "})
    assert answer.status_code == 422
    assert "Write the text in one language at least." in answer.get_data(as_text=True)


def test_a_text_that_is_much_too_long_is_refused_with_how_long_it_is(adviser: FlaskClient) -> None:
    answer = adviser.post(PAGE, data={**TYPED, "body_nb": "x" * 100_000})
    assert answer.status_code == 422
    assert "Bokmål: At most 20000 characters; this is 100000." in answer.get_data(as_text=True)


def test_the_second_of_two_editors_is_told_and_can_save_over_the_first(
    adviser: FlaskClient, app: Flask, world: World
) -> None:
    colleague = app.test_client()
    sign_in(colleague, add_account("colleague@program.example", world.secretariat, name="Colleague"))
    assert colleague.post(PAGE, data={**TYPED, "subject_nb": "Min {event}"}).status_code == 303
    answer = adviser.post(PAGE, data=TYPED)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Colleague saved it" in text_of(page)
    assert "Taken away Min {event}" in text_of(page).replace("Subject: ", "")
    assert "Added Husk {event}" in text_of(page).replace("Subject: ", "")
    assert 'name="opened_at" value="1"' in page
    assert sources(world.secretariat)["nb"].startswith("Subject: Min {event}")
    assert adviser.post(PAGE, data={**TYPED, "opened_at": "1"}).status_code == 303
    assert sources(world.secretariat)["nb"].startswith("Subject: Husk {event}")


# --- what differs, and versions ---------------------------------------------------------------------------------------


def test_what_differs_from_the_shipped_text_is_said_in_words_too(adviser: FlaskClient) -> None:
    assert "Nothing: the text is as it came with the system." in read(adviser, PAGE)
    source = read_shipped("reminder")
    typed = {f"{field}_{code}": value for code in source for field, value in split(source[code])._asdict().items()}
    adviser.post(PAGE, data={**typed, "opened_at": "0", "body_nb": typed["body_nb"].replace("Hei!", "God dag!")})
    page = read(adviser, PAGE)
    assert re.findall(r"<(ins|del)>([^<]*)<", page) == [("del", "Hei!"), ("ins", "God dag!")]
    assert "Taken away Hei! Added God dag!" in text_of(page)


def test_an_old_version_is_looked_at_and_counts_again(adviser: FlaskClient, world: World) -> None:
    adviser.post(PAGE, data=TYPED)
    adviser.post(PAGE, data={**TYPED, "opened_at": "1", "subject_nb": "Hei {event}"})
    page = text_of(read(adviser, f"{PAGE}/versions/1"))
    assert "Husk {event}" in page
    assert "Let this version count again" in page
    answer = adviser.post(f"{PAGE}/versions/1/restoration", data={"opened_at": "2"})
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert sources(world.secretariat)["nb"].startswith("Subject: Husk {event}")
    assert "Version 3 counts now" in text_of(read(adviser, PAGE))


def test_the_shipped_text_is_used_again_and_ones_own_stays_among_the_versions(
    adviser: FlaskClient, world: World
) -> None:
    adviser.post(PAGE, data=TYPED)
    assert adviser.post(f"{PAGE}/shipped", data={"opened_at": "1"}).status_code == 303
    assert sources(world.secretariat) == read_shipped("reminder")
    page = text_of(read(adviser, PAGE))
    assert "Version 2 counts now" in page
    assert "The text that came with the system again" in page
    assert "Husk {event}" in read(adviser, f"{PAGE}/versions/1")


def test_nothing_is_put_back_over_what_somebody_saved_meanwhile(adviser: FlaskClient, world: World) -> None:
    adviser.post(PAGE, data=TYPED)
    for action in ("shipped", "versions/1/restoration"):
        assert adviser.post(f"{PAGE}/{action}", data={"opened_at": "0"}).status_code == 303
    assert "Somebody saved another version meanwhile" in read(adviser, PAGE)
    assert sources(world.secretariat)["nb"].startswith("Subject: Husk {event}")


@pytest.mark.parametrize("path", ["nothing", "sign_in", "a%2Fb", "reminder/versions/1", "own-none/preview"])
def test_a_text_or_a_version_that_is_not_there_answers_404(adviser: FlaskClient, path: str) -> None:
    assert adviser.get(f"/manage/texts/{path}").status_code == 404


# --- the preview ------------------------------------------------------------------------------------------------------


def test_a_preview_shows_three_languages_with_the_next_events_data(adviser: FlaskClient, world: World) -> None:
    with transaction() as session:
        register(session, somebody(world, name="Ola <b> {event}"), now=clock.now())
    answer = adviser.get(f"{PAGE}/preview")
    page = answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"] == SANDBOX
    assert answer.headers["Cache-Control"] == "no-store"
    mails = mails_of(page)
    assert [re.search(r'<html lang="(\w+)"', mail)[1] for mail in mails] == ["nb", "nn", "en"]  # type: ignore[index]
    assert all("Ola &lt;b&gt; {event}, Bø (Telemark)" in mail for mail in mails)
    assert "Læringsseminar 2, 1.–2. september: snart er det klart" in text_of(page)
    assert "Læringsseminar 2 (nn), " in text_of(page)


def test_a_preview_shows_what_is_typed_and_what_is_wrong_with_it_and_keeps_nothing(adviser: FlaskClient) -> None:
    event = db.session.scalars(sa.select(Event).where(Event.slug.like("kvalitet%"))).one()
    typed = {**TYPED, "subject_en": "{evnt}", "event": event.slug, "view": "text"}
    page = adviser.post(f"{PAGE}/preview", data=typed).get_data(as_text=True)
    assert mails_of(page) == []
    assert "Vi sees onsdag 26. november 2008, kl. 10.00" in text_of(page)
    assert "There is no {evnt}; did you mean {event}?" in text_of(page)
    assert "Not written." in page
    assert db.session.scalars(sa.select(MailTemplateVersion)).all() == []


def test_a_preview_without_an_event_has_an_example(adviser: FlaskClient, world: World) -> None:
    for language in ("nb", "nn", "en"):
        values = values_of(EXAMPLE, language, organiser="Sekretariatet", site="KKP", base_url="https://kkp.example/")
        assert values.keys() == PLACEHOLDERS.keys()
        assert all(values.values())
    page = adviser.post(f"{PAGE}/preview", data={**TYPED, "event": ""}).get_data(as_text=True)
    assert "Husk Læringsseminar 2" in text_of(page)
    assert len(mails_of(page)) == 2


def test_a_preview_has_no_data_of_somebody_elses_event(adviser: FlaskClient, world: World) -> None:
    typed = {**TYPED, "event": world.events["unio"].slug}
    assert adviser.post(f"{PAGE}/preview", data=typed).status_code == 404
    assert "Unios konferanse" not in read(adviser, PAGE)


HOSTILE = ["{{ 7*7 }}", "{who}", "<script>alert(1)</script>", 'R&D "AS"', "</iframe><b>", "zq7who7qz", "%(x)s"]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_just_that_in_every_preview(adviser: FlaskClient, world: World, title: str) -> None:
    with transaction() as session:
        session.execute(sa.update(Event).values(title={"nb": title}))
        session.execute(sa.update(Organiser).values(name=title))
    page = read(adviser, f"{PAGE}/preview")
    assert page.count("<iframe") == page.count("</iframe>") == 3
    assert "<script" not in page
    assert all(html.escape(title) in mail for mail in mails_of(page))
    assert f"{title}, 1.–2. september: snart er det klart" in text_of(page.replace("\n", " "))


# --- two organisers ---------------------------------------------------------------------------------------------------


def test_one_organisers_texts_are_nothing_to_the_other(
    adviser: FlaskClient, stranger: FlaskClient, world: World
) -> None:
    with transaction() as session:
        theirs = actions.new_text(
            session, organiser_id=world.unio, name="Rødstrupe", texts=read_shipped("reminder"), account_id=None, now=NOW
        )
    adviser.post(PAGE, data=TYPED)
    addresses = [f"/manage/texts/{theirs.key}{rest}" for rest in ("", "/preview", "/versions/1")]
    assert [adviser.get(address).status_code for address in addresses] == [404] * 3
    assert [stranger.get(address).status_code for address in addresses] == [200] * 3
    posted = [f"/manage/texts/{theirs.key}{rest}" for rest in ("", "/preview", "/shipped", "/versions/1/restoration")]
    assert [adviser.post(address, data={**TYPED, "opened_at": "1"}).status_code for address in posted] == [404] * 4
    assert adviser.post("/manage/texts/", data={"name": "x", "from": theirs.key}).status_code == 422
    assert "Rødstrupe" not in read(adviser, "/manage/texts/") + read(adviser, "/manage/texts/new")
    assert "Husk {event}" not in read(stranger, PAGE)
    assert stranger.get(f"{PAGE}/versions/1").status_code == 404
    assert stranger.post(f"{PAGE}/versions/1/restoration", data={"opened_at": "0"}).status_code == 404
    assert sources(world.unio) == read_shipped("reminder")
    assert stranger.post(f"/manage/texts/{theirs.key}/shipped", data={"opened_at": "1"}).status_code == 404


def test_a_language_that_is_not_written_any_more_is_said_to_be_gone(adviser: FlaskClient) -> None:
    adviser.post(PAGE, data=TYPED)
    page = text_of(read(adviser, PAGE))
    assert "Nynorsk Taken away as a whole." in page
    assert "Kan du ikkje kome likevel" not in page.partition("What is not as it came")[2]


def test_a_text_of_ones_own_is_removed_when_nothing_uses_it_and_one_that_is_shipped_stays(
    adviser: FlaskClient, stranger: FlaskClient, world: World
) -> None:
    made = adviser.post("/manage/texts/", data={"name": "Vår hilsen", "from": "free"})
    page = made.location
    removal = f"{page}/removal"
    assert removal in read(adviser, page)
    assert "/removal" not in read(adviser, PAGE)
    assert [client.post(where).status_code for client, where in ((stranger, removal), (adviser, f"{PAGE}/removal"))] == [
        404, 404,
    ]  # fmt: skip
    with transaction() as session:
        rule = session.scalars(
            sa.select(Rule).where(Rule.organiser_id == world.secretariat, Rule.key == "thanks")
        ).one()
        rule.template = page.rpartition("/")[2]
    assert removal not in read(adviser, page)
    assert "uses the text, so it stays." in text_of(read(adviser, page))
    assert adviser.post(removal).location == page
    with transaction() as session:
        session.get_one(Rule, rule.id).template = "thanks"
    assert adviser.post(removal).location == "/manage/texts/"
    assert "Vår hilsen” is removed." in text_of(read(adviser, "/manage/texts/"))
    assert adviser.get(page).status_code == 404
