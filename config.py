"""Every setting: its default, its environment variable of the same name, and one line of why. Imported by wsgi.py alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

ROOT = Path(__file__).resolve().parent


class Config(BaseModel):
    """Settings of one installation. Booleans are read as 1/0, true/false, on/off; an unknown value stops the start."""

    DATABASE_URL: str = Field(
        f"sqlite:///{ROOT}/var/eventsys.db",
        pattern=r"^(sqlite:///.|postgres(ql)?(\+psycopg)?://)",
        description="SQLite file, or postgresql://… for several machines",
    )
    SECRET_KEY: str = Field("", description="signs cookies and mailed links; with SQLite made and kept beside the file")
    BASE_URL: str = Field(
        "http://127.0.0.1:5000",
        pattern=r"^https?://[^/\s?#]+$",
        description="where people reach the site, without a last slash; links in mail begin so",
    )
    SITE_NAME: str = Field("Kvalitetskommuneprogrammet", description="the name at the top of every page")
    ACCESSIBILITY_STATEMENT_URL: str = Field(
        "", description="the published accessibility statement; linked in the footer"
    )
    TRUSTED_PROXIES: int = Field(0, description="how many reverse proxies set X-Forwarded-For and -Proto")
    LOG_LEVEL: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="one JSON object a line")
    PORT: int = Field(5000, description="where `eventsys run` serves the site, on this machine alone")
    DEVELOPMENT: bool = Field(
        False, description="the pages under /dev/: sent mail, the clock, one-click sign-in; set by `run`"
    )
    OIDC_ISSUER: str = Field(
        "",
        pattern=r"^(https://\S+|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?)?$",
        description="OpenID Connect issuer where organisers may sign in, as it calls itself; empty: mailed links alone",
    )
    OIDC_CLIENT_ID: str = Field("", description="who we are at the issuer")
    OIDC_CLIENT_SECRET: str = Field("", description="our secret there; empty for a public client")
    OIDC_SCOPES: str = Field("openid email profile", description="what we ask the issuer for")
    OIDC_LABEL: str = Field("OpenID Connect", description="what people call it: «Sign in with …»")
    OIDC_CLAIM_EMAIL: str = Field("email", description="the claim that is somebody's address")
    OIDC_CLAIM_NAME: str = Field("name", description="the claim that is what they are called")
    OIDC_CLAIM_VERIFIED: str = Field(
        "email_verified",
        description="the claim that says that the address is theirs; empty: the issuer vouches for every address",
    )
    MAIL_SERVER: str = Field("127.0.0.1", description="the SMTP server that takes our mail")
    MAIL_PORT: int = Field(2525, description="its port")
    MAIL_USE_TLS: bool = Field(False, description="STARTTLS after connecting; the certificate is verified")
    MAIL_USE_SSL: bool = Field(False, description="TLS from the first byte; the certificate is verified")
    MAIL_USERNAME: str | None = Field(None, description="login at the SMTP server")
    MAIL_PASSWORD: str | None = Field(None, description="its password")
    MAIL_DEFAULT_SENDER: str = Field("arrangement@eventsys.example", description="From address of every mail")
    MAIL_MAX_EMAILS: int = Field(100, description="mails over one SMTP connection before a new one is made")
    MAIL_BOUNCE_ADDRESS: str = Field(
        "",
        pattern=r"^([^@\s+]+@[^@\s]+)?$",
        description="envelope sender of our mail, +id put in before the @; what comes back goes there; empty: the sender",
    )
    MAIL_RATE: float = Field(0, ge=0, description="mails a minute by all workers together; 0: as fast as can be")
    MAIL_DOMAIN_RATES: str = Field(
        "",
        pattern=r"^\s*([^\s=]+=\d+(\.\d+)?(\s+|$))*$",
        description="mails a minute to a domain: gmail.com=60 outlook.com=30 *=600; * is each of the others",
    )
    MAIL_TOO_LATE_HOURS: int = Field(
        24, ge=1, description="a mail of a rule of time whose moment was missed by more is not sent"
    )
    MAIL_ATTACHED_MB: int = Field(
        5, ge=0, le=20, description="files of a mail's text that are bigger together are links in the mail instead"
    )
    MAIL_SUPPRESS_SEND: bool = Field(False, description="true: nothing is sent; mails stay due")
    MAIL_RETURNS_IMAP_HOST: str | None = Field(
        None, description="mailbox that bounces come back to, read by the worker; none: not read"
    )
    MAIL_RETURNS_IMAP_PORT: int = Field(993, description="its port")
    MAIL_RETURNS_IMAP_USER: str | None = Field(None, description="its login")
    MAIL_RETURNS_IMAP_PASSWORD: str | None = Field(None, description="its password")
    MAIL_RETURNS_IMAP_USE_SSL: bool = Field(True, description="TLS from the first byte; the certificate is verified")
    MAIL_RETURNS_IMAP_FOLDER: str = Field("INBOX", description="the folder of that mailbox that is read")
    MAIL_RETURNS_LMTP_HOST: str = Field("127.0.0.1", description="where `eventsys lmtp` takes what comes back")
    MAIL_RETURNS_LMTP_PORT: int = Field(2424, description="its port")
    WORKER_STALE_SECONDS: int = Field(60, description="a worker silent for so long is dead; others send its mail")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Config:
        """The settings that `environ` names, defaults for the rest. Raises `pydantic.ValidationError` on a bad value."""
        config = cls.model_validate({name: environ[name] for name in cls.model_fields if environ.get(name)})
        return (
            config if config.SECRET_KEY else config.model_copy(update={"SECRET_KEY": kept_secret(config.DATABASE_URL)})
        )


def kept_secret(database_url: str) -> str:
    """The secret kept beside an SQLite file, made at the first call; several machines need one of their own to share."""
    if not database_url.startswith("sqlite:///"):
        raise SystemExit("SECRET_KEY must be set: every web and worker process needs the same one.")
    path = Path(database_url.removeprefix("sqlite:///")).with_suffix(".secret")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text()
