"""Where people find the feeds, put one together, and are told what their calendar program will do with it."""

from __future__ import annotations

from flask import abort, render_template, request

from eventsys import clock, texts
from eventsys.calendars import asked
from eventsys.calendars.fetches import list_fetches
from eventsys.calendars.labels import tell_fetches
from eventsys.calendars.queries import Kind, Wanted, find_feed
from eventsys.calendars.serving import name_part, tell_holds
from eventsys.calendars.views.frame import Offer, blueprint, offer
from eventsys.events.labels import TYPES
from eventsys.extensions import db
from eventsys.organisations.queries import Found, find_by_label
from eventsys.organisations.rules import LanguageForm
from eventsys.organisers.queries import list_organisers
from eventsys.programmes.queries import list_cohorts, list_networks
from eventsys.venues.queries import list_venues
from eventsys.web import Access, access, language, language_was_chosen

Options = list[tuple[str, str]]


@blueprint.get("/calendars/")
@access(Access.PUBLIC)
def index() -> str:
    wish = request.args.get("municipality", "").strip()
    session = db.session()
    found = find_by_label(session, wish) if wish else []
    choices = list_choices()
    return render_template(
        "calendars/index.html",
        asked=wish,
        found=found if len(found) > 1 else [],
        municipality=offer_of(found[0]) if len(found) == 1 else None,
        everything=offer_plain({}, name_part(Wanted(Kind.ALL, ""), "")),
        groups=[
            (kind, [offer_plain({kind: key}, name) for key, name in choices[kind]])
            for kind in (Kind.COHORT, Kind.NETWORK, Kind.ORGANISER)
        ],
        choices=choices,
    )


@blueprint.get("/calendars/subscribe")
@access(Access.PUBLIC)
def subscribe() -> str:
    """One feed, put together as the address says: how to subscribe with each program, and what each will do."""
    wanted = {kind: key for kind in asked.NAMED if (key := request.args.get(kind.value, ""))}
    wish = asked.read(Kind.ALL, "", {kind.value: key for kind, key in wanted.items()}, today=clock.today())
    if not all(asked.is_type(one) for one in wish.wanted if one.kind is Kind.TYPE):
        abort(404)
    tentative = request.args.get("tentative") != "no"
    feed = find_feed(db.session(), wish.wanted, wish.window, tentative=tentative) or abort(404)
    named = [
        name_part(one, texts.read(name, language()).value) for one, name in zip(wish.wanted, feed.names, strict=True)
    ]
    name = " · ".join(named)
    found = offer(name, tell_holds([one.kind for one in wish.wanted], name), find_path(wanted, tentative=tentative))
    path = found.path.partition("?")[0]
    return render_template(
        "calendars/subscribe.html",
        feed=found,
        entries=len(feed.entries),
        tentative=tentative,
        fetched=tell_fetches(list_fetches(db.session(), [path]).get(path, {}), real_now=clock.real_now()),
        other=find_subscribe_path(wanted, tentative=not tentative),
    )


def list_choices() -> dict[Kind, Options]:
    """What a feed can be narrowed by, with its name."""
    session = db.session()
    return {
        Kind.COHORT: [(row.slug, texts.read(row.name, language()).value) for row in list_cohorts(session)],
        Kind.NETWORK: [(row.slug, row.name) for row in list_networks(session)],
        Kind.ORGANISER: [(row.slug, row.name) for row in list_organisers(session)],
        Kind.TYPE: [(kind.value.replace("_", "-"), str(name)) for kind, name in TYPES.items()],
        Kind.VENUE: [(row.slug, row.name) for row in list_venues(session, None)],
    }


def offer_plain(wanted: dict[Kind, str], name: str, *, code: str = "") -> Offer:
    """The feed of one thing, or of everything. `code` is the language to fetch in, the page's own if empty."""
    kinds = list(wanted) or [Kind.ALL]
    return offer(name, tell_holds(kinds, name), find_path(wanted, code=code), find_subscribe_path(wanted))


def find_path(wanted: dict[Kind, str], *, code: str = "", tentative: bool = True) -> str:
    """Bokmål is not said."""
    code = code or language()
    return asked.find_path(wanted, language="" if code == "nb" else code, tentative=tentative)


def find_subscribe_path(wanted: dict[Kind, str], *, tentative: bool = True) -> str:
    query = {kind.value: key for kind, key in wanted.items()} | ({} if tentative else {"tentative": "no"})
    return asked.write_path("/calendars/subscribe", query)


def offer_of(municipality: Found) -> Offer:
    """In the visitor's chosen language, else the municipality's own."""
    nynorsk = municipality.language_form is LanguageForm.NYNORSK
    code = language_was_chosen() or ("nn" if nynorsk else "")
    return offer_plain({Kind.ORGANISATION: municipality.address}, municipality.label, code=code)
