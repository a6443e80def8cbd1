"""A real server that speaks the MongoDB wire protocol, for tests.

$MONGODB_URL if given; otherwise FerretDB where Go is present, built on first use into the checkout's .cache/;
otherwise mongo-java-server where Maven and Java are; otherwise the tests that need one are skipped with the reason.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pymongo
import pytest

from tests.servers.go_programs import CACHE, build

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the server, without a database."""
    if given := os.environ.get("MONGODB_URL"):
        yield given
    elif shutil.which("go"):
        with running([str(build_ferretdb()), str(tmp_path_factory.mktemp("ferretdb"))]) as url:
            yield url
    elif shutil.which("mvn") and shutil.which("java"):
        with running(java_server()) as url:
            yield url
    else:
        pytest.skip(
            "no server that speaks the MongoDB wire protocol: set MONGODB_URL, or install Go (FerretDB is then built) "
            "or Java with Maven (mongo-java-server is then fetched)"
        )


@pytest.fixture
def mongodb_store_url(mongodb_url: str) -> Iterator[str]:
    """Address of an empty database, dropped after the test."""
    with fresh_database(mongodb_url) as url:
        yield url


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Address of a database that exists for the block only."""
    name = f"linkcrawler_test_{uuid4().hex[:12]}"
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with pymongo.MongoClient(server) as client:
        client.drop_database(name)


@contextmanager
def running(command: list[str]) -> Iterator[str]:
    """The address of a server that prints it and stops when its standard input closes."""
    with started(command) as (url, _):
        yield url


@contextmanager
def started(command: list[str]) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError(f"{command[0]} ended with code {process.wait()} before it printed its address")
        try:
            yield url, process
        finally:
            process.stdin.close()


def build_ferretdb() -> Path:
    return build(HERE / "ferretdb", "ferretdb")


def java_server() -> list[str]:
    """The command that runs mongo-java-server, fetched and compiled if it is not there yet."""
    folder = CACHE / "mongo-java-server"
    if not (folder / "MongoServerForTests.class").is_file():
        unfinished = CACHE / f"mongo-java-server-{os.getpid()}"
        subprocess.run(
            ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={unfinished}"],
            cwd=HERE / "javaserver",
            check=True,
        )
        source = str(HERE / "javaserver" / "MongoServerForTests.java")
        subprocess.run(["javac", "-cp", f"{unfinished}/*", "-d", str(unfinished), source], check=True)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.replace(folder)
    return ["java", "-Xmx256m", "-cp", f"{folder}/*:{folder}", "MongoServerForTests"]
