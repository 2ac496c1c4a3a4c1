"""What stands in the repository's files, and what never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guards import files
from tests.guards.source import ROOT

VENDOR = ROOT / "eventsys" / "static" / "vendor"
HASH = "--hash=sha256:" + "0" * 64


def test_no_file_names_the_host_of_a_package_registry() -> None:
    assert files.find_registries(files.read_files()) == []


def test_no_file_holds_a_path_of_the_machine_it_was_made_on() -> None:
    assert files.find_machine_paths(files.read_files()) == []


def test_no_address_could_be_somebodys() -> None:
    assert files.find_addresses(files.read_files()) == []


def test_nothing_is_left_unfinished() -> None:
    assert files.find_unfinished(files.read_files()) == []


def test_every_test_is_run() -> None:
    assert files.find_not_run(files.read_files()) == []


def test_no_file_of_code_is_long() -> None:
    assert files.find_long(files.read_files()) == []


@pytest.mark.parametrize("name", ["base", "test"])
def test_every_requirement_is_one_version_with_its_hashes(name: str) -> None:
    requirements = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert requirements.count("==") > 20
    assert files.find_unpinned(requirements) == []


def test_vendored_files_are_the_ones_that_were_looked_at() -> None:
    assert files.find_vendor_faults(VENDOR) == []


def test_what_is_looked_at_is_the_whole_repository() -> None:
    names = set(files.read_files())
    assert {"Makefile", "config.py", "eventsys/web.py", "templates/base.html", "tests/guards/files.py"} <= names
    assert not [name for name in names if name.startswith((".venv/", "var/"))]


PLANTED = {
    "find_registries": ("package-lock.json", '"resolved": "https://registry.' + "npmjs" + '.org/htmx"'),
    "find_machine_paths": ("tests/test_a.py", 'open("/' + 'root/notes.txt")'),
    "find_addresses": ("docs/a.md", "Write to kari" + "@" + "nordmann.no"),
    "find_unfinished": ("eventsys/a.py", "# TO" + "DO: later"),
    "find_not_run": ("tests/test_a.py", "@pytest.mark." + "skipif(True)"),
    "find_long": ("eventsys/a/views.py", "x = 1\n" * 401),
}


@pytest.mark.parametrize("check", PLANTED)
def test_a_planted_fault_is_seen(check: str) -> None:
    name, text = PLANTED[check]
    assert len(getattr(files, check)({name: text})) == 1


def test_a_planted_temporary_path_is_seen_in_what_ships_alone() -> None:
    path = "/" + "tmp/eventsys.log"
    assert files.find_machine_paths({"eventsys/a.py": path, "docs/a.md": path}) == [f"eventsys/a.py:1: {path[:5]}"]


@pytest.mark.parametrize(
    "requirement",
    ["flask>=3", "flask==3.1.3", f"flask {HASH}", "flask==3.1.3 --hash=md5:0", "--extra-index-url https://a.example"],
)
def test_a_planted_loose_requirement_is_seen(requirement: str) -> None:
    assert files.find_unpinned(f"idna==3.11 \\\n    {HASH} \\\n    {HASH}\n    # via flask\n{requirement}\n") == [
        requirement.split()[0]
    ]


def test_a_changed_new_or_missing_vendored_file_is_seen(tmp_path: Path) -> None:
    for path in VENDOR.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "htmx.min.js").write_text("changed")
    (tmp_path / "new.js").write_text("new")
    (tmp_path / "theme.css").unlink()
    assert [fault.split(":")[0] for fault in files.find_vendor_faults(tmp_path)] == [
        "htmx.min.js",
        "new.js",
        "theme.css",
    ]
