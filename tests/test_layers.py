"""Data flows one way: who may import whom, read from the code itself."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent

PURE = ("linkcrawler/capture", "linkcrawler/dating", "pipelines/evidence", "pipelines/verdicts/judge.py")
"""Folders and files whose functions do no I/O and read no clock."""
IMPURE_MODULES = {"os", "time", "random", "socket", "subprocess", "sqlite3", "pymongo", "redis", "scrapy", "asyncio"}


DOORWAY = "linkcrawler/__init__.py"
"""Offers ``open_store`` of the other package to notebooks, on demand."""


def modules(place: str) -> list[Path]:
    path = CHECKOUT / place
    return [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def outside(names: set[str], package: str) -> set[str]:
    return {name for name in names if name == package or name.startswith(f"{package}.")}


def test_linkcrawler_does_not_know_pipelines() -> None:
    guilty = {
        str(path.relative_to(CHECKOUT)): sorted(outside(imported(path), "pipelines"))
        for path in modules("linkcrawler")
        if "commands" not in path.parts and path != CHECKOUT / DOORWAY and outside(imported(path), "pipelines")
    }

    assert guilty == {}


def test_the_doorway_loads_nothing_before_it_is_used() -> None:
    program = "import sys, linkcrawler; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout.split()

    assert not [name for name in loaded if name == "pipelines" or name.startswith("pipelines.")]


def test_commands_are_imported_by_nobody() -> None:
    places = [path for place in ("linkcrawler", "pipelines") for path in modules(place) if "commands" not in path.parts]
    guilty = [str(path) for path in places if outside(imported(path), "linkcrawler.commands")]

    assert guilty == []


@pytest.mark.parametrize("place", PURE)
def test_pure_parts_stay_pure(place: str) -> None:
    guilty = {
        str(path.relative_to(CHECKOUT)): sorted(found)
        for path in modules(place)
        if (found := {name for name in imported(path) if name.split(".")[0] in IMPURE_MODULES})
    }

    assert guilty == {}


def test_no_executable_serialisation() -> None:
    places = [path for place in ("linkcrawler", "pipelines", "tests") for path in modules(place)]
    guilty = [str(path) for path in places if imported(path) & {"pickle", "dill", "cloudpickle", "shelve", "marshal"}]

    assert guilty == []


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "helpers", "common", "misc", "manager", "base", "core"}
    guilty = [str(path) for place in ("linkcrawler", "pipelines") for path in modules(place) if path.stem in drawers]

    assert guilty == []
