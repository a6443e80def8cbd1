"""Figures of the report on cases small enough to be counted by hand, and on published ones."""

from collections import Counter

import pytest

from pipelines.reports.figures.months import by_year, every_month
from pipelines.reports.figures.survival import kaplan_meier, survival_at


def test_survival_of_a_published_sample() -> None:
    """Remission under 6-mercaptopurine (Freireich 1963), as printed in Cox and Oakes, Analysis of Survival Data."""
    lost = Counter({6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1})
    censored = Counter({6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1})

    steps = kaplan_meier(lost, censored)

    assert [step.at_risk for step in steps] == [21, 17, 15, 12, 11, 7, 6]
    assert [round(step.survival, 3) for step in steps] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    # R's survfit(conf.type = "log-log") prints these for the first and the last step.
    assert (round(steps[0].low, 3), round(steps[0].high, 3)) == (0.620, 0.952)
    assert (round(steps[-1].low, 3), round(steps[-1].high, 3)) == (0.188, 0.680)


def test_survival_without_a_loss_and_with_all_lost() -> None:
    assert kaplan_meier(Counter(), Counter({5: 3})) == ()
    assert survival_at((), 100) == 1.0
    (step,) = kaplan_meier(Counter({4: 2}), Counter())
    assert (step.survival, step.low, step.high) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("day", "share"), [(0, 1.0), (5, 1.0), (6, 0.5), (7, 0.5)])
def test_a_step_holds_from_its_day_on(day: int, share: float) -> None:
    assert survival_at(kaplan_meier(Counter({6: 1}), Counter({9: 1})), day) == share


def test_months_without_gaps_and_years() -> None:
    assert every_month(["2025-11", "2026-02"]) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert every_month([]) == []
    assert by_year({"2025-11": {"a": 1}, "2025-12": {"a": 2}, "2026-01": {"a": 4}}) == {
        "2025": {"a": 3},
        "2026": {"a": 4},
    }
