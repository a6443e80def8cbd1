"""Large pages leave nothing behind in a worker's memory."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the memory of glibc's malloc")

_LARGE_PAGES = """
import resource, sys
from linkcrawler.freed_memory import give_back_freed_memory

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1_000_000

if sys.argv[1] == "bounds":
    give_back_freed_memory()
before = resident()
del [bytearray(3 << 20)][:]  # the first large block that is freed moves glibc's own bounds
pages = [bytearray(2 << 20) for _ in range(50)]
kept = bytearray(100_000)  # lies behind them
del pages
print(resident() - before)
"""


@pytest.mark.parametrize(("how", "least", "most"), [("bounds", 0, 20), ("none", 80, 130)])
def test_freed_pages_go_back_to_the_system(how: str, least: int, most: int) -> None:
    left = subprocess.run([sys.executable, "-c", _LARGE_PAGES, how], capture_output=True, text=True, check=True)

    assert least <= int(left.stdout) <= most
