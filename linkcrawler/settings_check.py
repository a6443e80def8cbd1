"""Refuses settings of ours that nobody reads or that have a value of the wrong form, before anything is fetched."""

from collections.abc import Mapping

from linkcrawler import settings as defaults
from linkcrawler.errors import ConfigError

PREFIX = "LINKCRAWLER_"


def check_settings(given: Mapping[str, object]) -> None:
    """Raise ConfigError for an unknown LINKCRAWLER_ name, and for a number that is none or is negative."""
    known = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith(PREFIX)}
    for name in sorted(name for name in given if name.startswith(PREFIX)):
        if name not in known:
            raise ConfigError(
                f"setting {name} is not known: expected one of {', '.join(known)}; "
                f"write for example -s {PREFIX}STORE=sqlite:///links.db"
            )
        default, value = known[name], given[name]
        if isinstance(default, int) and not _is_count(value):
            raise ConfigError(
                f"setting {name} must be a number, 0 or more, got {value!r}; write for example -s {name}={default}"
            )


def _is_count(value: object) -> bool:
    try:
        return float(str(value)) >= 0
    except ValueError:
        return False
