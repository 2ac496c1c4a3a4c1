"""The rules of ARCHITECTURE.md about who may use what, as a function from a module to its breaches."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.guards.source import Import, Module, dotted, list_calls, list_imports, strings_in

ORDER = (
    "dates extensions clock tokens texts merging labels chart documents filetypes files logs errors web"
    " organisers mailing accounts organisations programmes venues events registrations visits audiences invitations"
    " obligations workflows calendars followup site privacy workspace api jobs demo commands eventsys"
).split()
WEB_MAY_USE = {"web", "errors", "logs", "tokens", "clock", "texts", "extensions"}

PURE_LIBRARIES = {"idna", "holidays", "pydantic"}
PURE_MODULES = {"eventsys.dates", "eventsys.chart", "eventsys.texts", "eventsys.mailing.faults"}
NAMES_ONLY = {("eventsys.extensions", "Translated")}
"""An alias of dict[str, str] is no database."""
MAY_LOAD_BY_NAME = {"eventsys", "eventsys.commands"}
"""The factory and the command line find packages by their folders."""
MAY_OPEN_TRANSACTIONS = ("views", "commands", "jobs", "extensions")
COMMITS_STEP_BY_STEP = {"eventsys.mailing.delivery", "eventsys.demo.clock", "eventsys.calendars.fetches"}
"""Each mail's fate is committed at once, so that a batch that is killed sends nothing twice; each step of demo time too; and
who fetched a feed, which is noted beside the request that fetched it."""
REACH_UP = {("eventsys.demo.commands", "eventsys.commands")}
"""`eventsys run` starts the command line as a child, in a process of its own."""
WRITING_QUERIES = {
    ("eventsys.registrations.queries", "read_unions"),
    ("eventsys.registrations.questions.queries", "read_sensitive"),
}
"""Reading a sensitive value leaves a row of who read it."""

WRITES = {"add", "add_all", "delete", "merge", "flush", "commit", "bulk_save_objects", "bulk_insert_mappings"}
SESSIONS = {"session", "tx", "db.session"}
STATEMENTS = {"sa.insert", "sa.update", "sa.delete", "insert", "update", "delete"}
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime",
    "time.gmtime",
}  # fmt: skip
CLOCK_NAMES = {"time", "time_ns", "localtime", "gmtime"}
SQL_CLOCK = re.compile(r"\b(now\(\)|current_timestamp|current_date)", re.I)
FLASK = re.compile(r"flask(_\w+)?$")
TABLE_IN_SQL = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|REFERENCES)\s+\"?(\w+)", re.I)
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Tree:
    """What is known of the whole program: its modules, and which package owns each table and each mapped class."""

    modules: frozenset[str]
    tables: dict[str, str]
    classes: dict[str, str]


@functools.cache
def survey(modules: tuple[Module, ...]) -> Tree:
    tables, classes = {}, {}
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and (table := _table_of(node)):
                tables[table] = classes[node.name] = owner(module.name)
    return Tree(frozenset(module.name for module in modules), tables, classes)


def _table_of(node: ast.ClassDef) -> str | None:
    for line in node.body:
        if isinstance(line, ast.Assign) and [dotted(target) for target in line.targets] == ["__tablename__"]:
            return next(strings_in(line.value), None)
    return None


def owner(name: str) -> str:
    """The package of ours, or top module, that a dotted name belongs to; `eventsys` for the factory itself."""
    parts = name.split(".")
    return parts[1] if parts[0] == "eventsys" and len(parts) > 1 else parts[0]


def find_breaches(module: Module, tree: Tree) -> list[str]:
    found = [*check_order(module, tree), *check_names_in_strings(module, tree), *check_kinds(module, tree)]
    found += [*check_commits(module), *check_clocks(module)]
    return [f"{module.name}:{line}: {what}" for line, what in sorted(set(found))]


def is_above(package: str, other: str) -> bool:
    """Whether `package` may know `other`: itself and what stands before it. A name in no list stands nowhere."""
    if package == "web" and other not in WEB_MAY_USE:
        return False
    if package not in ORDER or other not in ORDER:
        return package == other
    return ORDER.index(other) <= ORDER.index(package)


def check_order(module: Module, tree: Tree) -> Iterator[tuple[int, str]]:
    here = owner(module.name)
    inside = module.parts[0] == "eventsys"
    if inside and here not in ORDER:
        yield 1, f"{here} has no place in the order of packages"
    for item in list_imports(module, tree.modules):
        target = owner(item.target)
        if item.target == "?" and module.name not in MAY_LOAD_BY_NAME:
            yield item.line, "imports a module that only the running program knows"
        elif (module.name, item.target) in REACH_UP:
            continue
        elif inside and item.target.split(".")[0] == "eventsys" and not is_above(here, target):
            yield item.line, f"{here} imports {target}"
        elif target == "config" and module.name != "wsgi":
            yield item.line, "config is imported by wsgi alone"
        elif target == "apscheduler" and here != "jobs":
            yield item.line, "apscheduler is imported by jobs alone"


def check_names_in_strings(module: Module, tree: Tree) -> Iterator[tuple[int, str]]:
    here = owner(module.name)
    if module.parts[0] != "eventsys":
        return
    for call, name in list_calls(module.tree):
        kind = name.split(".")[-1]
        targets: set[str] = set()
        if kind in ("ForeignKey", "ForeignKeyConstraint"):
            targets = {text.split(".")[0] for text in strings_in(call) if "." in text} & set(tree.tables)
        elif kind in ("relationship", "backref"):
            words = {word for text in strings_in(call) for word in WORD.findall(text)}
            targets = words & {*tree.classes, *tree.tables}
        elif kind in ("text", "exec_driver_sql"):
            targets = {word for text in strings_in(call) for word in TABLE_IN_SQL.findall(text)} & set(tree.tables)
        for target in sorted(targets):
            there = tree.classes.get(target) or tree.tables[target]
            if not is_above(here, there):
                yield call.lineno, f"{here} names {target} of {there} in a string"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.AnnAssign):
            words = {word for text in strings_in(node.annotation) for word in WORD.findall(text)}
            words |= {inner.id for inner in ast.walk(node.annotation) if isinstance(inner, ast.Name)}
            for target in sorted(words & set(tree.classes)):
                if not is_above(here, tree.classes[target]):
                    yield node.lineno, f"{here} names {target} of {tree.classes[target]} in an annotation"


def check_kinds(module: Module, tree: Tree) -> Iterator[tuple[int, str]]:
    """What each kind of module may use (the table «Inside a package»)."""
    if module.parts[0] != "eventsys":
        return
    imports = list(list_imports(module, tree.modules))
    is_pure = module.has_part("rules") or module.name in PURE_MODULES
    for item in imports:
        library = item.target.split(".")[0]
        is_flask = bool(FLASK.match(library)) or library == "werkzeug"
        is_clock = item.target == "eventsys.clock"
        if is_pure and not _is_pure(module, item):
            yield item.line, f"a pure module uses {_full(item)}"
        if module.has_part("actions") and (is_flask or is_clock):
            yield item.line, f"an action uses {_full(item)}"
        if module.has_part("ics") and (is_flask or library == "sqlalchemy" or is_clock or _is_database(item)):
            yield item.line, f"ics uses {_full(item)}"
        if module.has_part("forms") and (library == "sqlalchemy" or _is_database(item)):
            yield item.line, f"a form uses {_full(item)}"
        if module.has_part("models") and is_flask and owner(module.name) in ORDER[6:]:
            yield item.line, f"a model uses {_full(item)}"
        if module.has_part("views") and library == "sqlalchemy" and not _is_for_names(module, item):
            yield item.line, "a view holds SQL"
        if module.has_part("views") and _is_view_of_another(module, item):
            yield item.line, f"a view uses another package's view {_full(item)}"
        if (item.target, item.name) == ("eventsys.extensions", "transaction") and not _may_open(module):
            yield item.line, "opens a transaction: views, commands and jobs do"
    if module.has_part("queries"):
        yield from check_reads_only(module)


def _may_open(module: Module) -> bool:
    return module.has_part(*MAY_OPEN_TRANSACTIONS) or module.name in COMMITS_STEP_BY_STEP


def _full(item: Import) -> str:
    return f"{item.target}.{item.name}" if item.name else item.target


def _is_pure(module: Module, item: Import) -> bool:
    target, library = item.target, item.target.split(".")[0]
    if library != "eventsys":
        markdown = module.name == "eventsys.texts" and library in ("markdown_it", "markupsafe")
        return markdown or library in sys.stdlib_module_names or library in PURE_LIBRARIES
    return target in PURE_MODULES or "rules" in target.split(".") or (target, item.name) in NAMES_ONLY


def _is_database(item: Import) -> bool:
    parts = item.target.split(".")
    if parts[0] != "eventsys" or (item.target, item.name) in NAMES_ONLY:
        return False
    return bool({"models", "queries", "actions"} & set(parts)) or item.target == "eventsys.extensions"


def _is_for_names(module: Module, item: Import) -> bool:
    """Whether SQLAlchemy is there for the names of its errors, or of the session's type, alone."""
    if (item.target, item.name) == ("sqlalchemy.orm", "Session"):
        return True
    uses = {dotted(node) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    used = {name.split(".")[1] for name in uses if name.startswith(("sa.", "sqlalchemy."))}
    return item.target == "sqlalchemy.exc" or (item.target == "sqlalchemy" and not item.name and used <= {"exc"})


def _is_view_of_another(module: Module, item: Import) -> bool:
    parts = item.target.split(".")
    return parts[0] == "eventsys" and "views" in parts and owner(item.target) != owner(module.name)


def check_reads_only(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.tree.body:
        name = getattr(node, "name", "")
        if (module.name, name) in WRITING_QUERIES:
            continue
        for call, called in list_calls(node):
            receiver, _, verb = called.rpartition(".")
            if called in STATEMENTS or (receiver in SESSIONS and verb in WRITES):
                yield call.lineno, f"a query writes: {called}"


def check_commits(module: Module) -> Iterator[tuple[int, str]]:
    """`.commit()` stands in `extensions.transaction` alone."""
    for node in module.tree.body:
        if module.name == "eventsys.extensions" and getattr(node, "name", "") == "transaction":
            continue
        for call, called in list_calls(node):
            if called.split(".")[-1] in ("commit", "commit_prepared"):
                yield call.lineno, f"commits by itself: {called}"


def check_clocks(module: Module) -> Iterator[tuple[int, str]]:
    """The machine's clock is read in `eventsys.clock` alone, and the database's clock never."""
    if module.name != "eventsys.clock":
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in CLOCKS:
                yield node.lineno, f"reads the machine's clock: {dotted(node)}"
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                taken = CLOCK_NAMES & {alias.name for alias in node.names}
                yield from ((node.lineno, f"reads the machine's clock: time.{name}") for name in taken)
    for call, called in list_calls(module.tree):
        kind = called.split(".")[-1]
        if called.startswith(("func.", "sa.func.")) and kind in ("now", "current_timestamp", "current_date"):
            yield call.lineno, f"reads the database's clock: {called}"
        elif kind in ("text", "exec_driver_sql") and any(SQL_CLOCK.search(text) for text in strings_in(call)):
            yield call.lineno, "reads the database's clock in SQL"
