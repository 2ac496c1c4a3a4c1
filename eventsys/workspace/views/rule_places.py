"""Where a page of rules stands: the organiser's, those of a type of event, or one event's. One view serves all three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import abort, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys.events.labels import TYPES
from eventsys.events.models import Event
from eventsys.events.rules import EventType
from eventsys.web import Access, access
from eventsys.workflows.rulefacts import Scope
from eventsys.workspace.mail_rules.queries import Standing, find_standing
from eventsys.workspace.views.frame import account, blueprint, name_event, own_event

View = TypeVar("View", bound=Callable[..., Any])
BASES = {"": "/rules/", "type_": "/rules/types/<type>", "event_": "/events/<slug>/rules"}


@dataclass(frozen=True, slots=True)
class Place:
    """`args` are those of its addresses; `event` has its runs and clauses."""

    scope: Scope
    event: Event | None
    kind: str
    args: dict[str, Any]

    def url(self, name: str, **more: Any) -> str:
        """The address here of what is called so at the organiser's: `new_rule` is `new_event_rule` at an event."""
        return url_for(f".{name_endpoint(name, self.kind)}", **self.args, **more)

    @property
    def event_type(self) -> EventType | None:
        return self.event.type if self.event else self.scope.event_type

    def standing(self, session: Session, key: str) -> Standing:
        """The rule of that key that counts here, or 404."""
        return find_standing(session, self.scope, key, self.event_type) or abort(404)

    def crumbs(self, here: str = "") -> list[tuple[str, str]]:
        """The way to the list of rules, which is the page itself if `here` is empty."""
        rules = (self.url("rules") if here else "", _("Rules"))
        way = [(url_for(".mail"), _("Mail")), rules]
        if self.event is not None:
            title = name_event(self.event).value
            way = [(url_for(".events"), _("Events")), (url_for(".event", slug=self.event.slug), title), rules]
        elif self.scope.event_type is not None:
            name = str(TYPES[self.scope.event_type])
            way = [way[0], (url_for(".rules"), _("Rules")), (rules[0], name)]
        return [*way, ("", here)] if here else way


def name_endpoint(name: str, kind: str) -> str:
    return name.replace("rule", f"{kind}rule", 1)


def at_each(name: str, path: str = "", *, method: str = "GET") -> Callable[[View], View]:
    """Serves the view at the organiser, at each type and at each event; it takes the arguments of its address by name."""

    def register(view: View) -> View:
        view = access(Access.ORGANISER)(view)
        for kind, base in BASES.items():
            rule = f"{base.rstrip('/')}/{path}" if path else base
            blueprint.add_url_rule(rule, name_endpoint(name, kind), view, methods=[method])
        return view

    return register


def find_place(session: Session, where: dict[str, str]) -> Place:
    """The place that the address names, the organiser's own, or 404."""
    organiser_id = account().organiser.id
    if "slug" in where:
        event = own_event(session, where["slug"])
        return Place(Scope(organiser_id, event_id=event.id), event, "event_", {"slug": event.slug})
    if "type" in where:
        if where["type"] not in set(EventType):
            abort(404)
        scope = Scope(organiser_id, event_type=EventType(where["type"]))
        return Place(scope, None, "type_", {"type": where["type"]})
    return Place(Scope(organiser_id), None, "", {})
