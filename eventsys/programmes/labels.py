"""What pages call the kinds of parties and networks, and how memberships stand."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.programmes.rules import MembershipStatus, NetworkKind, PartyKind, PartyRole

PARTY_ROLES = {
    PartyRole.PARTY: _l("Party to the agreement"),
    PartyRole.PARTNER: _l("Partner"),
}
PARTY_KINDS = {
    PartyKind.STATE: _l("The state"),
    PartyKind.ASSOCIATION: _l("Association of municipalities"),
    PartyKind.CONFEDERATION: _l("Confederation of unions"),
    PartyKind.OTHER: _l("Another"),
}
NETWORK_KINDS = {
    NetworkKind.REGIONAL: _l("Regional"),
    NetworkKind.THEME: _l("By theme"),
}
STATUSES = {
    MembershipStatus.MEMBER: _l("Member"),
    MembershipStatus.PAUSED: _l("Paused"),
    MembershipStatus.WITHDRAWN: _l("Withdrawn"),
    MembershipStatus.EXCLUDED: _l("Excluded"),
    MembershipStatus.MERGED: _l("Merged into another"),
    MembershipStatus.COMPLETED: _l("Completed"),
}
STATUS_COLORS = {
    MembershipStatus.MEMBER: "success",
    MembershipStatus.PAUSED: "warning",
    MembershipStatus.WITHDRAWN: "neutral",
    MembershipStatus.EXCLUDED: "danger",
    MembershipStatus.MERGED: "info",
    MembershipStatus.COMPLETED: "info",
}
