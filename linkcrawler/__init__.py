"""Finds the pages that link to a target and keeps what is needed to say how each link came to stand there."""

from importlib.metadata import version

__version__ = version("linkcrawler")
