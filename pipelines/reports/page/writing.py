"""Writes the sections as one HTML file that needs nothing else."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from linkcrawler import __version__
from linkcrawler.errors import UsageError
from pipelines.reports.page.drawing import draw
from pipelines.reports.page.parts import Section
from pipelines.reports.terminal import printable

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


def environment(*folders: Path) -> "Environment":
    """Templates of these folders and of the page; every value is escaped, a name that is not given is an error.

    Raises UsageError where the template engine is not installed.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise UsageError(
            "pages need the package jinja2, which is not installed: pip install 'linkcrawler[report]'"
        ) from error
    templates = Environment(
        loader=FileSystemLoader((*folders, TEMPLATES)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["shown"] = printable
    templates.filters["draw"] = draw
    return templates


def write_page(title: str, sections: Sequence[Section], *, at: datetime) -> str:
    """The HTML document. ``at``: the time of its making, which it tells."""
    template = environment().get_template("report.html")
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    return template.render(title=title, sections=sections, at=at, version=__version__, style=style)
