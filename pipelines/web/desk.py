"""What every answer is made with, kept with the application."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from linkcrawler.records import Link
from pipelines.stores.link_filter import LinkFilter
from pipelines.stores.protocol import Store
from pipelines.verdicts.model import Model
from pipelines.web.live import Live
from pipelines.web.overview import Overview
from pipelines.web.serving import Serving

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    store: Store
    serving: Serving
    model: Model
    reasons: Mapping[str, str]
    """Why a signal tells something."""
    templates: "Environment"
    overview: Overview
    live: Live

    @classmethod
    def of(cls, request: Request) -> "Desk":
        desk: Desk = request.app.state.desk
        return desk

    async def link(self, wanted: str) -> Link:
        """The link with this id. Raises LookupError if there is none."""
        async for found in self.store.links(LinkFilter(ids=(wanted,))):
            return found
        raise LookupError(f"no link has the id {wanted}")
