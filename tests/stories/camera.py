"""A camera held before a ticket: the square on somebody's own page, made a film that a browser takes for its camera."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.stories.conftest import ARGUMENTS, CHROMIUM, PATIENCE

WIDTH, HEIGHT, FRAMES = 640, 480, 10
DOT = 10
WHITE, BLACK, GREY = b"\xeb", b"\x10", b"\x80"
STEP = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")

Dots = set[tuple[int, int]]


def read_square(page: Page) -> tuple[int, Dots]:
    """How wide the square on the page is, its white edge too, and which of its dots are black."""
    width = int((page.locator("svg.square").get_attribute("viewBox") or "").split()[2])
    lines = page.locator("svg.square path[stroke]").get_attribute("d") or ""
    return width, follow(lines)


def follow(lines: str) -> Dots:
    """The dots that horizontal lines cover: absolute and relative moves, and strokes to the right."""
    dots: Dots = set()
    x, y = 0.0, 0.0
    for kind, first, second in STEP.findall(re.sub(r"(\d)-", r"\1 -", lines)):
        if kind == "h":
            dots |= {(int(x) + place, int(y)) for place in range(int(first))}
            x += float(first)
        elif kind == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second or 0)
    return dots


def film(square: tuple[int, Dots], path: Path) -> None:
    """A film in which nothing moves: the square, black on white, in the middle of a white room."""
    width, dots = square
    left, top = (WIDTH - width * DOT) // 2, (HEIGHT - width * DOT) // 2
    rows = []
    for y in range(HEIGHT):
        row = ((x - left) // DOT for x in range(WIDTH))
        rows.append(b"".join(BLACK if (column, (y - top) // DOT) in dots else WHITE for column in row))
    frame = b"FRAME\n" + b"".join(rows) + GREY * (WIDTH * HEIGHT // 2)
    path.write_bytes(b"YUV4MPEG2 W%d H%d F10:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT) + frame * FRAMES)


def open_phone(chromium: Browser, path: Path, locale: str) -> tuple[Browser, BrowserContext]:
    """A phone's browser whose camera shows the film; nobody is asked whether it may be used."""
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *camera])
    context = browser.new_context(locale=locale, viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    return browser, context
