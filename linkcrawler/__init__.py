"""Finds the pages that link to a target and keeps what is needed to say how each link came to stand there."""

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.queries.session import open_store as open_store

__version__ = version("linkcrawler")


def __getattr__(name: str) -> Any:
    # What people import in notebooks; loaded when asked for, so that crawling never loads what comes after it.
    if name == "open_store":
        from pipelines.queries.session import open_store

        return open_store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
