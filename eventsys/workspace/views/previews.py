"""The preview of what will go out: who gets it as of now, any one of them written out, a copy to oneself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response as Page
from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from eventsys import clock
from eventsys.events.labels import name_run
from eventsys.events.models import Event
from eventsys.extensions import db, transaction
from eventsys.mailing.markdown import BadText
from eventsys.mailing.message import Email, one_line
from eventsys.web import CSP, Access, access
from eventsys.workflows.emails import Origin
from eventsys.workflows.models import Occasion
from eventsys.workflows.rules import OccasionState
from eventsys.workspace.mail import previews
from eventsys.workspace.mail.invitation import tell_calendar
from eventsys.workspace.mail.labels import name_template
from eventsys.workspace.mail.occasions import find_name, find_occasion
from eventsys.workspace.mail.previews import READERS_A_PAGE, Aim, Reader, take_aim
from eventsys.workspace.mail_rules.labels import LANGUAGES, name_audience
from eventsys.workspace.mail_rules.queries import find_audience_names
from eventsys.workspace.views.frame import (
    SANDBOX,
    account,
    blueprint,
    name_event,
    name_moment,
    own_event,
    read_id,
    run_of,
    today,
    words,
)

WHOLE_EVENT = "event"
RESTRICTED = _l(
    "Who is in this audience is restricted: it tells of unions. Those who may see it find it under Audiences."
)
CANNOT_BE_WRITTEN = (BadText, LookupError, FileNotFoundError)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page of preview shows: the reader at `place` (from 1) of `total`, and the mail or why there is none."""

    aim: Aim
    search: str
    place: int
    total: int
    reader: Reader | None
    email: Email | None
    fault: str


@blueprint.get("/events/<slug>/mail/occasions/<key>/<when>/<int:generation>", endpoint="preview_occasion")
@access(Access.ORGANISER)
def show(slug: str, key: str, when: str, generation: int) -> Page | Response:
    session = db.session()
    event = own_event(session, slug)
    occasion, aim = find(session, event, key, when, generation)
    if occasion.state is not OccasionState.PLANNED:
        flash(_("This has gone out, or will not. What became of it stands here."), "info")
        return redirect(url_for(".event_mail", slug=slug), 303)
    name = find_name(session, aim.rule) or name_template(aim.rule.template)
    where: dict[str, Any] = {"slug": slug, "key": key, "when": when, "generation": generation}
    return render_preview(
        look(session, aim),
        "workspace/preview.html",
        event=event,
        title=name,
        event_title=name_event(event),
        due=name_moment(occasion.due_at),
        days=name_days(event, aim),
        paths=Paths(
            page=url_for(".preview_occasion", **where),
            body=url_for(".preview_occasion_body", **where),
            test=url_for(".test_occasion", **where),
        ),
    )


@blueprint.get("/events/<slug>/mail/occasions/<key>/<when>/<int:generation>/body", endpoint="preview_occasion_body")
@access(Access.ORGANISER)
def body(slug: str, key: str, when: str, generation: int) -> Page:
    session = db.session()
    _occasion, aim = find(session, own_event(session, slug), key, when, generation)
    return render_body(look(session, aim))


@blueprint.post("/events/<slug>/mail/occasions/<key>/<when>/<int:generation>/test", endpoint="test_occasion")
@access(Access.ORGANISER)
def test(slug: str, key: str, when: str, generation: int) -> Response:
    """Sends the mail that was looked at to the one who looks."""
    with transaction() as session:
        _occasion, aim = find(session, own_event(session, slug), key, when, generation)
        send_copy(session, look(session, aim))
    back = url_for(".preview_occasion", slug=slug, key=key, when=when, generation=generation, **asked())
    return redirect(url_for(".event_mail", slug=slug) if "timeline" in request.form else back, 303)


def find(session: Session, event: Event, key: str, when: str, generation: int) -> tuple[Occasion, Aim]:
    """The occasion that the address names by its rule, its run or the whole event, and its generation; or 404."""
    run_id = None if when == WHOLE_EVENT else run_of(event, read_id(when) or abort(404)).id
    found = find_occasion(session, event, key, run_id=run_id, generation=generation) if generation < 2**31 else None
    if found is None:
        abort(404)
    occasion, rule = found
    return occasion, take_aim(session, event, rule, run_id, today())


def name_days(event: Event, aim: Aim) -> str:
    return next((name_run(run) for run in event.runs if run.id == aim.run_id), "")


# --- what every preview has in common -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paths:
    """The addresses of a preview: the page, the HTML in its frame, a copy to oneself."""

    page: str
    body: str
    test: str


def asked() -> dict[str, Any]:
    """What the address or the form asks for, to be asked for again."""
    return {name: request.values[name] for name in ("q", "n") if request.values.get(name)}


def look(session: Session, aim: Aim) -> Shown:
    """The reader that the address asks for, by place among those found; the first if there is no such place."""
    if aim.is_restricted:
        return Shown(aim, "", 1, previews.count_readers(session, aim), None, None, str(RESTRICTED))
    search = words("q") or " ".join(request.form.get("q", "").split())[:200]
    total = previews.count_readers(session, aim, search)
    text = request.values.get("n", "1")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    place = wanted if 1 <= wanted <= total else 1
    reader = next(iter(previews.list_readers(session, aim, search=search, first=place - 1, most=1)), None)
    email, fault = write(session, aim, reader) if reader else (None, "")
    return Shown(aim, search, place, total, reader, email, fault)


def write(session: Session, aim: Aim, reader: Reader) -> tuple[Email | None, str]:
    """The mail, or what to say of a text that is not written or has a mistake."""
    try:
        return previews.write(session, aim, reader, origin=origin(), now=clock.now()), ""
    except CANNOT_BE_WRITTEN:
        return None, _(
            "The text is not written in %(language)s, so this mail cannot go out.",
            language=LANGUAGES.get(reader.language, reader.language),
        )


def origin() -> Origin:
    config = current_app.config
    most = config["MAIL_ATTACHED_MB"] * 2**20
    return Origin(config["BASE_URL"], config["SITE_NAME"], config["MAIL_DEFAULT_SENDER"], most)


def render_preview(shown: Shown, template: str, *, paths: Paths, **facts: Any) -> Page:
    session, first = db.session(), (shown.place - 1) // READERS_A_PAGE * READERS_A_PAGE
    is_closed, rule = shown.aim.is_restricted, shown.aim.rule
    readers = [] if is_closed else previews.list_readers(session, shown.aim, search=shown.search, first=first)
    saved = find_audience_names(session, rule.organiser_id) if rule.audience_id is not None else {}
    page = make_response(
        render_template(
            template,
            shown=shown,
            paths=paths,
            readers=[describe(place, reader, shown) for place, reader in enumerate(readers, first + 1)],
            whom=name_audience(rule.audience, saved.get(rule.audience_id or 0, "")),
            mail=describe_mail(shown),
            as_text=request.args.get("as") == "text",
            count=ngettext("%(num)d mail goes out", "%(num)d mails go out", shown.total),
            newer=first if first else 0,
            older=first + READERS_A_PAGE + 1 if first + READERS_A_PAGE < shown.total else 0,
            **facts,
        )
    )
    page.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return page


def describe(place: int, reader: Reader, shown: Shown) -> dict[str, Any]:
    return {
        "place": place,
        "name": ", ".join(reader.names) or reader.email,
        "email": reader.email,
        "language": LANGUAGES.get(reader.language, reader.language),
        "here": place == shown.place,
    }


def describe_mail(shown: Shown) -> dict[str, Any] | None:
    """The chosen reader's mail, as the page shows it."""
    reader, email = shown.reader, shown.email
    if reader is None:
        return None
    calendar = email.calendar.decode() if email and email.calendar else None
    return {
        "to": f"{reader.name} <{reader.email}>" if reader.name else reader.email,
        "language": LANGUAGES.get(reader.language, reader.language),
        "code": reader.language,
        "subject": one_line(email.subject) if email else "",
        "text": email.text if email else "",
        "from": f"{email.from_name} <{current_app.config['MAIL_DEFAULT_SENDER']}>" if email else "",
        "reply_to": email.reply_to if email else "",
        "calendar": tell_calendar(calendar),
        "before": shown.place - 1,
        "after": shown.place + 1 if shown.place < shown.total else 0,
    }


def render_body(shown: Shown) -> Page:
    """The HTML alone, for the frame: it can neither run nor load anything."""
    if shown.email is None:
        abort(404)
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"}
    return Page(shown.email.html, mimetype="text/html", headers=headers)


def send_copy(session: Session, shown: Shown) -> None:
    """Puts a copy in the outbox to the account's own address, or says why there is none."""
    if shown.email is None or shown.reader is None:
        flash(shown.fault or _("Nobody would get it as of now, so there is nothing to show."), "warning")
        return
    me = account()
    previews.send_test(
        session,
        shown.aim,
        shown.email,
        subject=tell_test(shown.email),
        language=shown.reader.language,
        to=(me.id, me.email, me.name),
        now=clock.now(),
    )
    flash(_("A copy is on its way to %(address)s. Its personal links are masked.", address=me.email), "success")


def tell_test(email: Email) -> str:
    return _("[Test] %(subject)s", subject=one_line(email.subject))
