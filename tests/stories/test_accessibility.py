"""Every page by machine against WCAG 2.2 A and AA, at two widths, light and dark; and by keyboard, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from eventsys.demo.mails import list_mails, read_mail
from tests.guards.visits import list_rules
from tests.mailing.returns.samples import report
from tests.stories import (
    applying,
    assessing,
    browsing,
    calling,
    contacting,
    inviting,
    joining,
    meeting,
    papers,
    working,
)
from tests.stories.browsing import photograph, wait_for_mails
from tests.stories.conftest import OpenBrowser
from tests.stories.returning import come_back
from tests.stories.serving import Site, demo

AXE = """async () => (await axe.run(document, {
    resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
})).violations.map(found => `${found.id}: ${found.nodes.map(node => node.html).join(" ")}`)"""
DESKTOP, PHONE, NARROWEST = 1280, 390, 320
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (DESKTOP, PHONE)]
SEMINAR = "laeringsseminar-2-pulje-ii"
HOTEL = "radisson-sas-plaza-oslo"

# Where each page of HTML is; names in braces are found out in the demo.
PAGES = {
    "accounts.confirm": "/sign-in/{link}",
    "accounts.new": "/sign-in",
    "accounts.sent": "/sign-in/sent",
    "calendars.contact_calendars": "/organisations/0821/contacts/{contact}/calendars",
    "calendars.index": "/calendars/?municipality=0821",
    "calendars.own_calendars": "/me/calendars",
    "calendars.subscribe": "/calendars/subscribe?cohort=pulje-ii",
    "demo.index": "/dev/",
    "demo.mail": "/dev/mail/",
    "demo.one_mail": "/dev/mail/{mail}",
    "registrations.confirm_contact": "/contacts/{contact_question}",
    "registrations.confirm_own_pages": "/me/{own_pages}",
    "registrations.contact_asked": "/organisations/0821/contacts/asked",
    "registrations.contact_page": "/organisations/0821/contacts/{contact}",
    "registrations.me": "/me",
    "registrations.organisation": "/organisations/0821",
    "registrations.own_pages_sent": "/me/sent",
    "registrations.seat_of_organisation": "/organisations/0821/contacts/{contact}/seats/{contact_seat}",
    "workspace.contacts": "/manage/contacts",
    "obligations.new_excuse": "/organisations/0821/contacts/{contact}/excuses/new",
    "workspace.obligations": "/manage/obligations",
    "workspace.new_obligation": "/manage/obligations/new",
    "workspace.edit_obligation": "/manage/obligations/{obligation}/edit",
    "workspace.confirm_remove_obligation": "/manage/obligations/{obligation}/removal",
    "workspace.matrix": "/manage/programmes/kvalitetskommuneprogrammet/matrix",
    "workspace.matrix_member": "/manage/programmes/kvalitetskommuneprogrammet/matrix/{promised}",
    "workspace.composition": "/manage/programmes/kvalitetskommuneprogrammet/composition",
    "workspace.excuses": "/manage/excuses",
    "registrations.new": "/events/{seminar}/registrations/new",
    "registrations.new_delegation": "/events/{seminar}/delegations/new",
    "registrations.received": "/events/{seminar}/registrations/received",
    "registrations.show": "/registrations/{registration}",
    "registrations.delegation": "/delegations/{delegation}",
    "registrations.details": "/registrations/{registration}/details",
    "registrations.handed_over": "/registrations/handed-over",
    "registrations.link_sent": "/registrations/links/sent",
    "registrations.seat": "/delegations/{delegation}/seats/{seat}",
    "site.delegation_mails": "/delegations/{delegation}/mails",
    "site.own_mails": "/registrations/{mailed}/mails",
    "registrations.ticket": "/registrations/{registration}/ticket",
    "site.contact": "/contact",
    "site.event": "/events/{seminar}",
    "site.events": "/events/",
    "site.index": "/",
    "site.municipalities": "/municipalities/?q=bø",
    "site.municipality": "/municipalities/0821",
    "site.privacy": "/privacy",
    "site.news": "/news",
    "site.news_item": "/news/{news}",
    "site.documents": "/documents",
    "site.new_order": "/documents/{brochure}/orders/new",
    "site.order_received": "/documents/orders/received",
    "workspace.site": "/manage/site",
    "workspace.own_news": "/manage/news",
    "workspace.new_news": "/manage/news/new",
    "workspace.edit_news": "/manage/news/{news}",
    "workspace.confirm_news_removal": "/manage/news/{news}/removal",
    "workspace.site_documents": "/manage/documents",
    "workspace.new_site_document": "/manage/documents/new",
    "workspace.edit_site_document": "/manage/documents/{brochure}",
    "workspace.brochure_orders": "/manage/orders",
    "workspace.contact_people": "/manage/contact-people",
    "workspace.edit_contact_person": "/manage/contact-people/{contact_person}",
    "site.programme": "/programme",
    "site.members": "/programme/members",
    "site.networks": "/programme/networks",
    "site.network": "/programme/networks/innlandet",
    "site.programme_figures": "/programme/figures",
    "workflows.unsubscribe": "/unsubscribe/{unsubscribe}",
    "workspace.calendars": "/manage/calendars",
    "workspace.language_report": "/manage/language-report",
    "workspace.privacy": "/manage/privacy",
    "privacy.own_data": "/me/data",
    "workspace.announcements": "/manage/announcements",
    "workspace.confirm_cancel_event": "/manage/events/{seminar}/cancellation",
    "workspace.attendance": "/manage/events/{seminar}/attendance",
    "workspace.check_in": "/manage/events/{seminar}/check-in",
    "workspace.new_walk_in": "/manage/events/{seminar}/check-in/new",
    "workspace.confirm_cancel_participant": "/manage/events/{seminar}/participants/{participant}/cancellation",
    "workspace.confirm_cancel_run": "/manage/events/{seminar}/runs/{run}/cancellation",
    "workspace.edit_event": "/manage/events/{seminar}/edit",
    "workspace.group_meetings": f"/manage/groups/{meeting.GROUP}/meetings",
    "workspace.new_meetings": f"/manage/groups/{meeting.GROUP}/meetings/new",
    "workspace.confirm_end_group": f"/manage/groups/{meeting.GROUP}/end",
    "workspace.agenda": "/manage/events/{meeting}/agenda",
    "workspace.edit_agenda_item": "/manage/events/{meeting}/agenda/{agenda_item}/edit",
    "workspace.confirm_remove_agenda_item": "/manage/events/{meeting}/agenda/{agenda_item}/removal",
    "workspace.minutes": "/manage/events/{meeting}/minutes",
    "site.group_page": "/groups/{group_link}",
    "site.group_meeting": "/groups/{group_link}/meetings/{meeting}",
    "workspace.edit_run": "/manage/events/{seminar}/runs/{run}/edit",
    "workspace.event": "/manage/events/{seminar}",
    "workspace.confirm_remove_event_session": "/manage/events/{seminar}/sessions/{session}/removal",
    "workspace.confirm_remove_question": "/manage/events/{seminar}/questions/{question}/removal",
    "workspace.edit_event_session": "/manage/events/{seminar}/sessions/{session}/edit",
    "workspace.edit_nights": "/manage/events/{seminar}/runs/{run}/nights",
    "workspace.edit_question": "/manage/events/{seminar}/questions/{question}/edit",
    "workspace.event_sessions": "/manage/events/{seminar}/sessions",
    "workspace.programme": "/manage/events/{seminar}/programme",
    "workspace.confirm_tell_programme": "/manage/events/{seminar}/runs/{run}/programme",
    "workspace.materials": "/manage/events/{seminar}/materials",
    "workspace.new_material": "/manage/events/{seminar}/materials/new",
    "workspace.edit_material": "/manage/events/{seminar}/materials/{material}/edit",
    "workspace.confirm_remove_material": "/manage/events/{seminar}/materials/{material}/removal",
    "workspace.speakers": "/manage/speakers",
    "workspace.new_speaker": "/manage/speakers/new",
    "workspace.speaker": "/manage/speakers/{speaker}",
    "workspace.confirm_remove_speaker": "/manage/speakers/{speaker}/removal",
    "site.event_programme": "/events/{seminar}/programme",
    "workspace.limits": "/manage/events/{seminar}/limits",
    "workspace.new_event_session": "/manage/events/{seminar}/runs/{run}/sessions/new",
    "workspace.new_question": "/manage/events/{seminar}/questions/new?kind=some_of",
    "workspace.nights": "/manage/events/{seminar}/nights",
    "workspace.questions": "/manage/events/{seminar}/questions",
    "workspace.registration_terms": "/manage/events/{seminar}/registration",
    "workspace.event_mail": "/manage/events/{seminar}/mail",
    "workspace.events": "/manage/events",
    "workspace.figures": "/manage/events/{seminar}/figures",
    "workspace.index": "/manage/",
    "workspace.mail": "/manage/mail",
    "workspace.new_event": "/manage/events/new",
    "workspace.new_event_form": "/manage/events/new/form?type=learning_seminar",
    "workspace.new_copy": "/manage/copies/{seminar}",
    "workspace.new_network_events": "/manage/events/new/networks",
    "workspace.calendar_file": "/manage/events/new/calendar",
    "workspace.confirm_publish_event": "/manage/events/{draft}/publication",
    "workspace.event_contacts": "/manage/events/{seminar}/contacts",
    "workspace.programmes": "/manage/programmes",
    "workspace.new_programme": "/manage/programmes/new",
    "workspace.show_programme": "/manage/programmes/kvalitetskommuneprogrammet",
    "workspace.edit_programme": "/manage/programmes/kvalitetskommuneprogrammet/edit",
    "workspace.grants": "/manage/programmes/kvalitetskommuneprogrammet/access",
    "workspace.new_party": "/manage/programmes/kvalitetskommuneprogrammet/parties/new",
    "workspace.edit_party": "/manage/programmes/kvalitetskommuneprogrammet/parties/{party}/edit",
    "workspace.confirm_remove_programme": "/manage/programmes/kvalitetskommuneprogrammet/removal",
    "workspace.confirm_remove_cohort": "/manage/cohorts/pulje-i/removal",
    "workspace.confirm_remove_network": "/manage/networks/innlandet/removal",
    "workspace.confirm_remove_party": "/manage/programmes/kvalitetskommuneprogrammet/parties/{party}/removal",
    "workspace.new_cohort": "/manage/programmes/kvalitetskommuneprogrammet/cohorts/new",
    "workspace.cohort": "/manage/cohorts/pulje-ii",
    "workspace.edit_cohort": "/manage/cohorts/pulje-ii/edit",
    "workspace.paste_cohort": "/manage/cohorts/pulje-ii/additions",
    "workspace.cohort_member": "/manage/cohorts/pulje-ii/members/municipality/0821",
    "workspace.new_network": "/manage/programmes/kvalitetskommuneprogrammet/networks/new",
    "workspace.network": "/manage/networks/innlandet",
    "workspace.edit_network": "/manage/networks/innlandet/edit",
    "workspace.paste_network": "/manage/networks/innlandet/additions",
    "workspace.list_series": "/manage/series",
    "workspace.new_series": "/manage/series/new",
    "workspace.series": "/manage/series/{series}",
    "workspace.edit_series": "/manage/series/{series}/edit",
    "workspace.new_series_copy": "/manage/series/{series}/copy",
    "workspace.new_run": "/manage/events/{seminar}/runs/new",
    "workspace.new_venue": "/manage/venues/new",
    "workspace.participants": "/manage/events/{seminar}/participants?q=telemark",
    "workspace.beds_and_chairs": "/manage/beds-and-chairs?first_on=01.09.2008&last_on=05.09.2008",
    "workspace.change_requests": "/manage/events/{seminar}/requests",
    "workspace.hotel_list": "/manage/events/{seminar}/hotel-list",
    "workspace.new_participant": "/manage/events/{seminar}/additions/new",
    "workspace.participant": "/manage/events/{seminar}/participants/{participant}",
    "workspace.participant_files": "/manage/events/{seminar}/files",
    "workspace.paste_participants": "/manage/events/{seminar}/additions",
    "workspace.returned_mails": "/manage/mail/returned/",
    "workspace.confirm_pause_event": "/manage/events/{seminar}/mail/pause",
    "workspace.confirm_pause_mail": "/manage/mail/pause",
    "workspace.confirm_pause_rule": "/manage/events/{seminar}/mail/rules/reminder/pause",
    "workspace.edit_mailing": "/manage/events/{seminar}/mailings/{mailing}/edit",
    "workspace.mailing": "/manage/events/{seminar}/mailings/{mailing}",
    "workspace.mailing_enclosures": "/manage/events/{seminar}/mailings/{mailing}/enclosures",
    "workspace.new_mailing": "/manage/events/{seminar}/mailings/new",
    "workspace.preview_occasion": "/manage/events/{seminar}/mail/occasions/{occasion}",
    "workspace.edit_event_rule": "/manage/events/{seminar}/rules/reminder",
    "workspace.edit_rule": "/manage/rules/nudge",
    "workspace.edit_type_rule": "/manage/rules/types/conference/confirmed",
    "workspace.event_rules": "/manage/events/{seminar}/rules",
    "workspace.new_event_rule": "/manage/events/{seminar}/rules/new",
    "workspace.new_rule": "/manage/rules/new",
    "workspace.new_type_rule": "/manage/rules/types/conference/new",
    "workspace.rules": "/manage/rules/",
    "workspace.type_rules": "/manage/rules/types/conference",
    "workspace.show_mail": "/manage/mail/{outbox}",
    "workspace.show_returned": "{returned}",
    "workspace.health": "/manage/health",
    "workspace.organisations": "/manage/organisations?q=bø",
    "workspace.organisation": "/manage/organisations/municipality/0821",
    "workspace.edit_organisation": "/manage/organisations/municipality/0821/edit",
    "workspace.new_organisation": "/manage/organisations/new",
    "workspace.import_organisations": "/manage/organisations/import",
    "workspace.succession": "/manage/organisations/succession",
    "workspace.people": "/manage/people",
    "workspace.person": "/manage/people/{person}",
    "workspace.choose_double": "/manage/people/{person}/merging?q=kari",
    "workspace.doubles": "/manage/people/doubles",
    "workspace.import_people": "/manage/people/import",
    "workspace.groups": "/manage/groups",
    "workspace.group": "/manage/groups/den-administrative-styringsgruppen",
    "workspace.edit_position": "/manage/positions/{position}",
    "workspace.representatives": "/manage/representatives",
    "workspace.import_representatives": "/manage/representatives/import",
    "workspace.person_mail": "/manage/people/{person}/mail",
    "workspace.retry_failed": "/manage/events/{seminar}/mail/retry",
    "workspace.test_mail": "/manage/health/test/{tested}",
    "workspace.new_text": "/manage/texts/new",
    "workspace.text": "/manage/texts/reminder",
    "workspace.text_files": "/manage/texts/reminder/files",
    "workspace.text_version": "/manage/texts/own-praktisk/versions/1",
    "workspace.texts": "/manage/texts/",
    "workspace.search": "/manage/search?q=bø",
    "workspace.settings": "/manage/settings",
    "workspace.log": "/manage/log",
    "workspace.team": "/manage/team",
    "workspace.colleague": "/manage/team/{colleague}",
    "workspace.confirm_remove_colleague": "/manage/team/{colleague}/removal",
    "workspace.join_team": "/manage/team/join/{joining}",
    "workspace.venue": f"/manage/venues/{HOTEL}",
    "workspace.edit_venue": f"/manage/venues/{HOTEL}/edit",
    "workspace.new_room": f"/manage/venues/{HOTEL}/rooms/new",
    "workspace.edit_room": f"/manage/venues/{HOTEL}/rooms/{{room}}/edit",
    "workspace.confirm_remove_room": f"/manage/venues/{HOTEL}/rooms/{{room}}/removal",
    "workspace.rooms": "/manage/rooms?on=2008-09-02",
    "workspace.deadlines": "/manage/deadlines",
    "workspace.new_deadline": "/manage/deadlines/new",
    "workspace.edit_deadline": "/manage/deadlines/{deadline}/edit",
    "workspace.confirm_remove_deadline": "/manage/deadlines/{deadline}/removal",
    "workspace.venues": "/manage/venues",
    "invitations.show": "/invitations/{invitation}",
    "invitations.new": "/invitations/{invitation}/registrations/new",
    "invitations.new_delegation": "/invitations/{invitation}/delegations/new",
    "workspace.audiences": "/manage/audiences",
    "workspace.audience": "/manage/audiences/{audience}",
    "workspace.confirm_remove_audience": "/manage/audiences/{audience}/removal",
    "workspace.edit_audience": "/manage/audiences/{audience}/edit",
    "workspace.new_audience": "/manage/audiences/new",
    "workspace.confirm_nudge": "/manage/events/{seminar}/invitations/nudge",
    "programmes.projects": "/organisations/0821/contacts/{contact}/projects",
    "programmes.new_project": "/organisations/0821/contacts/{contact}/projects/new",
    "programmes.project": "/organisations/0821/contacts/{contact}/projects/{project}",
    "programmes.edit_project": "/organisations/0821/contacts/{contact}/projects/{project}/edit",
    "programmes.new_goal": "/organisations/0821/contacts/{contact}/projects/{project}/goals/new",
    "programmes.edit_goal": "/organisations/0821/contacts/{contact}/projects/{project}/goals/{goal}/edit",
    "programmes.goal_figures": "/organisations/0821/contacts/{contact}/projects/{project}/goals/{goal}/figures",
    "programmes.network_projects": "/organisations/0821/contacts/{contact}/projects/networks",
    "programmes.network_project": "/organisations/0821/contacts/{contact}/projects/networks/{shared_project}",
    "visits.visits": "/organisations/0821/contacts/{contact}/visits",
    "visits.new_visit": "/organisations/0821/contacts/{contact}/visits/new",
    "visits.visit": "/organisations/0821/contacts/{contact}/visits/{offered_visit}",
    "workspace.projects": "/manage/projects",
    "workspace.project": "/manage/projects/{project}",
    "workspace.programme_goals": "/manage/programmes/kvalitetskommuneprogrammet/goals",
    "workspace.visits": "/manage/visits?view=all",
    "workspace.visit": "/manage/visits/{agreed_visit}",
    "programmes.call": "/calls/{call}",
    "programmes.call_of": "/calls/{call}/{call_token}",
    "programmes.application": "/applications/{application}",
    "programmes.review_application": "/applications/{application}/review",
    "site.application_mails": "/applications/{sent_application}/mails",
    "programmes.colleagues": "/applications/{application}/colleagues",
    "programmes.confirm_removing_file": "/applications/{application}/files/{application_paper}/removal",
    "programmes.confirm_withdrawing": "/applications/{sent_application}/withdrawal",
    "workspace.calls": "/manage/calls",
    "workspace.new_call": "/manage/calls/new",
    "workspace.call": "/manage/calls/{call}",
    "workspace.edit_call": "/manage/calls/{call_draft}/edit",
    "workspace.call_letter": "/manage/calls/{call_draft}/letter",
    "workspace.preview_call_letter": "/manage/calls/{call_draft}/letter/preview",
    "workspace.call_audience": "/manage/calls/{call_draft}/audience",
    "workspace.call_sending": "/manage/calls/{call_draft}/sending",
    "workspace.call_nudges": "/manage/calls/{call}/nudges",
    "workspace.confirm_end_call": "/manage/calls/{call}/end",
    "workspace.applications": "/manage/calls/{call}/applications",
    "workspace.application": "/manage/calls/{call}/applications/{assessed}",
    "workspace.compare_applications": "/manage/calls/{call}/applications/side-by-side?id={assessed}&id={decided}",
    "workspace.confirm_disqualify_oneself": "/manage/calls/{call}/applications/{assessed}/disqualification",
    "workspace.confirm_reverse_decision": "/manage/calls/{call}/applications/{decided}/reversal",
    "workspace.criteria": "/manage/calls/{call}/criteria",
    "workspace.edit_criterion": "/manage/calls/{call}/criteria/{criterion}",
    "workspace.confirm_remove_criterion": "/manage/calls/{call}/criteria/{criterion}/removal",
    "workspace.assessors": "/manage/calls/{call}/assessors",
    "workspace.intake": "/manage/calls/{call}/intakes/1",
    "workspace.decisions": "/manage/calls/{call}/decisions",
    "workspace.decision_letters": "/manage/calls/{call}/letters",
    "workspace.decision_letter": "/manage/calls/{call}/letters/{decision_letter}",
    "workspace.invitations": "/manage/events/{seminar}/invitations",
    "workspace.new_invitations": "/manage/events/{seminar}/invitations/new",
}
NO_PAGES = {
    "site.event_material", "registrations.material", "workspace.material", "workspace.suggest_speakers",
    "registrations.calendar",
    "registrations.organisation_by_kind", "registrations.certificate", "registrations.reopen",
    "registrations.reopen_delegation", "workspace.answer_file", "privacy.own_file",
    "workspace.attendance_list", "workspace.badges", "site.document_file", "workspace.own_document_file",
    "invitations.reopen", "invitations.reopen_delegation", "workspace.preview_invitation",
    "calendars.all", "calendars.cohort", "calendars.event", "calendars.network", "calendars.organisation",
    "calendars.organiser", "calendars.personal", "calendars.room", "calendars.type", "calendars.venue",
    "demo.mail_calendar", "demo.mail_html", "organisations.suggestions",
    "registrations.eligibility", "site.health", "site.readiness", "static", "workspace.export_participants",
    "workspace.export_participants_xlsx", "workspace.export_language_report",
    "workspace.export_language_report_xlsx",
    "workspace.mail_body", "workspace.text_preview", "workspace.event_rule_letter", "workspace.rule_letter",
    "workspace.type_rule_letter", "workspace.count_mailing", "workspace.mailing_body",
    "workspace.preview_occasion_body", "workflows.mail_file", "workspace.confirm_erase_representatives",
    "workspace.choose_copy",
    "site.group_minutes", "site.group_material", "site.group_calendar", "workspace.minutes_pdf",
    "programmes.call_file", "workspace.preview_call_letter_body", "workspace.export_call", "workspace.export_call_csv",
    "programmes.application_file", "programmes.application_pdf",
    "workspace.export_applications", "workspace.application_document", "workspace.application_file",
    "workspace.case_document", "workspace.decision_letter_document", "workspace.decision_letter_body",
    "workspace.matrix_pdf", "workspace.matrix_csv", "workspace.matrix_xlsx",
    "workspace.next_in_series", "accounts.provider", "accounts.come_back",
}  # fmt: skip
"""Calendars, files, fragments, plain words and ways elsewhere; what another organiser alone has (`test_registers`); and the
HTML of mails, which is looked at by itself below."""
PICTURED = {
    "workspace.team", "workspace.colleague", "workspace.log", "workspace.join_team",
    "workspace.organisations", "workspace.organisation", "workspace.people", "workspace.person", "workspace.group",
    "workspace.programme", "workspace.edit_event_session", "workspace.materials", "site.event_programme",
    "invitations.show", "workspace.audience", "workspace.edit_audience", "workspace.invitations",
    "workspace.new_invitations",
    "registrations.delegation", "registrations.details", "registrations.seat",
    "workspace.rooms", "workspace.venue", "workspace.deadlines",
    "workspace.beds_and_chairs", "workspace.participant", "workspace.paste_participants",
    "site.news", "site.documents", "site.new_order", "workspace.site", "workspace.edit_news", "workspace.brochure_orders",
    "workspace.edit_site_document", "workspace.contact_people",
    "registrations.me", "registrations.contact_page", "registrations.organisation", "workspace.contacts",
    "registrations.ticket", "workspace.attendance", "workspace.check_in", "workspace.new_walk_in",
    "registrations.new", "registrations.show", "site.event", "site.index", "site.municipality", "workspace.event",
    "workspace.event_mail", "workspace.index", "workspace.participants", "workspace.event_rules",
    "workspace.new_event_rule", "workspace.new_mailing", "workspace.mailing", "workspace.preview_occasion",
    "workspace.text", "workspace.texts", "workspace.health", "workspace.mail", "workspace.show_mail",
    "workspace.new_event", "workspace.new_copy", "workspace.new_series_copy", "workspace.confirm_publish_event",
    "workspace.returned_mails", "workspace.rules", "workspace.person_mail", "workspace.confirm_pause_event",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo(tmp_path_factory.mktemp("pages")) as site:
        yield site


@pytest.fixture(scope="module")
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """The secretary's browser, in bokmål."""
    context = chromium.new_context(locale="nb-NO", reduced_motion="reduce")
    page = context.new_page()
    browsing.sign_in(page, site.base)
    yield page
    context.close()


@pytest.fixture(scope="module")
def found(page: Page, site: Site) -> dict[str, str]:
    """What the addresses of pages need: somebody who is signed up, a run, mails and the links in them."""
    address = "kari.lyngmyrvoll@bo-telemark.example"
    page.goto(f"{site.base}/events/{SEMINAR}/registrations/new")
    browsing.fill_form(
        page, dates="2.–3. september", name="Kari Lyngmyrvoll", email=address, typed="bø", municipality="Bø (Telemark)"
    )
    browsing.send_form(page)
    registration = page.url.rpartition("/")[2]
    ((_subject, mail),) = wait_for_mails(page, site.base, address, 1)
    several = sign_up_two(page, site)
    secretary = "solveig.lyngflaten@program.example"
    page.request.post(f"{site.base}/dev/clock", form={"step": "week", "csrf_token": read_token(page)})
    page.goto(f"{site.base}/sign-in")
    page.get_by_label("E-postadressen din").fill(secretary)
    page.get_by_role("button", name="Send meg en lenke").click()
    ((_subject, link),) = wait_for_mails(page, site.base, secretary, 1)
    participants = read_links(page, f"{site.base}/manage/events/{SEMINAR}/participants?q=telemark")
    page.goto(f"{site.base}/manage/texts/new")
    page.get_by_label("Navn").fill("Praktisk")
    page.get_by_role("button", name="Lag teksten").click()
    outbox = read_links(page, f"{site.base}/manage/mail")["mail"]
    return {
        "seminar": SEMINAR,
        "news": "nye-kommuner-er-tatt-opp",
        "brochure": "slik-arbeider-vi",
        "contact_person": find_contact_person(page, site),
        "registration": registration,
        "mailed": read_text(site, mail, r"/registrations/([\w-]{43})"),
        **several,
        "mail": mail.rpartition("/")[2],
        "link": read_text(site, link, r"/sign-in/(\S+)"),
        "unsubscribe": read_text(site, find_reminder(site), r"/unsubscribe/(\S+)"),
        "run": read_links(page, f"{site.base}/manage/events/{SEMINAR}")["runs"],
        **ask_and_offer(page, site),
        **(linked := contacting.find_links(page, site, address)),
        **working.work(site, linked["contact"]),
        **begin_series(page, site),
        **joining.ask_colleague(page, site),
        **inviting.invite(page, site, SEMINAR),
        **papers.put_up(page, site, SEMINAR),
        **(called := calling.call_for_applications(page, site)),
        **assessing.assess(site, called["call"]),
        **applying.apply(site, called["call"]),
        **meeting.hold(page, site),
        "room": read_links(page, f"{site.base}/manage/venues/{HOTEL}")["rooms"],
        "deadline": read_links(page, f"{site.base}/manage/deadlines")["deadlines"],
        "party": find_party(page, site),
        **find_promised(page, site),
        "position": read_links(page, f"{site.base}/manage/organisations/municipality/0821")["positions"],
        "participant": participants["participants"],
        "person": participants["people"],
        "tested": send_test(page, site),
        "mailing": write_letter(page, site),
        "occasion": find_occasion(page, site),
        "outbox": outbox,
        "returned": bounce(page, site, outbox),
    }


def find_party(page: Page, site: Site) -> str:
    page.goto(f"{site.base}/manage/programmes/kvalitetskommuneprogrammet")
    return (page.locator("main a[href$='/removal']").first.get_attribute("href") or "").split("/")[-2]


def find_promised(page: Page, site: Site) -> dict[str, str]:
    """A promise, and a municipality of the overview."""
    obligation = read_links(page, f"{site.base}/manage/obligations")["obligations"]
    page.goto(f"{site.base}/manage/programmes/kvalitetskommuneprogrammet/matrix")
    member = page.locator("table.matrix tbody th a").first.get_attribute("href") or ""
    return {"obligation": obligation, "promised": member.rpartition("/")[2]}


def find_contact_person(page: Page, site: Site) -> str:
    page.goto(f"{site.base}/manage/contact-people")
    return (page.locator("main th a").first.get_attribute("href") or "").rpartition("/")[2]


def begin_series(page: Page, site: Site) -> dict[str, str]:
    """A series with the seminar in it, and a copy of the seminar, which is a draft."""
    page.goto(f"{site.base}/manage/series/new")
    page.locator("#name_nb").fill("Læringsseminar, høsten 2008")
    page.locator("main form button").first.click()
    series = page.url.rpartition("/")[2]
    page.locator(f'input[name="event"][value="{SEMINAR}"]').check()
    page.locator("main form button").first.click()
    page.goto(f"{site.base}/manage/copies/{SEMINAR}")
    page.locator("main form .actions button").last.click()
    return {"series": series, "draft": page.url.rpartition("/")[2]}


def send_test(page: Page, site: Site) -> str:
    """A test to the secretary, on its way."""
    page.goto(f"{site.base}/manage/health")
    page.locator("main form button").first.click()
    page.wait_for_url("**/health/test/*")
    return page.url.rpartition("/")[2]


def sign_up_two(page: Page, site: Site) -> dict[str, str]:
    """A registrar with a colleague and a place without a name."""
    page.goto(f"{site.base}/events/{SEMINAR}/delegations/new")
    page.get_by_role("radio", name="2.–3. september").first.check()
    for name, value in {"name": "Turid Bakkelid", "email": "turid.bakkelid@bo-telemark.example"}.items():
        page.locator(f"main [name={name}]").fill(value)
    browsing.choose_with_keyboard(page, "Kommune", "bø", "Bø (Telemark)")
    page.locator("[name=seat-1-name]").fill("Ola Lislid")
    for place in (1, 2):
        page.locator(f"[name=seat-{place}-part]").select_option("administration")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/delegations/*")
    page.wait_for_selector("main tbody th a")
    seat = page.locator("main tbody th a").last.get_attribute("href") or ""
    return {"delegation": page.url.rpartition("/")[2], "seat": seat.rpartition("/")[2]}


def ask_and_offer(page: Page, site: Site) -> dict[str, str]:
    """The first of the ready-made questions, and a session to choose."""
    event = f"{site.base}/manage/events/{SEMINAR}"
    page.goto(f"{event}/questions")
    shipped = page.locator("form[action$='/questions/shipped'] button")
    if shipped.count():
        shipped.click()
        page.wait_for_url(f"{event}/questions")
    question = page.locator("main a[href*='/questions/'][href$='/edit']").first.get_attribute("href") or ""
    page.goto(f"{event}/sessions")
    page.locator("main a[href$='/sessions/new']").first.click()
    for name, value in {"title_nb": "Verksted", "title_nn": "Verkstad", "starts": "10.00", "ends": "11.30"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(f"{event}/programme#*")
    return {"question": question.split("/")[-2], "session": papers.session_of(page)}


def write_letter(page: Page, site: Site) -> str:
    """A letter to those who are coming, as a draft."""
    page.goto(f"{site.base}/manage/events/{SEMINAR}/mailings/new")
    for code, subject in (("nb", "Husk gode sko"), ("nn", "Hugs gode sko"), ("en", "Bring good shoes")):
        page.locator(f"[name=subject_{code}]").fill(subject)
        page.locator(f"[name=body_{code}]").fill(f"{subject}!")
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    page.wait_for_url(re.compile(r"/mailings/(?!new)[\w-]+$"))
    return page.url.rpartition("/")[2]


def find_occasion(page: Page, site: Site) -> str:
    """The first that is to go out, as its address names it."""
    page.goto(f"{site.base}/manage/events/{SEMINAR}/mail")
    link = page.locator("main a[href*='/mail/occasions/']").first.get_attribute("href") or ""
    return link.partition("/mail/occasions/")[2].partition("?")[0].partition("#")[0]


def bounce(page: Page, site: Site, outbox: str) -> str:
    """Where it stands that the mail came back."""
    come_back(site.mails.parent / "demo.db", [(outbox, report(recipient=None))])
    page.goto(f"{site.base}/manage/mail/returned/")
    return page.locator("main th a").first.get_attribute("href") or ""


def read_token(page: Page) -> str:
    return page.locator("[name=csrf_token]").first.input_value()


NOUNS = r"/(runs|participants|people|positions|mail|rooms|deadlines|obligations)/([\w-]+)"


def read_links(page: Page, address: str) -> dict[str, str]:
    """By the noun in an address of a page, what follows it in the first link that has both."""
    page.goto(address)
    found: dict[str, str] = {}
    for link in page.locator("main a[href]").all():
        for noun, value in re.findall(NOUNS, link.get_attribute("href") or ""):
            if value not in ("new", "returned", "pause"):
                found.setdefault(noun, value)
    return found


def find_reminder(site: Site) -> str:
    return next(mail.name for mail in list_mails(site.mails, limit=1000) if "snart er det klart" in mail.subject)


def read_text(site: Site, mail: str, pattern: str) -> str:
    """What the pattern finds in the text of a mail."""
    read = read_mail(site.mails, mail.rpartition("/")[2])
    assert read is not None
    match = re.search(pattern, read.text)
    assert match is not None, read.text
    return match[1].rstrip(".>)")


def test_every_page_of_the_site_is_among_those_looked_at(sqlite_app: Flask) -> None:
    assert {rule.endpoint for rule in list_rules(sqlite_app)} == PAGES.keys() | NO_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault_that_a_machine_can_find(name: str, page: Page, site: Site, found: dict[str, str]) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(site.base + PAGES[name].format(**found))
    assert answer is not None
    assert (answer.status, faults(page, name if name in PICTURED else "")) == (200, [])
    assert (scrolls_sideways(page), complaints) == (False, [])


def test_a_page_that_is_not_there_has_no_fault(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/nowhere")
    assert (faults(page), scrolls_sideways(page)) == ([], False)


def test_a_form_with_errors_has_no_fault(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/events/{SEMINAR}/registrations/new")
    page.get_by_role("combobox", name="Kommune").fill("Oz")
    page.get_by_role("button", name="Meld på").click()
    expect(page.locator(".ds-error-summary")).to_be_visible()
    assert (faults(page, "errors"), scrolls_sideways(page)) == ([], False)


def test_the_mails_themselves_have_no_fault(page: Page, site: Site, found: dict[str, str]) -> None:
    for number, name in enumerate((found["mail"], find_reminder(site))):
        mail = read_mail(site.mails, name)
        assert mail is not None
        page.goto("about:blank")
        page.set_content(mail.html)
        assert (faults(page, f"mail-{number}"), scrolls_sideways(page)) == ([], False)


def faults(page: Page, picture: str = "") -> list[str]:
    """What axe finds in each look of the page that is open; with a picture of each, if it is named."""
    page.evaluate(AXE_SCRIPT)
    seen = []
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        seen += [f"{scheme} at {width}: {fault}" for fault in page.evaluate(AXE)]
        if picture and (scheme, width) != ("dark", PHONE):
            photograph(page, f"{picture}-{scheme}-{width}")
    return seen


def scrolls_sideways(page: Page) -> bool:
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser("nb-NO")
    page.goto(f"{site.base}/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hopp til hovedinnholdet")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_form_that_is_refused_says_first_what_is_wrong(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser("nb-NO")
    page.goto(f"{site.base}/events/{SEMINAR}/registrations/new")
    page.get_by_label("Navn").fill("Kari Lyngmyrvoll")
    page.get_by_role("button", name="Meld på").click()
    summary = page.locator(".ds-error-summary")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-post")).to_be_focused()
    expect(page.get_by_label("Navn")).to_have_value("Kari Lyngmyrvoll")


def test_signing_up_works_without_scripts_and_asks_which_bo_is_meant(site: Site, open_browser: OpenBrowser) -> None:
    page = open_browser("nb-NO", java_script_enabled=False)
    page.goto(f"{site.base}/events/{SEMINAR}")
    page.get_by_role("radio", name="2.–3. september").check()
    page.get_by_role("button", name="Meld meg på").click()
    page.get_by_label("Navn").fill("Ola Rognvikmo")
    page.get_by_label("E-post").fill("ola.rognvikmo@bo-telemark.example")
    page.get_by_label("Kommune").fill("bø")
    page.get_by_role("radio", name="Politisk ledelse").check()
    page.get_by_role("button", name="Meld på").click()
    page.get_by_role("group", name="Hvilken mener du?").get_by_role("radio", name="Bø (Telemark)").check()
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_text("Du har plass, Ola Rognvikmo.")).to_be_visible()
    expect(page.get_by_text("2.–3. september 2008")).to_be_visible()
