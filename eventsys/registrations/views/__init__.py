"""Signing up and what follows; one module for each kind of page."""

from eventsys.registrations.views import (  # noqa: F401
    delegations,
    materials,
    me,
    organisations,
    own,
    own_answers,
    replaced,
    seats,
    several,
    signup,
    tickets,
)
from eventsys.registrations.views.frame import blueprint

__all__ = ["blueprint"]
