from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from eventsys.events.rules import (
    FAR_FUTURE,
    DayIsMissing,
    EndBeforeStart,
    EndIsMissing,
    Precision,
    RunFacts,
    StartIsMissing,
    UnknownTimezone,
    first_free,
    is_long,
    make_slug,
    resolve,
)


def exact(first: date, starts: time | None, ends: time | None, last: date | None = None, **more: str) -> RunFacts:
    return RunFacts(Precision.EXACT, first, last, starts, ends, **more)  # type: ignore[arg-type]


def test_exact_local_times_become_moments_in_utc_and_the_days_they_are_on() -> None:
    assert resolve(exact(date(2008, 9, 1), time(10), time(15, 30), date(2008, 9, 2))) == {
        "precision": Precision.EXACT,
        "timezone": "Europe/Oslo",
        "first_on": date(2008, 9, 1),
        "last_on": date(2008, 9, 2),
        "starts_local": datetime(2008, 9, 1, 10),
        "ends_local": datetime(2008, 9, 2, 15, 30),
        "starts_at": datetime(2008, 9, 1, 8, tzinfo=UTC),
        "ends_at": datetime(2008, 9, 2, 13, 30, tzinfo=UTC),
        "sort_at": datetime(2008, 9, 1, 8, tzinfo=UTC),
    }


def test_days_have_no_times_and_sort_at_their_first_midnight() -> None:
    assert resolve(RunFacts(Precision.DAYS, date(2008, 12, 9), date(2008, 12, 10), time(10), time(12))) == {
        "precision": Precision.DAYS,
        "timezone": "Europe/Oslo",
        "first_on": date(2008, 12, 9),
        "last_on": date(2008, 12, 10),
        "starts_local": None,
        "ends_local": None,
        "starts_at": None,
        "ends_at": None,
        "sort_at": datetime(2008, 12, 8, 23, 0, 0, 1, tzinfo=UTC),
    }


def test_an_unknown_date_has_no_span_and_sorts_last() -> None:
    columns = resolve(RunFacts(Precision.UNKNOWN, date(2008, 12, 9), date(2008, 12, 10)))
    assert (columns["first_on"], columns["last_on"], columns["sort_at"]) == (None, None, FAR_FUTURE)


def test_what_begins_together_sorts_from_the_exact_to_the_coarse() -> None:
    first, last = date(2008, 9, 1), date(2008, 9, 30)
    facts = [RunFacts(p, first, last, time(0), time(9)) for p in Precision if p is not Precision.UNKNOWN]
    facts.reverse()
    assert [f.precision for f in sorted(facts, key=lambda f: resolve(f)["sort_at"])] == list(Precision)[:-1]


@pytest.mark.parametrize(
    "facts, error",
    [
        (exact(date(2008, 9, 1), time(10), None), EndIsMissing),
        (exact(date(2008, 9, 1), None, time(10)), StartIsMissing),
        (exact(date(2008, 9, 1), time(10), time(10)), EndBeforeStart),
        (exact(date(2008, 9, 2), time(10), time(12), date(2008, 9, 1)), EndBeforeStart),
        (exact(date(2008, 3, 30), time(2, 10), time(2, 50)), EndBeforeStart),
        (RunFacts(Precision.MONTH, date(2008, 10, 31), date(2008, 10, 1)), EndBeforeStart),
        (RunFacts(Precision.WEEK), DayIsMissing),
        (RunFacts(Precision.DAYS, date(2008, 9, 1), timezone="Europe/Nowhere"), UnknownTimezone),
        (RunFacts(Precision.DAYS, date(2008, 9, 1), timezone="../etc/passwd"), UnknownTimezone),
        (RunFacts(Precision.DAYS, date(2008, 9, 1), timezone=""), UnknownTimezone),
    ],
)
def test_impossible_times_are_refused_by_their_reason(facts: RunFacts, error: type[Exception]) -> None:
    with pytest.raises(error):
        resolve(facts)


@pytest.mark.parametrize(
    "words, slug",
    [
        (("Læringsseminar", "2", "Pulje II"), "laeringsseminar-2-pulje-ii"),
        (("Læringsseminar 2 for pulje II", "2", "Pulje II"), "laeringsseminar-2-for-pulje-ii"),
        (("Ås & Å: «ny_start»!", "", ""), "as-a-ny-start"),
        (("会议", "", ""), "learning-seminar"),
        (("", "", ""), "learning-seminar"),
    ],
)
def test_a_slug_is_plain_words_said_once(words: tuple[str, ...], slug: str) -> None:
    assert make_slug(words, fallback="learning_seminar") == slug


def test_a_long_title_is_cut_between_words() -> None:
    words = [f"samling{number}" for number in range(100, 130)]
    assert make_slug([" ".join(words)], fallback="x") == "-".join(words[:9])
    assert make_slug(["a" * 300], fallback="x") == "a" * 100


def test_a_taken_slug_gets_the_lowest_free_number() -> None:
    assert first_free("oppstart", set()) == "oppstart"
    assert first_free("oppstart", {"oppstart", "oppstart-2", "oppstart-4"}) == "oppstart-3"


@pytest.mark.parametrize(
    "precision, last, long",
    [
        (Precision.WEEK, date(2008, 9, 7), False),
        (Precision.WEEK, date(2008, 9, 8), True),
        (Precision.MONTH, date(2008, 9, 30), True),
        (Precision.DAYS, date(2008, 9, 30), False),
        (Precision.UNKNOWN, None, False),
    ],
)
def test_only_inexact_spans_of_more_than_a_week_are_banners(
    precision: Precision, last: date | None, long: bool
) -> None:  # fmt: skip
    assert is_long(precision, date(2008, 9, 1) if last else None, last) is long
