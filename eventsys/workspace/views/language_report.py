"""The language report: how much went out in each form of Norwegian in a year, as a page and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Response as Page
from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventsys import clock
from eventsys.extensions import db
from eventsys.organisations.labels import LANGUAGE_FORMS
from eventsys.organisations.rules import LanguageForm
from eventsys.web import Access, access
from eventsys.workspace.language import queries
from eventsys.workspace.people_list.sheets import Table, write
from eventsys.workspace.views.exports import TYPES
from eventsys.workspace.views.frame import account, blueprint, today

LEAST = 25
"""Per cent: what the law asks of each form, over time, of what central state bodies publish (språklova section 13)."""


@dataclass(frozen=True, slots=True)
class Line:
    """What of, and how many in bokmål, nynorsk and other languages."""

    name: str
    bokmal: int
    nynorsk: int
    other: int

    @property
    def share(self) -> int | None:
        """Per cent of nynorsk among what is in either form, rounded; None where nothing is."""
        both = self.bokmal + self.nynorsk
        return round(100 * self.nynorsk / both) if both else None

    @property
    def is_short(self) -> bool:
        return self.share is not None and not LEAST <= self.share <= 100 - LEAST


@dataclass(frozen=True, slots=True)
class Report:
    mails: Line
    letters: list[Line]
    published: list[Line]
    is_whole: bool


@blueprint.get("/language-report", endpoint="language_report")
@access(Access.ORGANISER)
def show() -> str:
    session = db.session()
    years = queries.list_years(session, account().organiser.id)
    year = read_year()
    return render_template(
        "workspace/language_report.html",
        report=make_report(session, year),
        year=year,
        years=sorted({*years, year, today().year}, reverse=True),
        least=LEAST,
    )


@blueprint.get("/language-report.csv", endpoint="export_language_report")
@access(Access.ORGANISER)
def export_csv() -> Page:
    return export("csv")


@blueprint.get("/language-report.xlsx", endpoint="export_language_report_xlsx")
@access(Access.ORGANISER)
def export_xlsx() -> Page:
    return export("xlsx")


def export(kind: str) -> Page:
    year = read_year()
    report = make_report(db.session(), year)
    heading = [_("What"), "Bokmål", "Nynorsk", _("Other languages"), _("Nynorsk, per cent")]
    tables = [
        Table(
            name, heading, [[one.name, str(one.bokmal), str(one.nynorsk), str(one.other), _tell(one)] for one in lines]
        )
        for name, lines in (
            (_("Mail"), [report.mails]),
            (_("To organisations"), report.letters),
            (_("Published"), report.published),
        )
    ]
    title = _("Language report %(year)d", year=year)
    body = write(kind, tables, title=title, now=clock.now())
    disposition = f'attachment; filename="language-report-{year}.{kind}"'
    return Page(body, mimetype=TYPES[kind], headers={"Content-Disposition": disposition})


def _tell(line: Line) -> str:
    return "" if line.share is None else str(line.share)


def read_year() -> int:
    text = request.args.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and 1990 <= int(text) <= 2200 else today().year


def make_report(session: Session, year: int) -> Report:
    organiser = account().organiser
    zone = ZoneInfo(organiser.timezone)
    since, until = (datetime(one, 1, 1, tzinfo=zone).astimezone(UTC) for one in (year, year + 1))
    letters = queries.count_to_organisations(session, organiser.id, since, until)
    published = queries.count_published(session, organiser.id, since, until)
    names = {"events": _("Events"), "news": _("News"), "documents": _("Documents and brochures")}
    return Report(
        mails=make_line(_("All mail"), queries.count_mails(session, organiser.id, since, until)),
        letters=[make_line(str(LANGUAGE_FORMS[form]), letters[form]) for form in LanguageForm if letters.get(form)],
        published=[make_line(names[kind], counts) for kind, counts in published.items()],
        is_whole=until <= clock.now(),
    )


def make_line(name: str, counts: Mapping[str, int]) -> Line:
    bokmal, nynorsk = counts.get("nb", 0), counts.get("nn", 0)
    return Line(name, bokmal, nynorsk, sum(counts.values()) - bokmal - nynorsk)
