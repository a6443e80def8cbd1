"""One request at a time over a handle of libcurl, which is used again and again, and what came back."""

import logging
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pycurl

from linkcrawler.network import HTML_TYPES, AddressRefused
from linkcrawler.network.body import Body
from linkcrawler.network.head import Head, read_head

logger = logging.getLogger(__name__)

CONNECT_MS = 10_000
KEEP_ALIVE_SECONDS = 4
"""Apache closes idle connections after 5 s; one that is closed while it is used costs an attempt."""
_PIECE = 128 * 1024


class Transfer:
    """libcurl bounds the head: 100 KiB a line, 300 KiB in all."""

    def __init__(self, headers: Mapping[str, str], *, verify: bool) -> None:
        """Raise ValueError for a header that would be more than one."""
        self.curl = pycurl.Curl()
        self.plain = True
        """Whether the next request can have it too."""
        self.refused: AddressRefused | None = None
        self.asked = False
        """Whether the request was sent."""
        self._lines: list[bytes] = []
        self._head: Head | None = None
        self._body = Body("", 0)
        self._wanted, self._left = True, False
        self._most_bytes, self._html_only = 0, False
        self._proxy, self._credentials = "", ""
        self._check: Callable[[str], None] | None = None
        for option, value in _options(headers, verify=verify).items():
            self.curl.setopt(option, value)
        self.curl.setopt(pycurl.HEADERFUNCTION, self._lines.append)
        self.curl.setopt(pycurl.WRITEFUNCTION, self._write)
        self.curl.setopt(pycurl.PREREQFUNCTION, self._before)
        self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)

    def ask(self, method: str, content: bytes, *, plain: bool) -> None:
        """Other than by GET, and with a body."""
        self.plain = plain and method == "GET" and not content
        if content:
            self.curl.setopt(pycurl.POSTFIELDS, content)
        if method == "HEAD":
            self.curl.setopt(pycurl.NOBODY, 1)
        elif method != "GET" or content:
            self.curl.setopt(pycurl.CUSTOMREQUEST, method)

    def begin(self, url: str, seconds: float, most_bytes: int, *, html_only: bool) -> None:
        self._lines.clear()
        self._head, self.refused, self.asked, self._left = None, None, False, False
        self._most_bytes, self._html_only = most_bytes, html_only
        self.curl.setopt(pycurl.URL, url)
        self.curl.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1000)))

    def go_straight(self, resolved: Sequence[str], check: Callable[[str], None]) -> None:
        """``resolved``: addresses as CURLOPT_RESOLVE takes them, none for a host that is one. ``check`` raises
        AddressRefused for an address that must not be connected to."""
        self._set_proxy("", "")
        self._check = check
        self.curl.setopt(pycurl.RESOLVE, resolved)

    def go_through(self, proxy: str, credentials: str) -> None:
        """``credentials``: ``user:password`` or nothing. The proxy's own address is the operator's business."""
        self._set_proxy(proxy, credentials)
        self._check = None
        self.curl.setopt(pycurl.RESOLVE, [])

    def head(self) -> Head | None:
        """None if no whole head came, or only interim ones."""
        if self._head is None and self._lines and not self._lines[-1].strip():
            self._read_head()
        return self._head if self._head and self._head.status >= 200 else None

    def content(self, code: int) -> tuple[bytes, bool]:
        """The body, to be had once, and whether nothing of it is missing. ``code``: what libcurl says of the end."""
        whole = self._wanted and self._body.whole(ended=not self._left and (code == 0 or self._closed(code)))
        return self._body.take(), whole

    def _closed(self, code: int) -> bool:
        """Whether a body that goes on until the connection ends was ended by a server that does not say so in TLS."""
        named = {b"Content-Length", b"Transfer-Encoding"}.intersection(self._head.headers if self._head else ())
        return code == pycurl.E_RECV_ERROR and not named and "unexpected eof" in self.curl.errstr()

    @property
    def unpacked(self) -> bool:
        return self._body.readable

    def _set_proxy(self, proxy: str, credentials: str) -> None:
        if (proxy, credentials) != (self._proxy, self._credentials):
            self._proxy, self._credentials = proxy, credentials
            self.curl.setopt(pycurl.PROXY, proxy)
            self.curl.setopt(pycurl.PROXYUSERPWD, credentials)

    def _before(self, *_: Any) -> int:
        """Called before a request is sent. libcurl sends it again when a kept connection turns out to be closed: that
        would not keep the host's delay."""
        again, self.asked = self.asked, True
        self._lines.clear()  # what a proxy said before
        return int(pycurl.PREREQFUNC_ABORT if again else pycurl.PREREQFUNC_OK)

    def _open_socket(self, purpose: int, address: Any) -> int:
        """A socket for one resolved address, just before it is connected: what was checked is what is used."""
        family, kind, protocol, (host, *_) = address
        try:
            if self._check:
                self._check(host if isinstance(host, str) else host.decode())
            return socket.socket(family, kind, protocol).detach()
        except AddressRefused as error:
            self.refused = error
        except OSError as error:
            logger.warning("no socket for %s: %s", host, error)
        return int(pycurl.SOCKET_BAD)

    def _write(self, piece: bytes) -> int | None:
        if self._head is None:
            self._read_head()
        if self._wanted and self._body.feed(piece):
            return None
        self._left = True
        return -1

    def _read_head(self) -> None:
        self._head = head = read_head(self._lines)
        self._body = Body(head.joined(b"Content-Encoding"), self._most_bytes)
        kind = head.first(b"Content-Type").partition(";")[0].strip().lower()
        # Nobody reads the content of a page that turns out to be a film or an archive.
        wanted = head.status != 200 or not self._html_only or kind in HTML_TYPES
        self._wanted = wanted and self._body.readable


def _options(headers: Mapping[str, str], *, verify: bool) -> dict[int, Any]:
    options = {
        pycurl.HTTPHEADER: [_line(name, value) for name, value in {"Accept": "", **headers}.items()],
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
        pycurl.SSL_ENABLE_ALPN: 0,
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.PATH_AS_IS: 1,
        pycurl.FOLLOWLOCATION: 0,
        pycurl.PROXY: "",  # the environment is read elsewhere
        pycurl.NOPROXY: "",
        pycurl.CONNECTTIMEOUT_MS: CONNECT_MS,
        pycurl.MAXAGE_CONN: KEEP_ALIVE_SECONDS,
        pycurl.BUFFERSIZE: _PIECE,
        pycurl.FORBID_REUSE: int(headers.get("Connection", "").lower() == "close"),  # libcurl does not read it
        pycurl.NOSIGNAL: 1,
        pycurl.SSL_VERIFYPEER: int(verify),
        pycurl.SSL_VERIFYHOST: 2 if verify else 0,
    }
    if verify:
        places = ssl.get_default_verify_paths()
        options |= {pycurl.CAINFO: places.cafile, pycurl.CAPATH: places.capath}
    else:
        # Old servers are crawled too; a page is public, and its certificate says nothing about how a link came to be.
        options |= {pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_0, pycurl.SSL_CIPHER_LIST: "DEFAULT:@SECLEVEL=0"}
        # Without keys against quantum computers, which some of these servers choke on and which take 0.1 ms to make.
        options[pycurl.SSL_EC_CURVES] = "X25519:P-256:P-384:P-521"
    return {option: value for option, value in options.items() if value is not None}


def _line(name: str, value: str) -> str:
    """As CURLOPT_HTTPHEADER takes it: a colon with nothing behind it takes back what libcurl would send itself."""
    if not (name + value).isprintable():
        raise ValueError(f"header {name!r}: {value!r} holds characters that no header may hold")
    return f"{name}: {value}".rstrip()
