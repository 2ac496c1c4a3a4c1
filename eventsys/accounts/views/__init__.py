"""Signing in and out: by mailed link, or at an OpenID Connect provider where one is set."""

from eventsys.accounts.views import links, provider
from eventsys.accounts.views.frame import blueprint, local_path

__all__ = ["blueprint", "links", "local_path", "provider"]
