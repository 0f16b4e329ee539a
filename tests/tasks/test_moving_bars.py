"""Moving bars: every event belongs to a passage, lanes do not overlap, noise has its rate."""

import re

import numpy as np
import pytest

from pbit.statistics import binomial_p_values
from pbit.tasks import moving_bars


def test_events_are_those_of_the_passages():
    """Each passage has each pixel of its lane once, row after row."""
    bars = moving_bars(3, passages=20, seed=1)
    rows, columns = np.divmod(bars.addresses, 16)
    lanes = np.repeat([0, 1, 2], [6, 5, 5])
    lane = lanes[columns]
    assert (np.diff(bars.times_s) >= 0).all() and len(bars.times_s) == 20 * 256
    for which, start, end in zip(bars.lanes, bars.starts_s, bars.ends_s, strict=True):
        inside = (lane == which) & (bars.times_s >= start) & (bars.times_s <= end)
        pixels = bars.addresses[inside]
        assert sorted(pixels) == np.flatnonzero(np.tile(lanes == which, 16)).tolist()
        assert (np.diff(rows[inside]) >= 0).all()
    assert bars == moving_bars(3, passages=20, seed=1) != moving_bars(3, passages=20, seed=2)


def test_a_lane_has_one_bar_at_a_time_and_speeds_spread():
    bars = moving_bars(4, passages=200, seed=3, passage_s=0.1, speed_spread=0.3, gap_s=0.2)
    lengths = (bars.ends_s - bars.starts_s) / 0.1
    assert 0.7 <= lengths.min() < 0.72 and 1.28 < lengths.max() <= 1.3
    for lane in range(4):
        of = bars.lanes == lane
        gaps = bars.starts_s[of][1:] - bars.ends_s[of][:-1]
        assert gaps.min() > 0.05 and abs(gaps.mean() - 0.25) < 5 * 0.2 / np.sqrt(199)


def test_busy_says_which_lanes_have_a_bar():
    bars = moving_bars(2, passages=5, seed=1)
    middles = (bars.starts_s + bars.ends_s) / 2
    busy = bars.busy(middles)
    assert busy.shape == (10, 2) and busy[np.arange(10), bars.lanes].all()
    after = bars.ends_s[[4]] + 0.01  # the last one of the first lane
    assert not bars.busy(after)[0, 0] and bars.busy(after, later_s=0.02)[0, 0]


def test_noise_has_its_rate_on_all_pixels():
    """Poisson in number, by z; even over the halves of the picture, by an exact binomial law."""
    quiet, noisy = (moving_bars(2, passages=40, seed=4, noise_Hz=rate) for rate in (0.0, 0.5))
    extra = len(noisy.times_s) - len(quiet.times_s)
    expected = 0.5 * 256 * noisy.ends_s.max()
    assert abs(extra - expected) < 4.9 * np.sqrt(expected) < 0.1 * expected
    upper = int((noisy.addresses < 128).sum() - (quiet.addresses < 128).sum())
    assert binomial_p_values([upper], [extra], [0.5])[0] > 1e-6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"num_lanes": 1}, "num_lanes must be >= 2, got 1"),
        ({"num_lanes": 17}, "num_lanes must be <= 16, got 17"),
        ({"passages": 0}, "passages must be >= 1, got 0"),
        ({"passage_s": 0.0}, "passage_s must be a number > 0, got 0.0"),
        ({"gap_s": -1.0}, "gap_s must be a number > 0, got -1.0"),
        ({"speed_spread": 1.0}, "speed_spread must be >= 0 and < 1, got 1.0"),
        ({"noise_Hz": -1.0}, "noise_Hz must be >= 0, got -1.0"),
    ],
)
def test_what_is_refused(change, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        moving_bars(**({"num_lanes": 2, "passages": 1, "seed": 1} | change))
