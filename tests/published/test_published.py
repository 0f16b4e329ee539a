"""Published systems: all run at a tiny size, all are what they say, bounds hold (slow)."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from fresh_registry import fresh
from pbit import published
from pbit.published import Bound, Experiment, Measured, experiments, register, summary_of
from pbit.published.data import SOURCES
from pbit.published.registry import KNOWN

SYSTEMS = list(experiments().values())
NAMES = [each.id for each in SYSTEMS]


def made(**fields):
    usual = {
        "id": "nobody-2026",
        "rows": (999,),
        "device": "none",
        "task": "none",
        "source": "nobody",
        "claim": "none",
        "claim_tag": "V",
        "unit": "1",
        "baseline": "none",
        "run": lambda seed, size, data: Measured(value=float(seed), baseline=0.0),
    }
    return Experiment(**{**usual, **fields})


@pytest.mark.parametrize("system", SYSTEMS, ids=NAMES)
def test_every_system_runs_small_and_draws(system):
    """Two seeds; the same seed gives the same; bounds name what is measured."""
    one, again = (system.measure(1, size="small") for _ in range(2))
    assert one == again
    assert np.isfinite([one.value, one.baseline, *one.details.values()]).all()
    assert all(bound.of == "value" or bound.of in one.details for bound in system.bounds)
    assert one.note and set(one.counts) <= {
        "updates",
        "synapses",
        "reads",
        "writes",
        "pbit_seconds",
    }
    if system.plot is not None:
        axes = Figure().subplots()
        system.plot([one, again], axes)
        assert axes.has_data()


@pytest.mark.parametrize("system", SYSTEMS, ids=NAMES)
def test_every_system_says_what_it_is(system):
    assert all((system.device, system.task, system.source, system.claim, system.baseline))
    assert set(system.needs) <= set(SOURCES)
    assert len(system.id) < 26  # a column of the table


@pytest.mark.slow
@pytest.mark.parametrize(
    "system", [each for each in SYSTEMS if each.bounds], ids=[e.id for e in SYSTEMS if e.bounds]
)
def test_bounds_hold(system):
    """Means over five seeds at the default size."""
    found = summary_of(system, [system.measure(seed) for seed in range(1, 6)])
    assert found.missed == (), found


# --- registry


def test_ids_are_distinct_and_in_the_order_of_rows():
    assert len(set(NAMES)) == len(NAMES)
    assert [each.rank for each in SYSTEMS] == sorted(each.rank for each in SYSTEMS)
    assert KNOWN.find("sabyasachi-2025-eleven").rows == (25,)
    assert KNOWN.find("nobody-2026") is None


def test_a_new_file_or_card_is_found_without_a_list(tmp_path):
    (tmp_path / "somebody_2027.py").write_text(
        "from dataclasses import replace\n"
        "from pbit.published.sabyasachi_2025 import EXPERIMENT as other\n"
        "EXPERIMENT = replace(other, id='somebody-2027', rows=(998,))\n"
    )
    with fresh(KNOWN, published, tmp_path):
        assert list(experiments())[-1] == "somebody-2027"
        assert register(made()).id == "nobody-2026"
        assert list(experiments())[-1] == "nobody-2026"
        with pytest.raises(ValueError, match="name must be new, got 'nobody-2026'"):
            register(made())
    assert KNOWN.find("somebody-2027") is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": "No One"}, "id must be words of a-z and 0-9 with hyphens, got 'No One'"),
        ({"rows": ()}, "rows must be some numbers > 0, got ()"),
        ({"rows": (0,)}, "rows must be some numbers > 0"),
        ({"claim_tag": "X"}, "claim_tag must be one of S0, S1"),
    ],
)
def test_records_that_are_refused(fields, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        made(**fields)


def test_unknown_size_is_refused():
    with pytest.raises(ValueError, match="size must be one of small, default, full, got 'huge'"):
        made().measure(1, size="huge")


# --- summaries


def test_summary_has_mean_spread_and_student_interval():
    found = summary_of(made(), [made().measure(seed) for seed in (1, 2, 3)])
    assert (found.measured, found.spread) == (2.0, 1.0)
    assert found.half_width == pytest.approx(4.302653 / 3**0.5)
    alone = summary_of(made(), [made().measure(4)])
    assert (alone.measured, alone.spread, alone.half_width) == (4.0, None, None)
    with pytest.raises(ValueError, match="results must be those of at least one seed, got none"):
        summary_of(made(), [])


def test_bounds_that_are_missed_are_told():
    low, high = Bound(low=1.5), Bound("share", high=0.2)
    system = made(bounds=(low, high))
    runs = [replace(made().measure(seed), details={"share": 0.3}) for seed in (1, 2)]
    assert summary_of(system, runs).missed == (high,)
    assert (str(low), str(high)) == ("value >= 1.5", "share <= 0.2")
    assert str(Bound(low=0.0, high=1.0)) == "value >= 0 and <= 1"
