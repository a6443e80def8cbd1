"""docs/queries.md: each question is answered alike by the command, by mongosh and by Python, on every store."""

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pandas
import pymongo.cursor
import pytest

from tests.commands.calling import call_here
from tests.queries.questions import Question, preamble, questions

QUESTIONS = questions()
Answer = Counter[Any]
"""Ids of links, or domains; for counts, tuples of values to their number."""

# What the shell prints after its own greeting and warnings.
_MARK = "answers:"


def named(question: Question) -> str:
    return question.name


def test_there_are_twenty() -> None:
    assert len(QUESTIONS) == 20


def by_command(question: Question, url: str) -> Answer:
    done = call_here(*question.command, "--format", "jsonl", "--store", url)
    assert done.status == 0, done.err
    rows = [json.loads(line) for line in done.out.splitlines()]
    if question.counted_by:
        return Counter({tuple(row[field] for field in question.counted_by): row["links"] for row in rows})
    return Counter(row.get("id") or row["source_domain"] for row in rows)


def read(answer: Any) -> Answer:
    """What Python or the shell answered, as :func:`by_command` has it."""
    if isinstance(answer, pymongo.cursor.Cursor | pymongo.command_cursor.CommandCursor):
        return read(list(answer))
    if isinstance(answer, pandas.DataFrame):
        return Counter(answer["id"])
    if isinstance(answer, pandas.Series):
        answer = dict(answer)
    if isinstance(answer, dict):
        return Counter({tuple(map(_cell, key if isinstance(key, tuple) else (key,))): n for key, n in answer.items()})
    if answer and isinstance(answer[0], dict) and "links" in answer[0]:
        return Counter({tuple(map(_cell, row["_id"].values())): row["links"] for row in answer})
    return Counter(row["_id"] if isinstance(row, dict) else row for row in answer)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize("question", QUESTIONS, ids=named)
def test_the_command_finds_something_and_leaves_something(filled_sqlite: str, question: Question) -> None:
    found = by_command(question, filled_sqlite)

    every = call_here("links", "--count", "--format", "jsonl", "--store", filled_sqlite)
    assert 0 < found.total() <= json.loads(every.out)["links"]


@pytest.mark.mongodb
@pytest.mark.parametrize("question", QUESTIONS, ids=named)
def test_stores_answer_the_command_alike(filled_sqlite: str, filled_mongodb: str, question: Question) -> None:
    one, other = (
        call_here(*question.command, "--format", "jsonl", "--store", url) for url in (filled_sqlite, filled_mongodb)
    )

    assert one == other


@pytest.mark.mongodb
@pytest.mark.parametrize("question", QUESTIONS, ids=named)
def test_python_answers_what_the_command_answers(aggregating: str, question: Question) -> None:
    os.environ["LINKCRAWLER_STORE"] = aggregating
    names: dict[str, Any] = {}
    try:
        exec(compile(preamble("python"), "docs/queries.md", "exec"), names)
    finally:
        del os.environ["LINKCRAWLER_STORE"]
    *before, last = question.python.splitlines()
    exec("\n".join(before), names)

    try:
        assert read(eval(last, names)) == by_command(question, aggregating)
    finally:
        names["store"].close()
        names["db"].client.close()


@pytest.fixture(scope="module")
def shell_answers(aggregating: str, mongosh: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """All questions in one session of the shell: it takes seconds to start."""
    asked = ",\n".join(f"() => {question.mongosh}" for question in QUESTIONS)
    script = tmp_path_factory.mktemp("mongosh") / "questions.js"
    script.write_text(
        f"{preamble('js')}\nconst plain = found => Array.isArray(found) ? found : found.toArray()\n"
        f"for (const ask of [{asked}]) print('{_MARK}' + EJSON.stringify(plain(ask())))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [mongosh, aggregating, "--quiet", "--norc", "--file", script],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"HOME": str(script.parent)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in re.findall(rf"^{_MARK}(.*)$", done.stdout, re.MULTILINE)]


@pytest.mark.mongodb
@pytest.mark.parametrize("place", range(len(QUESTIONS)), ids=[question.name for question in QUESTIONS])
def test_mongosh_answers_what_the_command_answers(aggregating: str, shell_answers: list[Any], place: int) -> None:
    assert read(shell_answers[place]) == by_command(QUESTIONS[place], aggregating)
