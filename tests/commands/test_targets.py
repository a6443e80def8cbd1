"""Targets of projects are kept in the store, checked, and given to crawls and to classify."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from linkcrawler.commands import main
from pipelines.patterns.owning import owned_by_projects
from pipelines.stores.connect import open_store
from tests.stores.conftest import atomic_url, store_url

__all__ = ["atomic_url", "store_url"]

FILE = """
[[target]]
target = "example.org"
project = "acme"
owned = ["example.net", "shop.example.com"]
brands = ["Example  Ltd"]
competitors = ["other.org"]

[[target]]
target = "https://docs.example.org/manual/"
project = "acme"
"""


def call(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["targets", *words])
    return result.exit_code, result.output


def test_what_is_stored_is_listed_and_given_to_a_crawl(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "projects.toml").write_text(FILE)
    given = ("--store", store_url)
    assert call("import", str(tmp_path / "projects.toml"), *given) == (0, "2 targets stored\n")
    assert call("add", "beta.org", "--brand", "Beta", "--brand", "Beta AG", *given)[0] == 0
    call("add", "beta.org", "--brand", "Beta AG", "--owned", "beta.example,beta.net", *given)

    listed = json.loads(call("list", "--json", *given)[1])["targets"]

    assert listed == [
        {"target": "beta.org", "project": "", "owned": ["beta.example", "beta.net"], "brands": ["Beta AG"],
         "competitors": []},
        {"target": "example.org", "project": "acme", "owned": ["example.com", "example.net"],
         "brands": ["Example Ltd"], "competitors": ["other.org"]},
        {"target": "https://docs.example.org/manual/", "project": "acme", "owned": [], "brands": [],
         "competitors": []},
    ]  # fmt: skip
    assert call("specs", "--project", "acme", *given)[1] == "example.org,https://docs.example.org/manual/\n"
    assert call("specs", "--competitors", *given)[1].count("other.org") == 1
    assert "acme  example.org  owned: example.com, example.net" in call("list", *given)[1]
    assert asyncio.run(owned(store_url)) == {
        "example.org": {"example.com", "example.net"},
        "beta.org": {"beta.example", "beta.net"},
    }
    assert call("remove", "beta.org", "unknown.org", *given)[1] == "1 targets removed\n"


async def owned(url: str) -> dict[str, set[str]]:
    async with open_store(url) as store:
        return await owned_by_projects(store)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add", "no target"], "target 'no target' is not understood"),
        (["add", "a.org", "--owned", "a b"], "'a b' is not understood"),
        (["add", "a.org", "--competitor", "x"], "'x' is not understood"),
        (["add", "a.org", "--brand", " "], "expected a name"),
        (["specs"], "no store at"),
    ],
)
def test_what_cannot_be_meant(words: list[str], says: str, tmp_path: Path) -> None:
    status, said = call(*words, "--store", f"sqlite:///{tmp_path / 'links.db'}")

    assert status != 0
    assert says in said


def test_a_file_with_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[[target]]\ntarget = "a.org"\nbrand = ["A"]\n')

    status, said = call("import", str(tmp_path / "p.toml"), "--store", f"sqlite:///{tmp_path / 'links.db'}")

    assert status == 2
    assert "p.toml" in said
    assert "`brand`" in said
