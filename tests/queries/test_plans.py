"""Every documented question, and every filter by itself, is looked up by a MongoDB: held to what ``explain`` tells.

Runs where ``MONGODB_URL`` names a server that tells its plans. FerretDB 1.24 and mongo-java-server do not: there
tests/queries/test_indexes.py holds the list of indexes to the queries.
"""

from collections.abc import Iterator
from typing import Any

import pymongo
import pytest
from pymongo.errors import OperationFailure

from pipelines.queries.filter_fields import parse
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.mongodb.filter import grouping, order, page_query
from pipelines.stores.reading import unasked
from tests.queries.questions import Question, questions
from tests.queries.test_indexes import VALUES

pytestmark = pytest.mark.mongodb

LOOKED_UP = [name for name in VALUES if name not in ("heading", "lost_reason")]
"""Headings have no index of their own; why a link was lost is looked up in ``events``."""


@pytest.fixture(scope="module")
def links(filled_mongodb: str) -> Iterator[Any]:
    """The collection, on a server that tells its plans."""
    with pymongo.MongoClient[dict[str, Any]](filled_mongodb) as client:
        collection = client.get_default_database()["links"]
        try:
            told = collection.find({}).explain()
        except OperationFailure:
            told = {}
        if not stages(told.get("queryPlanner", {}).get("winningPlan")):
            pytest.skip("the server does not tell its plans: set MONGODB_URL to a MongoDB")
        yield collection


def stages(plan: object) -> set[str]:
    """The names of all stages of a plan, whatever holds them."""
    if isinstance(plan, dict):
        own = {plan["stage"]} if isinstance(plan.get("stage"), str) else set()
        return own.union(*map(stages, plan.values()))
    return set().union(*map(stages, plan)) if isinstance(plan, list) else set()


def plan_of_page(links: Any, where: LinkFilter) -> set[str]:
    told = links.find(page_query(where), sort=order(where), limit=100).explain()
    return stages(told["queryPlanner"]["winningPlan"])


def plan_of_counts(links: Any, where: LinkFilter, fields: tuple[str, ...]) -> set[str]:
    command = {"aggregate": links.name, "pipeline": grouping(where, fields), "cursor": {}}
    return stages(links.database.command("explain", command, verbosity="queryPlanner"))


@pytest.mark.parametrize("name", LOOKED_UP)
def test_a_filter_alone_is_looked_up(links: Any, name: str) -> None:
    found = plan_of_page(links, unasked(parse([(name, VALUES[name])])))

    assert "IXSCAN" in found or "IDHACK" in found
    assert "COLLSCAN" not in found


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_a_question_is_looked_up(links: Any, question: Question) -> None:
    if question.command[0] == "compare":
        found = plan_of_counts(links, parse([("target", "example.org")]), ("source_domain", "mode"))
    elif question.counted_by:
        found = plan_of_counts(links, question.where, question.counted_by)
    else:
        found = plan_of_page(links, question.where)

    assert "COLLSCAN" not in found


def test_stages_are_found_wherever_they_stand() -> None:
    either = {"stage": "OR", "inputStages": [{"stage": "IXSCAN"}, {"stage": "COLLSCAN"}]}

    assert stages([{"stage": "FETCH", "inputStage": either}]) == {"FETCH", "OR", "IXSCAN", "COLLSCAN"}
