"""What pages call roles, and what each may, in a sentence."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.accounts.rules import MemberRole

ROLES = {
    MemberRole.OWNER: _l("Owner"),
    MemberRole.ORGANISER: _l("Organiser"),
    MemberRole.HELPER: _l("Helper"),
    MemberRole.DOOR: _l("At the door"),
    MemberRole.READER: _l("Reader"),
}
MEANINGS = {
    MemberRole.OWNER: _l("Does everything, and decides who else may do what."),
    MemberRole.ORGANISER: _l("Does all the work with events, people and mail."),
    MemberRole.HELPER: _l("Does all the work at the events you choose, and sees no others."),
    MemberRole.DOOR: _l("Marks who comes, on the day. Sees nothing else."),
    MemberRole.READER: _l("Sees events and who is coming. Changes nothing."),
}
