"""The blueprint of the pages of visits that need no account."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("visits", __name__)
