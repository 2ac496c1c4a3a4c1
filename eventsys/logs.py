"""The log of the program: one JSON object a line, and the line of one request."""

from __future__ import annotations

import logging
import time
import uuid

import structlog

log = structlog.get_logger()


def init_logging(level: str) -> None:
    """One JSON object a line on standard error; a request's lines share its number."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=__import__("sys").stderr),
        cache_logger_on_first_use=False,
    )


def log_request(number: str, method: str, route: str | None, status: int, started: float) -> None:
    """The line of one request, which began at `started` of `time.perf_counter`. `route` is the pattern, never the
    address: an address may hold a personal link."""
    ms = round((time.perf_counter() - started) * 1000, 1)
    log.info("request", number=number, method=method, route=route, status=status, ms=ms)


def new_number() -> str:
    """What a request is called in the log and on error pages."""
    return uuid.uuid4().hex[:12]
