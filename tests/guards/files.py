"""The repository's files as texts, and what must not stand in them. What is forbidden is here put together from parts."""

from __future__ import annotations

import functools
import hashlib
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.guards.source import ROOT

REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
            ("unpkg", "com"), ("jsdelivr", "net"), ("cdnjs", "cloudflare"), ("crates", "io"), ("rubygems", "org"),
            ("proxy", "golang", "org"), ("deb", "debian", "org"), ("anaconda", "org"), ("esm", "sh"),
        )
    )
)  # fmt: skip
MACHINE = re.compile(r"(?<![\w.~*-])/(?:" + "|".join(("work", "root", "home", "Users")) + r")/")
TEMPORARY = re.compile(r"(?<![\w.~*-])/(?:var/)?tmp/")
ADDRESS = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[^\W\d_]{2,})")
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
NOT_RUN = re.compile(r"pytest\.(?:skip|xfail|importorskip|exit)\b|mark\.(?:skip|skipif|xfail)\b|unittest\.skip")
SHIPPED = ("eventsys/", "templates/", "migrations/", ".ci/", "config.py", "wsgi.py", "Makefile")
VENDORED = ("eventsys/static/vendor/", "requirements/", "LICENSE")
MOST_LINES = 400
TABLES: set[str] = set()
"""Modules that are a table of data, however long."""


@functools.cache
def read_files(root: Path = ROOT) -> Mapping[str, str]:
    """The text of each file that is or would be tracked, by its path; bytes that are no text are left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    texts = {}
    for name in sorted(set(filter(None, names))):
        path = root / name
        if path.is_file():
            raw = path.read_bytes()
            if b"\0" not in raw[:4096]:
                texts[name] = raw.decode("utf-8", "replace")
    return texts


def _lines(files: Mapping[str, str], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {match.group()}"
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def find_registries(files: Mapping[str, str]) -> list[str]:
    return _lines(files, REGISTRIES)


def find_machine_paths(files: Mapping[str, str]) -> list[str]:
    own = {name: text for name, text in files.items() if not name.startswith(VENDORED)}
    shipped = {name: text for name, text in own.items() if name.startswith(SHIPPED)}
    return _lines(own, MACHINE) + _lines(shipped, TEMPORARY)


def find_addresses(files: Mapping[str, str]) -> list[str]:
    """E-mail addresses that could be somebody's: all but those under `.example`, and gettext's form in a template."""
    own = {name: text for name, text in files.items() if not name.startswith(VENDORED) and not name.endswith(".pot")}
    return [
        f"{name}: {match.group()}"
        for name, text in own.items()
        for match in ADDRESS.finditer(text.replace(r"\n", " "))
        if not match.group(1).lower().endswith(".example")
    ]


def find_unfinished(files: Mapping[str, str]) -> list[str]:
    return _lines({name: text for name, text in files.items() if not name.startswith(VENDORED)}, UNFINISHED)


def find_not_run(files: Mapping[str, str]) -> list[str]:
    return _lines({name: text for name, text in files.items() if name.startswith("tests/")}, NOT_RUN)


def find_long(files: Mapping[str, str]) -> list[str]:
    code = {name: text for name, text in files.items() if name.startswith("eventsys/") and name.endswith(".py")}
    return [
        f"{name}: {len(text.splitlines())} lines"
        for name, text in code.items()
        if len(text.splitlines()) > MOST_LINES and name not in TABLES
    ]


def find_unpinned(requirements: str) -> list[str]:
    """Requirements without one exact version and at least one SHA-256; options that say where from."""
    plain = re.sub(r"^\s*#.*\n", "", requirements, flags=re.M).replace("\\\n", " ")
    pinned = re.compile(r"[\w.\[\],-]+==[\w.!+]+(?: ;[^-]*?)?(?:\s+--hash=sha256:[0-9a-f]{64})+\s*(?:#.*)?")
    return [line.split()[0] for line in plain.splitlines() if line.strip() and not pinned.fullmatch(line.strip())]


def find_vendor_faults(folder: Path) -> list[str]:
    """Vendored files whose bytes are not those of their row, that have no row, or rows without a file."""
    rows = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", (folder / "README.md").read_text(), re.M))
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    del there["README.md"]
    return sorted(
        f"{name}: {there.get(name)} is not {rows.get(name)}"
        for name in {*rows, *there}
        if rows.get(name) != there.get(name)
    )
