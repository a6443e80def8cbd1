"""A frontier behind TLS: the server's certificate is checked, and a crawl runs over it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from scrapy.settings import BaseSettings

from linkcrawler.errors import StoreError
from linkcrawler.frontier.limits import Limits
from linkcrawler.frontier.protocol import Candidate
from linkcrawler.frontier.redis import connection
from linkcrawler.frontier.redis.backend import RedisFrontier
from tests.servers.redis import RedisServer

pytestmark = [
    pytest.mark.redis,
    pytest.mark.skipif(not RedisServer.installed(), reason="redis-server is not on PATH"),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not on PATH"),
]


class TlsServer(RedisServer):
    """Speaks TLS on ``tls_port`` besides, with a certificate for 127.0.0.1 that signs itself."""

    def __init__(self, folder: Path) -> None:
        key, self.certificate = folder / "key.pem", folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(self.certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
        self.tls_port = RedisServer(folder).port
        super().__init__(
            folder, "--tls-port", str(self.tls_port), "--tls-cert-file", str(self.certificate),
            "--tls-key-file", str(key), "--tls-auth-clients", "no", append_only=False,
        )  # fmt: skip


async def test_a_crawl_runs_over_tls(tmp_path: Path) -> None:
    with TlsServer(tmp_path) as server:
        url = f"rediss://127.0.0.1:{server.tls_port}/0?ssl_ca_certs={server.certificate}"
        client = connection.connect(url, BaseSettings())
        frontier = RedisFrontier(client, "crawl", Limits(delay=0.01), where=url)
        await frontier.open()
        await frontier.begin()
        admitted = await frontier.admit([Candidate("https://a.example/")])
        await frontier.close()

        assert admitted.kept == 1
        assert server.client.sismember("lc:crawls", "crawl")


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with TlsServer(tmp_path) as server:
        url = f"rediss://:secret@127.0.0.1:{server.tls_port}/0"
        client = connection.connect(url, BaseSettings())
        with pytest.raises(StoreError, match=r"cannot be reached.*certificate verify failed") as caught:
            await connection.check(client, url)
        await client.aclose()

        assert "secret" not in str(caught.value)
