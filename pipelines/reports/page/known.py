"""The sections that say what pages declare, and how much is known at all."""

from collections.abc import Iterator, Mapping

from linkcrawler.vocabulary import Outcome
from pipelines.reports.figures.collecting import Figures
from pipelines.reports.figures.disclosure import Audit
from pipelines.reports.page.counts import number, percent
from pipelines.reports.page.parts import Bars, Row, Section, Table

_DECLARED = {
    "text": "words on the page",
    "rel": "rel attribute (sponsored)",
    "schema": "structured data",
    "legal": "legally required mark",
    "none": "nothing",
}
_OUTCOMES = {
    Outcome.OK: "page read",
    Outcome.NOT_HTML: "no HTML",
    Outcome.REDIRECTED: "redirected",
    Outcome.GONE: "gone (404, 410)",
    Outcome.HTTP_ERROR: "error of the server",
    Outcome.UNREACHABLE: "not reached",
    Outcome.ROBOTS: "refused by robots.txt",
    Outcome.TRUNCATED: "cut short",
}


def known_sections(figures: Figures, outcomes: Mapping[Outcome, int]) -> Iterator[Section]:
    """``outcomes``: visits by how they ended, of the whole store."""
    yield _disclosure(figures)
    yield _coverage(figures, outcomes)


def _disclosure(figures: Figures) -> Section:
    audits = {"known to be active": figures.known_active, "judged active": figures.judged_active}
    rows = [
        *((words, {name: audit.declared[kind] for name, audit in audits.items()}) for kind, words in _DECLARED.items()),
        *(
            (f"rel {token} (no declaration)", {name: audit.rels[token] for name, audit in audits.items()})
            for token in figures.known_active.rels
        ),
    ]
    table = Table(
        caption="How pages declare active links",
        head=("Declared by", *(head for name in audits for head in (name, "share"))),
        rows=(
            Row(
                name="active links",
                cells=tuple(cell for audit in audits.values() for cell in (number(audit.links), "")),
            ),
            *(
                Row(name=words, cells=tuple(cell for name, audit in audits.items() for cell in _of(found[name], audit)))
                for words, found in rows
            ),
        ),
    )
    chart = Bars(
        title="Share of active links that pages declare, by how",
        unit="percent of links",
        categories=tuple(_DECLARED.values()),
        series={
            f"{name} ({number(audit.links)})": tuple(
                100 * audit.declared[kind] / audit.links if audit.links else 0.0 for kind in _DECLARED
            )
            for name, audit in audits.items()
        },
        lying=True,
    )
    notes = (
        (
            "Known to be active: a person said so, the outreach log names the placement, or the site is listed as "
            "the target's own. Only these tell how often pages declare: what is judged active is found the more "
            "easily for being declared. A page may declare in several ways. A missing declaration is no evidence of "
            "anything."
        ),
    )
    return Section(key="disclosure", title="Disclosure of active links", notes=notes, chart=chart, tables=(table,))


def _of(count: int, audit: Audit) -> tuple[str, str]:
    return number(count), percent(count / audit.links if audit.links else None)


def _coverage(figures: Figures, outcomes: Mapping[Outcome, int]) -> Section:
    coverage, links = figures.coverage, figures.summary.links["total"]
    visits = sum(outcomes.values())
    facts = (
        *((f"status {status}", count, {"status": status}) for status, count in coverage.statuses.items()),
        *((f"appearance dated by {what}", count, None) for what, count in coverage.dated.items()),
        ("dates that disagree", coverage.conflicts, None),
        ("not judged yet", figures.summary.links["unclassified"], {"mode": "unclassified"}),
        ("undetermined", figures.summary.links["undetermined"], {"mode": "undetermined"}),
    )
    known = Table(
        caption="What is known of the links",
        head=("Links", "number", "share"),
        rows=tuple(
            Row(name=name, cells=(number(count), percent(count / links if links else None)), filters=filters)
            for name, count, filters in facts
        ),
    )
    told = {outcome: words for outcome, words in _OUTCOMES.items() if outcomes.get(outcome)}
    ended = Table(
        caption="How visits ended",
        head=("Outcome", "visits", "share"),
        rows=tuple(
            Row(name=words, cells=(number(outcomes[outcome]), percent(outcomes[outcome] / visits)))
            for outcome, words in told.items()
        ),
    )
    languages = Table(
        caption="Languages of the pages",
        head=("Language", "links", "share"),
        rows=tuple(
            Row(
                name=code,
                cells=(number(count), percent(count / links)),
                filters={"language": code} if code != "unknown" else None,
            )
            for code, count in coverage.languages.items()
        ),
    )
    chart = Bars(
        title="Visits by how they ended",
        unit="visits",
        categories=tuple(told.values()),
        series={"visits": tuple(outcomes[outcome] for outcome in told)},
        lying=True,
    )
    notes = (
        (
            "Only links on pages that were visited and could be read are here. A link is unverified while its page "
            "cannot be read. Visits are those of the whole store."
        ),
    )
    return Section(
        key="coverage",
        title="Coverage",
        notes=notes,
        chart=chart if told else None,
        tables=(known, ended, languages),
    )
