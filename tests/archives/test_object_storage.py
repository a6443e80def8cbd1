"""s3:// addresses, by the client that users have, from a server that speaks S3's way of asking for bytes."""

import subprocess
from pathlib import Path

import pytest

from tests.archives.cdx_server import CdxServer
from tests.archives.crawling import archive_command, counts
from tests.archives.packing import write_warc
from tests.archives.test_units import pages, stored
from tests.servers.workers import environment


def test_files_in_a_bucket_are_read(tmp_path: Path) -> None:
    pytest.importorskip("boto3")
    (tmp_path / "bucket").mkdir()
    write_warc(tmp_path / "bucket" / "a.warc.gz", pages("a", 100))
    with CdxServer(tmp_path) as server:
        command = archive_command("target.example", "s3://bucket/a.warc.gz", f"sqlite:///{tmp_path}/links.db")
        own = {"AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        own |= {"AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "2", "no_proxy": "*"}
        done = subprocess.run(command, cwd=tmp_path, env=environment() | own, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr[-2000:]
    assert counts(done.stderr)["archives/records"] == 201
    assert stored(tmp_path) == 10
    assert {path for _, path in server.asked} == {"/bucket/a.warc.gz"}
