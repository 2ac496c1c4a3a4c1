"""No state of a request in a process: several web processes and threads must not know different things."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.source import Module, dotted, read_module, read_modules

CACHES = {
    "eventsys.calendars.queries._feed": "a statement, by its shape alone",
    "eventsys.calendars.queries._entries": "a statement, by its shape alone",
    "eventsys.organisations.queries._beginning_with": "a statement, by its shape alone",
    "eventsys.texts.to_html": "a text and nothing else",
    "eventsys.web._static_hash": "a file of the release",
    "eventsys.mailing.templates.compiled": "a source and its language, both arguments",
    "eventsys.mailing.templates._shipped": "files of the release",
    "eventsys.mailing.templates._layout": "a file of the release",
    "eventsys.workflows.rules.moments._public_holidays": "the calendar of a year",
    "eventsys.workflows.timetable.list_wanted": "rules and times, all arguments",
    "eventsys.workflows.timetable.list_lines": "rules and times, all arguments",
    "eventsys.registrations.limits.queries.books._standings": "a statement, by its shape alone",
    "eventsys.registrations.queue.queries._lapsed": "a statement, by its shape alone",
    "eventsys.registrations.own.queries._chosen": "a statement, by its shape alone",
    "eventsys.registrations.signup.queries._form": "a statement, by whether the reader is invited",
    "eventsys.registrations.signup.queries._choices": "a statement, by whether the reader is invited",
    "eventsys.mailing.delivery._suppressions": "a statement, by its shape alone",
    "eventsys.workflows.causes._causes": "a statement, by its database alone",
    "eventsys.workflows.facts._earlier": "a statement, by its database alone",
    "eventsys.workflows.histories._moves": "a statement, by its database alone",
    "eventsys.workflows.histories._told_gone": "a statement, by its database alone",
    "eventsys.events.announcements.words.read_as": "a word and the release's own list of words",
}
"""What may be kept in a process: functions of their arguments alone, and why those never change."""
ALLOWED: dict[str, str] = {
    "eventsys.calendars.fetches.NOTED": "when this process last noted a fetch; two processes note it twice",
    "eventsys.accounts.oidc.discovery.KNOWN": "what an issuer publishes, for an hour; two at once read it twice",
}
"""Other module state that is changed by functions, and why that is safe."""

MAKERS = {"dict", "list", "set", "defaultdict", "Counter", "deque", "OrderedDict", "WeakKeyDictionary"}
CHANGES = {
    "append", "add", "update", "pop", "popitem", "clear", "extend", "insert", "remove", "discard", "setdefault",
    "appendleft", "sort", "reverse",
}  # fmt: skip
CACHE_DECORATORS = {"cache", "lru_cache", "cached_property"}


def find_state(module: Module) -> list[str]:
    """`module.name: how` for each module-level thing that a function changes or a cache keeps."""
    found = {*list_globals(module.tree), *list_changed(module.tree), *list_caches(module.tree)}
    allowed = {**CACHES, **ALLOWED}
    return [f"{module.name}.{name}: {how}" for name, how in sorted(found) if f"{module.name}.{name}" not in allowed]


def list_globals(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from ((name, "set as a global") for name in node.names)


def list_caches(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Caches of functions; those of methods' objects (`cached_property`) live as long as the object."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = {dotted(decorator).split(".")[-1] for decorator in node.decorator_list}
            if names & CACHE_DECORATORS and not _is_statement(node):
                yield node.name, "kept in a cache"
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and {"cache", "lru_cache"} & {
                    dotted(decorator).split(".")[-1] for decorator in inner.decorator_list
                }:
                    yield f"{node.name}.{inner.name}", "kept in a cache"


def _is_statement(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """A SELECT put together once, from nothing: immutable, its values are bound at each use."""
    if isinstance(node, ast.ClassDef) or node.returns is None:
        return False
    returned = node.returns.value if isinstance(node.returns, ast.Subscript) else node.returns
    return dotted(returned) == "sa.Select" and ast.unparse(node.args) == ""


def list_changed(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Dicts, lists and sets of the module or of a class in it, and attributes of imported modules, that functions change."""
    mutable = set(_mutable_names(tree.body))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            mutable |= {f"{owner}.{name}" for name in _mutable_names(node.body) for owner in (node.name, "self", "cls")}
    modules = {
        alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    for function in _functions(tree):
        own = _own_names(function)
        for name in _changed_in(function):
            if name in mutable and name.split(".")[0] not in own - {"self", "cls"}:
                yield name, "changed in a function"
        for target in _assigned(function):
            owner = dotted(target.value) if isinstance(target, ast.Attribute) else ""
            if owner in modules or owner == "cls":
                yield dotted(target), "set in a function"


def _mutable_names(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        makes = isinstance(value, (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp))
        if makes or (isinstance(value, ast.Call) and dotted(value.func).split(".")[-1] in MAKERS):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]  # type: ignore[union-attr]
            yield from (dotted(target) for target in targets)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def _own_names(function: ast.FunctionDef) -> set[str]:
    """Names that the function binds itself: they hide the module's."""
    arguments = function.args
    names = {item.arg for item in (*arguments.args, *arguments.kwonlyargs, *arguments.posonlyargs)}
    return names | {
        node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _changed_in(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
            yield dotted(node.func.value)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield dotted(node.value)
        elif isinstance(node, ast.AugAssign):
            yield dotted(node.target)


def _assigned(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            yield from node.targets
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            yield node.target


def test_no_module_keeps_what_a_request_changes() -> None:
    assert [line for module in read_modules() for line in find_state(module)] == []


def test_the_allowed_ones_are_there() -> None:
    names = {f"{module.name}.{name}" for module in read_modules() for name, _how in list_caches(module.tree)}
    assert names == set(CACHES)


PLANTED = {
    "COUNT = 0\ndef f():\n    global COUNT\n    COUNT += 1": "COUNT: set as a global",
    "SEEN = set()\ndef f(x):\n    SEEN.add(x)": "SEEN: changed in a function",
    "SEEN = {}\ndef f(x):\n    SEEN[x] = 1": "SEEN: changed in a function",
    "SEEN: dict[str, int] = {}\ndef f(x):\n    del SEEN[x]": "SEEN: changed in a function",
    "from collections import defaultdict\nHITS = defaultdict(int)\ndef f(x):\n    HITS[x] += 1":
        "HITS: changed in a function",
    "LIST = []\ndef f(x):\n    def inner():\n        LIST.append(x)\n    inner()": "LIST: changed in a function",
    "LIST = []\nasyncio = 1\nclass A:\n    def f(self):\n        LIST.append(self)": "LIST: changed in a function",
    "class A:\n    seen = []\n    def f(self):\n        self.seen.append(1)": "self.seen: changed in a function",
    "class A:\n    def f(cls):\n        cls.last = 1": "cls.last: set in a function",
    "import eventsys.web\ndef f():\n    eventsys.web.last = 1": "eventsys.web.last: set in a function",
    "import functools\n@functools.cache\ndef f(x):\n    return x": "f: kept in a cache",
    "@functools.cache\ndef f(x) -> sa.Select[Event]:\n    return x": "f: kept in a cache",
    "import functools\n@functools.lru_cache(maxsize=2)\ndef f(x):\n    return x": "f: kept in a cache",
    "import functools\nclass A:\n    @functools.cache\n    def f(self): ...": "A.f: kept in a cache",
}  # fmt: skip


@pytest.mark.parametrize("source", PLANTED)
def test_planted_state_is_seen(tmp_path: Path, source: str) -> None:
    (tmp_path / "planted.py").write_text(source)
    assert find_state(read_module(tmp_path / "planted.py", tmp_path)) == [f"planted.{PLANTED[source]}"]


@pytest.mark.parametrize(
    "source",
    [
        "NAMES = {'a': 1}\ndef f(x):\n    return NAMES[x]",
        "NAMES = []\nNAMES.append(1)",
        "SEEN = {}\ndef f(x):\n    SEEN = {}\n    SEEN[x] = 1",
        "SEEN = {}\ndef f(SEEN):\n    SEEN.add(1)",
        "@functools.cache\ndef f() -> sa.Select[Event]:\n    return sa.select(Event)",
        "def f():\n    seen = set()\n    seen.add(1)",
    ],
)
def test_what_stays_as_it_was_loaded_is_allowed(tmp_path: Path, source: str) -> None:
    (tmp_path / "planted.py").write_text(source)
    assert find_state(read_module(tmp_path / "planted.py", tmp_path)) == []
