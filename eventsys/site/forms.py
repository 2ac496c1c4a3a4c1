"""What a browser sends to order brochures, turned into values or errors; nothing here reads the database."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from eventsys.registrations.forms import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    NO_ADDRESS,
    NONCE,
    TOO_LONG,
    squeezed,
    trimmed,
    valid_address,
)
from eventsys.site.rules import OrderFacts

LONGEST_POSTAL_ADDRESS = 500
EMPTY = _l("Fill this in.")
A_NUMBER = _l("Write a whole number, such as 40.")


def lines(value: str | None) -> str:
    """An address of several lines, without empty ones or anything that is not printed."""
    kept = "".join(c if c.isprintable() or c == "\n" else " " for c in (value or "").replace("\r\n", "\n"))
    return "\n".join(line for line in (" ".join(line.split()) for line in kept.split("\n")) if line)


class WholeNumberField(IntegerField):
    """Says in the reader's language what cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)  # type: ignore[no-untyped-call]
        except ValueError as error:
            raise ValueError(A_NUMBER) from error


class OrderForm(Form):
    """How many copies, in which language, and where to."""

    copies = WholeNumberField(  # type: ignore[no-untyped-call]
        validators=[InputRequired(EMPTY), NumberRange(1, 100_000, A_NUMBER)]
    )
    language = SelectField(validate_choice=True)
    name = StringField(filters=[squeezed], validators=[DataRequired(EMPTY), Length(max=LONGEST_NAME, message=TOO_LONG)])
    organisation = StringField(filters=[squeezed], validators=[Length(max=LONGEST_NAME, message=TOO_LONG)])
    postal_address = TextAreaField(
        filters=[lines], validators=[DataRequired(EMPTY), Length(max=LONGEST_POSTAL_ADDRESS, message=TOO_LONG)]
    )
    email = StringField(
        filters=[trimmed],
        validators=[InputRequired(NO_ADDRESS), Length(max=LONGEST_ADDRESS, message=TOO_LONG), valid_address],
    )
    nonce = HiddenField()

    def __init__(self, formdata: Any = None, *, languages: list[tuple[str, str]], **values: Any) -> None:
        super().__init__(formdata, **values)  # type: ignore[no-untyped-call]
        self.language.choices = languages

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators))  # type: ignore[no-untyped-call]

    def refuse(self, name: str, message: str) -> None:
        """An error that only a look into the database could find."""
        self[name].errors = [*self[name].errors, message]

    def list_errors(self) -> list[tuple[str, str]]:
        """For the summary above the form, in the order of the page."""
        return [(field.name, str(field.errors[0])) for field in self if field.errors]

    def facts(self) -> OrderFacts:
        return OrderFacts(
            copies=int(self.copies.data or 0),
            language=str(self.language.data),
            name=str(self.name.data),
            organisation=str(self.organisation.data or ""),
            postal_address=str(self.postal_address.data),
            email=str(self.email.data),
        )

    def form_token(self, slug: str) -> str:
        """The same for two posts of one form: a double click and the back button make one order."""
        nonce = self.nonce.data if NONCE.match(self.nonce.data or "") else ""
        return hashlib.sha256(f"brochure:{nonce}:{slug}".encode()).hexdigest()
