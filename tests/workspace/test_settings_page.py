"""What an organiser says of itself, and when its mails may go."""

from __future__ import annotations

from datetime import time

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsys.extensions import db
from eventsys.organisers.models import Organiser
from tests.world import World

TYPED = {
    "name": "Sekretariatet for  programmet",
    "email": "svar@program.example",
    "language": "nn",
    "quiet": "1",
    "quiet_from": "20.30",
    "quiet_to": "kl. 8",
    "holds_uncertain": "1",
}


def read_settings(organiser_id: int) -> tuple[object, ...]:
    db.session.rollback()
    columns = (
        Organiser.name, Organiser.email, Organiser.language, Organiser.quiet_from, Organiser.quiet_to,
        Organiser.holds_uncertain,
    )  # fmt: skip
    return tuple(db.session.execute(sa.select(*columns).where(Organiser.id == organiser_id)).one())


def test_settings_are_saved_and_shown_and_nobody_elses_change(adviser: FlaskClient, world: World) -> None:
    others = read_settings(world.unio)
    assert adviser.post("/manage/settings", data=TYPED).status_code == 303
    assert read_settings(world.secretariat) == (
        "Sekretariatet for programmet", "svar@program.example", "nn", time(20, 30), time(8), True,
    )  # fmt: skip
    assert read_settings(world.unio) == others
    page = adviser.get("/manage/settings").get_data(as_text=True)
    assert [text in page for text in ('value="svar@program.example"', 'value="20.30"', 'value="08.00"')] == [True] * 3


def test_without_quiet_hours_mail_may_go_at_any_hour(adviser: FlaskClient, world: World) -> None:
    typed = {key: value for key, value in TYPED.items() if key not in ("quiet", "holds_uncertain")}
    assert adviser.post("/manage/settings", data=typed).status_code == 303
    assert read_settings(world.secretariat)[3:] == (None, None, False)
    assert 'name="quiet" value="1" checked' not in adviser.get("/manage/settings").get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", " ", "Write the name that people know you by."),
        ("email", "nobody", "Write an e-mail address, such as name@municipality.example."),
        ("language", "sv", "Choose a language."),
        ("quiet_from", "late", "Write a time such as 10.00."),
        ("quiet_to", "20.30", "It ends when it begins: then no hour is quiet."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(
    adviser: FlaskClient, world: World, field: str, value: str, message: str
) -> None:
    before = read_settings(world.secretariat)
    answer = adviser.post("/manage/settings", data={**TYPED, field: value})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, message in page, f'href="#{field}"' in page) == (422, True, True)
    assert ('value="svar@program.example"' in page or field == "email", read_settings(world.secretariat)) == (
        True,
        before,
    )
