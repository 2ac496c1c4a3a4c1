"""The tour of the README, step by step, in the demo."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from eventsys.demo.build import DATA
from eventsys.demo.mails import list_mails
from tests.stories import browsing
from tests.stories.browsing import read_feed, read_invitation, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.serving import Site, demo

FROM_BO = "kari.lyngmyrvoll@bo-telemark.example"
FROM_KARASJOK = "ailo.snolidal@karasjok.example"
SEMINAR = "Læringsseminar 2"
# Of the 86 who come to the kickoff some have no name yet: their reminder is in the one to who signed them up.
KICKOFF = 80
# In the language that each has chosen; bokmål and nynorsk have the same words here.
REMINDER = "Oppstart for pulje III, 28.–29. august: snart er det klart"
REMINDERS = {REMINDER, "Kickoff for cohort III, 28–29 August: it is soon"}
ASKED = f"{SEMINAR}, 2.–3. september: arrangøren svarer snart"
ACCEPTED = f"{SEMINAR}, 2.–3. september: plassen er bekreftet"
EVENTS_OF_BO = ["Læringsseminar 2", "Lokale nettverkssamlinger", "Kvalitetskonferanse"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo(tmp_path_factory.mktemp("tour")) as site:
        yield site


def test_the_tour_of_the_readme_is_as_it_says(site: Site, open_browser: OpenBrowser) -> None:
    visitor, secretary = open_browser("nb-NO"), open_browser("en-GB")
    ask_what_is_for_bo(visitor, site)
    sign_up_from_bo(visitor, site)
    ask_to_come_from_karasjok(visitor, site)
    # Who is let come before the receipt of the question has gone is told the answer alone.
    wait_for_mails(visitor, site.base, FROM_KARASJOK, 1)
    browsing.sign_in(secretary, site.base)
    let_them_come(secretary)
    accepted, asked = wait_for_mails(visitor, site.base, FROM_KARASJOK, 2)
    assert (asked[0], accepted[0]) == (ASKED, ACCEPTED)
    assert read_invitation(visitor, accepted[1])[2:] == (0, "2008-09-02", "2008-09-04")
    pass_a_week(visitor, site)
    move_second_run(secretary, visitor, site)
    look_at_the_mail_to_come(secretary)
    write_to_the_participants(secretary, visitor, site)
    paste_again(secretary)


def ask_what_is_for_bo(page: Page, site: Site) -> None:
    """«Hva gjelder min kommune?»: the events of its cohort and its network, and one calendar for all of them."""
    page.goto(f"{site.base}/")
    browsing.choose_with_keyboard(page, "Hva gjelder min kommune?", "Bø", "Bø (Telemark)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/municipalities/0821")
    assert page.locator("article.event h3").all_inner_texts() == EVENTS_OF_BO
    feed = page.get_by_role("link", name="Kalenderadresse").get_attribute("href")
    assert feed == f"{site.base}/calendars/organisations/0821.ics"
    assert len(read_feed(page, feed)) == len(EVENTS_OF_BO) + 1


def sign_up_from_bo(page: Page, site: Site) -> None:
    page.get_by_role("link", name=SEMINAR, exact=True).click()
    page.get_by_role("radio", name="2.–3. september").check()
    page.get_by_role("button", name="Meld meg på").click()
    browsing.fill_form(
        page, dates="2.–3. september", name="Kari Lyngmyrvoll", email=FROM_BO, typed="bø", municipality="Bø (Telemark)"
    )
    browsing.send_form(page)
    expect(page.get_by_text("Du har plass, Kari Lyngmyrvoll.")).to_be_visible()
    wait_for_mails(page, site.base, FROM_BO, 1)
    page.goto(f"{site.base}/")
    page.get_by_role("link", name="Se sendt e-post").click()
    page.get_by_role("link", name=f"{SEMINAR}, 2.–3. september: plassen er bekreftet").click()
    assert read_invitation(page, page.url)[2:] == (0, "2008-09-02", "2008-09-04")


def ask_to_come_from_karasjok(page: Page, site: Site) -> None:
    """The form says at once whose the event is, which one is theirs, and that they may ask."""
    page.goto(f"{site.base}/events/laeringsseminar-2-pulje-ii/registrations/new")
    municipality = "Kárásjohka - Karasjok"
    browsing.fill_form(
        page, dates="2.–3. september", name="Ailo Snølidal", email=FROM_KARASJOK, typed="karasjok",
        municipality=municipality,
    )  # fmt: skip
    told = page.locator("#eligibility")
    expect(told.get_by_role("heading")).to_have_text(f"Dette arrangementet er ikke for {municipality}")
    assert told.locator("p").inner_text() == f"{municipality} er med i Pulje I. Dette er for deg: Læringsseminar 3"
    assert told.get_by_role("link").all_inner_texts() == ["Læringsseminar 3"]
    told.get_by_label("Be om å få komme likevel; arrangøren avgjør").check()
    browsing.send_form(page)
    expect(page.get_by_text("Arrangøren avgjør om du kan komme, Ailo Snølidal.")).to_be_visible()


def let_them_come(page: Page) -> None:
    """What needs a decision stands first; the answer is one press."""
    page.goto(page.url)
    first = page.locator(".attention li").first
    expect(first).to_contain_text("4 people ask to come")
    first.get_by_role("link", name="Decide").click()
    page.get_by_role("button").filter(has_text="Let them come: Ailo Snølidal").click()
    expect(page.get_by_text("Ailo Snølidal has a place and is told by mail.")).to_be_visible()


def pass_a_week(page: Page, site: Site) -> None:
    """The kickoff's reminders are due on 21 August at 09:00: each address gets one, in seconds."""
    page.goto(f"{site.base}/")
    page.get_by_role("button", name="+1 uke").click()
    expect(page.get_by_label("Demoklokke")).to_contain_text("mandag 25. august 2008, kl. 08.00")
    page.get_by_role("link", name="Se sendt e-post").click()
    expect(page.get_by_role("link", name=REMINDER).first).to_be_visible()
    until = time.monotonic() + browsing.MAIL_COMES_WITHIN
    while (reminders := count_reminders(site)).total() < KICKOFF and time.monotonic() < until:
        time.sleep(0.2)
    assert (len(reminders), set(reminders.values())) == (KICKOFF, {1})


def count_reminders(site: Site) -> Counter[str]:
    """How many of the kickoff's reminders each has got."""
    return Counter(mail.to for mail in list_mails(site.mails, limit=1000) if mail.subject in REMINDERS)


def move_second_run(page: Page, participant: Page, site: Site) -> None:
    """By a day: the page says how many are told, three who ask to come among them, and the two of this tour."""
    page.get_by_label("Organiser menu").get_by_role("link", name="Events").click()
    page.get_by_role("link", name="Learning seminar 2").click()
    browsing.move_second_run(page, "59 people who are signed up get a mail about it.")
    for address, mails in ((FROM_BO, 2), (FROM_KARASJOK, 3)):
        changed, *_before = wait_for_mails(participant, site.base, address, mails)
        assert read_invitation(participant, changed[1])[3:] == ("2008-09-03", "2008-09-05")


def look_at_the_mail_to_come(page: Page) -> None:
    """Who gets the next one, as of now, and how it reads."""
    page.get_by_label("This event").get_by_role("link", name="Mail").click()
    following = page.locator(".sentences li.next")
    expect(following).to_contain_text("109 people get the reminder about 1–2 September")
    following.get_by_role("link", name="see who").click()
    expect(page.get_by_text("1 of 109")).to_be_visible()
    page.go_back()


def write_to_the_participants(page: Page, participant: Page, site: Site) -> None:
    """To all of them in three languages, looked at before it goes; each gets it once."""
    page.get_by_role("link", name="Write to the participants now").click()
    for code, subject in (("nb", "Husk gode sko"), ("nn", "Hugs gode skor"), ("en", "Bring good shoes")):
        page.locator(f"[name=subject_{code}]").fill(subject)
        page.locator(f"[name=body_{code}]").fill(f"{subject}!")
    page.get_by_role("button", name="See who gets it").click()
    page.get_by_role("button", name="people now").click()
    ((subject, _mail), *_before) = wait_for_mails(participant, site.base, FROM_BO, 3)
    assert subject in ("Husk gode sko", "Bring good shoes")


def paste_again(page: Page) -> None:
    """Nothing is saved twice: each of the seven lines is found to be there."""
    page.get_by_role("link", name="Events", exact=True).first.click()
    page.get_by_role("link", name="New event").first.click()
    browsing.paste(page, (DATA / "activities-2008.txt").read_text(encoding="utf-8"))
    expect(page.locator("section.choice .ds-tag.state")).to_have_text(["There already"] * 7)
