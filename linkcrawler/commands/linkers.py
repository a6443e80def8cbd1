"""``linkcrawler linkers``: which hosts link to a target, out of a web graph, as seeds for a crawl."""

from pathlib import Path

import click

_PATH = click.Path(exists=True, path_type=Path)


@click.command(short_help="List the hosts that link to a target, out of a web graph.")
@click.option("--vertices", multiple=True, required=True, metavar="FILE", type=_PATH, help="Repeat, or a folder.")
@click.option("--edges", multiple=True, required=True, metavar="FILE", type=_PATH, help="Repeat, or a folder.")
@click.option("--target", required=True, help="Domain or host, as scrapy crawl takes it.")
def linkers(vertices: tuple[Path, ...], edges: tuple[Path, ...], target: str) -> None:
    """Print the home pages of the hosts (or domains) that link to the target, one a line: a list of seeds.

    The files are those of Common Crawl's host- and domain-level web graphs, packed or not. The target's own hosts are
    left out.

    \b
    Example:
      linkcrawler linkers --vertices vertices.txt.gz --edges edges.txt.gz --target example.org > seeds.txt
      scrapy crawl backlinks -a target=example.org -a seeds=seeds.txt
    """
    from linkcrawler.archives.graph import files_of, find_linkers
    from linkcrawler.targets import parse_target

    found = find_linkers(files_of(vertices), files_of(edges), parse_target(target))
    for host in found.hosts:
        click.echo(f"https://{host}/")
    told = f"{len(found.hosts):,} of the graph link to {target} ({found.edges:,} edges read"
    click.echo(f"{told}, {found.own:,} own hosts left out, {found.bad:,} lines not understood)", err=True)
