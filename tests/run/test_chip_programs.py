"""Programs of a chip: other weights bit for bit as compiled anew, held p-bits by the exact law.

Law: reads from fair coins after a time against the law of the same chip whose held p-bits are
stuck, chi-square at 1e-6; power: an inverse temperature 20 % off is caught with probability 0.996
for each held row (the control), where few reads tell most of it: large fields, small betas.
"""

import numpy as np
import pytest

from pbit import Hardware, IsingModel, Schedule, anneal
from pbit.exact import state_number
from pbit.exact.continuous import PBits, exact_continuous_law
from pbit.run.program import Program
from pbit.statistics import chi_square_p_value
from random_models import random_model

ALPHA = 1e-6
SCHEDULE = Schedule([0.5, 1.0, 2.0])
CHIPS = {
    "ideal": Hardware(),
    "spread": Hardware(gain_spread=0.2, offset_spread=0.2, weight_spread=0.1, seed=3),
    "few bits": Hardware(weight_bits=4, conductance_ratio=5.0, seed=3),
    "late": Hardware(delay_s=2e-10, delay_spread=0.2, delay_per="edge", weight_spread=0.1, seed=2),
    "filters": Hardware(rc_s=2e-10, rc_per="edge", rc_spread=0.3, seed=2),
    "colours": Hardware(clock="chromatic", seed=1),
    "stuck": Hardware(stuck_fraction=0.4, tau_spread=0.3, seed=5),
    "rates": Hardware(dynamics="arrhenius", seed=1),
    "telegraph": Hardware(dynamics="telegraph", rc_s=1e-10, noise=0.1, seed=1),
    "digital": Hardware(clock="ticks", tick_s=2e-10, lut_bits=6, lfsr_bits=16, seed=1),
}


@pytest.mark.parametrize("name", CHIPS)
def test_other_weights_are_the_same_chip_compiled_anew(name):
    chip, model = CHIPS[name], random_model(12, seed=1)
    rng = np.random.default_rng(2)
    h, weights = rng.normal(size=12), rng.normal(size=model.num_couplings)
    weights[::3] = 0.0  # zeros stay in the program
    first = Program.compile(model, hardware=chip)
    first.run(SCHEDULE, num_reads=2, seed=1)
    other = first.with_weights(h=h, weights=weights)
    anew = Program.compile(other.model, hardware=chip)
    reads, wanted = (p.run(SCHEDULE, num_reads=20, seed=3) for p in (other, anew))
    assert np.array_equal(reads.spins, wanted.spins)
    assert np.array_equal(reads.energies, wanted.energies)
    assert reads.info["hardware"] == wanted.info["hardware"]
    back = other.with_weights(h=model.h, weights=model.edges()[2]).run(SCHEDULE, seed=4)
    assert np.array_equal(back.spins, first.run(SCHEDULE, seed=4).spins)


def test_the_chip_is_the_one_that_was_made():
    model = random_model(12, seed=1)
    chip = Hardware(gain_spread=0.2, weight_spread=0.3, weight_bits=5, seed=3)
    first = Program.compile(model, hardware=chip)
    twice = first.with_weights(weights=2 * model.edges()[2], h=2 * model.h)
    assert np.array_equal(twice.chip.gain, first.chip.gain)
    assert np.allclose(twice.chip.J.data, 2 * first.chip.J.data)
    small = first.with_weights(h=np.append(np.full(11, 1e-3), 100.0)).chip
    assert set(small.h[:11]) == {0.0} and not small.J.data.any()  # below half a step


HELD = np.array([False, True, False, True])
PAIRS = IsingModel.from_edges(
    [0, 0, 1, 2], [1, 2, 3, 3], [0.7, -0.5, 0.6, 0.9], h=[0.9, -0.6, 0.3, 1.2]
)


ROWS = np.array([[1, 1, 1, -1], [-1, -1, 1, -1]], np.int8)
BETAS = np.array([0.3, 0.6, 0.6, 0.6])
READS = 7000  # of each row


def p_values(values, *, factor=1.0):
    """Of the reads that hold one row, and of those that hold the other, in turns."""
    program = Program.compile(PAIRS, hardware=Hardware(**values), held=HELD)
    spins = np.random.default_rng(4).choice(np.array([-1, 1], np.int8), (2 * READS, 4))
    spins[:, HELD] = np.tile(ROWS, (READS, 1))[:, HELD]
    reads = program.run(Schedule(factor * BETAS), num_reads=2 * READS, seed=5, initial_spins=spins)
    assert np.array_equal(reads.spins[:, HELD], spins[:, HELD])
    for k, row in enumerate(ROWS):
        pbits = PBits(
            gain=program.chip.gain, offset=program.chip.offset, stuck=np.where(HELD, row, 0)
        )
        law = exact_continuous_law(
            PAIRS, BETAS, dynamics=program.chip.hardware.dynamics, pbits=pbits
        )
        yield chi_square_p_value(state_number(reads.spins[k::2]), law)


LAWS = [
    {"gain_spread": 0.3, "offset_spread": 0.3, "seed": 2},
    {"gain_spread": 0.3, "offset_spread": 0.3, "seed": 2, "dynamics": "arrhenius"},
]


SLOW = [pytest.param(values, marks=pytest.mark.slow) for values in LAWS[1:]]


@pytest.mark.parametrize("values", [LAWS[0], *SLOW])
def test_free_pbits_follow_the_law_given_those_that_are_held(values):
    assert min(p_values(values)) > ALPHA / 4


@pytest.mark.parametrize("values", [LAWS[0], *SLOW])
def test_control_a_wrong_temperature_is_caught(values):
    assert max(p_values(values, factor=1.2)) < ALPHA / 4


@pytest.mark.parametrize("name", CHIPS)
def test_held_pbits_stay_on_every_chip_and_stuck_ones_are_stuck(name):
    model, held = random_model(12, seed=1), np.arange(12) % 3 == 0
    spins = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (30, 12))
    program = Program.compile(model, hardware=CHIPS[name], held=held)
    options = {"num_reads": 30, "seed": 2, "initial_spins": spins}
    reads = program.run(SCHEDULE, **options)
    stuck = program.chip.stuck
    wanted = np.where(stuck != 0, stuck, spins)
    assert np.array_equal(reads.spins[:, held], wanted[:, held])
    assert not np.array_equal(reads.spins[:, ~held], wanted[:, ~held])
    few = program.run(
        SCHEDULE, num_reads=5, seed=2, first_read=20, initial_spins=spins[20:25], num_threads=2
    )
    assert np.array_equal(few.spins, reads.spins[20:25])
    assert reads.info["updates"] == 30 * 3 * np.count_nonzero(~held)
    same = anneal(model, SCHEDULE, hardware=CHIPS[name], held=held, **options)
    assert np.array_equal(same.spins, reads.spins)
