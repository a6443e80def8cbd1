"""Which hosts link to a target, out of generated web graphs."""

import gzip
import random
import subprocess
import sys
from pathlib import Path

import pytest

from linkcrawler.archives.graph import find_linkers
from linkcrawler.errors import UsageError
from linkcrawler.seeding.seeds import Seed, parse_seeds
from linkcrawler.targets import parse_target
from tests.servers.workers import environment

HOSTS = [
    "com.linking", "com.linking.blog", "net.elsewhere", "org.example", "org.example.docs", "org.examples",
    "org.xn--bcher-kva",
]  # fmt: skip
EDGES = [(0, 3), (1, 4), (2, 5), (3, 4), (5, 3), (0, 4), (6, 2)]


def write(path: Path, lines: list[str], *, packed: bool) -> Path:
    text = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(text) if packed else text)
    return path


@pytest.fixture
def graph(tmp_path: Path) -> tuple[Path, Path]:
    vertices = write(tmp_path / "vertices.txt.gz", [f"{n}\t{host}\t1" for n, host in enumerate(HOSTS)], packed=True)
    return vertices, write(tmp_path / "edges.txt", [f"{a}\t{b}" for a, b in EDGES], packed=False)


@pytest.mark.parametrize(
    ("target", "linking", "own"),
    [
        ("example.org", ["linking.com", "blog.linking.com", "examples.org"], 1),
        ("docs.example.org", ["linking.com", "blog.linking.com"], 1),
        ("elsewhere.net", ["xn--bcher-kva.org"], 0),
    ],
)
def test_sources_of_edges_to_the_target_are_named(
    graph: tuple[Path, Path], target: str, linking: list[str], own: int
) -> None:
    vertices, edges = graph

    found = find_linkers([vertices], [edges], parse_target(target))

    assert (found.hosts, found.own, found.edges, found.bad) == (linking, own, len(EDGES), 0)


def test_lines_that_are_no_edges_are_counted(graph: tuple[Path, Path], tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.txt", ["0\t3", "zero\t3", "1", "", "5\t3\t9", "2\t3"], packed=True)

    found = find_linkers([graph[0]], [broken], parse_target("example.org"))

    assert (found.hosts, found.bad) == (["linking.com", "elsewhere.net"], 4)


def test_a_target_that_the_graph_lacks_is_told(graph: tuple[Path, Path]) -> None:
    with pytest.raises(UsageError, match=r"no vertex for absent\.org"):
        find_linkers([graph[0]], [graph[1]], parse_target("absent.org"))


def test_a_cut_file_is_told(graph: tuple[Path, Path], tmp_path: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(graph[0].read_bytes()[:-12])

    with pytest.raises(UsageError, match="cannot be read"):
        find_linkers([cut], [graph[1]], parse_target("example.org"))


MEASURED = """
import sys
from linkcrawler.commands import main
try:
    main(sys.argv[1:])
finally:
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(int(peak.split()[1]) // 1024, "MB", file=sys.stderr)
"""


def test_ten_million_edges_take_less_than_200_mb(tmp_path: Path) -> None:
    hosts, edges, target = 1_000_000, 10_000_000, 4711
    vertices = tmp_path / "vertices.txt.gz"
    with gzip.open(vertices, "wb", 1) as out:
        out.write(b"".join(b"%d\tcom.host%07d\n" % (number, number) for number in range(hosts)))
    generator, linking = random.Random(5), set[int]()
    with gzip.open(tmp_path / "edges.txt.gz", "wb", 1) as out:
        for start in range(0, edges, 100_000):
            pairs = []
            for number in range(start, start + 100_000):
                to = target if number % 20_011 == 0 else (generator.getrandbits(30) * hosts) >> 30
                pairs.append(b"%d\t%d\n" % (number // 10, to))
                if to == target:
                    linking.add(number // 10)
            out.write(b"".join(pairs))
    call = ["linkers", "--vertices", vertices, "--edges", tmp_path / "edges.txt.gz", "--target", f"host{target:07}.com"]

    command = [sys.executable, "-c", MEASURED, *map(str, call)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=280)

    assert done.returncode == 0, done.stderr
    seeds = [seed for seed in parse_seeds(done.stdout.splitlines()) if isinstance(seed, Seed)]
    assert [seed.url for seed in seeds] == [f"https://host{number:07}.com/" for number in sorted(linking - {target})]
    assert "10,000,000 edges read" in done.stderr
    assert int(done.stderr.split()[-2]) < 200
