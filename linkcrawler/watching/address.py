"""Where a worker listens: ``HOST:PORT``, or ``HOST:FIRST-LAST`` where several workers share a machine."""

import re
from dataclasses import dataclass

from linkcrawler.errors import ConfigError

_FORM = re.compile(r"(?P<host>[^:]*|\[.*\]):(?P<first>\d{1,5})(-(?P<last>\d{1,5}))?\Z", re.ASCII)
_HIGHEST = 65535


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    ports: range


def parse_address(text: str) -> Address:
    """Raises ConfigError for any other form."""
    form = _FORM.match(text)
    if form:
        first, last = int(form["first"]), int(form["last"] or form["first"])
        if first <= last <= _HIGHEST:
            return Address(form["host"].strip("[]") or "127.0.0.1", range(first, last + 1))
    raise ConfigError(
        f"LINKCRAWLER_METRICS={text!r}: expected HOST:PORT, such as 127.0.0.1:9410, "
        "or HOST:FIRST-LAST for several workers on one machine, such as 127.0.0.1:9410-9419"
    )
