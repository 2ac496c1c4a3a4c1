"""For the guards that visit pages: browsers whose requests stand alone, and the site with two organisers."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.guards.visits import Site, Visitor, build_site, catch_mail, visitor


@pytest.fixture
def client(app: Flask) -> Visitor:
    return visitor(app)


@pytest.fixture
def site(app: Flask) -> Site:
    catch_mail(app)
    return build_site()
