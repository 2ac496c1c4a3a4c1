"""The figures as a table in Markdown, each beside its ceiling."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bench.crowd import AMONG_FEW, AMONG_MANY
from bench.feeds import COLD, FIRST, SERIALISED
from bench.measure import Results
from bench.programme import LIMIT, Times
from bench.workspace import limit_of

PAGES = [
    f"{page}, {status}"
    for page in ("event page", "cohort feed", "municipality feed", "feed of 200 runs")
    for status in (200, 304)
]  # fmt: skip
LIMITS = {"plan from nothing": "2 s", "plan with nothing to do": "0.05 s", "expand to all": "10 s"}
SLOWEST = 5
OFTEN = (
    "/manage/", "/manage/programmes/program/matrix", "/manage/programmes/program/goals", "/manage/cohorts/pulje-i",
    "/manage/calls/{call}", "/manage/calls/{call}/applications", "/manage/calls/{call}/intakes/1", "/manage/contacts",
    "/programme/members", "/programme/networks",
)  # fmt: skip
"""Shown of a large programme besides the slowest."""
MEMORY = "memory of expanding, MiB"
NOTES = """\
gunicorn with two processes of four threads, its log at the level it has by default; SQLite with WAL and full sync,
PostgreSQL with its settings as they come (fsync on) and its tables analysed. The load generator, the databases, the
worker and the mail sink share the machine's processors with the server, so all figures are lower than with a load from
elsewhere; ceilings are measured in the same way in turn with what they belong to, in several rounds, of which the best
counts. Every answer's status and a text in its body are checked.

- *empty route*: a Flask route that answers one word; *plain page*: fifty rows by one statement of the bare driver in a
  small Jinja template; both under the same gunicorn.
- *statements alone*: what one registration sends to the database, recorded, then sent again with new values by the bare
  driver from two processes of four threads.
- *mails*: confirmations with a calendar that stand in the outbox, each claimed, looked up, rendered, sent and committed
  durably by itself; timed by the sink from the first to the last. Each one's reader, parts and number are checked. One
  worker and two in turn, four times each.
- *ready mails*: the last of those, again and again, by `smtplib` over one connection to the same sink in the same
  minute. The sink offers PIPELINING, which `smtplib` does not use and the worker does.
- *plan*: 1,000 events with 10 rules each; *expand*: one reminder to 100,000 people. *outbox*: the page as an organiser
  asks for it, the middle of some tries; the slowest of its filters is named.
- *feed of 10,000 runs*: with nothing kept, from the tables to the bytes; and the first time it is asked for, when the
  entries are kept and the feed is not. Not to exceed twice what `icalendar` alone takes to serialise as many events.
- *20,000 there already*: signing up to an event that so many are at, in turn with one that few are at.
- *participants*: the organisers' list as it is asked for, the slowest kind named.
- *start page*, *figures*, *search*: as an organiser asks for them, the middle of some tries; half of the 100,000 people are
  another organiser's. A usual search, and the slowest kind named.
- *430 municipalities and 40 gatherings*: every page of a programme with some 50,000 seats, a call to all, 340 applications,
  decisions and letters, projects, visits, groups; in this process, the middle of some tries. The slowest and some more.
- A registration is three requests by a new person: the form, its post, one's own page."""


def write(path: Path, results: Sequence[Results]) -> None:
    path.write_text(render(results))


def render(results: Sequence[Results]) -> str:
    parts = [f"# Bench, {date.today():%Y-%m-%d}, on {describe_machine()}", NOTES]
    for found in results:
        parts += [f"## {found.database}", table_of_pages(found), table_of_work(found)]
        parts += [table_of_times(found)] if found.planning else []
        parts += [table_of_programme(found.programme)] if found.programme.pages else []
        parts += [list_facts(found)]
    return "\n\n".join(parts) + "\n"


def describe_machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{platform.node()}: {len(models)} × {models[0]}" if models else platform.node()


def table_of_pages(found: Results) -> str:
    empty, plain = found.rates["empty"], found.rates["plain"]
    rows = [["requests a second", "measured", "empty route", "of it", "plain page", "of it"]]
    for name in PAGES:
        rate = found.rates[name]
        rows.append([name, f"{rate:.0f}", f"{empty:.0f}", f"{rate / empty:.0%}", f"{plain:.0f}", f"{rate / plain:.0%}"])
    return table(rows)


def table_of_work(found: Results) -> str:
    rates = {**found.rates, AMONG_MANY: 0.0, AMONG_FEW: 0.0, **found.crowd}
    rows = [["a second", "measured", "ceiling", "of the ceiling", "which is"]]
    pairs: list[tuple[str, str, str]] = [
        (f"registrations, {where}", f"statements, {where}", "statements alone")
        for where in ("several events", "one event")
    ]
    pairs.append((AMONG_MANY, AMONG_FEW, "the same into an event that few are at"))
    mails = [(name, f"ready {name}", "ready mails") for name in found.rates if name.startswith("mails")]
    for name, ceiling, what in (*pairs, *mails):
        rate, most = rates[name], rates[ceiling]
        if not most:
            continue  # a quick run leaves it out
        rows.append([name, f"{rate:.0f}", f"{most:.0f}", f"{rate / most:.0%}", what])
    return table(rows)


def table_of_times(found: Results) -> str:
    rows = [["what takes how long", "measured", "not to exceed"]]
    rows += [[what, f"{found.planning[what]:.2f} s", limit] for what, limit in LIMITS.items()]
    rows.append(["more memory meanwhile", f"{found.planning[MEMORY]:.0f} MiB", "flat"])
    slowest = max(found.outbox, key=lambda page: found.outbox[page])
    for page in ("newest", slowest):
        rows.append([f"outbox of 1,000,000 mails: {page}", f"{found.outbox[page]:.0f} ms", "100 ms"])
    lists = {what: time for what, time in found.crowd.items() if what.startswith("list")}
    for what in ("list, first page", max(lists, key=lambda what: lists[what])):
        rows.append([f"participants, 5,000 of them: {what.removeprefix('list, ')}", f"{lists[what]:.0f} ms", "100 ms"])
    return table([*rows, *rows_of_workspace(found.workspace), *rows_of_feeds(found.feeds)])


def table_of_programme(times: Times) -> str:
    """The slowest pages and some that are often looked at; files apart, of which nothing is promised."""
    rows = [["server time, 430 municipalities and 40 gatherings", "measured", "not to exceed"]]
    shown = dict.fromkeys([*times.list_slowest(SLOWEST), *OFTEN])
    rows += [[f"`{page}`", f"{times.pages[page]:.0f} ms", f"{LIMIT:.0f} ms"] for page in shown]
    rows.append([f"pages in all: {len(times.pages)}; those that took longer", str(times.count_slow()), "0"])
    slowest = max(times.files, key=lambda file: times.files[file])
    rows.append([f"slowest of {len(times.files)} files: `{slowest}`", f"{times.files[slowest]:.0f} ms", "–"])
    return table(rows)


def rows_of_feeds(times: dict[str, float]) -> list[list[str]]:
    """Not to exceed twice what the library alone takes to serialise as many."""
    limit = f"{2 * times[SERIALISED]:.2f} s"
    return [[what, f"{times[what]:.2f} s", limit] for what in (COLD, FIRST)]


def rows_of_workspace(times: dict[str, float]) -> list[list[str]]:
    """The start page, an event's figures, and of the searches a usual one and the slowest."""
    searches = {what: time for what, time in times.items() if what.startswith("search")}
    slowest = max(searches, key=lambda what: searches[what])
    shown = {"start page": "start page, 500 events and 50,000 registrations", "figures": "figures, 2,000 registrations"}
    shown |= {what: f"{what}, among 100,000 people" for what in ("search, two names", slowest)}
    return [[words, f"{times[what]:.0f} ms", f"{limit_of(what):.0f} ms"] for what, words in shown.items()]


def list_facts(found: Results) -> str:
    busy = sum(found.generator) / len(found.generator)
    return "\n".join(
        (
            f"- SQL statements: {found.statements['event page']} for an event page,"
            f" {found.statements['sign-up']} for a whole registration.",
            f"- Race: {found.race}.",
            f"- The load generator itself used {busy:.0%} of one processor.",
        )
    )


def table(rows: Iterable[Sequence[str]]) -> str:
    first, *rest = rows
    lines = [first, ["---", *["---:"] * (len(first) - 1)], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
