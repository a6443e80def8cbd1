"""Archive files are read in stretches: by workers that die, by several at once, from web servers piece by piece."""

import gzip
import os
import random
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from linkcrawler.archives.streams import PIECE
from linkcrawler.archives.units import Unit, read_paths, unit_of
from linkcrawler.errors import UsageError
from tests.archives.cdx_server import CdxServer
from tests.archives.crawling import archive_command, counts, read_archives
from tests.archives.packing import Packed, write_warc, write_wat
from tests.archives.test_own_archive import links
from tests.servers.redis import RedisServer
from tests.servers.workers import start_worker

LINK = '<p>Paragraph {0}, in which <a href="https://target.example/{0}">number {0}</a> is linked.</p>'


def pages(name: str, number: int, *, linking: int = 10, noise: int = 200) -> list[Packed]:
    """One in so many links to the target."""
    generator = random.Random(name)
    return [
        Packed(
            f"http://{name}.example/{at}",
            (LINK.format(at) if at % linking == 0 else f"<p>{generator.randbytes(noise).hex()}</p>").encode(),
            date=f"2023-01-{at % 28 + 1:02}T00:00:00Z",
        )
        for at in range(number)
    ]


def stored(folder: Path) -> int:
    try:
        with sqlite3.connect(folder / "links.db") as db:
            return int(db.execute("SELECT count(*) FROM links").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_crawl_that_is_killed_again_and_again_ends_as_one_that_was_not(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_warc(tmp_path / f"{name}.warc.gz", pages(name, 4000))
    write_wat(tmp_path / "c.warc.wat.gz", pages("c", 4000))
    arguments = ("-a", "stretch=30000")
    whole = f"sqlite:///{tmp_path}/whole.db"
    counted = read_archives([*archive_command("target.example", tmp_path, whole), *arguments], tmp_path)
    command = [*archive_command("target.example", tmp_path, f"sqlite:///{tmp_path}/links.db"), *arguments]

    for _ in range(4):
        before = stored(tmp_path)
        worker = start_worker(command, tmp_path)
        while stored(tmp_path) == before:
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()[-3000:]
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert 0 < stored(tmp_path) < 1200
    rest = read_archives(command, tmp_path)

    assert counted["archives/records"] == 2 * 8001 + 8000
    assert links(f"sqlite:///{tmp_path}/links.db", tmp_path) == links(whole, tmp_path)
    assert stored(tmp_path) == 1200
    assert rest["archives/records"] < counted["archives/records"], "it began from the start"


def test_a_worker_that_is_told_to_stop_goes_on_where_it_stopped(tmp_path: Path) -> None:
    write_warc(tmp_path / "a.warc.gz", pages("a", 6000))
    command = archive_command("target.example", tmp_path / "a.warc.gz", f"sqlite:///{tmp_path}/links.db")
    worker = start_worker(command, tmp_path)
    while not stored(tmp_path):
        assert worker.poll() is None, (tmp_path / "worker.log").read_text()[-3000:]
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    first = counts((tmp_path / "worker.log").read_text())

    rest = read_archives(command, tmp_path)

    assert first["archives/records"] < 12_001
    assert 12_001 <= first["archives/records"] + rest["archives/records"] <= 12_002
    assert stored(tmp_path) == 600


@pytest.mark.redis
def test_workers_share_the_files_and_read_each_record_once(tmp_path: Path) -> None:
    if not RedisServer.installed():
        pytest.skip("redis-server is not on PATH")
    for name in "abcdef":
        write_warc(tmp_path / f"{name}.warc.gz", pages(name, 800))
    with RedisServer(tmp_path) as redis:
        store = f"sqlite:///{tmp_path}/links.db"
        frontier = f"LINKCRAWLER_FRONTIER={redis.url}"
        command = [*archive_command("target.example", tmp_path, store, frontier), "-a", "stretch=20000"]
        workers = [start_worker(command, tmp_path, log=f"{number}.log") for number in range(2)]
        assert [worker.wait(120) for worker in workers] == [0, 0]

    shares = [counts((tmp_path / f"{number}.log").read_text()).get("archives/records", 0) for number in range(2)]
    assert sum(shares) == 6 * 1601
    assert stored(tmp_path) == 480


def test_files_on_a_web_server_are_read_by_range_and_lists_of_them_followed(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    write_warc(tmp_path / "served" / "large.warc.gz", pages("large", 400, noise=40_000))
    write_warc(tmp_path / "served" / "small.warc.gz", pages("small", 50))
    pieces = -(-(tmp_path / "served" / "large.warc.gz").stat().st_size // PIECE)
    assert pieces > 1
    with CdxServer(tmp_path / "served") as server:
        (tmp_path / "served" / "warc.paths").write_text(
            f"{server.url}/large.warc.gz\n{server.url}/small.warc.gz\n{server.url}/absent.warc.gz\n"
        )
        settings = ("LINKCRAWLER_ALLOW_HOSTS=127.0.0.1", "DOWNLOAD_DELAY=0.05")
        store = f"sqlite:///{tmp_path}/links.db"
        command = archive_command("target.example", f"{server.url}/warc.paths", store, *settings)
        counted = read_archives(command, tmp_path)
        asked = [path for _, path in server.asked]

    assert counted["archives/records"] == 801 + 101
    assert counted["archives/unread"] == 1
    assert stored(tmp_path) == 45
    assert asked.count("/large.warc.gz") == pieces
    assert asked.count("/robots.txt") == 1


@pytest.mark.parametrize("name", ["plain.warc", "one.warc.gz"])
def test_files_that_are_packed_otherwise_are_read_whole(tmp_path: Path, name: str) -> None:
    write_warc(tmp_path / "plain", pages("a", 2000), gzip=False)
    raw = (tmp_path / "plain").read_bytes()
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    command = archive_command("target.example", tmp_path / name, f"sqlite:///{tmp_path}/links.db")

    counted = read_archives([*command, "-a", "stretch=100000"], tmp_path)

    assert counted["archives/records"] == 4001
    assert "archives/broken" not in counted
    assert stored(tmp_path) == 200


def test_a_damaged_file_gives_what_stands_before_and_says_where_it_ends(tmp_path: Path) -> None:
    offsets = write_warc(tmp_path / "a.warc.gz", pages("a", 100))
    raw = bytearray((tmp_path / "a.warc.gz").read_bytes())
    raw[offsets[55] + 12 : offsets[55] + 60] = os.urandom(48)
    (tmp_path / "a.warc.gz").write_bytes(raw)
    write_warc(tmp_path / "b.warc.gz", pages("b", 20))

    counted = read_archives(archive_command("target.example", tmp_path, f"sqlite:///{tmp_path}/links.db"), tmp_path)

    assert counted["archives/broken"] == 1
    assert stored(tmp_path) == 6 + 2


@pytest.mark.parametrize(
    "source", ["/data/a b#c.warc.gz", "https://x.example/wat/a.warc.wat.gz?b=1&a=2", "s3://b/k.warc.gz"]
)
def test_a_unit_is_itself_again_out_of_the_frontier(source: str) -> None:
    for unit in (Unit(source), Unit(source, 123_456)):
        assert unit_of(unit.candidate()) == unit


def test_paths_are_files_folders_and_lists(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.wat", "notes.pdf"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "wat.paths").write_text("# comment\ncrawl-data/x/y.warc.wat.gz\n\nb.warc.gz\ns3://bucket/z.warc.gz\n")

    units = read_paths(f"{tmp_path},{tmp_path / 'wat.paths'},https://x.example/wat.paths.gz")

    assert [unit.source for unit in units] == [
        str(tmp_path / "a.wat"), str(tmp_path / "b.warc.gz"),
        "https://data.commoncrawl.org/crawl-data/x/y.warc.wat.gz", "s3://bucket/z.warc.gz",
        "https://x.example/wat.paths.gz",
    ]  # fmt: skip
    assert [unit.source for unit in units if unit.is_list] == ["https://x.example/wat.paths.gz"]


@pytest.mark.parametrize(("paths", "says"), [("absent.warc.gz", "cannot be read"), (",", "name no file")])
def test_paths_that_name_nothing_are_refused(paths: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_paths(paths)
