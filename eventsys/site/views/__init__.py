"""The public pages, a module for each noun."""

from eventsys.site.views import groups, library, news, pages, programme, taking_part
from eventsys.site.views.frame import blueprint

__all__ = ["blueprint", "groups", "library", "news", "pages", "programme", "taking_part"]
