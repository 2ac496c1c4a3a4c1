"""What pages call the values of `rules`: kinds of organisations, what people are in them, language forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventsys.organisations.rules import LanguageForm, OrganisationKind, PositionRole

KINDS = {
    OrganisationKind.MUNICIPALITY: _l("Municipality"),
    OrganisationKind.DISTRICT: _l("City district"),
    OrganisationKind.COUNTY: _l("County"),
    OrganisationKind.COMPANY: _l("Intermunicipal company"),
    OrganisationKind.STATE_BODY: _l("State body"),
    OrganisationKind.ASSOCIATION: _l("Association"),
    OrganisationKind.CONFEDERATION: _l("Confederation"),
    OrganisationKind.UNION: _l("Union"),
    OrganisationKind.OTHER: _l("Other organisation"),
}
POSITION_ROLES = {
    PositionRole.CONTACT: _l("Contact"),
    PositionRole.PROJECT_LEADER: _l("Project leader"),
    PositionRole.ADVISER: _l("Adviser"),
    PositionRole.POLITICIAN: _l("Politician"),
    PositionRole.ADMINISTRATION: _l("In the administration"),
    PositionRole.EMPLOYEE_REPRESENTATIVE: _l("Employee representative"),
}
LANGUAGE_FORMS = {
    LanguageForm.UNKNOWN: _l("Not known"),
    LanguageForm.BOKMAL: _l("Bokmål"),
    LanguageForm.NYNORSK: _l("Nynorsk"),
    LanguageForm.NEUTRAL: _l("Neutral"),
}
