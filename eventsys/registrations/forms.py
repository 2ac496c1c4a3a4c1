"""What a browser sends to sign up, turned into values or errors; nothing here reads the database."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from eventsys.mailing.addresses import wire_address
from eventsys.registrations.rules import Side

TOO_LONG = _l("That is too long")
NO_ADDRESS = _l("Write an e-mail address, such as name@municipality.example.")
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
LONGEST_NAME = 200
LONGEST_ADDRESS = 254


def squeezed(value: str | None) -> str:
    """Single spaces and no control characters: what names are kept as."""
    return " ".join("".join(c if c.isprintable() else " " for c in value or "").split())


def trimmed(value: str | None) -> str:
    return (value or "").strip()


def read_address(text: str) -> str:
    """The address, normalised. Raises `ValueError` for one that no mail could go to."""
    try:
        address = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(text) from error
    wire_address(address)
    return address


def valid_address(_form: Form, field: StringField) -> None:
    try:
        field.data = read_address(field.data)
    except ValueError as error:
        raise ValidationError(NO_ADDRESS) from error


class AddressForm(Form):
    """An e-mail address, normalised."""

    def __init__(self, formdata: Any = None) -> None:
        super().__init__(formdata)  # type: ignore[no-untyped-call]

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators))  # type: ignore[no-untyped-call]

    def refuse(self, name: str, message: str) -> None:
        """An error that only a look into the database could find."""
        self[name].errors = [message]

    email = StringField(
        filters=[trimmed],
        validators=[
            InputRequired(_l("Write your e-mail address")),
            Length(max=LONGEST_ADDRESS, message=TOO_LONG),
            valid_address,
        ],
    )


class SignUpForm(AddressForm):
    """What is asked of whoever signs up, for oneself or for several: the date, who they are, and from where."""

    ORDER: tuple[str, ...] = ("run", "second", "name", "email", "organisation")

    run = StringField()
    second = StringField()
    name = StringField(
        filters=[squeezed],
        validators=[InputRequired(_l("Write your name")), Length(max=LONGEST_NAME, message=TOO_LONG)],
    )
    organisation = StringField(
        filters=[squeezed],
        validators=[
            InputRequired(_l("Write which municipality you come from")),
            Length(max=200, message=TOO_LONG),
        ],
    )
    chosen = StringField(filters=[squeezed])
    asks = BooleanField()
    nonce = StringField()

    @property
    def organisation_meant(self) -> str:
        """The one chosen where the words typed fitted several, else the words."""
        return self.chosen.data or self.organisation.data or ""

    def list_errors(self) -> list[tuple[str, str]]:
        """Each error with its field, in the order of the page."""
        return [(name, message) for name in self.ORDER for message in self[name].errors]

    def form_token(self, visitor: str, *what: str) -> str:
        """The same for two posts of one form from one browser session about the same thing, and for nothing else."""
        nonce = self.nonce.data if NONCE.match(self.nonce.data or "") else ""
        return hashlib.sha256(":".join((visitor, nonce, *what)).encode()).hexdigest()


class RegistrationForm(SignUpForm):
    """One person's registration. `side` or `union` is asked for by the event; the view knows which."""

    ORDER = (*SignUpForm.ORDER, "side", "union")

    side = StringField()
    union = StringField()

    def __init__(self, formdata: Any = None, *, asks_union: bool = False) -> None:
        super().__init__(formdata)
        self.asks_union = asks_union

    def validate_side(self, field: StringField) -> None:
        if not self.asks_union and field.data not in set(Side):
            raise ValidationError(_l("Choose whom you represent"))

    def validate_union(self, field: StringField) -> None:
        if self.asks_union and not (field.data or "").isdigit():
            raise ValidationError(_l("Choose your union"))


class DelegationForm(SignUpForm):
    """What a registrar says of the whole; the people are read by `seats`. `when_full` is asked where places are short."""

    when_full = StringField()
    pasted = StringField()
    link = StringField()
    do = StringField()
