"""Event-driven kernels against plain Python: read for read where the random words are the same.

Arrhenius junctions, whose words are used otherwise, are compared in law: two samples at a nominal
alpha of 1e-8 each.
"""

import numpy as np
import pytest

from cases import some
from naive_events import Read, arrhenius_read
from pbit import DirectedModel, Hardware, Schedule, anneal
from pbit.exact import state_number
from pbit.exact.continuous import PBits, exact_generator
from pbit.hardware.chip import Chip
from pbit.statistics import chi_square_p_value
from random_models import random_model

ALPHA = 1e-8
BETAS = [0.4, 0.4, 1.1, 1.9]
SPREAD = {"gain_spread": 0.2, "offset_spread": 0.2, "tau_spread": 0.4, "seed": 5}
LATE = {"delay_s": 0.3e-9, "delay_spread": 0.5}
EQUAL = {
    "heat bath": {},
    "all spread": {**SPREAD, "stuck_fraction": 0.2, "noise": 0.3, "dac_bits": 6},
    "delays": LATE,
    "delays of p-bits": {**LATE, **SPREAD, "delay_per": "p-bit", "noise": 0.2},
    "equal delays": {"delay_s": 0.2e-9},
    "low-pass": {"rc_s": 0.4e-9, "rc_spread": 0.3, **SPREAD},
    "low-pass of edges": {"rc_s": 0.4e-9, "rc_spread": 0.3, "rc_per": "edge", **SPREAD},
    "late and slow": {**LATE, "rc_s": 0.4e-9, "rc_spread": 0.3, "stuck_fraction": 0.2, **SPREAD},
    "late and slow edges": {**LATE, "rc_s": 0.4e-9, "rc_per": "edge", **SPREAD},
    "ticks": {"clock": "ticks", "tick_s": 0.23e-9, **SPREAD, "noise": 0.2},
    "ticks, late": {"clock": "ticks", "tick_s": 0.23e-9, **LATE},
    "periods": {"clock": "periodic", **SPREAD, **LATE},
    "colours": {"clock": "chromatic", "rc_s": 0.3e-9},
    "digital": {"lut_bits": 5, "lut_range": 4.0, "lfsr_bits": 16, "lfsr_shifts": 3, **LATE},
    "digital, truncated": {
        "lut_bits": 5, "lut_range": 4.0, "lfsr_bits": 16, "rounding": "truncate", **SPREAD,
    },
    "levels, truncated": {"dac_bits": 4, "dac_range": 4.0, "rounding": "truncate", **SPREAD},
    "digital, 32 bits": {"lut_bits": 8, "lfsr_bits": 32},
    "telegraph": {"dynamics": "telegraph"},
    "telegraph, all spread": {"dynamics": "telegraph", **SPREAD, "stuck_fraction": 0.2},
    "telegraph, noise": {"dynamics": "telegraph", "noise": 0.4, "dac_bits": 4, "dac_range": 3.0},
    "telegraph, table": {"dynamics": "telegraph", "lut_bits": 4, "lut_range": 3.0},
    "telegraph, low-pass": {"dynamics": "telegraph", "rc_s": 0.3e-9, **SPREAD, "noise": 0.2},
    "telegraph, late and slow": {
        "dynamics": "telegraph", "rc_s": 0.3e-9, "rc_spread": 0.4, "stuck_fraction": 0.2, **LATE,
    },
    "telegraph, slow": {"dynamics": "telegraph", "rc_s": 5e-9, **LATE},
    "telegraph, slow table": {
        "dynamics": "telegraph", "rc_s": 0.3e-9, "lut_bits": 4, "lut_range": 3.0, **SPREAD,
    },
    "telegraph, slow levels": {
        "dynamics": "telegraph", "rc_s": 0.3e-9, "dac_bits": 4, "dac_range": 3.0, "noise": 0.3,
    },
}  # fmt: skip
READS = 60


def by_kernel(hardware, model, betas, *, seed, reads, **options):
    schedule = Schedule(np.asarray(betas, dtype=float))
    return anneal(model, schedule, num_reads=reads, seed=seed, hardware=hardware, **options)


def by_hand(hardware, model, betas, *, seed, reads):
    chip = Chip.of(hardware, model)
    runs = [Read(chip, betas, read, seed) for read in range(reads)]
    spins = np.array([run.run() for run in runs])
    return spins, *(sum(getattr(run, k) for run in runs) for k in ("decided", "flips", "arrivals"))


@pytest.mark.parametrize("name", EQUAL)
def test_reads_are_those_of_plain_python(name):
    """Final spins of every read; decisions, flips and arrivals in all."""
    model, hardware = random_model(6, seed=17), Hardware(**EQUAL[name])
    ours = by_kernel(hardware, model, BETAS, seed=2**40 + 3, reads=READS)
    spins, *counts = by_hand(hardware, model, BETAS, seed=2**40 + 3, reads=READS)
    np.testing.assert_array_equal(ours.spins, spins)
    info = ours.info["hardware"]
    assert [info["decisions"], info["flips"], info["arrivals"]] == counts
    assert counts[1] > 3 * READS


CROWDED = {
    "heat bath": {"delay_s": 3e-9, "delay_spread": 1.0},
    "edges": {"delay_s": 3e-9, "delay_spread": 1.0, "rc_s": 1e-9, "rc_per": "edge"},
    "telegraph": {"dynamics": "telegraph"},
    "late telegraph": {
        "dynamics": "telegraph", "delay_s": 3e-9, "delay_spread": 1.0, "rc_s": 1e-9,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CROWDED)
def test_many_flips_on_their_way(name):
    """40 p-bits, all connected: thousands of entries in the queue at a time."""
    model, hardware = random_model(40, seed=18, density=1.0), Hardware(**CROWDED[name])
    ours = by_kernel(hardware, model, [0.1, 0.1, 0.3, 0.3, 0.8], seed=5, reads=4)
    spins, *counts = by_hand(hardware, model, [0.1, 0.1, 0.3, 0.3, 0.8], seed=5, reads=4)
    np.testing.assert_array_equal(ours.spins, spins)
    info = ours.info["hardware"]
    assert [info["decisions"], info["flips"], info["arrivals"]] == counts


def test_control_another_delay_is_another_read():
    model = random_model(6, seed=17)
    ours = by_kernel(Hardware(**EQUAL["delays"]), model, BETAS, seed=5, reads=READS)
    late = Hardware(**EQUAL["delays"]).with_values(delay_s=0.31e-9)
    assert (by_hand(late, model, BETAS, seed=5, reads=READS)[0] != ours.spins).any()


@pytest.mark.parametrize("name", ["delays", "late and slow", "low-pass of edges"])
def test_directed_couplings_with_lag(name):
    wired = DirectedModel.from_edges(
        [0, 1, 2, 2, 3], [1, 2, 0, 3, 4], [1.0, -1.5, 0.8, 1.2, 2.0], h=[0.2, 0.0, -0.1, 0.3, 0.0]
    )
    hardware = Hardware(**EQUAL[name])
    ours = by_kernel(hardware, wired, BETAS, seed=6, reads=READS)
    np.testing.assert_array_equal(
        ours.spins, by_hand(hardware, wired, BETAS, seed=6, reads=READS)[0]
    )


def two_sample_p_value(first, second, size):
    """Chi-square of two independent samples of outcomes, rare ones pooled."""
    from scipy import stats

    counts = np.stack([np.bincount(first, minlength=size), np.bincount(second, minlength=size)])
    order = np.argsort(counts.sum(axis=0))
    counts = counts[:, order]
    smaller = min(len(first), len(second)) / (len(first) + len(second))
    rare = np.cumsum(counts.sum(axis=0)) * smaller < 50
    cells = np.concatenate([counts[:, rare].sum(axis=1, keepdims=True), counts[:, ~rare]], axis=1)
    cells = cells[:, cells.sum(axis=0) > 0]
    return float(stats.chi2_contingency(cells, correction=False).pvalue)


ARRHENIUS = {
    "delays": LATE,
    "low-pass": {"rc_s": 0.4e-9, "rc_spread": 0.3, "tau_spread": 0.3, "seed": 5},
    "late and slow edges": {**LATE, "rc_s": 0.4e-9, "rc_per": "edge", "rc_spread": 0.3},
    "low-pass of few levels": {"rc_s": 0.4e-9, "dac_bits": 3, "dac_range": 2.0},
}


@pytest.mark.parametrize(
    ("name", "count"),
    some(
        [("delays", 3000), ("late and slow edges", 3000), *((name, 20000) for name in ARRHENIUS)],
        ("late and slow edges", 3000),
    ),
)
def test_arrhenius_with_lag(name, count):
    """From a given state; the kernel without lag is the control (20000 reads of plain Python)."""
    model, start = random_model(4, seed=4), np.array([1, -1, 1, 1])
    hardware, betas = Hardware(dynamics="arrhenius", **ARRHENIUS[name]), [0.7, 0.5]
    chip, rng = Chip.of(hardware, model), np.random.default_rng(7)
    plain = state_number([arrhenius_read(chip, betas, rng, start) for _ in range(count)])
    started = {"initial_spins": np.tile(start, (65536, 1)), "reads": 65536}
    ours = by_kernel(hardware, model, betas, seed=8, **started)
    assert two_sample_p_value(state_number(ours.spins), plain, 16) > ALPHA
    at_once = by_kernel(
        hardware.with_values(delay_s=0.0, rc_s=0.0), model, betas, seed=8, **started
    )
    if count > 10000:
        assert two_sample_p_value(state_number(at_once.spins), plain, 16) < ALPHA


@pytest.mark.parametrize("dynamics", ["heat-bath", "arrhenius"])
def test_what_is_driven_late_has_an_exact_law(dynamics):
    """p-bits 0 and 1, free, drive 2 with delay d: until d it sees how they started, from then on
    the pair seen and 2 are a chain without delay, and what 0 and 1 do in the last d is their own.
    """
    from scipy.linalg import expm

    late, length, h, weights = 0.7, 2, np.array([0.2, -0.1, 0.3]), [1.3, -0.8]
    wired = DirectedModel.from_edges([0, 1], [2, 2], weights, h=h)
    start = np.array([1, -1, -1])
    generator = exact_generator(wired, 0.9, dynamics=dynamics)
    pinned = exact_generator(wired, 0.9, dynamics=dynamics, pbits=PBits(stuck=[1, -1, 0]))
    seen = np.eye(8)[state_number(start)] @ expm(late * pinned) @ expm((length - late) * generator)
    alone = exact_generator(DirectedModel(h[:2], np.zeros((2, 2))), 0.9, dynamics=dynamics)
    law = (seen.reshape(2, 4) @ expm(late * alone)).ravel()
    started = {"initial_spins": np.tile(start, (65536, 1)), "reads": 65536}
    hardware = Hardware(dynamics=dynamics, delay_s=late * 1e-9)
    ours = by_kernel(hardware, wired, [0.9] * length, seed=9, **started)
    assert chi_square_p_value(state_number(ours.spins), law) > ALPHA
    sooner = hardware.with_values(delay_s=0.8 * late * 1e-9)
    other = by_kernel(sooner, wired, [0.9] * length, seed=9, **started)
    assert chi_square_p_value(state_number(other.spins), law) < ALPHA
