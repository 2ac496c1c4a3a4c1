"""What pages say of the files that go with a mail's text: what they are, how they go, why one is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from eventsys.events.materials.labels import name_size, tell_refused
from eventsys.files import FileIsRefused
from eventsys.filetypes import ending_of
from eventsys.workflows.enclosures import MOST_FILES, Enclosure, TooManyFiles, are_attached


def describe_files(files: Sequence[Enclosure]) -> list[dict[str, Any]]:
    """Each with its kind and size."""
    return [
        {
            "public_id": one.public_id,
            "name": one.name,
            "form": f"{ending_of(one.name).upper()}, {name_size(one.size)}",
        }
        for one in files
    ]


def tell_way(files: Sequence[Enclosure], most: int) -> str:
    """Whether they are attached or linked to; empty where there are none."""
    if not files:
        return ""
    size = name_size(sum(one.size for one in files))
    if are_attached(files, most):
        return _("They go along as attachments: %(size)s together.", size=size)
    return _(
        "They are %(size)s together, which is more than the %(most)s that go along: the mail has a link to each instead.",
        size=size,
        most=name_most(most),
    )


def name_most(most: int) -> str:
    """The limit as the setting says it."""
    return f"{most // 2**20} MB"


def tell_refused_file(error: FileIsRefused | TooManyFiles) -> str:
    if isinstance(error, TooManyFiles):
        return _("At most %(most)s files.", most=MOST_FILES)
    return tell_refused(error)
