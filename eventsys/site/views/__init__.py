"""The public pages, a module for each noun."""

from eventsys.site.views import pages
from eventsys.site.views.frame import blueprint

__all__ = ["blueprint", "pages"]
