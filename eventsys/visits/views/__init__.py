"""The pages of visits behind the link of an organisation's contact."""

from eventsys.visits.views import visits
from eventsys.visits.views.frame import blueprint

__all__ = ["blueprint", "visits"]
