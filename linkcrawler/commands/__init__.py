"""The command line. Commands import what they need when they run, so that ``linkcrawler --help`` starts at once."""

from typing import IO, Any

import click

from linkcrawler import __version__
from linkcrawler.commands.backdate import backdate
from linkcrawler.commands.backup import backup, restore
from linkcrawler.commands.capture import capture
from linkcrawler.commands.classify import classify
from linkcrawler.commands.compare import compare
from linkcrawler.commands.diff_verdicts import diff_verdicts
from linkcrawler.commands.doctor import doctor
from linkcrawler.commands.evaluate import evaluate
from linkcrawler.commands.events import events, notify
from linkcrawler.commands.explain import explain
from linkcrawler.commands.frontier import frontier
from linkcrawler.commands.import_ import import_
from linkcrawler.commands.label import label, labels
from linkcrawler.commands.linkers import linkers
from linkcrawler.commands.links import links
from linkcrawler.commands.migrate import migrate
from linkcrawler.commands.outreach import outreach
from linkcrawler.commands.report import report
from linkcrawler.commands.seeds import expand, seeds
from linkcrawler.commands.serve import serve
from linkcrawler.commands.targets import targets
from linkcrawler.commands.train import train
from linkcrawler.errors import LinkcrawlerError, UsageError


class _Failure(click.ClickException):
    """A LinkcrawlerError at the edge: its message on stderr."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"linkcrawler: {self.message}", file=file, err=True)


class _Misuse(_Failure):
    """The call must be corrected."""

    exit_code = 2


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LinkcrawlerError as error:
            raise (_Misuse if isinstance(error, UsageError) else _Failure)(str(error)) from error


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="linkcrawler")
def main() -> None:
    """Say how the links to a site came to stand where they stand: passive, active or undetermined.

    \b
    Example, from crawl to report:
      scrapy crawl backlinks -a target=example.org -a seeds=seeds.txt
      linkcrawler classify
      linkcrawler report
    """


for _command in (
    backdate, backup, capture, classify, compare, diff_verdicts, doctor, evaluate, events, expand, explain, frontier,
    import_, label, labels, linkers, links, migrate, notify, outreach, report, restore, seeds, serve, targets, train,
):  # fmt: skip
    main.add_command(_command)
