"""What the mail rules promise, in plain Python and without a line of the code under test: who is to get what, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
HOLIDAYS = {
    date(2008, 3, 20), date(2008, 3, 21), date(2008, 3, 24), date(2008, 5, 1), date(2008, 5, 12), date(2008, 12, 25),
    date(2008, 12, 26), date(2009, 1, 1), date(2009, 4, 9), date(2009, 4, 10), date(2009, 4, 13), date(2009, 5, 1),
}  # fmt: skip
"""The public holidays on weekdays in the months that are played with."""
TOO_LATE = timedelta(hours=24)
QUIET_FROM, QUIET_TO = time(21), time(7)


@dataclass
class Rule:
    """«3 days before the start at 09:00»; `enabled_at` is None while it is off."""

    anchor: str
    offset: int
    unit: str
    clock: time | None
    enabled_at: datetime | None

    @property
    def is_before_start(self) -> bool:
        return self.anchor == "start" and self.offset <= 0


@dataclass
class Run:
    starts: datetime
    ends: datetime
    cancelled: bool = False
    shown_at: datetime = datetime(2008, 1, 1, tzinfo=UTC)


@dataclass
class Occasion:
    due: datetime
    nth: int
    state: str = "planned"


@dataclass
class Mail:
    """One that is to go to an address, once. `people` are those of the address who were coming when it fired."""

    rule: str
    run: int
    nth: int
    due: datetime
    email: str
    people: frozenset[str]
    fired_at: datetime
    end: str = ""

    @property
    def key(self) -> tuple[str, int, int, datetime, str]:
        return self.rule, self.run, self.nth, self.due, self.email


@dataclass
class Model:
    now: datetime
    quiet: bool
    rules: dict[str, Rule] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    coming: dict[str, tuple[str, int, bool]] = field(default_factory=dict)
    occasions: dict[tuple[str, int], list[Occasion]] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    paused: set[str] = field(default_factory=set)

    # --- plan -------------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        for name, rule in self.rules.items():
            for number, run in self.runs.items():
                self._plan_one(self.occasions.setdefault((name, number), []), _wanted(rule, run))

    def _plan_one(self, there: list[Occasion], wanted: datetime | None) -> None:
        """What has not fired moves with the run or is dropped; what is over comes again only for the future."""
        newest = there[-1] if there else None
        is_ahead = wanted is not None and wanted > self.now
        if newest is None:
            if wanted is not None:
                there.append(Occasion(wanted, 0))
        elif newest.state == "over":
            if wanted is not None and is_ahead and wanted != newest.due:
                there.append(Occasion(wanted, newest.nth + 1))
        elif wanted is None or (wanted != newest.due and newest.nth > 0 and not is_ahead):
            newest.state = "dropped"
        elif newest.state == "planned" or is_ahead:
            newest.due, newest.state = wanted, "planned"

    # --- fire -------------------------------------------------------------------------------------------------------

    def fire(self) -> None:
        for (name, number), there in self.occasions.items():
            if there and there[-1].state == "planned" and there[-1].due <= self.now:
                there[-1].state = "over"
                if not self._is_too_late(name, number, there[-1]):
                    self._mail(name, number, there[-1])

    def _is_too_late(self, name: str, number: int, occasion: Occasion) -> bool:
        has_begun = self.rules[name].is_before_start and self.now >= moment_of(self.runs[number].starts)
        return has_begun or self.now - occasion.due > TOO_LATE

    def _mail(self, name: str, number: int, occasion: Occasion) -> None:
        by_address: dict[str, set[str]] = {}
        for person, (email, run, is_coming) in self.coming.items():
            if run == number and is_coming:
                by_address.setdefault(email, set()).add(person)
        for email, people in by_address.items():
            self.mails.append(Mail(name, number, occasion.nth, occasion.due, email, frozenset(people), self.now))

    def find_next(self) -> datetime | None:
        """The first moment that has not come."""
        ahead = [there[-1].due for there in self.occasions.values() if there and there[-1].state == "planned"]
        return min((due for due in ahead if due > self.now), default=None)

    # --- send -------------------------------------------------------------------------------------------------------

    def is_forbidden(self, mail: Mail) -> bool:
        """Whether what the mail says is not so any more: nobody of the address comes, there is no such run ahead, or the
        rule was switched off."""
        run, is_off = self.runs[mail.run], self.rules[mail.rule].enabled_at is None
        has_begun = self.rules[mail.rule].is_before_start and self.now >= moment_of(run.starts)
        nobody = not any(self.coming[person][2] for person in mail.people)
        newest = self.occasions[mail.rule, mail.run][-1]
        is_moved = newest.nth > mail.nth and newest.state != "dropped"
        return nobody or run.cancelled or has_begun or is_off or is_moved

    def is_held(self, mail: Mail) -> bool:
        """Whether somebody paused it or it is night."""
        return bool(self.paused & {"organiser", "event", mail.rule}) or (self.quiet and is_quiet(self.now))

    def may_wait(self, mail: Mail) -> bool:
        """Whether it is held, or the clock has gone back to before its time: the moment, or the end of that night."""
        earliest = max(mail.due, end_of_night(mail.fired_at) if self.quiet else mail.due)
        return self.is_held(mail) or self.now < earliest


def is_quiet(moment: datetime) -> bool:
    clock = moment.astimezone(OSLO).time()
    return clock >= QUIET_FROM or clock < QUIET_TO


def end_of_night(moment: datetime) -> datetime:
    if not is_quiet(moment):
        return moment
    local = moment.astimezone(OSLO)
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return moment_of(datetime.combine(day, QUIET_TO))


def moment_of(local: datetime) -> datetime:
    """A wall-clock time in Oslo; one that a change of the clocks leaves out is the end of the gap, three o'clock."""
    moment = local.replace(tzinfo=OSLO).astimezone(UTC)
    if moment.astimezone(OSLO).replace(tzinfo=None) != local:
        return local.replace(hour=3, minute=0, tzinfo=OSLO).astimezone(UTC)
    return moment


def is_working_day(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in HOLIDAYS


def _wanted(rule: Rule, run: Run) -> datetime | None:
    """The moment of the rule for the run, unless the rule is off or was, or the run is called off."""
    if rule.enabled_at is None or run.cancelled:
        return None
    moment = find_moment(rule, run)
    return moment if moment >= max(rule.enabled_at, run.shown_at) else None


def find_moment(rule: Rule, run: Run) -> datetime:
    anchor = run.starts if rule.anchor == "start" else run.ends
    if rule.unit in ("minutes", "hours"):
        return moment_of(anchor) + timedelta(**{rule.unit: rule.offset})
    step = timedelta(days=1 if rule.offset > 0 else -1)
    day = anchor.date()
    if rule.unit == "working_days":
        for _day in range(abs(rule.offset)):
            day += step
            while not is_working_day(day):
                day += step
    else:
        day += timedelta(**{rule.unit: rule.offset})
        while rule.offset and not is_working_day(day):
            day += step
    return moment_of(datetime.combine(day, rule.clock or anchor.time()))
