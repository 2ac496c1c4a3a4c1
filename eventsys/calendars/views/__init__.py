"""The feeds that calendar programs fetch, the page where people find them, and the pages of their secret addresses."""

from eventsys.calendars.views import contacts, feeds, own, page
from eventsys.calendars.views.frame import blueprint

__all__ = ["blueprint", "contacts", "feeds", "own", "page"]
