"""The blueprint of the public pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("site", __name__)
