"""Python files as trees with names: what the guards of the architecture read. Judges nothing."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """A module by its dotted name; `is_package` for an `__init__.py`, whose relative imports start at itself."""

    name: str
    tree: ast.Module
    is_package: bool = False

    @property
    def parts(self) -> list[str]:
        return self.name.split(".")

    def has_part(self, *words: str) -> bool:
        """Whether it is a module of one of these names (`views`), or inside a folder of that name."""
        return bool(set(words) & set(self.parts[1:]))


@dataclass(frozen=True)
class Import:
    """`target` is the module that is imported; `name` what is taken out of it, if that is not a module."""

    line: int
    target: str
    name: str = ""


@functools.cache
def read_modules(root: Path = ROOT) -> tuple[Module, ...]:
    """Every Python module that ships: the package, the two files beside it, and the migrations."""
    paths = [*root.glob("*.py"), *root.glob("eventsys/**/*.py"), *root.glob("migrations/**/*.py")]
    return tuple(read_module(path, root) for path in sorted(paths))


def read_module(path: Path, root: Path) -> Module:
    names = list(path.relative_to(root).with_suffix("").parts)
    is_package = names[-1] == "__init__"
    return Module(".".join(names[:-1] if is_package else names), ast.parse(path.read_text()), is_package)


def list_imports(module: Module, known: frozenset[str]) -> Iterator[Import]:
    """All imports, wherever they stand; relative ones resolved; a name that is a `known` module is one."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield Import(node.lineno, inner) if inner in known else Import(node.lineno, base, alias.name)
        elif isinstance(node, ast.Call) and _last_name(node.func) in ("import_module", "__import__"):
            yield Import(node.lineno, _imported_by_call(node))


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.parts if module.is_package else module.parts[:-1]
    kept = parts[: len(parts) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _imported_by_call(node: ast.Call) -> str:
    """The module that an `import_module` names; `?` where only the running program knows."""
    values = [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]
    if not values or not isinstance(values[0], str):
        return "?"
    name = values[0]
    if not name.startswith("."):
        return name
    package = str(values[1]).split(".") if len(values) > 1 else []
    dots = len(name) - len(name.lstrip("."))
    return ".".join([*package[: len(package) - dots + 1], name.lstrip(".")])


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.expr) -> str:
    """`db.session.add` of an expression made of names and dots; calls on the way are left out."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def list_calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def strings_in(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
