"""Modules that come with the optional extra ``archive``."""

import importlib
from typing import Any

from linkcrawler.errors import UsageError


def load(module: str) -> Any:
    """The module. UsageError if it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UsageError(f'archives need {module}: install it with pip install "linkcrawler[archive]"') from error
