"""What Flask can do at best here: an empty route, and a page of fifty rows by one statement of the bare driver."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, render_template_string

ROWS = "SELECT id, number, label, county FROM organisations ORDER BY sort_key LIMIT 50"
PAGE = """<!doctype html>
<html lang="nb">
<head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/static/app.css"></head>
<body>
<h1>{{ title }}</h1>
<table>
{% for row in rows %}<tr><td>{{ row[0] }}</td><td>{{ row[1] }}</td><td>{{ row[2] }}</td><td>{{ row[3] }}</td></tr>
{% endfor %}
</table>
<p>{{ rows|length }} kommuner</p>
</body>
</html>"""

app = Flask("plain")
_kept = threading.local()


def connection() -> Any:
    """This thread's own, kept open."""
    if not hasattr(_kept, "connection"):
        _kept.connection = connect(os.environ["DATABASE_URL"])
    return _kept.connection


def connect(database_url: str) -> Any:
    if database_url.startswith("sqlite:///"):
        return sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    return psycopg.connect(database_url, autocommit=True)


@app.get("/healthz")
@app.get("/empty")
def empty() -> str:
    return "empty"


@app.get("/plain")
def plain() -> str:
    return render_template_string(PAGE, title="Kommuner", rows=connection().execute(ROWS).fetchall())
