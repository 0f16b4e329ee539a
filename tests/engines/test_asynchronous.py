"""Law tests of networks on a chip: final states of independent reads against exact laws.

False alarms: every case at a nominal alpha of 1e-6 / 100, 1e-6 for the whole file; with cells of
50 reads and more the true rate is at most twice that. Power, shown by the controls: a beta off by
10 %, rates of the wrong sign and time constants left out are caught with 65536 reads.
"""

from itertools import permutations, product

import numpy as np
import pytest

from cases import some
from pbit import DirectedModel, Hardware, IsingModel, Schedule, anneal, time_average
from pbit.exact import exact_boltzmann, exact_law, state_number
from pbit.exact.continuous import PBits, exact_continuous_law, exact_generator, exact_tick_matrix
from pbit.hardware.chip import Chip
from pbit.statistics import chi_square_p_value
from random_models import hotelling_p_value, random_model

ALPHA = 1e-6 / 100
READS = 65536
BETAS = [0.2, 0.7, 1.4]
START = np.array([1, -1, 1, 1, -1, -1], dtype=np.int8)
CURVE = ((-2.0, -0.95), (-0.5, -0.3), (0.0, 0.1), (1.0, 0.8), (2.5, 0.9))
SPREAD = {"gain_spread": 0.3, "offset_spread": 0.3, "tau_spread": 0.5, "seed": 3}
CHIPS = {
    "heat bath": {},
    "slow and fast": {"tau_spread": 0.7, "seed": 1},
    "gains and offsets": {"gain": 1.3, "offset": 0.2, "gain_spread": 0.4, "offset_spread": 0.3},
    "stuck": {"stuck_fraction": 0.4, "seed": 3, "tau_spread": 0.3},
    "weights": {"weight_spread": 0.3, "weight_bits": 4, "conductance_ratio": 6.0},
    "resolution": {"dac_bits": 4, "dac_range": 2.0, **SPREAD},
    "table": {"lut_bits": 4, "lut_range": 3.0, **SPREAD},
    "measured": {"transfer": CURVE, **SPREAD},
    "noise": {"noise": 0.6, **SPREAD},
    "arrhenius": {"dynamics": "arrhenius"},
    "arrhenius, all spread": {"dynamics": "arrhenius", "dac_bits": 5, "dac_range": 3.0, **SPREAD},
    "arrhenius, stuck": {"dynamics": "arrhenius", "stuck_fraction": 0.4, "seed": 3},
    "barrier": {"dynamics": "arrhenius", "barrier": 1.0, "tau_spread": 0.3},
    "quadratic barrier": {"dynamics": "arrhenius", "barrier": 1.5, "barrier_exponent": 2.0},
    "barrier of power 1.5": {"dynamics": "arrhenius", "barrier": 1.5, "barrier_exponent": 1.5},
    "ticks": {"clock": "ticks", "tick_s": 0.4e-9, "tau_spread": 0.4},
    "ticks, noise": {"clock": "ticks", "tick_s": 0.7e-9, "noise": 0.4, **SPREAD},
    "ticks, arrhenius": {"clock": "ticks", "tick_s": 0.15e-9, "dynamics": "arrhenius", **SPREAD},
    "ticks, barrier": {
        "clock": "ticks", "tick_s": 0.3e-9, "dynamics": "arrhenius", "barrier": 1.0, "seed": 3,
        "stuck_fraction": 0.3,
    },
}  # fmt: skip


def dac(hardware):
    if hardware.dac_bits is None:
        return None
    step = 2 * hardware.dac_range / 2**hardware.dac_bits
    levels = -hardware.dac_range + step * np.arange(2**hardware.dac_bits)
    return lambda x: levels[np.abs(x[..., None] - levels).argmin(axis=-1)]


def transfer(hardware):
    """Mean answer to an input, averaged over its noise by quadrature."""
    mean = np.tanh
    if hardware.transfer:
        points, values = np.array(hardware.transfer).T
        mean = lambda x: np.interp(x, points, values)  # noqa: E731
    if hardware.lut_bits is not None:
        k = np.arange(2**hardware.lut_bits)
        inputs = hardware.lut_range * (k / 2 ** (hardware.lut_bits - 1) - 1)
        mean = lambda x: np.tanh(inputs[np.abs(x[..., None] - inputs).argmin(axis=-1)])  # noqa: E731
    if hardware.noise == 0:
        return mean
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    return lambda x: mean(x[..., None] + hardware.noise * nodes) @ weights


def referee(hardware, model):
    """Model and p-bits of a chip as the exact laws want them."""
    chip = Chip.of(hardware, model)
    heat = hardware.dynamics == "heat-bath"
    pbits = PBits(
        gain=chip.gain, offset=chip.offset, tau=chip.tau, stuck=chip.stuck,
        quantise=dac(hardware), transfer=transfer(hardware) if heat else None,
        barrier=hardware.barrier or np.inf, barrier_exponent=hardware.barrier_exponent,
    )  # fmt: skip
    tick = hardware.tick_s and hardware.tick_s / hardware.tau_s
    return DirectedModel(chip.h, chip.J), {
        "dynamics": hardware.dynamics, "pbits": pbits, "tick": tick
    }  # fmt: skip


def law_of(hardware, model, betas, **options):
    wired, settings = referee(hardware, model)
    return exact_continuous_law(wired, betas, **settings, **options)


def sample(hardware, model, betas, *, seed, start=None, reads=READS, **options):
    if start is not None:
        options["initial_spins"] = np.tile(start, (reads, 1))
    schedule = Schedule(np.asarray(betas, dtype=float))
    reads = anneal(model, schedule, num_reads=reads, seed=seed, hardware=hardware, **options)
    return state_number(reads.spins)


RARE = (
    *("slow and fast", "stuck", "table", "ticks, noise", "ticks, barrier", "barrier of power 1.5"),
    *("arrhenius", "arrhenius, stuck", "barrier"),
)


@pytest.mark.parametrize("name", some(CHIPS, *(set(CHIPS) - set(RARE))))
def test_reads_follow_the_law_of_the_chip(name, glass):
    """From fair coins through three temperatures; and from a given state, shortly after."""
    hardware = Hardware(**CHIPS[name])
    numbers = sample(hardware, glass, BETAS, seed=31)
    assert chi_square_p_value(numbers, law_of(hardware, glass, BETAS)) > ALPHA
    numbers = sample(hardware, glass, [0.6], seed=32, start=START, reads=READS // 4)
    assert chi_square_p_value(numbers, law_of(hardware, glass, [0.6], start=START)) > ALPHA


@pytest.mark.parametrize("name", some(CHIPS, "heat bath", "noise", "arrhenius", "ticks"))
def test_control_a_wrong_beta_is_caught(name, glass):
    hardware = Hardware(**CHIPS[name])
    numbers = sample(hardware, glass, 1.1 * np.array(BETAS), seed=33)
    assert chi_square_p_value(numbers, law_of(hardware, glass, BETAS)) < ALPHA


@pytest.mark.parametrize(
    "name",
    some(
        [name for name in CHIPS if Hardware(**CHIPS[name]).departures()],
        "weights", "resolution", "noise", "quadratic barrier",
    ),
)  # fmt: skip
def test_control_the_ideal_chip_is_another(name, glass):
    """What the case is about shows: its law is not that of a chip without it."""
    hardware = Hardware(**CHIPS[name])
    plain = hardware.with_values(
        clock="poisson", tick_s=None, barrier=None, barrier_exponent=1.0, noise=0.0, transfer=(),
        gain=1.0, offset=0.0, stuck_fraction=0.0, lut_bits=None, dac_bits=None,
        gain_spread=0.0, offset_spread=0.0, weight_spread=0.0, weight_bits=None,
        conductance_ratio=None,
    )  # fmt: skip
    numbers = sample(hardware, glass, BETAS, seed=31)
    assert chi_square_p_value(numbers, law_of(plain, glass, BETAS)) < ALPHA


def test_control_what_else_may_go_wrong(glass):
    """Time constants left out, and rates that rise where they should fall."""
    hardware = Hardware(tau_spread=0.7, seed=1)
    numbers = sample(hardware, glass, BETAS, seed=31)
    assert chi_square_p_value(numbers, law_of(Hardware(), glass, BETAS)) < ALPHA
    numbers = sample(Hardware(dynamics="arrhenius"), glass, BETAS, seed=31)
    wrong = exact_continuous_law(glass, BETAS, dynamics="arrhenius", pbits=PBits(gain=-1.0))
    assert chi_square_p_value(numbers, wrong) < ALPHA
    assert chi_square_p_value(numbers, exact_continuous_law(glass, BETAS)) < ALPHA


@pytest.mark.parametrize("dynamics", ["heat-bath", "arrhenius"])
def test_directed_couplings(dynamics):
    """A loop of three and a tail; the transposed network is the control."""
    wired = DirectedModel.from_edges(
        [0, 1, 2, 2, 3], [1, 2, 0, 3, 4], [1.0, -1.5, 0.8, 1.2, 2.0], h=[0.2, 0.0, -0.1, 0.3, 0.0]
    )
    hardware = Hardware(dynamics=dynamics, **SPREAD)
    numbers = sample(hardware, wired, BETAS, seed=34)
    assert chi_square_p_value(numbers, law_of(hardware, wired, BETAS)) > ALPHA
    turned = DirectedModel(wired.h, wired.J.T)
    assert chi_square_p_value(numbers, law_of(hardware, turned, BETAS)) < ALPHA


def test_colours_are_the_chromatic_sweep():
    """A chain: p-bits 0, 2, 4, then 1, 3."""
    chain = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 4], [1.0, -0.7, 1.3, 0.5], h=[0.2] * 5)
    numbers = sample(Hardware(clock="chromatic"), chain, BETAS, seed=35, start=START[:5])
    law = exact_law(chain, BETAS, start=START[:5], order="chromatic")
    assert chi_square_p_value(numbers, law) > ALPHA
    other = exact_law(chain, BETAS, start=START[:5], order="sequential")
    assert chi_square_p_value(numbers, other) < ALPHA


def test_periods_are_a_random_order_that_lasts():
    """All tau alike: p-bits in the order of their phases, the same in every sweep."""
    model, betas, start = random_model(5, seed=3), [1.0, 1.2], START[:5]
    orders = permutations(range(5))
    lasting = np.mean([law_in_order(model, betas, start, order) for order in orders], axis=0)
    numbers = sample(Hardware(clock="periodic"), model, betas, seed=36, start=start)
    assert chi_square_p_value(numbers, lasting) > ALPHA
    fresh = exact_law(model, betas, start=start, order="permutation")
    assert chi_square_p_value(numbers, fresh) < ALPHA


def law_in_order(model, betas, start, order):
    """Law after sequential sweeps in an order of the spins."""
    order = np.array(order)
    J = model.J.toarray()[np.ix_(order, order)]
    law = exact_law(IsingModel(model.h[order], J), betas, start=start[order])
    bits = np.arange(law.size)[:, None] >> np.arange(order.size) & 1
    out = np.empty_like(law)
    out[bits @ (1 << order)] = law
    return out


def test_ticks_are_random_subsets_read_for_read(glass):
    """A tick of a chip is a sweep of order "random-subset", with the same random words."""
    chip = Hardware(clock="ticks", tick_s=0.25e-9)
    ticked = anneal(glass, Schedule([0.7] * 5), num_reads=2000, seed=9, hardware=chip)
    subsets = anneal(
        glass, Schedule([0.7] * 20), num_reads=2000, seed=9,
        order="random-subset", update_fraction=1 - np.exp(-0.25),
    )  # fmt: skip
    np.testing.assert_array_equal(ticked.spins, subsets.spins)


@pytest.mark.parametrize("late", [0, 1, 2])
def test_delays_of_whole_ticks(late):
    """Ticks so long that all p-bits are redrawn: a delay of d ticks makes d + 1 synchronous
    networks that take turns, and tick k is step ceil(k / (d + 1)) of one. Another d is the control.
    """
    model = random_model(4, seed=9)
    tick_s = 20.1e-9  # rounded otherwise in most of the sums
    hardware = Hardware(clock="ticks", tick_s=tick_s, delay_s=late * tick_s)
    steps = [-(-7 // (d + 1)) for d in (late, (late + 1) % 3)]
    start = START[:4]
    right, wrong = (exact_law(model, [1.0] * k, start=start, order="synchronous") for k in steps)
    numbers = sample(hardware, model, [1.0] * 140, seed=45, start=start, reads=4096)
    assert chi_square_p_value(numbers, right) > ALPHA
    assert chi_square_p_value(numbers, wrong) < ALPHA


TIMED = ("heat bath", "slow and fast", "arrhenius, all spread", "noise", "ticks, noise")


@pytest.mark.parametrize("name", TIMED)
def test_time_averages(name):
    """Mean time in each state from a given start, 0.5 to 3 tau, against the integral of the law:
    Hotelling's T^2 of independent reads. A burn-in forgotten is the control."""
    model = random_model(3, seed=12)
    hardware = Hardware(**CHIPS[name])
    start = np.array([1, -1, 1], dtype=np.int8)
    result = time_average(
        model, 0.8, hardware=hardware, num_sweeps=3, burn_in=0.5, num_reads=20000, seed=41,
        initial_spins=np.tile(start, (20000, 1)),
    )  # fmt: skip
    law = mean_law(hardware, model, 0.8, start, (0.5, 3.0))
    assert hotelling_p_value(result.by_read, law) > ALPHA
    all_of_it = mean_law(hardware, model, 0.8, start, (0.0, 3.0))
    assert hotelling_p_value(result.by_read, all_of_it) < ALPHA
    bits = np.arange(8)[:, None] >> np.arange(3) & 1
    np.testing.assert_allclose(result.states @ (2 * bits - 1), result.spins, atol=1e-12)
    np.testing.assert_allclose(result.by_read.sum(axis=1), 1, atol=1e-12)


def mean_law(hardware, model, beta, start, between):
    """Law averaged over a time, in continuous time by the integral of the exponential."""
    from scipy.linalg import expm

    wired, settings = referee(hardware, model)
    first, last = between
    tick = settings.pop("tick")
    p = np.eye(2**model.num_spins)[state_number(start)]
    if tick is None:
        generator = exact_generator(wired, beta, **settings)
        p = p @ expm(first * generator)
        both = np.block([[generator, np.eye(p.size)], [np.zeros((p.size, 2 * p.size))]])
        return p @ expm((last - first) * both)[: p.size, p.size :] / (last - first)
    matrix = exact_tick_matrix(wired, beta, tick=tick, **settings)
    total, now, k = 0.0, 0.0, 0
    while now < last:
        then = min((k + 0.5) * tick, last)
        total = total + max(then - max(now, first), 0.0) * p
        p, now, k = p @ matrix, then, k + 1
    return total / (last - first)


USUAL_LAGS = (("heat-bath", "late"), ("arrhenius", "late"))
LAGS = {
    "late": {"delay_s": 1e-12},
    "slow": {"rc_s": 1e-12},
    "slow edges": {"rc_s": 1e-12, "rc_per": "edge"},
}


@pytest.mark.parametrize(
    ("dynamics", "name"), some(product(("heat-bath", "arrhenius"), LAGS), *USUAL_LAGS)
)
def test_short_lags_change_nothing(dynamics, name, glass):
    """1e-3 tau does less to the law than the reads show; tau / 2 is seen at once."""
    hardware = Hardware(dynamics=dynamics, **LAGS[name])
    law = law_of(Hardware(dynamics=dynamics), glass, BETAS)
    assert (
        chi_square_p_value(sample(hardware, glass, BETAS, seed=43, reads=READS // 4), law) > ALPHA
    )
    late = hardware.with_values(**{"delay_s" if name == "late" else "rc_s": 0.5e-9})
    assert chi_square_p_value(sample(late, glass, BETAS, seed=43, reads=READS // 4), law) < ALPHA


@pytest.mark.parametrize(("dynamics", "sweeps"), [("heat-bath", 120), ("arrhenius", 40)])
def test_long_runs_of_ideal_chips_are_boltzmann(dynamics, sweeps, glass):
    """Whatever the time constants; the exact law is Boltzmann to 1e-9 by then, checked first."""
    hardware = Hardware(dynamics=dynamics, tau_spread=0.5, seed=2)
    law, boltzmann = law_of(hardware, glass, [0.5] * sweeps), exact_boltzmann(glass, 0.5)
    assert hardware.law == "Boltzmann"
    assert np.abs(law - boltzmann).max() < 1e-9
    numbers = sample(hardware, glass, [0.5] * sweeps, seed=44, reads=8192)
    assert chi_square_p_value(numbers, boltzmann) > ALPHA
