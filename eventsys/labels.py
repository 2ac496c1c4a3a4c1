"""What pages of several packages say in the same words."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import ngettext


def tell_ago(ago: timedelta) -> str:
    """«for 4 sekunder siden», no finer than anybody wants it."""
    seconds = max(int(ago.total_seconds()), 0)
    if seconds < 60:
        return ngettext("%(num)d second ago", "%(num)d seconds ago", seconds)
    if seconds < 3600:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", seconds // 60)
    if seconds < 48 * 3600:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", seconds // 3600)
    return ngettext("%(num)d day ago", "%(num)d days ago", seconds // 86400)
