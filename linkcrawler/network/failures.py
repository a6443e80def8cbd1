"""What libcurl's codes are called in Scrapy."""

import pycurl
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)

_NAMES: dict[int, type[Exception]] = {
    pycurl.E_URL_MALFORMAT: UnsupportedURLSchemeError,
    pycurl.E_COULDNT_RESOLVE_HOST: CannotResolveHostError,
    pycurl.E_COULDNT_RESOLVE_PROXY: CannotResolveHostError,
    pycurl.E_OPERATION_TIMEDOUT: DownloadTimeoutError,
    **dict.fromkeys(
        (
            pycurl.E_COULDNT_CONNECT, pycurl.E_SSL_CONNECT_ERROR, pycurl.E_SSL_CIPHER, pycurl.E_SSL_CACERT,
            pycurl.E_SSL_CACERT_BADFILE, pycurl.E_SSL_ISSUER_ERROR, pycurl.E_PEER_FAILED_VERIFICATION,
        ),
        DownloadConnectionRefusedError,
    ),
}  # fmt: skip


def failure_of(code: int, url: str, told: str) -> Exception:
    """``told``: what libcurl says about it."""
    return _NAMES.get(code, DownloadFailedError)(f"{url}: {told or 'no answer'} (libcurl: {code})")
