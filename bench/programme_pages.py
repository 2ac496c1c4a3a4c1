"""Where each page of a large programme is. An endpoint that is neither here nor said to be about few rows is found out by
`list_forgotten`, so that no new page is left unmeasured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import Flask
from werkzeug.routing import MapAdapter

PAGES = """
/manage/
/manage/announcements
/manage/audiences
/manage/audiences/{audience}
/manage/audiences/{audience}/edit
/manage/audiences/new
/manage/beds-and-chairs?first_on=01.09.2008&last_on=05.09.2008
/manage/calendars
/manage/calls
/manage/calls/{call}
/manage/calls/{call}?standing=opened
/manage/calls/{call}/applications
/manage/calls/{call}/applications?state=sent
/manage/calls/{call}/applications/{application}
/manage/calls/{call}/applications/{application}/disqualification
/manage/calls/{call}/applications/{decided}/reversal
/manage/calls/{call}/applications/side-by-side?{compared}
/manage/calls/{call}/assessors
/manage/calls/{call}/criteria
/manage/calls/{call}/decisions
/manage/calls/{call}/edit
/manage/calls/{call}/audience
/manage/calls/{call}/end
/manage/calls/{call}/intakes/1
/manage/calls/{call}/intakes/2
/manage/calls/{call}/letter
/manage/calls/{call}/letter/preview
/manage/calls/{call}/letters
/manage/calls/{call}/letters/{letter}
/manage/calls/{call}/nudges
/manage/calls/{call}/sending
/manage/calls/new
/manage/cohorts/pulje-i
/manage/cohorts/pulje-i/additions
/manage/cohorts/pulje-i/edit
/manage/cohorts/pulje-i/removal
/manage/cohorts/pulje-i/members/municipality/{number}
/manage/contacts
/manage/copies/{event}
/manage/deadlines
/manage/deadlines/new
/manage/events
/manage/events?status=all
/manage/events/{event}
/manage/events/{past}
/manage/events/{meeting}
/manage/events/{event}/additions
/manage/events/{event}/additions/new
/manage/events/{meeting}/agenda
/manage/events/{past}/attendance
/manage/events/{event}/cancellation
/manage/events/{event}/check-in
/manage/events/{event}/check-in?q=kari
/manage/events/{event}/check-in/new
/manage/events/{event}/contacts
/manage/events/{event}/edit
/manage/events/{event}/figures
/manage/events/{past}/figures
/manage/events/{event}/files
/manage/events/{event}/hotel-list
/manage/events/{event}/invitations
/manage/events/{event}/invitations/new
/manage/events/{event}/invitations/nudge
/manage/events/{event}/limits
/manage/events/{event}/mail
/manage/events/{event}/mailings/new
/manage/events/{event}/materials
/manage/events/{meeting}/minutes
/manage/events/{event}/nights
/manage/events/{event}/participants
/manage/events/{event}/participants?q=kari
/manage/events/{event}/participants?page=20
/manage/events/{event}/participants/{seat}
/manage/events/{event}/participants/{seat}/cancellation
/manage/events/{event}/programme
/manage/events/{event}/questions
/manage/events/{event}/registration
/manage/events/{event}/requests
/manage/events/{event}/rules
/manage/events/{event}/sessions
/manage/events/{event}/runs/{run}/cancellation
/manage/events/{event}/runs/{run}/edit
/manage/events/{event}/runs/new
/manage/events/new
/manage/events/new/form?type=learning_seminar
/manage/events/new/networks
/manage/excuses
/manage/groups
/manage/groups/{group}
/manage/groups/{group}/end
/manage/groups/{group}/meetings
/manage/groups/{group}/meetings/new
/manage/health
/manage/language-report
/manage/log
/manage/mail
/manage/mail/{mail}
/manage/mail/returned/
/manage/networks/{network}
/manage/networks/{network}/additions
/manage/networks/{network}/edit
/manage/networks/{network}/removal
/manage/obligations
/manage/obligations/{obligation}/edit
/manage/obligations/{obligation}/removal
/manage/obligations/new
/manage/organisations
/manage/organisations?q=bø
/manage/organisations/municipality/{number}
/manage/organisations/municipality/{number}/edit
/manage/organisations/new
/manage/organisations/succession
/manage/people
/manage/people?q=kari
/manage/people/{person}
/manage/people/{person}/mail
/manage/people/{person}/merging?q=kari
/manage/people/doubles
/manage/positions/{position}
/manage/privacy
/manage/programmes
/manage/programmes/new
/manage/programmes/program
/manage/programmes/program/access
/manage/programmes/program/cohorts/new
/manage/programmes/program/composition
/manage/programmes/program/edit
/manage/programmes/program/goals
/manage/programmes/program/matrix
/manage/programmes/program/matrix?cohort=pulje-i
/manage/programmes/program/matrix?sort=missing
/manage/programmes/program/matrix?standing=broken
/manage/programmes/program/matrix?network={network}
/manage/programmes/program/matrix/{member}
/manage/programmes/program/networks/new
/manage/programmes/program/removal
/manage/projects
/manage/projects?cohort=pulje-i
/manage/projects/{project}
/manage/representatives
/manage/rooms?on=2008-09-02
/manage/rules/
/manage/search?q=bø
/manage/search?q=kari
/manage/series
/manage/series/{series}
/manage/series/{series}/copy
/manage/series/{series}/edit
/manage/series/new
/manage/settings
/manage/site
/manage/speakers
/manage/team
/manage/team/{colleague}
/manage/texts/
/manage/venues
/manage/venues/{venue}
/manage/visits
/manage/visits?view=all
/manage/visits/{visit}
/
/applications/{writer}
/applications/{writer}/colleagues
/applications/{writer}/mails
/applications/{writer}/review
/applications/{sent_writer}
/applications/{sent_writer}/withdrawal
/calendars/
/calendars/?municipality={number}
/calendars/subscribe?cohort=pulje-i
/calls/{call}
/calls/{call}/{recipient}
/contact
/delegations/{delegation}
/delegations/{delegation}/mails
/delegations/{delegation}/seats/{delegated_seat}
/documents
/events/
/events/{event}
/events/{event}/programme
/events/{event}/registrations/new
/events/{event}/delegations/new
/groups/{group_link}
/groups/{group_link}/meetings/{meeting}
/invitations/{invitation}
/invitations/{invitation}/registrations/new
/invitations/{invitation}/delegations/new
/municipalities/
/municipalities/?q=bø
/municipalities/{number}
/news
/organisations/{number}
/organisations/{number}/contacts/asked
/organisations/{number}/contacts/{contact}
/organisations/{number}/contacts/{contact}/calendars
/organisations/{number}/contacts/{contact}/excuses/new
/organisations/{number}/contacts/{contact}/projects
/organisations/{number}/contacts/{contact}/projects/networks
/organisations/{number}/contacts/{contact}/projects/new
/organisations/{number}/contacts/{contact}/projects/{project}
/organisations/{number}/contacts/{contact}/projects/{project}/edit
/organisations/{number}/contacts/{contact}/projects/{project}/goals/new
/organisations/{number}/contacts/{contact}/projects/{project}/goals/{goal}/edit
/organisations/{number}/contacts/{contact}/projects/{project}/goals/{goal}/figures
/organisations/{number}/contacts/{contact}/projects/networks/{others_project}
/organisations/{number}/contacts/{contact}/seats/{contact_seat}
/organisations/{number}/contacts/{contact}/visits
/organisations/{number}/contacts/{contact}/visits/{visit}
/organisations/{number}/contacts/{contact}/visits/new
/programme
/programme/figures
/programme/members
/programme/members?county={county}
/programme/members?cohort=pulje-i
/programme/networks
/programme/networks/{network}
/registrations/{registration}
/registrations/{registration}/details
/registrations/{registration}/mails
"""
FILES = """
/manage/calls/{call}/applications.xlsx
/manage/calls/{call}/applications/{application}/application.pdf
/manage/calls/{call}/applications/{decided}/case.pdf
/manage/calls/{call}/applications/{decided}/case.zip
/manage/calls/{call}/letters/{letter}/letter.pdf
/manage/calls/{call}/recipients.csv
/manage/calls/{call}/recipients.xlsx
/manage/events/{event}/participants.csv
/manage/events/{event}/participants.xlsx
/manage/events/{meeting}/minutes.pdf
/manage/events/{event}/runs/{run}/attendance.pdf
/manage/events/{event}/runs/{run}/badges.pdf
/manage/language-report.csv
/manage/language-report.xlsx
/manage/programmes/program/matrix.csv
/manage/programmes/program/matrix.pdf
/manage/programmes/program/matrix.xlsx
/applications/{writer}/application.pdf
/calendars/all.ics
/calendars/cohorts/pulje-i.ics
/calendars/organisations/{number}.ics
"""
FEW = set(
    """
workspace.application_file workspace.edit_criterion workspace.confirm_remove_criterion
workspace.preview_call_letter_body workspace.decision_letter_body workspace.confirm_remove_audience
workspace.contact_people workspace.edit_contact_person workspace.edit_deadline workspace.confirm_remove_deadline
workspace.site_documents workspace.edit_site_document workspace.own_document_file workspace.new_site_document
workspace.edit_agenda_item workspace.confirm_remove_agenda_item workspace.preview_invitation
workspace.preview_occasion workspace.preview_occasion_body workspace.confirm_pause_event workspace.retry_failed
workspace.confirm_pause_rule workspace.mailing workspace.mailing_body workspace.edit_mailing
workspace.mailing_enclosures workspace.count_mailing workspace.material workspace.edit_material
workspace.confirm_remove_material workspace.new_material workspace.answer_file workspace.confirm_publish_event
workspace.edit_question workspace.confirm_remove_question workspace.new_question workspace.edit_event_rule
workspace.event_rule_letter workspace.new_event_rule workspace.edit_nights workspace.confirm_tell_programme
workspace.new_event_session workspace.edit_event_session workspace.confirm_remove_event_session
workspace.suggest_speakers workspace.calendar_file workspace.choose_copy workspace.test_mail workspace.mail_body
workspace.confirm_pause_mail workspace.show_returned workspace.own_news workspace.edit_news
workspace.confirm_news_removal workspace.new_news workspace.brochure_orders workspace.import_organisations
workspace.import_people workspace.edit_party workspace.confirm_remove_party workspace.new_party
workspace.confirm_erase_representatives workspace.import_representatives workspace.edit_rule workspace.rule_letter
workspace.new_rule workspace.type_rules workspace.edit_type_rule workspace.type_rule_letter workspace.new_type_rule
workspace.next_in_series workspace.speaker workspace.confirm_remove_speaker workspace.new_speaker
workspace.confirm_remove_colleague workspace.join_team workspace.text workspace.text_files workspace.text_preview
workspace.text_version workspace.new_text workspace.edit_venue workspace.edit_room workspace.confirm_remove_room
workspace.new_room workspace.new_venue programmes.application_file programmes.confirm_removing_file
programmes.call_file registrations.confirm_contact registrations.reopen registrations.reopen_delegation
registrations.eligibility registrations.received registrations.me registrations.confirm_own_pages
registrations.own_pages_sent registrations.organisation_by_kind registrations.calendar registrations.certificate
registrations.material registrations.ticket registrations.handed_over registrations.link_sent
site.document_file site.new_order site.order_received site.event_material site.group_material site.group_minutes
site.group_calendar site.health site.readiness site.news_item site.privacy invitations.reopen
invitations.reopen_delegation workflows.mail_file workflows.unsubscribe calendars.own_calendars calendars.network
calendars.organiser calendars.personal calendars.room calendars.type calendars.venue calendars.event
privacy.own_data privacy.own_file organisations.suggestions accounts.new accounts.confirm accounts.provider
accounts.come_back accounts.sent demo.index demo.mail demo.one_mail demo.mail_calendar demo.mail_html static
""".split()
)
"""About one thing of few parts, whatever the programme is; what has a bench of its own; and what a demo alone shows."""


def list_addresses(kind: str, values: Mapping[str, str]) -> list[str]:
    """The addresses of PAGES or FILES with what this database has."""
    return [line.format(**values) for line in kind.split()]


def list_forgotten(app: Flask) -> list[str]:
    """The endpoints that a GET reaches and that nobody has decided to measure or not to."""
    adapter = app.url_map.bind("localhost")
    known = FEW | set(_endpoints(adapter, PAGES)) | set(_endpoints(adapter, FILES))
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return sorted(there ^ known)


def _endpoints(adapter: MapAdapter, kind: str) -> Iterator[str]:
    """A name in braces is a number, an id or a word: whichever the rule takes."""
    for line in kind.split():
        path = line.partition("?")[0]
        tries = (path.replace("{", "").replace("}", ""), _fill(path, "00000000-0000-0000-0000-000000000001"))
        yield next(endpoint for one in (*tries, _fill(path, "1")) if (endpoint := _match(adapter, one)))


def _fill(path: str, value: str) -> str:
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


def _match(adapter: MapAdapter, path: str) -> str:
    return adapter.match(path)[0] if adapter.test(path) else ""
