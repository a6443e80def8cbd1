"""Draws charts as inline SVG: the same bytes in every run, no scripts, no style sheets.

Colours are of Okabe and Ito's palette, which people with any colour vision can tell apart; hatches and dashes repeat
what they say for print. None of the modes has a colour that stands for good or bad.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import cycle
from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

from linkcrawler.errors import UsageError
from linkcrawler.vocabulary import Mode
from pipelines.reports.page.inlining import inline_svg
from pipelines.reports.page.parts import Bars, Chart, Lines, Ranges
from pipelines.stores.protocol import UNCLASSIFIED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 6.6
"""Inches, at 72 points each."""
_INK, _RULE = "#222222", "#cccccc"
_BARS_LABELLED = 9
"""Of more categories under standing bars, one in so many is labelled."""
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "linkcrawler",
    "font.size": 9,
    "text.parse_math": False,
    "hatch.linewidth": 0.6,
    "axes.edgecolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
}


class Look(NamedTuple):
    colour: str
    hatch: str
    dash: str | tuple[int, tuple[int, ...]]


LOOKS: dict[str, Look] = {
    Mode.ACTIVE: Look("#0072B2", "", "-"),
    Mode.PASSIVE: Look("#E69F00", "///", "--"),
    Mode.UNDETERMINED: Look("#999999", "\\\\\\", ":"),
    UNCLASSIFIED: Look("#FFFFFF", "xx", "-."),
}
OTHERS = (
    Look("#56B4E9", "", "-"),
    Look("#CC79A7", "|||", "--"),
    Look("#0072B2", "---", "-."),
    Look("#E69F00", "+++", ":"),
    Look("#222222", "xx", (0, (5, 1, 1, 1, 1, 1))),
)


def draw(chart: Chart) -> str:
    """The chart as an ``svg`` element. Raises UsageError where the drawing library is not installed."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError(
            "charts need the package matplotlib, which is not installed: pip install 'linkcrawler[report]'"
        ) from error
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(_WIDTH, _height(chart)), layout="constrained")
        axes = figure.subplots()
        if isinstance(chart, Bars):
            _draw_bars(chart, axes)
        elif isinstance(chart, Lines):
            _draw_lines(chart, axes)
        else:
            _draw_ranges(chart, axes)
        _finish(figure, axes)
        out = BytesIO()
        figure.savefig(out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return inline_svg(out.getvalue(), chart.title)


def _height(chart: Chart) -> float:
    if isinstance(chart, Ranges):
        return 1.1 + 0.3 * len(chart.names)
    if isinstance(chart, Bars) and chart.lying:
        return 1.1 + 0.24 * len(chart.categories) * (1 if chart.stacked else len(chart.series) / 1.6)
    return 3.2


def _draw_bars(chart: Bars, axes: "Axes") -> None:
    places = range(len(chart.categories))
    beside = 1 if chart.stacked else max(len(chart.series), 1)
    thick = 0.8 / beside
    tops, bottoms = [0.0] * len(places), [0.0] * len(places)
    others = cycle(OTHERS)
    for order, (name, values) in enumerate(chart.series.items()):
        look = LOOKS.get(name.partition(",")[0]) or next(others)
        at = [place + (0 if chart.stacked else (order - (beside - 1) / 2) * thick) for place in places]
        start = [top if value >= 0 else bottom for top, bottom, value in zip(tops, bottoms, values, strict=True)]
        bars = axes.barh if chart.lying else axes.bar
        bars(
            at, [value or nan for value in values], thick, start if chart.stacked else 0.0,
            color=look.colour, hatch=look.hatch, edgecolor=_INK, linewidth=0.6,
            label="_" if name.endswith(", lost") else name,
        )  # fmt: skip
        tops = [top + max(value, 0) for top, value in zip(tops, values, strict=True)]
        bottoms = [bottom + min(value, 0) for bottom, value in zip(bottoms, values, strict=True)]
    _label_bars(chart, axes, places, below=min(bottoms, default=0.0) < 0)


def _label_bars(chart: Bars, axes: "Axes", places: Sequence[int], *, below: bool) -> None:
    axes.locator_params(axis="x" if chart.lying else "y", integer=True)
    if chart.lying:
        axes.set_yticks(places, chart.categories)
        axes.invert_yaxis()
        axes.set_xlabel(chart.unit)
        axes.grid(axis="x", color=_RULE)
        return
    every = -(-len(places) // _BARS_LABELLED) or 1
    axes.set_xticks(places[::every], chart.categories[::every])
    axes.set_ylabel(chart.unit)
    axes.grid(axis="y", color=_RULE)
    if below:
        axes.axhline(0, color=_INK, linewidth=0.8)
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")


def _draw_lines(chart: Lines, axes: "Axes") -> None:
    others = cycle(OTHERS)
    for line in chart.lines:
        look = LOOKS.get(line.name) or next(others)
        axes.step(line.x, line.y, where="post", color=look.colour, linestyle=look.dash, linewidth=2, label=line.name)
        if line.low:
            axes.fill_between(line.x, line.low, line.high, step="post", color=look.colour, alpha=0.18, linewidth=0)
    axes.set_xlabel(chart.x_unit)
    axes.set_ylabel(chart.y_unit)
    axes.locator_params(axis="x", integer=True)
    axes.set_ylim(0, 1.02 if chart.share else None)
    axes.set_xlim(0, max((x for line in chart.lines for x in line.x), default=1) or 1)
    axes.grid(color=_RULE)


def _draw_ranges(chart: Ranges, axes: "Axes") -> None:
    places = range(len(chart.names))
    axes.hlines(places, chart.low, chart.high, color=_INK, linewidth=1.5, label="95 % interval")
    axes.plot(chart.corrected, places, "D", color="#0072B2", markeredgecolor=_INK, label="corrected")
    axes.plot(chart.counted, places, "o", color="white", markeredgecolor=_INK, label="as counted")
    axes.set_yticks(places, chart.names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share")
    axes.grid(axis="x", color=_RULE)


def _finish(figure: "Figure", axes: "Axes") -> None:
    handles, labels = axes.get_legend_handles_labels()
    if len(handles) > 1:
        figure.legend(handles, labels, loc="outside upper left", ncols=min(len(handles), 4), frameon=False)
