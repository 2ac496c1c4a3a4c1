"""The forms of a page with what stands in them, as a browser would send them if somebody pressed each button."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = list[tuple[str, str]]
UNTICKED = {"checkbox", "radio"}
NOT_SENT = {"button", "reset", "image"}


@dataclass
class Form:
    """Where a form goes and what it sends; `buttons` are those that send something of their own."""

    action: str
    fields: Fields = field(default_factory=list)
    buttons: Fields = field(default_factory=list)


class Forms(HTMLParser):
    """Gathers the forms of a page that are posted. A field beside its form is not found."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self._form: Form | None = None
        self._text: str | None = None
        self._select: str | None = None
        self._options: Fields = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and values.get("method", "").lower() == "post":
            self._form = Form(values.get("action", ""))
            self.found.append(self._form)
        if self._form is None:
            return
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "input" and name and kind not in NOT_SENT:
            if kind == "submit":
                self._form.buttons.append((name, values.get("value", "")))
            elif kind not in UNTICKED or "checked" in values:
                self._form.fields.append((name, values.get("value", "on" if kind in UNTICKED else "")))
        elif tag == "button" and name:
            self._form.buttons.append((name, values.get("value", "")))
        elif tag == "textarea" and name:
            self._form.fields.append((name, ""))
            self._text = name
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((values.get("value", ""), "selected" if "selected" in values else ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None and self._form is not None:
            name, so_far = self._form.fields[-1]
            self._form.fields[-1] = (name, so_far + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, is_chosen in self._options if is_chosen] or [v for v, _ in self._options[:1]]
            if self._form is not None and self._select and chosen:
                self._form.fields.append((self._select, chosen[0]))
            self._select = None
