"""A page to read: every labelled placement that was judged wrongly, with the words around it and the evidence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from linkcrawler.records import Context, Evidence
from pipelines.evaluation.links import Judged, LinksReport, outcome

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "article{border-top:1px solid #ccc;padding:1rem 0}h2{font-size:1rem;margin:0}mark{background:#ffe9a8}"
    "table{border-collapse:collapse;font-size:.9em}td,th{padding:0 .8rem 0 0;text-align:left;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}.where{color:#555;word-break:break-all}"
)
MAX_EVIDENCE = 14


def errors_html(report: LinksReport) -> str:
    """One self-contained HTML page, the surest errors first; everything that came from pages is escaped."""
    wrong = [item for item in report.judged if not (outcome(item).mode_right and outcome(item).channel_right)]
    wrong.sort(key=lambda item: (outcome(item).mode_right, -outcome(item).confidence, item.label.id))
    modes = sum(not outcome(item).mode_right for item in wrong)
    title = f"{len(wrong)} of {len(report.judged)} placements judged otherwise than labelled"
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>',
        f"<h1>{title}</h1>",
        f"<p>{modes} in the mode, {len(wrong) - modes} in the channel alone. Model {escape(report.model)}.</p>",
        _kinds(wrong),
        *(_article(item) for item in wrong),
    ]
    return "\n".join(parts) + "</html>\n"


def _kinds(wrong: Sequence[Judged]) -> str:
    """How often each channel was taken for each other one, and an example of it to jump to."""
    first: dict[tuple[str, str], str] = {}
    kinds = Counter[tuple[str, str]]()
    for item in wrong:
        kind = (item.label.channel.value, item.verdict.channel.value if item.verdict else "not found")
        kinds[kind] += 1
        first.setdefault(kind, item.label.id)
    rows = (
        f'<tr><td class="n">{count}</td><td>{labelled}</td>'
        f'<td><a href="#{escape(first[labelled, said])}">{said}</a></td></tr>'
        for (labelled, said), count in kinds.most_common()
    )
    return f"<table><tr><th></th><th>labelled</th><th>said</th></tr>{''.join(rows)}</table>"


def _article(item: Judged) -> str:
    label, verdict = item.label, item.verdict
    said = f"{verdict.mode} / {verdict.channel} ({verdict.confidence:.0%})" if verdict else "not found by capture"
    head = f"<h2>{escape(label.id)}: labelled {label.mode} / {label.channel}, said {escape(said)}</h2>"
    where = f'<p class="where">{escape(label.page_url)}<br>→ {escape(label.href)}</p>'
    return f'<article id="{escape(label.id)}">{head}{where}{"".join(_body(item))}</article>'


def _body(item: Judged) -> Iterator[str]:
    if item.link is None or item.verdict is None:
        return
    placement = item.link.placements[0]
    anchor = placement.anchor or ("[picture]" if placement.image else "[empty]")
    yield f"<p>{_around(placement.context, anchor)}</p>"
    heading = " › ".join(placement.context.heading)
    labelled = "" if placement.region == item.label.region else f" (labelled {item.label.region})"
    yield f"<p>Region {placement.region}{labelled}. {escape(heading)}</p>"
    yield f"<table>{''.join(map(_row, item.verdict.evidence[:MAX_EVIDENCE]))}</table>"


def _around(context: Context, anchor: str) -> str:
    return f"… {escape(context.before)}<mark>{escape(anchor)}</mark>{escape(context.after)} …"


def _row(item: Evidence) -> str:
    return (
        f'<tr><td class="n">{item.weight:+.2f}</td><td>{escape(item.channel)}</td><td>{escape(item.signal)}</td>'
        f"<td>{escape(item.detail)}</td></tr>"
    )
