"""What pages call the kinds of groups."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.programmes.rules import GroupKind

GROUP_KINDS = {
    GroupKind.STEERING: _l("Steering group"),
    GroupKind.POLITICAL_CONTACT: _l("Political contact group"),
    GroupKind.WORKING: _l("Working group"),
    GroupKind.OTHER: _l("Other group"),
}
