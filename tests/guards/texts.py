"""The program's texts as data: what the code and the templates say, what the catalogues and the mails make of it."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.guards.source import ROOT

CATALOGUES = ROOT / "eventsys" / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w*)\}(?!\})|%%")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

BOKMAL_ONLY = {
    "ikke": "ikkje", "kommer": "kjem", "hvem": "kven", "hva": "kva", "hvor": "kvar", "hvordan": "korleis",
    "hvilken": "kva", "hvilke": "kva", "hvilket": "kva", "hver": "kvar", "hvert": "kvart", "hvis": "dersom",
    "fra": "frå", "jeg": "eg", "noen": "nokon", "noe": "noko", "en": "ein", "et": "eit", "være": "vere", "vært": "vore",
    "flere": "fleire", "mye": "mykje", "bare": "berre", "kun": "berre", "uke": "veke", "uker": "veker", "nå": "no",
    "dere": "de", "deres": "dykkar", "hennes": "hennar", "åpen": "open", "åpne": "opne", "åpner": "opnar",
    "gjøre": "gjere", "gjør": "gjer", "velge": "velje", "velg": "vel", "valgt": "vald",
    "mulig": "mogleg", "samme": "same", "annen": "annan", "annet": "anna", "egen": "eigen", "eget": "eige",
    "egne": "eigne", "disse": "desse", "siden": "sidan", "sted": "stad", "stedet": "staden", "steder": "stader",
    "navn": "namn", "måned": "månad", "måneder": "månader", "dager": "dagar", "plasser": "plassar",
    "sammen": "saman", "rekkefølge": "rekkjefølgje", "følge": "følgje", "følger": "følgjer", "finner": "finn",
    "skriver": "skriv", "holder": "held", "holdes": "blir halde", "ligger": "ligg", "sier": "seier", "vet": "veit",
    "endrer": "endrar", "venter": "ventar", "starter": "startar", "trenger": "treng",
    "sendes": "blir sende", "deltaker": "deltakar", "deltakere": "deltakarar", "deltakeren": "deltakaren",
    "deltakerne": "deltakarane", "arrangører": "arrangørar", "arrangørene": "arrangørane", "kommuner": "kommunar",
    "kommunene": "kommunane", "konferanser": "konferansar", "arrangementer": "arrangement",
    "arrangementene": "arrangementa", "seminarer": "seminar", "kalendere": "kalendrar",
    "prosjektleder": "prosjektleiar", "prosjektledere": "prosjektleiarar", "prosjektledersamling":
    "prosjektleiarsamling", "prosjektmedarbeider": "prosjektmedarbeidar", "ledelse": "leiing", "ledere": "leiarar",
    "leder": "leiar", "ansatte": "tilsette", "tillitsvalgt": "tillitsvald", "tillitsvalgte": "tillitsvalde",
    "hovedorganisasjon": "hovudorganisasjon", "hovedorganisasjoner": "hovudorganisasjonar",
    "forpliktelse": "forplikting", "påminnelse": "påminning", "påminnelser": "påminningar", "avlysning": "avlysing",
    "avmeldt": "avmeld", "sperret": "sperra", "rådgiver": "rådgjevar", "deltakerbevis": "deltakarbevis",
    "opplysninger": "opplysningar", "e-poster": "e-postar", "beholde": "behalde",
    "spørre": "spørje", "leser": "les", "hilsen": "helsing",
    "vennlig": "venleg", "begynne": "byrje", "øyeblikk": "augneblink", "hovedsiden": "hovudsida",
    "utenfor": "utanfor", "utsatt": "utsett", "adressen": "adressa", "lenken": "lenkja",
}  # fmt: skip
BOKMAL_ENDINGS = {
    re.compile(r"\w{2,}lig(e|ere|st)?"): {"billig", "billige"},
    re.compile(r"\w{3,}het(en|er|ene)?"): set(),
    re.compile(r"\w{2,}inger"): {"finger", "springer", "bringer", "ringer"},
    re.compile(r"\w{2,}ingen"): {"ingen", "ringen", "tingen"},
}
"""Endings that nynorsk does not have, and the words that only look so."""


def extract(root: Path = ROOT) -> dict[str | tuple[str, ...], str]:
    """Every text to be translated that the code and the templates hold, with the file that first holds it."""
    with open(ROOT / "babel.cfg") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(root, methods, options, KEYWORDS, directory_filter=_is_ours)
    texts: dict[str | tuple[str, ...], str] = {}
    for file, _line, message, _comments, _context in found:
        texts.setdefault(message, str(file))
    return texts


def _is_ours(folder: str) -> bool:
    return not Path(folder).name.startswith((".", "node_modules", "build", "var", "tests"))


@functools.cache
def read_catalogue(language: str) -> Catalog:
    with open(CATALOGUES / language / "LC_MESSAGES" / "messages.po", "rb") as file:
        return read_po(file, locale=language)


def placeholders(text: str) -> list[str]:
    return sorted({match.group(1) or match.group(2) or match.group() for match in PLACEHOLDER.finditer(text)})


def strings_of(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]


def ids_of(message: str | tuple[str, ...]) -> list[str]:
    return [message] if isinstance(message, str) else list(message)


def find_faults(texts: dict[str | tuple[str, ...], str], catalogue: Catalog) -> list[str]:
    """What is missing, empty, fuzzy or has other placeholders than its English."""
    faults = []
    for text in sorted(texts, key=str):
        first = ids_of(text)[0]
        message = catalogue.get(first)
        if message is None:
            faults.append(f"missing: {first}")
        elif not all(strings_of(message)):
            faults.append(f"not translated: {first}")
        elif message.fuzzy:
            faults.append(f"fuzzy: {first}")
        elif not _same_placeholders(text, message):
            faults.append(f"other placeholders: {first}")
    return faults


def _same_placeholders(text: str | tuple[str, ...], message: Message) -> bool:
    """Plural forms may leave out the number that the form itself tells, as English «one place» does."""
    wanted = [set(placeholders(form)) for form in ids_of(text)]
    every = set().union(*wanted)
    return all(
        set(placeholders(form)) in wanted if len(wanted) > 1 else set(placeholders(form)) == every
        for form in strings_of(message)
    )


def words_of(text: str) -> list[str]:
    """The words that people read: no placeholders, addresses, tags or code."""
    plain = re.sub(
        r"%\(\w+\)[sd]|\{\w*\}|`[^`]*`|<[^>]+>|\]\([^)]*\)|https?://\S+|\S+@\S+|[\w-]+\.example\S*", " ", text
    )
    return [word.lower() for word in WORD.findall(plain)]


def find_bokmal(text: str) -> list[str]:
    """The words of a nynorsk text that only bokmål has."""
    return [word for word in words_of(text) if _is_bokmal(word)]


def _is_bokmal(word: str) -> bool:
    return word in BOKMAL_ONLY or any(
        ending.fullmatch(word) and word not in fine for ending, fine in BOKMAL_ENDINGS.items()
    )


def words_not_shared(text: str, shared: set[str]) -> list[str]:
    """The words of a text that is the same in bokmål and nynorsk, for which nobody has said that this is right."""
    return sorted({word for word in words_of(text) if word not in shared})
