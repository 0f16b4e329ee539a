"""Memories of phases: what they recall, with and without the second harmonic."""

import math

import numpy as np
import pytest

from pbit.networks.oscillators import PhaseMemory, overlaps, read_out


def patterns_and_probes(count, n=100, flipped=20, seed=1):
    rng = np.random.default_rng([seed, count])
    patterns = rng.choice([-1, 1], (count, n))
    meant = np.resize(patterns, (32, n))
    return patterns, meant, np.where(rng.random(meant.shape).argsort(1) < flipped, -meant, meant)


@pytest.mark.parametrize("count", [2, 4])
def test_patterns_come_back_with_the_second_harmonic_alone(count):
    """The window of Part F: >= 0.98 at 0.3; below that without it, and frozen at 0.8."""
    patterns, meant, probes = patterns_and_probes(count)

    def overlap(second_harmonic):
        memory = PhaseMemory.store(patterns, second_harmonic=second_harmonic)
        return overlaps(memory.run(probes, duration=40, seed=2).phases[:, -1], meant).mean()

    assert overlap(0.3) > 0.98 > 0.97 > overlap(0.0)
    assert overlap(0.8) == pytest.approx(0.6, abs=0.02)


def test_recall_is_the_sign_of_phases_and_needs_no_other_probe():
    patterns, meant, probes = patterns_and_probes(3)
    memory = PhaseMemory.store(patterns)
    found = memory.recall(probes, duration=40, seed=3)
    assert (found == meant).all() and found.dtype == np.int8
    assert (memory.recall(probes[0], duration=40, seed=3) == found[:1]).all()
    assert (memory.recall(-probes[:2], duration=40, seed=3) == -found[:2]).all()
    coupled = patterns.T @ patterns / 100 - 0.03 * np.eye(100)
    assert abs(memory.network.couplings.toarray() - coupled).max() < 1e-15
    again = PhaseMemory(coupled, noise=0.01, detuning=0.0)
    assert (again.recall(probes, duration=40, seed=3) == meant).mean() > 0.99


def test_what_is_read_is_along_the_common_axis():
    phases = np.array([0.0, math.pi, 0.1, -0.1])
    for turn in (0.0, 0.5, 1.4):
        assert read_out(phases + turn).tolist() == [1, -1, 1, 1]
    assert overlaps(phases + 1, [1, -1, 1, 1]) == pytest.approx((2 + 2 * math.cos(0.1)) / 4)


@pytest.mark.parametrize("spread", [0.0, 2.0])
def test_probes_spread_so_far_are_none(spread):
    with pytest.raises(ValueError, match="spread_rad must be"):
        PhaseMemory.store([[1, -1]], spread_rad=spread)


def test_patterns_and_probes_that_are_none():
    with pytest.raises(ValueError, match="patterns must be rows"):
        PhaseMemory.store([1, -1])
    with pytest.raises(ValueError, match="-1"):
        PhaseMemory.store([[1, 0]])
    with pytest.raises(ValueError, match="-1"):
        PhaseMemory.store([[1, -1]]).recall([[1, 0]])
    with pytest.raises(ValueError, match="second_harmonic must be finite"):
        PhaseMemory.store([[1, -1]], second_harmonic=math.nan)
