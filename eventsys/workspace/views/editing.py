"""What every form with an edition does: kept as it is typed, opened again, and joined with what another saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.accounts.drafts import queries as drafts
from eventsys.accounts.drafts.actions import SEEN_FOR, forget
from eventsys.extensions import db
from eventsys.merging import Field, Merged, Typed, choose, is_decided, mark, merge
from eventsys.web import event_of_request
from eventsys.workspace.views.frame import account, name_moment

Fields = Mapping[str, Field]


class Opened(NamedTuple):
    """A form as it is opened: its fields, and what `_autosave.html` needs to know."""

    typed: Typed
    editing: dict[str, Any]


class Settled(NamedTuple):
    """What was sent, joined with what another saved meanwhile; `conflict` is the page that asks where both changed it."""

    typed: Typed
    conflict: tuple[str, int] | None


def open_form(form: str, typed: Typed, edition: int, fields: Fields) -> Opened:
    """The form of an object in its edition. With `?draft=1` in the address it shows what was typed and not saved."""
    session = db.session()
    draft = drafts.find(session, account_id=account().id, form=form)
    if draft is not None and request.args.get("draft"):
        kept = Typed(draft.fields)
        return Opened(kept, describe(form, kept.get("was", ""), draft.edition))
    editing = describe(form, mark(typed, fields), edition)
    if draft is not None:
        editing["draft"] = name_moment(draft.saved_at + (clock.now() - clock.real_now()))
    others = drafts.list_others(
        session, organiser_id=account().organiser.id, form=form, account_id=account().id,
        since=clock.real_now() - SEEN_FOR,
    )  # fmt: skip
    editing["others"] = tell_others(others)
    return Opened(typed, editing)


def again(form: str, typed: Typed) -> dict[str, Any]:
    """What `_autosave.html` needs when a form is shown again with what is wrong in it."""
    return describe(form, typed.get("was", ""), read_edition(typed))


def describe(form: str, was: str, edition: int) -> dict[str, Any]:
    """A form of an event is kept at an address of the event's: who works for it alone may keep it too."""
    slug = event_of_request()
    where: dict[str, Any] = {"slug": slug, "form": form} if slug else {"form": form}
    kept = "event_draft" if slug else "draft"
    urls = {"url": url_for(f".keep_{kept}", **where), "remove_url": url_for(f".remove_{kept}", **where)}
    return {"was": was, "edition": edition, "draft": "", "others": "", **urls}


def read_edition(typed: Typed) -> int:
    text = typed.get("edition", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def settle(
    typed: Typed, *, edition: int, theirs: Typed, fields: Fields, back: str, find_editor: Callable[[], str]
) -> Settled:
    """Joins what was sent with what the object is now, if somebody saved it after the form was opened. Call it in the
    transaction that saves, with the object locked. A form without an edition is taken as it is."""
    if "edition" not in typed:
        return Settled(typed, None)
    typed = choose(typed, theirs, fields) if is_decided(typed) else typed
    if read_edition(typed) == edition:
        return Settled(typed, None)
    merged = merge(typed, theirs, fields)
    merged.typed["edition"], merged.typed["was"] = str(edition), mark(theirs, fields)
    if merged.clashes:
        return Settled(merged.typed, (show_conflict(merged, find_editor(), back), 409))
    if merged.taken:
        flash(tell_taken(merged.taken, find_editor()), "info")
    return Settled(merged.typed, None)


def show_conflict(merged: Merged, by: str, back: str) -> str:
    """The page that shows both, and sends the rest along to where the form went."""
    clashing = {clash.name for clash in merged.clashes}
    return render_template(
        "workspace/conflict.html",
        clashes=merged.clashes,
        by=by,
        taken=merged.taken,
        hidden=[(name, value) for name, value in merged.typed.items(multi=True) if name != "csrf_token"],
        clashing=clashing,
        action=request.full_path.rstrip("?"),
        back=back,
    )


def tell_taken(labels: list[str], by: str) -> str:
    names = ", ".join(labels)
    if by:
        return _("%(name)s had changed this meanwhile, and it is kept: %(fields)s.", name=by, fields=names)
    return _("Somebody else had changed this meanwhile, and it is kept: %(fields)s.", fields=names)


def tell_others(names: list[str]) -> str:
    return _("Open here too: %(names)s.", names=", ".join(names)) if names else ""


def close_form(session: Session, form: str) -> None:
    """What was typed is saved, so that it is no draft any more. In the transaction that saves."""
    forget(session, account_id=account().id, form=form)
