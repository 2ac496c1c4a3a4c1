"""Settings are in one place, written down for people, checked at the start; the secret is never weak or shared by chance."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from config import Config, kept_secret
from tests.guards.source import ROOT, Module, dotted, read_module, read_modules, strings_in

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv"}
NAMES = {"environ", "environb", "getenv", "putenv"}


def list_missing(readme: str) -> list[str]:
    return [name for name in Config.model_fields if f"`{name}`" not in readme]


def list_unknown(readme: str) -> list[str]:
    """Settings that the README's table has and the program does not."""
    rows = re.findall(r"^\|((?: *`[A-Z][A-Z_]+`,?)+)", readme, re.M)
    return [name for row in rows for name in re.findall(r"[A-Z_]+", row) if name not in Config.model_fields]


def test_the_readme_names_every_setting_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text()
    assert list_missing(readme) == []
    assert list_unknown(readme) == []


def test_a_setting_that_the_readme_forgets_or_invents_is_seen() -> None:
    readme = "\n".join(f"| `{name}` | |" for name in Config.model_fields)
    assert list_missing(readme.replace("`MAIL_PORT`", "")) == ["MAIL_PORT"]
    assert list_unknown(f"{readme}\n| `MAIL_PORT`, `MAIL_PROT` | |") == ["MAIL_PROT"]


def read_environment(module: Module) -> list[str]:
    """Where the module looks a variable up. An environment given to a child (`{**os.environ}`, `.update`) is no look."""
    handed = {
        id(value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is None
    }
    attributes = [node for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    handed |= {id(node.value) for node in attributes if node.attr == "update"}
    found = [
        node.lineno
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and dotted(node) in ENVIRONMENT and id(node) not in handed)
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and NAMES & {name.name for name in node.names})
    ]
    return [f"{module.name}:{line}" for line in sorted(set(found))]


def list_variables(module: Module) -> list[str]:
    """Environment variables that options of the command line take besides the settings."""
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.keyword) and node.arg == "envvar"]
    return [text for node in calls for text in strings_in(node.value)]


def test_the_environment_is_read_in_wsgi_alone() -> None:
    ours = [module for module in read_modules() if module.name != "wsgi"]
    assert [line for module in ours for line in read_environment(module)] == []


def test_the_readme_names_every_variable_of_the_command_line() -> None:
    readme = (ROOT / "README.md").read_text()
    variables = {name for module in read_modules() for name in list_variables(module)}
    assert {name for name in variables if not re.search(rf"`{name}\b", readme)} == set()


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['A']",
        "import os\nos.getenv('A')",
        "import os\nx = os.environ",
        "import os\n{**os.environ, 'A': os.environ.get('A')}",
        "\nfrom os import environ",
    ],
)
def test_a_planted_look_at_the_environment_is_seen(tmp_path: Path, source: str) -> None:
    file = tmp_path / "planted.py"
    file.write_text(source)
    assert read_environment(read_module(file, tmp_path)) == ["planted:2"]


def test_an_environment_handed_on_and_a_planted_variable_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "planted.py"
    file.write_text("import os\nrun(env={**os.environ, 'A': '1'})\noption = click.option('--port', envvar='PORT')")
    module = read_module(file, tmp_path)
    assert (read_environment(module), list_variables(module)) == ([], ["PORT"])


SQLITE = {"DATABASE_URL": "sqlite:///nowhere.db", "SECRET_KEY": "a secret of the tests alone, long enough"}
BAD = {
    "MAIL_PORT": "smtp",
    "TRUSTED_PROXIES": "many",
    "DEVELOPMENT": "perhaps",
    "MAIL_USE_TLS": "starttls",
    "MAIL_MAX_EMAILS": "1.5",
    "LOG_LEVEL": "LOUD",
    "BASE_URL": "arrangement.example",
    "DATABASE_URL": "mysql://somewhere/db",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_value_stops_the_start_and_names_the_setting(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        Config.from_environment({**SQLITE, name: BAD[name]})


def test_a_bad_value_stops_the_program_and_tells_no_secret() -> None:
    environ = {**os.environ, **SQLITE, "MAIL_PORT": "smtp"}
    start = [sys.executable, "-c", "import wsgi"]
    done = subprocess.run(start, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "MAIL_PORT" in done.stderr
    assert SQLITE["SECRET_KEY"] not in done.stderr + done.stdout


def test_what_the_environment_does_not_name_has_its_default() -> None:
    config = Config.from_environment({**SQLITE, "MAIL_PORT": "25", "DEVELOPMENT": "on", "SITE_NAME": ""})
    assert config == Config(**{**SQLITE, "MAIL_PORT": 25, "DEVELOPMENT": True})


def test_the_secret_is_kept_beside_the_file_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/eventsys.db"
    secret = Config.from_environment({"DATABASE_URL": url}).SECRET_KEY
    file = tmp_path / "new" / "eventsys.secret"
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (secret, 0o600)
    assert re.fullmatch(r"[0-9a-f]{64}", secret)
    again = Config.from_environment({"DATABASE_URL": url}).SECRET_KEY
    assert again == secret


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    first, second = (kept_secret(f"sqlite:///{tmp_path}/{name}.db") for name in ("a", "b"))
    assert first != second


def test_postgresql_without_a_secret_does_not_start() -> None:
    with pytest.raises(SystemExit, match="SECRET_KEY must be set"):
        Config.from_environment({"DATABASE_URL": "postgresql://127.0.0.1/eventsys"})
