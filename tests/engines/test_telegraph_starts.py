"""Where telegraph junctions start: thresholds given the initial spins, none of which flip at once.

Laws by chi-square of 65536 independent reads at a nominal alpha of 1e-8 each; the control draws
thresholds without regard to the spins, as reads without ``initial_spins`` do.
"""

import numpy as np
import pytest

from cases import some
from naive_events import Read
from pbit import Hardware, IsingModel, Schedule, anneal
from pbit.exact import state_number
from pbit.hardware.chip import Chip
from pbit.kernels.events import thresholds
from pbit.statistics import chi_square_p_value
from random_models import random_model
from telegraph_chain import TelegraphChain

ALPHA = 1e-8
READS = 65536
TELEGRAPH = Hardware(dynamics="telegraph")


def after(model, betas, start, *, reads=READS, hardware=TELEGRAPH, seed=3):
    """Final spins of reads from ``start``; the same seed gives the same path for longer."""
    schedule, spins = Schedule(np.asarray(betas, dtype=float)), np.tile(start, (reads, 1))
    return anneal(
        model, schedule, num_reads=reads, initial_spins=spins, seed=seed, hardware=hardware
    ).spins


@pytest.fixture
def forgotten(monkeypatch):
    """Starts whose thresholds do not know the spins."""
    drawn = thresholds.new_memory

    def unconditional(chip, key, *, given):
        return drawn(chip, key, given=False)

    return lambda: monkeypatch.setattr(thresholds, "new_memory", unconditional)


def p_value_of_two_times(model, beta, start):
    """Of the joint law of the spins after one tau and after three."""
    first, last = (state_number(after(model, [beta] * k, start)) for k in (1, 3))
    law = TelegraphChain(model, beta, start=start).after(1.0, 3.0)
    return chi_square_p_value(first * law.shape[1] + last, law.ravel())


SPREAD = {"gain_spread": 0.2, "offset_spread": 0.2, "tau_spread": 0.4, "seed": 5}
CHIPS = {
    "at once": {},
    "spread, stuck": {**SPREAD, "stuck_fraction": 0.2},
    "noise, levels": {"noise": 0.4, "dac_bits": 4, "dac_range": 3.0},
    "table": {"lut_bits": 4, "lut_range": 3.0},
    "low-pass": {"rc_s": 0.3e-9, "rc_spread": 0.4, "noise": 0.2, **SPREAD},
    "late, slow table": {"delay_s": 0.2e-9, "rc_s": 0.3e-9, "lut_bits": 4, "lut_range": 3.0},
}
CASES = {
    "free": (IsingModel([0.0], np.zeros((1, 1))), 0.0, (-1,)),
    "driven, from where it hardly is": (IsingModel([0.9], np.zeros((1, 1))), 1.0, (-1,)),
    "a pair": (IsingModel.from_edges([0], [1], [0.8], h=[0.3, 0.0]), 0.7, (1, -1)),
    "three": (random_model(3, seed=12), 0.8, (1, -1, -1)),
}


@pytest.mark.parametrize("name", some(CASES, "driven, from where it hardly is", "three"))
def test_initial_spins_have_an_exact_law(name, forgotten):
    model, beta, start = CASES[name]
    assert p_value_of_two_times(model, beta, start) > ALPHA
    forgotten()
    assert p_value_of_two_times(model, beta, start) < ALPHA


@pytest.mark.parametrize("start", some([-1, 1], -1))
def test_a_free_junction_forgets_within_tau(start):
    """<m>(tau) = +-1/e; 10^6 draws, 5 standard errors (alpha 6e-7)."""
    model = IsingModel(np.zeros(16), np.zeros((16, 16)))
    mean = after(model, [0.0], np.full(16, start)).mean()
    error = np.sqrt((1 - np.exp(-2)) / (16 * READS))
    assert abs(mean - start / np.e) < 5 * error


def test_nothing_flips_before_its_threshold_is_drawn_anew():
    """p-bits against their fields; those that were not redrawn, e^-1 of them, are where they were,
    to 5 standard errors (alpha 6e-7)."""
    model = IsingModel(np.full(16, 1.0), np.zeros((16, 16)))
    spins = after(model, [1.0], np.full(16, -1))
    up = (1 - np.exp(-1)) * (1 + np.tanh(1.0)) / 2
    assert abs((spins > 0).mean() - up) < 5 * np.sqrt(up * (1 - up) / spins.size)


def test_thresholds_persist_when_the_temperature_changes():
    """Reverse annealing: what was given at beta 0.2 is compared anew at beta 1.5, one tau later."""
    model = IsingModel(np.full(16, 0.8), np.zeros((16, 16)))
    before, later = np.tanh(0.8 * 0.2), np.tanh(0.8 * 1.5)
    stays = np.exp(-1) * (1 - later) / (1 - before)  # the threshold of the start, still above
    fresh = (1 - np.exp(-1)) * (1 - later) / 2
    # At the second beta for one more tau, of which e^-1 keep what they have.
    down = np.exp(-1) * (stays + fresh) + (1 - np.exp(-1)) * (1 - later) / 2
    spins = after(model, [0.2, 1.5], np.full(16, -1))
    assert abs((spins < 0).mean() - down) < 5 * np.sqrt(down * (1 - down) / spins.size)


@pytest.mark.parametrize("name", CHIPS)
def test_given_starts_are_those_of_plain_python(name):
    model, hardware = random_model(6, seed=17), TELEGRAPH.with_values(**CHIPS[name])
    betas, start = [0.4, 0.4, 1.1], np.array([1, -1, 1, 1, -1, -1])
    chip = Chip.of(hardware, model)
    by_hand = [Read(chip, betas, read, 2**40 + 3, start).run() for read in range(40)]
    ours = after(model, betas, start, reads=40, hardware=hardware, seed=2**40 + 3)
    np.testing.assert_array_equal(ours, by_hand)


def test_states_that_no_threshold_gives_are_left_at_once():
    """Infinitely cold, or stuck: the comparator knows no other answer."""
    model = IsingModel([1.0, 1.0], np.zeros((2, 2)))
    assert (after(model, [np.inf], (-1, -1), reads=8) == 1).all()
    stuck = TELEGRAPH.with_values(stuck_fraction=1.0, seed=1)
    answers = Chip.of(stuck, model).stuck
    assert (after(model, [1.0], (-1, -1), reads=8, hardware=stuck) == answers).all()


@pytest.mark.slow
def test_a_continued_run_starts_where_the_last_one_ended():
    """Thresholds are drawn anew, the spins are the old ones: half a pair of runs of one tau is
    correlated as one run of one tau is."""
    model = IsingModel(np.zeros(16), np.zeros((16, 16)))
    first = after(model, [0.0] * 3, np.full(16, 1))
    reads = anneal(
        model, Schedule([0.0]), num_reads=READS, initial_spins=first, seed=4, hardware=TELEGRAPH
    )
    product = (first * reads.spins).mean()
    assert abs(product - np.exp(-1)) < 5 * np.sqrt((1 - np.exp(-2)) / first.size)
