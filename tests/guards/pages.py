"""What a page of HTML holds that the content security policy forbids, and what it says of its language."""

from __future__ import annotations

from html.parser import HTMLParser

ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "xlink:href"}
LOADED = {"script", "link", "img", "iframe", "object", "embed", "video", "audio", "source", "use", "image"}


class Page(HTMLParser):
    """Reads a page and gathers its `faults`; `language` is that of its `html` element."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.language: str | None = None
        self.titles: list[str] = []
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name.lower(): (value or "") for name, value in attrs}
        self._open = tag
        if tag == "html":
            self.language = values.get("lang")
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and "src" not in values and values.get("type") != "application/ld+json":
            self.faults.append("<script> with its code in the page")
        for name, value in values.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"<{tag} {name}=…>")
            if name in ADDRESSES and value.strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                self.faults.append(f"<{tag} {name}={value}>")
            if name in ADDRESSES and tag in LOADED and self._is_foreign(tag, values, value):
                self.faults.append(f"<{tag}> from elsewhere: {value}")

    def handle_data(self, data: str) -> None:
        if self._open == "h1" and data.strip():
            self.titles.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    @staticmethod
    def _is_foreign(tag: str, values: dict[str, str], value: str) -> bool:
        """Loaded from another host; a `link` that only tells of another address loads nothing."""
        tells = tag == "link" and values.get("rel", "") in ("canonical", "alternate")
        return not tells and value.startswith(("http:", "https:", "//"))
