"""The command line explains itself, the documentation says the same, and starting it loads nothing heavy."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linkcrawler import __version__
from linkcrawler.commands import main
from tests.commands.conftest import Run

DOCS = Path(__file__).parent.parent.parent / "docs" / "commands.md"


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {part}")


COMMANDS = dict(commands(main, "linkcrawler"))
SECTIONS = {
    section.partition("\n")[0]: section.partition("\n")[2]
    for section in re.split(r"^## ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, name: str) -> None:
    done = run(*name.split()[1:], "--help")

    assert (done.status, done.err) == (0, "")
    assert re.search(r"Examples?[:,]", done.out)
    assert "linkcrawler " in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_documentation_lists_exactly_the_options(name: str) -> None:
    options = {
        option
        for parameter in COMMANDS[name].params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    table = "\n".join(line.split("|")[1] for line in SECTIONS[name].splitlines() if line.startswith("| `-"))
    told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", table))

    # What several commands share is told once, above them.
    shared = {"-h", "--help", "--store"} if name == "linkcrawler" else set()
    shared |= {"--labels", "--pages", "--json"} if name == "linkcrawler evaluate" else set()
    assert told == options | shared


def test_the_documentation_knows_no_other_command() -> None:
    assert {name for name in SECTIONS if name.startswith("linkcrawler")} == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    without = [p.name for p in COMMANDS[name].params if isinstance(p, click.Option) and not p.help]

    assert not without


def test_version(run: Run) -> None:
    assert run("--version").out.split()[-1] == __version__


def test_no_heavy_import_before_a_command_runs() -> None:
    """What keeps ``linkcrawler --help`` quick."""
    program = "import sys, linkcrawler.commands; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.decode().split()

    assert not {"scrapy", "twisted", "lxml", "pymongo", "redis", "rich", "tldextract", "htmldate", "sqlite3"} & set(
        loaded
    )
