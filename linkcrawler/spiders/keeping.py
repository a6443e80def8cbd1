"""``-a warc=DIR``: pages that link to a target are kept as they were sent."""

import asyncio
from dataclasses import replace
from pathlib import Path

from scrapy.http import Response
from scrapy.settings import BaseSettings

from linkcrawler.archives.own import Exchange, OwnArchive
from linkcrawler.network import TRUNCATED
from linkcrawler.records import Visit


class Keeping:
    """Writes the pages of one worker into its own files, one at a time, beside the event loop."""

    def __init__(self, folder: str) -> None:
        self._archive = OwnArchive(Path(folder))
        self._one_at_a_time = asyncio.Lock()

    async def keep(self, response: Response, visit: Visit, settings: BaseSettings) -> Visit:
        """The visit, with where the bytes are that it was read from. OSError if they cannot be written."""
        agent = settings["USER_AGENT"]
        exchange = Exchange(
            url=response.url,
            at=visit.at,
            asked={"User-Agent": agent, **settings.getdict("DEFAULT_REQUEST_HEADERS")},
            headers=[
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, values in response.headers.items()
                for value in values
            ],
            body=response.body,
            cut=TRUNCATED in response.flags,
        )
        async with self._one_at_a_time:
            return replace(visit, detail=await asyncio.to_thread(self._archive.keep, exchange))
