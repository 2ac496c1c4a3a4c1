"""The pages of calls and applications, and of projects behind a contact's link, a module for each noun."""

from eventsys.programmes.views import (
    application,
    application_files,
    application_sending,
    application_sharing,
    calls,
    projects,
    projects_goals,
)
from eventsys.programmes.views.frame import blueprint

__all__ = [
    "application",
    "application_files",
    "application_sending",
    "application_sharing",
    "blueprint",
    "calls",
    "projects",
    "projects_goals",
]
