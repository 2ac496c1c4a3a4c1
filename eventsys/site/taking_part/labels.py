"""What the programme's public pages call things."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.programmes.rules import NetworkKind

NETWORK_KINDS = {NetworkKind.REGIONAL: _l("Regional network"), NetworkKind.THEME: _l("Network by theme")}
