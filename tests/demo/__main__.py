"""``make demo``: the main job on the demo web, with the commands that a user would type."""

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from tests.demo.server import HERE, DemoWeb, serving

TARGET = "tidepool.example"
EXPLAINED = "http://saltmarsh-notes.example/2025/05/guest-mapping-the-tides/"
BIN = Path(sys.executable).parent
CHECKOUT = HERE.parent.parent


def main() -> int:
    arguments = _arguments()
    web = DemoWeb()
    with serving(web) as proxy:
        if arguments.serve:
            return _wait(proxy)
        code = _demonstrate(len(web.hosts), proxy, CHECKOUT / arguments.store)
    if arguments.hits:
        arguments.hits.write_text("".join(json.dumps(asdict(hit)) + "\n" for hit in web.hits), encoding="utf-8")
    return code


def _arguments() -> argparse.Namespace:
    cli = argparse.ArgumentParser(prog="python -m tests.demo", description="Run linkcrawler on its demo web.")
    cli.add_argument("--serve", action="store_true", help="only serve the demo web, to try commands of your own")
    cli.add_argument("--store", type=Path, default=Path("demo.db"), metavar="FILE", help="database (default: demo.db)")
    cli.add_argument("--hits", type=Path, metavar="FILE", help="write the demo web's access log there as JSON lines")
    return cli.parse_args()


def _steps(store: str, log: Path) -> tuple[tuple[str, list[str]], ...]:
    """What is shown, in order: a title, and the command."""
    crawl = [*_crawl(store), "-s", f"LOG_FILE={_shown(log)}", "-s", "STATS_DUMP=1"]
    use = ["--store", store]
    return (
        ("Crawl: fetch the sites, keep every link to the target with the words around it.", crawl),
        ("Classify: weigh the evidence, say how each link came to stand there.", ["linkcrawler", "classify", *use]),
        ("Report: passive and active links side by side.", ["linkcrawler", "report", *use]),
        ("Explain: the story of the links on one page.", ["linkcrawler", "explain", EXPLAINED, *use]),
        ("Links: as a table, or with --format csv, jsonl, parquet for other tools.",
         ["linkcrawler", "links", *use, "--limit", "6"]),
    )  # fmt: skip


def _crawl(store: str) -> list[str]:
    # The delay of a tenth of a second is for sites on this machine; the default is a second.
    return ["scrapy", "crawl", "backlinks", "-a", f"target={TARGET}", "-a", "seeds=tests/demo/seeds.txt",
            "-s", f"LINKCRAWLER_STORE={store}", "-s", "DOWNLOAD_DELAY=0.1"]  # fmt: skip


def _typed(command: list[str], proxy: str) -> str:
    """The command as a user types it; Scrapy's options in lines of their own."""
    if command[0] != "scrapy":
        return shlex.join(command)
    return f"http_proxy={proxy} " + shlex.join(command).replace(" -a seeds", " \\\n    -a seeds").replace(
        " -s LINK", " \\\n    -s LINK"
    )


def _summary(log: Path) -> str:
    """The last words of the crawl: what its progress line says in the log file."""
    said = [line for line in log.read_text(encoding="utf-8").splitlines() if "[linkcrawler.progress]" in line]
    return "\n".join(line.partition("INFO: ")[2] for line in said[-3:])


def _demonstrate(hosts: int, proxy: str, file: Path) -> int:
    """Run every step on a new database; the exit code of the first that fails, else 0."""
    log = file.with_suffix(".log")
    for old in (file, Path(f"{file}-wal"), Path(f"{file}-shm"), log):
        old.unlink(missing_ok=True)
    store = f"sqlite:///{_shown(file)}"
    _say(
        f"{hosts} made-up sites are served on this machine, behind the proxy {proxy}.",
        f"Which of their pages link to {TARGET}, and how did each link come to stand there?",
    )
    for title, command in _steps(store, log):
        code = _run(title, command, proxy)
        if code:
            click.echo(f"\ndemo: exit code {code} from: {shlex.join(command)} (the crawl's log: {log})", err=True)
            return code
        if command[0] == "scrapy":
            click.echo(_summary(log))
    _say(
        f"Done. The database stays in {_shown(file)}, the commands are in {_shown(BIN)}. Type next, for example:",
        f"    {_shown(BIN / 'linkcrawler')} links --store {store} --mode active",
    )
    return 0


def _shown(path: Path) -> str:
    return str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else str(path)


def _run(title: str, command: list[str], proxy: str) -> int:
    """Show one command and run it with this environment's programs, in the foreground."""
    _say(f"── {title}", f"$ {_typed(command, proxy)}", "")
    return subprocess.run([BIN / command[0], *command[1:]], cwd=CHECKOUT, env=_environment(proxy)).returncode


def _environment(proxy: str) -> dict[str, str]:
    """The user's environment, less what would lead to another database or past the demo web."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINKCRAWLER_", "SCRAPY_")) and not name.lower().endswith("_proxy")
    }
    return {**kept, "http_proxy": proxy}


def _wait(proxy: str) -> int:
    _say(
        f"The demo web is served behind the proxy {proxy} until Ctrl-C is pressed. In another terminal, type",
        f"$ {_typed(_crawl('sqlite:///demo.db'), proxy)}",
    )
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0


def _say(*lines: str) -> None:
    click.echo("\n" + "\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
