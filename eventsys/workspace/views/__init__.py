"""The organisers' pages, a module for each noun."""

from eventsys.workspace.views import announcements, events, mail, overview, participants, runs, venues
from eventsys.workspace.views.frame import blueprint

__all__ = ["announcements", "blueprint", "events", "mail", "overview", "participants", "runs", "venues"]
