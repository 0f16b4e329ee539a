"""Means of a driven telegraph against simulated ones, z-tests at 1e-6 with planted errors."""

import numpy as np
import pytest
from scipy import stats

from pbit.devices.laws.driven_telegraph import driven_means
from pbit.devices.laws.telegraph_law import cycle_rate_Hz
from pbit.devices.mtj import Junction
from pbit.devices.telegraph import telegraph

JUNCTION = Junction(8.0, asymmetry=0.05)
ALPHA = 1e-6 / 4


def test_constant_drive_is_the_closed_form():
    found = driven_means(JUNCTION, [1e-6, 1e-6], segment_s=3e-7)
    mean = JUNCTION.mean(1e-6)
    assert np.allclose(found.ends, mean) and np.allclose(found.means, mean)
    assert found.switches.sum() == pytest.approx(2 * cycle_rate_Hz(JUNCTION, 1e-6) * 6e-7)


def test_against_simulated_junctions():
    """Mean state and switches of 2000 junctions over 50 periods of three uneven currents; drives
    5 % larger are told apart."""
    currents, segment = np.array([2e-6, -1e-6, 0.5e-6]), 1e-6
    trace = telegraph(
        JUNCTION, currents, duration_s=55 * 3 * segment, segment_s=segment, num_reads=2000, seed=1
    )
    start = 5 * 3 * segment
    edges = start + np.arange(151) * segment
    switches = np.array([
        np.histogram(trace.switches_of(k), edges)[0].reshape(50, 3).mean(axis=0)
        for k in range(2000)
    ])  # fmt: skip
    ends = trace.states_at(edges[1:]).reshape(2000, 50, 3).mean(axis=1)

    def p_values(law):
        scores = [
            (found.mean(axis=0) - exact) / found.std(axis=0, ddof=1) * np.sqrt(2000)
            for found, exact in ((switches, law.switches), (ends, law.ends))
        ]
        return 2 * stats.norm.sf(np.abs(scores))

    assert p_values(driven_means(JUNCTION, currents, segment_s=segment)).min() > ALPHA
    wrong = p_values(driven_means(JUNCTION, 1.05 * currents, segment_s=segment))
    assert wrong.min() < ALPHA


@pytest.mark.parametrize(
    ("currents", "segment", "message"),
    [
        ([], 1.0, r"currents_A must be finite numbers of shape \(segments,\), got \[\]"),
        (1e-6, 1.0, "currents_A must be finite numbers"),
        ([1e-6], 0.0, "segment_s must be a finite number > 0"),
    ],
)
def test_what_is_refused(currents, segment, message):
    with pytest.raises(ValueError, match=message):
        driven_means(JUNCTION, currents, segment_s=segment)
