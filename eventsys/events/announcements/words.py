"""The words an announcement is made of, in both language forms, and the nearest of them to a misprinted one."""

from __future__ import annotations

from functools import lru_cache

from eventsys.events.rules import EventType, Role


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _numbered(text: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(text.split(), 1)}


FULL_MONTHS = _numbered("januar februar mars april mai juni juli august september oktober november desember")
MONTHS = FULL_MONTHS | _numbered("jan feb mar apr mai jun jul aug sep okt nov des") | {"sept": 9, "febr": 2}

FULL_WEEKDAYS = {
    word: day
    for day, words in enumerate(
        ("mandag måndag", "tirsdag tysdag", "onsdag", "torsdag", "fredag", "lørdag laurdag", "søndag sundag")
    )
    for word in words.split()
}
WEEKDAYS = FULL_WEEKDAYS | {
    word: day
    for day, words in enumerate(
        (
            "ma man må mån månd",
            "ti tir tirs ty tys",
            "on ons",
            "to tor tors",
            "fr fre fred",
            "lø lør la lau laur",
            "sø søn su sun",
        )
    )
    for word in words.split()
}

# The month a season begins in; it lasts three. Winter ends in the next year.
SEASONS = {"våren": 3, "sommeren": 6, "sommaren": 6, "høsten": 9, "hausten": 9, "vinteren": 12}
# These need a year after them: «vår» is also «our».
BARE_SEASONS = {"vår": 3, "sommer": 6, "sommar": 6, "høst": 9, "haust": 9, "vinter": 12}

WEEKS = _words("uke uka uken uker ukene ukane veke veka vekene vekane veker vekor")
CLOCK = frozenset({"kl", "klokka", "klokken"})
FIRSTS = {
    "første": 1,
    "fyrste": 1,
    "andre": 2,
    "annet": 2,
    "tredje": 3,
    "fjerde": 4,
    "femte": 5,
    "sjette": 6,
}

_HEADS = {
    "samling": "samling samlingen=samling samlinga=samling samlinger samlingar samlingene=samlinger "
    "samlingane=samlingar",
    "konferanse": "konferanse konferansen=konferanse konferanser konferansar konferansene=konferanser "
    "konferansane=konferansar",
    "møte": "møte møtet=møte møter møtene=møter møta=møte",
    "seminar": "seminar seminaret=seminar seminarer seminara=seminar seminarene=seminarer",
    "dag": "dag dagen=dag dager dagar dagene=dager dagane=dagar",
}


def _forms(head: str) -> list[tuple[str, str]]:
    """Each form of the word with the indefinite one a title uses."""
    return [(form, title or form) for form, _, title in (pair.partition("=") for pair in _HEADS[head].split())]


_CONFERENCES = ("kvalitets", "avslutnings", "høst", "haust", "vår", "års", "lands")
_STEMS: tuple[tuple[EventType, str, str], ...] = (
    (EventType.KICKOFF, "oppstarts", "konferanse samling møte seminar dag"),
    (EventType.KICKOFF, "kickoff", "konferanse samling møte seminar"),
    (EventType.LEARNING_SEMINAR, "lærings", "seminar"),
    (EventType.PROJECT_LEADERS, "prosjektleder", "samling møte seminar konferanse"),
    (EventType.PROJECT_LEADERS, "prosjektleiar", "samling møte seminar konferanse"),
    (EventType.NETWORK_GATHERING, "nettverks", "samling møte"),
    (EventType.STEERING_GROUP, "styringsgruppe", "møte"),
    (EventType.CONFERENCE, "", "konferanse"),
    (EventType.MEETING, "", "møte"),
    (EventType.MEETING, "kontakt", "møte"),
    *((EventType.CONFERENCE, stem, "konferanse") for stem in _CONFERENCES),
)
TYPES: dict[str, tuple[EventType, str]] = {
    "oppstart": (EventType.KICKOFF, "oppstart"),
    "oppstarten": (EventType.KICKOFF, "oppstart"),
    "kickoff": (EventType.KICKOFF, "kick-off"),
    **{
        stem + form: (kind, stem + title)
        for kind, stem, heads in _STEMS
        for head in heads.split()
        for form, title in _forms(head)
    },
    **dict.fromkeys(
        ("styringsgruppe", "styringsgruppen", "styringsgruppa"), (EventType.STEERING_GROUP, "styringsgruppemøte")
    ),
}
# Says what an event is only together with whom it is for.
GATHERINGS = dict(_forms("samling"))

COHORT = _words("pulje pulja puljen puljene puljane puljer puljar")
NETWORKS = _words("nettverk nettverket nettverka nettverkene nettverkenes")
REGIONAL = _words("lokal lokalt lokale regional regionalt regionale")
POLITICAL = frozenset({"politisk", "politiske"})
ADMINISTRATIVE = frozenset({"administrativ", "administrative", "administrativt"})
ROLES: dict[str, Role] = {
    word: role
    for role, words in (
        (Role.PROJECT_LEADER, "prosjektleder prosjektledere prosjektlederne prosjektleiar prosjektleiarar"),
        (Role.PROJECT_LEADER, "prosjektleiarane"),
        (Role.POLITICIAN, "politikere politikerne politikarar politikarane ordførere ordførerne ordførarar"),
        (Role.POLITICIAN, "ordførarane folkevalgte folkevalde"),
        (Role.ADMINISTRATION, "administrasjon administrasjonen rådmenn rådmennene"),
        (Role.EMPLOYEE_REPRESENTATIVE, "tillitsvalgt tillitsvalgte tillitsvald tillitsvalde"),
    )
    for word in words.split()
}
ROLE_TITLES = {
    Role.PROJECT_LEADER: ("prosjektledere", "prosjektleiarar"),
    Role.POLITICIAN: ("politikere", "politikarar"),
    Role.ADMINISTRATION: ("administrasjonen", "administrasjonen"),
    Role.EMPLOYEE_REPRESENTATIVE: ("tillitsvalgte", "tillitsvalde"),
}

ARRANGES = _words("arrangerer arrangerar inviterer holder held avholder skipar")
ORGANISER = _words("arrangør arrangører arrangørar arrangøren")
ARRANGED_BY = _words("arrangeres arrangert regi avholdes holdes skipa halde")
# Organisations whose genitive before the type names the organiser: «Unios konferanse».
ORGANISER_NAMES = ("unio", "forbund", "forbundet", "foreningen", "foreininga")

VENUE = frozenset({"sted", "stad", "lokale", "lokalet", "møtested", "møtestad"})
VENUE_MARKS = frozenset({"på", "ved", "i", "hos"})
VENUE_ENDINGS = (
    *("hotel", "hotell", "hotellet", "plaza", "huset", "salen", "sal", "skole", "skolen", "skule", "skulen"),
    *("senter", "senteret", "sentrum", "bibliotek", "biblioteket", "kontor", "kontoret", "møterom", "møterommet"),
    *("bygget", "gården", "garden", "rådhus", "kulturhus", "teams", "zoom"),
)
TO_COME = _words(
    "kommer kjem fastsettes fastsettast fastsatt fastsett bestemt avklart avklara bestemmes avklares uavklart uavklara "
    "klar kunngjøres kunngjort annonseres avgjort"
)
WHEN = _words("dato datoen datoer datoar tid tidspunkt")
# Words that may stand around «kommer» and «fastsatt» without changing what they say.
TO_COME_BESIDE = _words("ikke ikkje er blir vert enda ennå enno senere seinare nærmere nærare ble")

DEADLINE = _words("frist fristen innen senest seinast påmelding påmeldinga påmeldingen")
DEADLINE_ENDING = "frist"
CALLED_OFF = _words("avlyst avlyses avlysast avlyste avlysning avlysing")
MOVED = _words("flyttet flytta flyttes flyttast utsatt utsett utsettes endret endra endres")

FILLERS = (
    _words(
        "i på ved hos for av til og den det dei de en ei et ein eit sine sin si sitt fra frå dato datoer datoar tid "
        "tidspunkt når kl nr nummer med vi kommuner kommunene kommunar kommunane blir vert er deltakere deltakarar "
        "gjennomføres alle tre medlemmer medlemmene medlemer medlemene"
    )
    | ARRANGED_BY
)
ALL = frozenset({"alle", "samtlige", "samtlege"})

_NYNORSK = _words(
    "måndag tysdag laurdag sundag hausten haust sommaren sommar veke veka vekene vekane kjem frå ikkje puljane pulja "
    "stad ein eit held arrangerar skipar seinare fastsett kommunar kommunane tillitsvald tillitsvalde politikarar "
    "politikarane ordførarar folkevalde"
)
_NYNORSK_PARTS = ("leiar", "samlingar", "samlingane", "konferansar", "konferansane", "haust")

# Proper words that stand one stroke from a word above.
_NOT_MISPRINTS = _words(
    "mandal fridag politikk politikken politikkens prosjektledelse prosjektledelsen augusta kommer sommer holde "
    "invitere arrangere oppstarte nettverks"
)
_MEANINGS: dict[str, object] = {
    **FULL_MONTHS,
    **{word: ("weekday", day) for word, day in FULL_WEEKDAYS.items()},
    **{word: ("season", month) for word, month in SEASONS.items()},
    **{word: kind for word, (kind, _) in TYPES.items()},
    **dict.fromkeys(GATHERINGS, "gathering"),
    **ROLES,
    **dict.fromkeys(COHORT, "cohort"),
    **dict.fromkeys(NETWORKS, "networks"),
    **dict.fromkeys(("arrangerer", "inviterer", "arrangerar"), "arranges"),
    **dict.fromkeys(ORGANISER, "organiser"),
    **dict.fromkeys(REGIONAL, "regional"),
}
_KNOWN = frozenset(_MEANINGS) | FILLERS | POLITICAL | VENUE | WHEN | TO_COME | TO_COME_BESIDE | DEADLINE | CALLED_OFF
_KNOWN |= MOVED | ARRANGES | WEEKS | CLOCK | ALL | frozenset(MONTHS) | frozenset(WEEKDAYS) | frozenset(BARE_SEASONS)
_KNOWN |= frozenset(FIRSTS) | ADMINISTRATIVE | _NOT_MISPRINTS


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << ord(letter) % 64
    return mask


_SHORTEST_MISPRINT = 5
# Forms of «møte» are too short: «meter» and «møtes» are one stroke away.
_CANDIDATES = tuple(
    (word, _letters(word))
    for word in sorted(_MEANINGS)
    if len(word) >= _SHORTEST_MISPRINT and not (word.startswith("møt") and word in TYPES)
)


def _distance(one: str, other: str) -> int:
    """Strokes between two words: a letter more, less or changed, or two neighbours swapped."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]


def _strokes_allowed(one: str, other: str) -> int:
    shortest = min(len(one), len(other))
    return 0 if shortest < _SHORTEST_MISPRINT else 1 if shortest < 8 else 2


def type_of(word: str) -> tuple[EventType, str] | None:
    """What a word says an event is, and its indefinite form; a compound is what its last part is."""
    if word in TYPES:
        return TYPES[word]
    for head, kind in (("konferanse", EventType.CONFERENCE), ("møte", EventType.MEETING)):
        for form, title in _forms(head):
            if word.endswith(form) and len(word) >= len(form) + 2:
                return kind, word[: -len(form)] + title
    return None


@lru_cache(maxsize=4096)
def read_as(word: str) -> str:
    """The word itself if it is known, the one known word it is a misprint of, or "" if there is none or several."""
    if word in _KNOWN:
        return word
    best: dict[int, list[str]] = {}
    mask = _letters(word)
    for known, letters in _CANDIDATES:
        allowed = _strokes_allowed(word, known)
        if abs(len(word) - len(known)) <= allowed and (mask ^ letters).bit_count() <= 2 * allowed:
            strokes = _distance(word, known)
            if strokes <= allowed:
                best.setdefault(strokes, []).append(known)
    nearest = best[min(best)] if best else []
    if nearest and len({str(_MEANINGS[known]) for known in nearest}) == 1:
        return nearest[0]
    return word if type_of(word) is not None else ""


def is_nynorsk(words: list[str]) -> bool:
    """Whether a word that only nynorsk has is among them."""
    return any(word in _NYNORSK or any(part in word for part in _NYNORSK_PARTS) for word in words)
