"""What a database says of its own tables, constraints and indexes, in a form that two databases can be compared by."""

from __future__ import annotations

import re

import sqlalchemy as sa

POSTGRESQL = {
    "column": """
        SELECT table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, numeric_precision,
            datetime_precision, is_nullable, coalesce(column_default, ''), is_identity)
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraint": """
        SELECT coalesce(conrelid::regclass::text, '') || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequence": "SELECT sequence_name, data_type FROM information_schema.sequences WHERE sequence_schema = 'public'",
    "type": """
        SELECT typname, typtype FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')""",
}
SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


def read_definitions(engine: sa.Engine) -> dict[str, object]:
    """Each object's definition by its kind and name, without Alembic's own table."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found = {row[0]: normalise(row[1]) for row in connection.execute(sa.text(SQLITE))}
        else:
            found = {
                f"{kind} {row[0]}": row[1]
                for kind, statement in POSTGRESQL.items()
                for row in connection.execute(sa.text(statement))
            }
    return {name: text for name, text in found.items() if "alembic_version" not in name}


def normalise(sql: str) -> tuple[str, ...]:
    """A CREATE statement without layout and quotes: its head, then its columns and constraints in the alphabet's order."""
    plain = re.sub(r"\s+", " ", sql.replace('"', "")).strip()
    if not plain.startswith("CREATE TABLE"):
        return (plain,)
    head, _, body = plain.partition("(")
    return (head.strip(), *sorted(split_at_commas(body.rpartition(")")[0])))


def split_at_commas(body: str) -> list[str]:
    """The parts between the commas that stand in no brackets and no quoted text."""
    parts, depth, quoted = [""], 0, False
    for sign in body:
        quoted ^= sign == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [re.sub(r"\s*([(),])\s*", r"\1", part).strip() for part in parts]
