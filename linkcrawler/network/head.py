"""The head of an answer, from the lines that libcurl hands over one by one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from scrapy.http import Headers


@dataclass(slots=True)
class Head:
    status: int = 0
    """0 if no answer came."""
    headers: Headers = field(default_factory=Headers)

    def first(self, name: bytes) -> str:
        """The value of a header, empty if there is none; names are written ``Content-Type``."""
        values = dict.get(self.headers, name)
        return str(values[0], "latin-1") if values else ""

    def joined(self, name: bytes) -> str:
        """All values of a header, as one list."""
        return b", ".join(dict.get(self.headers, name, ())).decode("latin-1")


def read_head(lines: Iterable[bytes]) -> Head:
    """The last head that stands in ``lines``: interim ones (status 1xx) come before it. Trailers count as its own."""
    head, values = Head(), list[bytes]()
    for line in lines:
        if line.startswith(b"HTTP/"):
            head = Head(_status(line))
        elif line[:1] in b" \t":
            # A folded line goes on with the value before it (RFC 9112, 5.2).
            values[-1:] = [b" ".join((*values[-1:], line.strip()))]
        else:
            name, colon, value = line.partition(b":")
            if colon:
                # What Headers does itself for every line, less its looks at all types that a value could have.
                values = dict.setdefault(head.headers, name.strip().title(), [])
                values.append(value.strip())
    return head


def _status(line: bytes) -> int:
    code = line.split(None, 2)[1:2]
    return int(code[0]) if code and code[0].isdigit() else 0
