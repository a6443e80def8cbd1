"""What a command shows while it runs and when it is done: text, JSON, and the progress of long work."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

# A pipe has no width: nothing is cut or wrapped there.
_PIPE_WIDTH = 10_000


def screen() -> "Console":
    """Standard output: as wide as the terminal, plain in a pipe."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(width=_PIPE_WIDTH, color_system=None, highlight=False)


def print_json(value: Any) -> None:
    """Print records, mappings and lists as one indented JSON value."""
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(value)).decode())


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield ``show(done, total)``, to be called at any rate: a bar on a terminal, a few lines elsewhere."""
    if not sys.stderr.isatty():
        yield _Lines(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Lines:
    """Prints a line for each tenth of the work."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._tenths = -1

    def __call__(self, done: int, total: int) -> None:
        tenths = 10 * done // total if total else 0
        if tenths != self._tenths:
            self._tenths = tenths
            print(f"{self._what}: {done} of {total}", file=sys.stderr, flush=True)
