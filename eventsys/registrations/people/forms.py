"""What a browser sends to become a contact or to give somebody else a place; nothing here reads the database."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from eventsys.registrations.forms import LONGEST_NAME, TOO_LONG, AddressForm, squeezed


class PersonForm(AddressForm):
    """A name and an address."""

    name = StringField(
        filters=[squeezed],
        validators=[DataRequired(_l("Write the name")), Length(max=LONGEST_NAME, message=TOO_LONG)],
    )

    def list_errors(self) -> list[tuple[str, str]]:
        """Each error with its field, in the order of the page."""
        return [(name, message) for name in ("name", "email") for message in self[name].errors]
