"""The whole page in order."""

from collections.abc import Mapping

from linkcrawler.vocabulary import Outcome
from pipelines.reports.figures.collecting import Figures
from pipelines.reports.page.known import known_sections
from pipelines.reports.page.parts import Section
from pipelines.reports.page.shape import shape_sections
from pipelines.reports.page.time import time_sections


def sections_of(figures: Figures, outcomes: Mapping[Outcome, int]) -> tuple[Section, ...]:
    """``outcomes``: visits by how they ended."""
    return (*shape_sections(figures), *time_sections(figures), *known_sections(figures, outcomes))
