"""Made-up people who sign up for the demo's events: common given names, surnames put together from words of nature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from eventsys.organisations.rules import search_words
from eventsys.registrations.rules import Side

GIVEN = (
    "Anne Arne Astrid Berit Bjørn Eirik Elin Eva Finn Geir Grete Gunnar Hanne Harald Heidi Helge Hilde Inger Ingrid"
    " Ivar Jan Jorunn Kari Karin Kjell Knut Lars Leif Liv Magne Marit Mona Nils Odd Ola Per Ragnhild Randi Rolf Rune"
    " Sigrid Siri Sissel Stein Svein Terje Tone Tor Trine Turid Vigdis Wenche Åse Øystein"
).split()
FIRST_PARTS = (
    "Bjørk Brekk Elve Fjell Fur Gran Gull Hassel Hegg Hval Klokk Kvern Ljos Lyng Mose Myr Rogn Selje Skog Snø Stor Sølv"
    " Tind Ulv Vier Øst"
).split()
LAST_PARTS = "bakkli engtun flaten gjerdstad haugrud kleivås lidal moengen myrvoll stølrud tunhaug vikmo".split()

SIDES = (Side.ADMINISTRATION, Side.POLITICIAN, Side.EMPLOYEE_REPRESENTATIVE)
FIRST_DAY = datetime(2008, 6, 17, tzinfo=UTC)
LAST_DAY = datetime(2008, 8, 15, tzinfo=UTC)
SATURDAY = 5
# Offices are empty in July.
HOLIDAYS = (datetime(2008, 7, 5, tzinfo=UTC), datetime(2008, 8, 3, tzinfo=UTC))


@dataclass(frozen=True)
class Seat:
    """Somebody who signs up: `municipality` is a place in the sequence that was given, `group` the same for those who
    come together."""

    at: datetime
    group: int
    municipality: int
    name: str
    email: str
    side: Side
    language: str | None


def make_seats(random: Random, labels: Sequence[str], how_many: int, *, since: datetime = FIRST_DAY) -> list[Seat]:
    """Delegations of one to four from some of these municipalities, in the order that they signed up."""
    seats: list[Seat] = []
    names: set[str] = set()
    group = 0
    while len(seats) < how_many:
        group += 1
        municipality = random.randrange(len(labels))
        begun = _office_hour(random, since)
        for number, name in enumerate(_new_names(random, names, random.choice((1, 1, 2, 3, 3, 4)))):
            at = begun + timedelta(minutes=4 * number + random.randrange(3))
            language = random.choice((None, None, None, None, None, "nb", "nn", "en"))
            email = make_address(name, labels[municipality])
            seats.append(Seat(at, group, municipality, name, email, SIDES[number % 3], language))
    return sorted(seats[:how_many], key=lambda seat: (seat.at, seat.name))


def _new_names(random: Random, taken: set[str], how_many: int) -> Iterator[str]:
    for _place in range(how_many):
        while (name := make_name(random)) in taken:
            pass
        taken.add(name)
        yield name


def make_name(random: Random) -> str:
    return f"{random.choice(GIVEN)} {random.choice(FIRST_PARTS)}{random.choice(LAST_PARTS)}"


def make_address(name: str, label: str) -> str:
    """«Åse Lyngmyrvoll» of «Bø (Telemark)» is at ase.lyngmyrvoll@bo-telemark.example."""
    return f"{'.'.join(search_words(name))}@{'-'.join(search_words(label))}.example"


def to_weekday(moment: datetime) -> datetime:
    """The Monday after it, where it is in a weekend."""
    return moment + timedelta(days=max(0, 7 - moment.weekday()) if moment.weekday() >= SATURDAY else 0)


def _office_hour(random: Random, since: datetime) -> datetime:
    days = (LAST_DAY - since).days + 1
    while True:
        day = since + timedelta(days=random.randrange(days))
        if day.weekday() < SATURDAY and not HOLIDAYS[0] <= day <= HOLIDAYS[1]:
            return day + timedelta(hours=random.randrange(6, 14), minutes=random.randrange(45))
