"""Files that go with a text, whichever page they are put up on: read from the form, kept, taken away, shown."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, current_app, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.files import FileIsRefused
from eventsys.workflows import enclosures
from eventsys.workflows.enclosures import MOST_FILES, TooManyFiles
from eventsys.workflows.models import MailTemplate
from eventsys.workspace.mail.enclosed import describe_files, name_most, tell_refused_file, tell_way


class FileWasRefused(Exception):
    """What to say beside the field; nothing was kept."""


def put_up(session: Session, template: MailTemplate) -> list[str]:
    """Keeps the files that were chosen, all or none; their names. Raises `FileWasRefused`."""
    chosen = [one for one in request.files.getlist("files") if one.filename]
    if not chosen:
        raise FileWasRefused(_("Choose a file."))
    if len(chosen) > MOST_FILES:
        raise FileWasRefused(tell_refused_file(TooManyFiles()))
    names = []
    for one in chosen:
        try:
            kept = enclosures.add_file(session, template, name=one.filename or "", content=one.read(), now=clock.now())
        except (FileIsRefused, TooManyFiles) as error:
            raise FileWasRefused(f"{one.filename}: {tell_refused_file(error)}") from error
        names.append(kept.name)
    return names


def take_away(session: Session, template: MailTemplate, public_id: uuid.UUID) -> str:
    """Its name; 404 for one that the text has not."""
    return enclosures.remove_file(session, template, public_id) or abort(404)


def show_files(
    session: Session, text: tuple[int, str], *, add: str, remove: Callable[[uuid.UUID], str]
) -> dict[str, Any]:
    """What a page needs to show a text's files: the organiser's id and the text; the addresses of its forms."""
    found = enclosures.find_enclosures(session, [text]).get(text, [])
    most = most_attached()
    return {
        "files": [{**one, "remove": remove(one["public_id"])} for one in describe_files(found)],
        "files_way": tell_way(found, most),
        "files_add": add,
        "most_attached": name_most(most),
        "most_files": MOST_FILES,
        "may_add": len(found) < MOST_FILES,
    }


def most_attached() -> int:
    most: int = current_app.config["MAIL_ATTACHED_MB"]
    return most * 2**20
