"""Enter in a field presses what the form is for, never a button that only adds lines or shows something."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.workspace.seats import EVENT
from tests.world import World

FORM = re.compile(r"<form.*?</form>", re.S)
BUTTON = re.compile(r"<button([^>]*)>([^<]*)")


@pytest.mark.parametrize(
    "page, label",
    [
        (f"{EVENT}/edit", "Save"),
        ("/manage/events/new/form?type=meeting", "Save the draft"),
        (f"{EVENT}/contacts", "Save"),
        (f"{EVENT}/questions/new?kind=one_of", "Save"),
        (f"{EVENT}/runs/RUN/sessions/new", "Save"),
    ],
)
def test_the_first_button_of_a_form_is_the_one_that_saves(
    adviser: FlaskClient, world: World, page: str, label: str
) -> None:
    text = adviser.get(page.replace("RUN", str(world.events["seminar"].runs[0].uid))).text
    (form,) = [one for one in FORM.findall(text) if re.search('name="(more|show)"', one)]
    attributes, said = BUTTON.findall(form)[0]
    assert (said, "name=" in attributes) == (label, False)
