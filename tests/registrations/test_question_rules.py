"""What somebody may answer, decided without a database: kinds, conditions, files by their content."""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from eventsys.filetypes import clean_name, ending_of, sniff
from eventsys.registrations.questions.forms import field_name, read_answers, type_answers
from eventsys.registrations.questions.rules import (
    AskedQuestion,
    Asks,
    GivenAnswer,
    Option,
    ShownAnswer,
    ShownIf,
    keep_keys,
    list_for_colleague,
    move,
    order_shown,
    read_asks,
    write_asks,
)
from eventsys.registrations.rules import QuestionKind, Side
from tests.registrations.asking import asked

TWO = (Option("1", {"nb": "Buss"}), Option("2", {"nb": "Tog"}))
PDF = b"%PDF-1.7 ..."


@pytest.fixture(autouse=True)
def page(sqlite_app: Flask) -> object:
    """What is said is said in a language."""
    with sqlite_app.test_request_context("/?lang=en"):
        yield


def read_one(question: AskedQuestion, *typed: str, file: FileStorage | None = None) -> tuple[GivenAnswer | None, str]:
    """The answer to one question, and what is wrong with it."""
    name = field_name("", question.public_id)
    form = MultiDict([(name, value) for value in typed])
    given, errors = read_answers([question], form, {name: file} if file else {}, side=None, cohort_ids=())
    return (given[0] if given else None), errors.get(name, "")


@pytest.mark.parametrize(
    "kind, typed, kept",
    [
        (QuestionKind.SHORT_TEXT, "  to   ord\t", "to ord"),
        (QuestionKind.LONG_TEXT, "en\r\nto\r\n", "en\nto"),
        (QuestionKind.NUMBER, "1 250,50", "1250.5"),
        (QuestionKind.NUMBER, "-0", "0"),
        (QuestionKind.YES_NO, "no", "no"),
        (QuestionKind.YES_NO, "maybe", None),
        (QuestionKind.DATE, "1.9.2008", "2008-09-01"),
        (QuestionKind.SHORT_TEXT, " ", None),
    ],
)
def test_what_is_typed_is_kept_in_one_form(kind: QuestionKind, typed: str, kept: str | None) -> None:
    assert read_one(asked(kind), typed) == (GivenAnswer(1, 1, text=kept), "")


@pytest.mark.parametrize(
    "kind, typed, said",
    [
        (QuestionKind.NUMBER, "many", "Write a number, such as 3 or 2,5."),
        (QuestionKind.NUMBER, "1e999", "Write a number, such as 3 or 2,5."),
        (QuestionKind.NUMBER, "NaN", "Write a number, such as 3 or 2,5."),
        (QuestionKind.DATE, "31.02.2008", "Write a day that exists, such as 01.09.2008."),
        (QuestionKind.SHORT_TEXT, "x" * 301, "At most 300 characters; this is 301."),
    ],
)
def test_what_is_wrong_is_said(kind: QuestionKind, typed: str, said: str) -> None:
    assert read_one(asked(kind), typed) == (None, said)


def test_a_number_stays_within_its_limits() -> None:
    question = asked(QuestionKind.NUMBER, asks=Asks(minimum=1, maximum=2.5))
    assert [read_one(question, typed) for typed in ("0", "2,5", "2,51")] == [
        (None, "From 1 to 2.5."),
        (GivenAnswer(1, 1, text="2.5"), ""),
        (None, "From 1 to 2.5."),
    ]


def test_choices_are_kept_by_their_keys_in_the_order_of_the_form() -> None:
    some = asked(QuestionKind.SOME_OF, options=TWO)
    one = asked(QuestionKind.ONE_OF, options=TWO)
    assert read_one(some, "2", "1", "2") == (GivenAnswer(1, 1, options=("1", "2")), "")
    assert read_one(one, "2") == (GivenAnswer(1, 1, options=("2",)), "")
    assert read_one(one, "1", "2") == (None, "Choose one only.")
    assert read_one(one, "9") == (None, "Choose one of those that are there now.")


def test_what_must_be_answered_says_so_and_the_rest_may_be_empty() -> None:
    kinds = (QuestionKind.SHORT_TEXT, QuestionKind.ONE_OF, QuestionKind.FILE)
    assert [read_one(asked(kind, required=True, options=TWO))[1] for kind in kinds] == [
        "Write an answer.",
        "Choose an answer.",
        "Choose a file.",
    ]
    assert [read_one(asked(kind, options=TWO)) for kind in kinds] == [(GivenAnswer(1, 1), "")] * 3


def test_a_question_for_others_is_answered_with_nothing_whatever_was_sent() -> None:
    sided = asked(QuestionKind.SHORT_TEXT, 1, asks=Asks(sides=(Side.POLITICIAN,)), required=True)
    of_cohort = asked(QuestionKind.SHORT_TEXT, 2, asks=Asks(cohorts=(7,)), required=True)
    form = MultiDict({field_name("", question.public_id): "svar" for question in (sided, of_cohort)})
    nothing = [GivenAnswer(1, 1), GivenAnswer(2, 2)]
    both = [GivenAnswer(1, 1, text="svar"), GivenAnswer(2, 2, text="svar")]
    questions = [sided, of_cohort]
    assert read_answers(questions, form, {}, side=Side.OTHER, cohort_ids=(1,)) == (nothing, {})
    assert read_answers(questions, form, {}, side=Side.POLITICIAN, cohort_ids=(1, 7)) == (both, {})


def test_a_question_that_another_answer_hides_is_not_asked_nor_what_hangs_on_it() -> None:
    first = asked(QuestionKind.YES_NO, 1)
    second = asked(
        QuestionKind.ONE_OF, 2, options=TWO, required=True, asks=Asks(shown_if=ShownIf(str(uuid.UUID(int=1)), ("yes",)))
    )
    third = asked(QuestionKind.SHORT_TEXT, 3, required=True, asks=Asks(shown_if=ShownIf(str(uuid.UUID(int=2)), ("2",))))
    names = [field_name("", question.public_id) for question in (first, second, third)]

    def read(*typed: str) -> tuple[list[GivenAnswer], dict[str, str]]:
        form = MultiDict(dict(zip(names, typed, strict=True)))
        return read_answers([first, second, third], form, {}, side=None, cohort_ids=())

    assert read("no", "2", "ord") == ([GivenAnswer(1, 1, text="no"), GivenAnswer(2, 2), GivenAnswer(3, 3)], {})
    assert read("yes", "2", "")[1] == {names[2]: "Write an answer."}
    assert read("yes", "1", "ord") == (
        [GivenAnswer(1, 1, text="yes"), GivenAnswer(2, 2, options=("1",)), GivenAnswer(3, 3)],
        {},
    )


def test_what_can_no_longer_be_changed_is_left_alone_when_somebody_changes_and_asked_of_newcomers() -> None:
    question = asked(QuestionKind.SHORT_TEXT, asks=Asks(change_by=date(2008, 8, 1)), closed=True)
    form = MultiDict({field_name("", question.public_id): "nytt"})
    assert read_answers([question], form, {}, side=None, cohort_ids=(), changing=True) == ([], {})
    assert read_answers([question], form, {}, side=None, cohort_ids=()) == ([GivenAnswer(1, 1, text="nytt")], {})


def test_an_answer_that_is_closed_still_decides_what_else_is_asked(sqlite_app: Flask) -> None:
    first = asked(QuestionKind.YES_NO, 1, closed=True)
    second = asked(QuestionKind.SHORT_TEXT, 2, asks=Asks(shown_if=ShownIf(str(uuid.UUID(int=1)), ("yes",))))
    answers = [ShownAnswer(uuid.UUID(int=1), QuestionKind.YES_NO, {}, False, text="yes")]
    template = "{% import 'registrations/_questions.html' as form %}{{ form.fields(asked, typed, {}, changing=True) }}"
    page = render_template_string(template, asked=[first, second], typed=type_answers(answers))
    hidden = f'<input type="hidden" name="{field_name("", first.public_id)}" value="yes">'
    assert (hidden in page, page.count('type="radio"')) == (True, 0)
    form = MultiDict({field_name("", first.public_id): "yes", field_name("", second.public_id): "ord"})
    given = read_answers([first, second], form, {}, side=None, cohort_ids=(), changing=True)
    assert given == ([GivenAnswer(2, 2, text="ord")], {})


def test_a_colleague_is_asked_for_nothing_that_only_they_should_say() -> None:
    plain = asked(QuestionKind.SHORT_TEXT, 1, required=True)
    food = asked(QuestionKind.SOME_OF, 2, options=TWO, sensitive=True)
    more = asked(QuestionKind.SHORT_TEXT, 3, asks=Asks(shown_if=ShownIf(str(food.public_id), ("1",))))
    file = asked(QuestionKind.FILE, 4)
    assert list_for_colleague([plain, food, more, file]) == [replace(plain, required=False)]


def test_seats_of_one_form_are_told_apart_by_their_prefix() -> None:
    question = asked(QuestionKind.SHORT_TEXT)
    form = MultiDict({f"seat-2-q-{question.public_id}": "den andre"})
    assert read_answers([question], form, {}, "seat-2-", side=None, cohort_ids=())[0] == [
        GivenAnswer(1, 1, text="den andre")
    ]
    assert read_answers([question], form, {}, "seat-1-", side=None, cohort_ids=())[0] == [GivenAnswer(1, 1)]


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return file.getvalue()


@pytest.mark.parametrize(
    "content, kind",
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpg"),
        (packed("[Content_Types].xml", "word/document.xml"), "docx"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (packed("mimetype", "content.xml"), "odt"),
        (packed("evil.exe"), ""),
        (b"PK\x03\x04 no archive", ""),
        ("Blåbær\n".encode(), "txt"),
        (b"MZ\x90\x00\x03", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: str) -> None:
    assert sniff(content) == kind


def send(name: str, content: bytes) -> tuple[GivenAnswer | None, str]:
    question = asked(QuestionKind.FILE, asks=Asks(file_types=("pdf", "jpg"), max_bytes=500_000))
    return read_one(question, file=FileStorage(io.BytesIO(content), filename=name))


def test_a_file_must_be_what_its_name_says_and_small_enough() -> None:
    answer, error = send("C:\\Mine\\Plan.PDF", PDF)
    assert (error, answer and answer.file and (answer.file.name, answer.file.media_type, answer.file.content)) == (
        "",
        ("Plan.PDF", "application/pdf", PDF),
    )
    wrong = "Choose a file of one of these types: pdf, jpg."
    assert [send(name, content)[1] for name, content in (("Plan.jpg", PDF), ("a.txt", b"tekst"), ("a.pdf", b""))] == [
        wrong
    ] * 3
    assert send("stor.pdf", PDF + b"0" * 500_000)[1] == "The file is too large. The most is 500 kB."


def test_a_name_of_a_file_loses_its_path_and_keeps_its_ending() -> None:
    assert clean_name("../../etc/pass\r\nwd.pdf") == "pass wd.pdf"
    assert (len(clean_name("x" * 400 + ".docx")), clean_name("x" * 400 + ".docx")[-5:]) == (115, ".docx")
    assert [ending_of(name) for name in ("a.JPEG", "b.Pdf", "uten")] == ["jpg", "pdf", ""]


def test_a_file_that_is_there_stays_unless_it_is_taken_away() -> None:
    question = asked(QuestionKind.FILE, required=True, asks=Asks(file_types=("pdf",)))
    name, kept = field_name("", question.public_id), [question.public_id]
    assert read_answers([question], MultiDict(), {}, side=None, cohort_ids=(), kept_files=kept) == ([], {})
    gone = MultiDict({f"{name}-remove": "1"})
    assert read_answers([question], gone, {}, side=None, cohort_ids=(), kept_files=kept) == (
        [GivenAnswer(1, 1)],
        {name: "Choose a file."},
    )


def test_answers_come_back_as_they_were_typed() -> None:
    shown = [
        ShownAnswer(uuid.UUID(int=1), QuestionKind.SOME_OF, {}, False, keys=("1", "2")),
        ShownAnswer(uuid.UUID(int=2), QuestionKind.DATE, {}, False, text="2008-09-01"),
        ShownAnswer(uuid.UUID(int=3), QuestionKind.YES_NO, {}, False, text="yes"),
    ]
    typed = type_answers(shown, "a-")
    assert [typed.getlist(f"a-q-{uuid.UUID(int=place)}") for place in (1, 2, 3)] == [
        ["1", "2"],
        ["01.09.2008"],
        ["yes"],
    ]


def test_options_keep_their_keys_and_a_new_one_gets_a_key_that_none_ever_had() -> None:
    options = (Option("2", {"nb": "Tog"}), Option("", {"nb": "Båt"}), Option("", {"nb": "Bil"}))
    assert [option.key for option in keep_keys(options, {"1", "2", "3"})] == ["2", "4", "5"]


def test_a_question_moves_a_place_and_stays_behind_the_one_it_depends_on() -> None:
    assert [move([1, 2, 3], 2, up=True), move([1, 2, 3], 2, up=False), move([1, 2, 3], 1, up=True)] == [
        [2, 1, 3], [1, 3, 2], [1, 2, 3],
    ]  # fmt: skip
    assert [order_shown(order, {"b": "a"}) for order in (["a", "b"], ["b", "a"], ["b"])] == [True, False, False]


SIDES = st.lists(st.sampled_from(list(Side)), unique=True).map(tuple)


@given(
    st.builds(
        Asks,
        sides=SIDES,
        cohorts=st.lists(st.integers(1, 9), unique=True).map(tuple),
        shown_if=st.none() | st.just(ShownIf("q", ("1", "yes"))),
        change_by=st.none() | st.dates(),
        minimum=st.none() | st.floats(-1e6, 1e6),
        maximum=st.none() | st.floats(-1e6, 1e6),
    )
)
def test_what_a_version_keeps_is_read_back_as_it_was(asks: Asks) -> None:
    assert read_asks(write_asks(asks)) == asks
