"""What can be wrong with a mail's text, as codes that pages put into words. Pure."""

from __future__ import annotations

import enum


class Fault(enum.StrEnum):
    """Each with an English sentence for logs; its values are those of `BadText.values`."""

    NO_SUBJECT = "no_subject"
    NO_BODY = "no_body"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    LINKS_ALONE = "links_alone"
    LINKS_LABEL = "links_label"
    NOT_IN_SUBJECT = "not_in_subject"
    NO_ADDRESS = "no_address"
    ADDRESS_FIRST = "address_first"
    BAD_LINK = "bad_link"
    IMAGE = "image"


SENTENCES = {
    Fault.NO_SUBJECT: "the first line must be «Subject: » and the subject",
    Fault.NO_BODY: "the text is empty",
    Fault.TOO_LONG: "it is {length} characters long; at most {most}",
    Fault.UNKNOWN: "there is no placeholder {{{name}}}; there are {known}",
    Fault.LINKS_ALONE: "{{{name}}} must be the address of a link that is a paragraph by itself",
    Fault.LINKS_LABEL: "the link to {{{name}}} needs a text of its own, without placeholders and signs like < and &",
    Fault.NOT_IN_SUBJECT: "{{{name}}} cannot stand in the subject",
    Fault.NO_ADDRESS: "{{{name}}} is no address, so it cannot be where a link leads",
    Fault.ADDRESS_FIRST: "{{{name}}} is a whole address, so the link must begin with it and have no other",
    Fault.BAD_LINK: "a link must lead to https://, http://, mailto: or tel:, not to «{href}»",
    Fault.IMAGE: "pictures cannot stand in a mail; link to «{src}» instead",
}


class BadText(ValueError):
    """A mail's text cannot be used: which `fault`, and the `values` that say where and what to write instead."""

    def __init__(self, fault: Fault, **values: str | int) -> None:
        sentence = SENTENCES[fault]
        if values.get("near"):
            sentence = "there is no placeholder {{{name}}}; did you mean {{{near}}}?"
        super().__init__(sentence.format(**values))
        self.fault, self.values = fault, values
