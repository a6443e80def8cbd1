"""``-a warc=DIR`` keeps the pages that link; ``linkcrawler capture`` reads them again and finds the same."""

import gzip
import json
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from linkcrawler.archives.own import Exchange, OwnArchive
from tests.archives.crawling import archive_command, read_archives
from tests.servers.web import Reply, Web
from tests.servers.workers import BIN, crawl_command, environment, start_worker

HTML = {
    "Content-Type": "text/html; charset=iso-8859-1",
    "Last-Modified": "Tue, 05 Mar 2024 10:00:00 GMT",
    "ETag": '"7"',
}
LINKING = '<html lang=de><title>T\xfcren</title><p>Wir lasen <a rel="ugc" href="https://target.example/g">T\xfcren</a>.'
SAME = b'<p>The same words and <a href="https://www.target.example/same">the same link</a> on two pages.</p>'
PAGES = {
    "/": Reply(200, b"<a href=/plain><a href=/packed><a href=/one><a href=/two><a href=/none><a href=/gone>"),
    "/plain": Reply(200, LINKING.encode("latin-1"), HTML),
    "/packed": Reply(200, gzip.compress(LINKING.encode("latin-1") + b"!"), HTML | {"Content-Encoding": "gzip"}),
    "/one": Reply(200, SAME),
    "/two": Reply(200, SAME),
    "/none": Reply(200, b"<p>No link.</p>"),
}


def links(store: str, folder: Path) -> list[dict[str, Any]]:
    command = [str(BIN / "linkcrawler"), "links", "--store", store, "--format", "jsonl"]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def captured(files: Iterable[Path], *options: str) -> "subprocess.CompletedProcess[str]":
    command = [str(BIN / "linkcrawler"), "capture", *map(str, files), "--target", "target.example", *options]
    return subprocess.run(command, env=environment(), capture_output=True, text=True)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a crawl that kept what links in pages/."""
    folder = tmp_path_factory.mktemp("own")
    with Web(lambda host, path: PAGES.get(path, Reply(404))) as web:
        settings = {"DOWNLOAD_DELAY": 0.02, "LINKCRAWLER_STORE": f"sqlite:///{folder}/links.db"}
        command = crawl_command("target.example", "http://a.example/", {"warc": folder / "pages"}, settings)
        assert start_worker(command, folder, web.proxy).wait(60) == 0, (folder / "worker.log").read_text()[-3000:]
    return folder


def test_what_links_is_kept_with_its_request_and_what_came_again_is_not_kept_twice(crawled: Path) -> None:
    (file,) = (crawled / "pages").iterdir()
    with file.open("rb") as stream:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]

    kinds = [kind for kind, _, _ in records]
    assert [kinds.count(kind) for kind in ("warcinfo", "request", "response", "revisit")] == [1, 4, 3, 1]
    assert {url.rpartition("/")[2] for kind, url, _ in records if kind == "revisit"} < {"one", "two"}
    bodies = {url.rpartition("/")[2]: body for kind, url, body in records if kind == "response"}
    assert bodies["packed"] == bodies["plain"] + b"!" == LINKING.encode("latin-1") + b"!"


def test_capture_finds_offline_what_the_crawl_found(crawled: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/again.db"

    done = captured((crawled / "pages").iterdir(), "--store", store)

    assert done.returncode == 0, done.stderr
    want = links(f"sqlite:///{crawled}/links.db", crawled)
    assert len(want) == 4
    assert links(store, tmp_path) == want


def test_the_archive_spider_reads_it_too(crawled: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/again.db"

    counted = read_archives(archive_command("target.example", crawled / "pages", store), tmp_path)

    assert counted["visits"] == 4
    assert links(store, tmp_path) == links(f"sqlite:///{crawled}/links.db", crawled)


def test_each_visit_says_where_its_bytes_are(crawled: Path) -> None:
    (file,) = (crawled / "pages").iterdir()

    done = captured([file])

    assert done.returncode == 0, done.stderr
    visits = [json.loads(line) for line in done.stdout.splitlines()]
    assert [visit["outcome"] for visit in visits] == ["ok"] * 4
    for visit in visits:
        word, name, offset, digest = visit["detail"].split()
        assert (word, name) == ("archive", file.name)
        with file.open("rb") as stream:
            stream.seek(int(offset))
            first = next(iter(ArchiveIterator(stream)))
            assert first.rec_headers.get_header("WARC-Target-URI") == visit["url"]
            assert first.rec_headers.get_header("WARC-Payload-Digest") == digest


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.8])
def test_a_file_that_breaks_off_gives_what_is_whole(crawled: Path, tmp_path: Path, kept: float) -> None:
    (file,) = (crawled / "pages").iterdir()
    whole = {visit["url"]: visit for visit in map(json.loads, captured([file]).stdout.splitlines())}
    raw = file.read_bytes()
    cut = tmp_path / file.name
    cut.write_bytes(raw[: int(len(raw) * kept)])

    done = captured([cut])

    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) < 4
    assert [whole[visit["url"]] for visit in found] == found


def test_files_are_rotated_and_a_revisit_finds_the_file_before(tmp_path: Path) -> None:
    archive = OwnArchive(tmp_path / "pages", most_bytes=1500)
    for number in range(6):
        at = datetime(2024, 5, number + 1, 12, 0, 0, 123000, tzinfo=UTC)
        body = SAME if number in (0, 5) else SAME + b"%d" % number
        headers = [("Content-Type", "text/html")]
        archive.keep(Exchange(url=f"http://a.example/{number}", at=at, asked={}, headers=headers, body=body))

    files = sorted((tmp_path / "pages").iterdir())
    visits = [json.loads(line) for line in captured(files).stdout.splitlines()]

    assert len(files) > 2
    assert [visit["url"][-1] for visit in visits] == list("012345")
    assert visits[5]["at"] == "2024-05-06T12:00:00.123000Z"
    assert visits[5]["sightings"][0]["placements"] == visits[0]["sightings"][0]["placements"]
    assert visits[5]["page"]["content_hash"] == visits[0]["page"]["content_hash"]


def test_a_folder_that_cannot_be_written_is_told_before_the_crawl(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = crawl_command("target.example", "http://a.example/", {"warc": tmp_path / "file"}, {})

    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True)

    assert done.returncode == 2
    assert "expected a folder that can be written" in done.stderr
