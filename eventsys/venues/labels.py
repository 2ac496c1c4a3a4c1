"""What pages call the layouts of rooms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.venues.rules import Layout

LAYOUTS = {
    Layout.THEATRE: _l("Rows of chairs"),
    Layout.CLASSROOM: _l("Classroom"),
    Layout.U_SHAPE: _l("U-shape"),
    Layout.BOARDROOM: _l("One large table"),
    Layout.GROUPS: _l("Group tables"),
    Layout.BANQUET: _l("Banquet"),
    Layout.STANDING: _l("Standing"),
}
