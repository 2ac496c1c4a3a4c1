"""E-mail as data: composed, put in the outbox, claimed, delivered. Knows nothing of what the mails are about."""

from __future__ import annotations

from flask import Flask

from eventsys.mailing.smtp import PatientMail


def init_app(app: Flask) -> None:
    """Binds Flask-Mail, which holds the settings, with our connection: TLS verified, every wait limited."""
    PatientMail().init_app(app)
