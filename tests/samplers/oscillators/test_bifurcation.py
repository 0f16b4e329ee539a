"""Simulated bifurcation: bit for bit a slow reference, limits, and what ends a run."""

import numpy as np
import pytest
from scipy import sparse

import pbit
from naive_bifurcation import bifurcated
from pbit import Control, IsingModel
from pbit.exact import exact_ground_states
from pbit.kernels.oscillators.bifurcation import Particles, run_particles
from pbit.samplers.oscillators.bifurcation import _Particles, bifurcate
from pbit.samplers.oscillators.couplings import depth
from pbit.samplers.oscillators.motion import MotionRequest, Piece
from pbit.samplers.oscillators.phases import oscillate
from random_models import random_model, random_polynomial

FORMS = ("discrete", "ballistic")


def particles_after(model, form, seed, *, reads, steps):
    """The state of a block of reads at the end."""
    key = (np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32))
    motion = _Particles.of(model, form, (0.3, 0.7), steps, key)
    state = motion.begin(5, reads)
    assert motion.advance(state, (0, 3), np.zeros(1, np.uint8)) == 3
    assert motion.advance(state, (3, steps), np.zeros(1, np.uint8)) == steps - 3
    return state


@pytest.mark.parametrize("form", FORMS)
def test_the_kernel_is_the_reference_bit_for_bit(form):
    model, seed = random_model(9, seed=2), 2**40 + 7
    state = particles_after(model, form, seed, reads=48, steps=25)
    assert (np.abs(state.x) == 1).any() and (np.abs(state.x) < 1).any()
    for read in (0, 17, 47):
        x, y = bifurcated(
            model, seed, 5 + read, steps=25, drive=0.3, dt=0.7, discrete=form == "discrete"
        )
        assert np.array_equal(state.x[:, read], x)
        assert np.array_equal(state.y[:, read], y)
        assert np.array_equal(state.spins[:, read], np.where(x >= 0, 1, -1))


@pytest.mark.parametrize("form", FORMS)
def test_ground_states_and_energies(form):
    model = random_model(14, seed=1)
    reads = bifurcate(model, form=form, num_reads=40, num_sweeps=500, seed=1)
    assert reads.energies.min() == pytest.approx(exact_ground_states(model)[0], rel=1e-12)
    assert np.array_equal(reads.energies, model.energy(reads.spins))
    info = reads.info
    assert info["updates"] == 40 * 500 * 14 and info["num_sweeps"] == 500
    assert (info["seed"], info["form"], info["stop_reason"]) == (1, form, "completed")
    assert all(ns >= 0 for ns in info["timing"].values())


def test_threads_and_other_reads_change_no_bit():
    model = random_model(300, seed=3, density=0.05)
    one = bifurcate(model, num_reads=90, num_sweeps=60, seed=4, num_threads=1)
    two = bifurcate(model, num_reads=90, num_sweeps=60, seed=4, num_threads=2)
    later = bifurcate(model, num_reads=20, num_sweeps=60, seed=4, first_read=70, best_seen=False)
    assert np.array_equal(one.spins, two.spins)
    assert np.array_equal(one.spins[70:], later.spins)
    assert not np.array_equal(one.spins[:20], later.spins)


def test_the_best_seen_is_no_higher_and_a_descent_ends_in_minima():
    model = random_model(40, seed=3)
    options = {"num_reads": 30, "num_sweeps": 64, "seed": 2}
    last = bifurcate(model, descent=False, **options)
    best = bifurcate(model, best_seen=True, descent=False, **options)
    low = bifurcate(model, **options)
    assert np.all(best.energies <= last.energies) and np.any(best.energies < last.energies)
    assert np.array_equal(low.spins, pbit.descend(model, last.spins).spins)
    assert low.info["descent"] and low.info["descent_flips"] > 0
    assert "descent_flips" not in last.info


def test_free_spins_go_with_their_biases_and_none_is_forgotten():
    free = IsingModel([1.0, -2.0, 0.5], np.zeros((3, 3)))
    reads = bifurcate(free, num_reads=20, num_sweeps=200, seed=1)
    assert np.all(reads.spins == [1, -1, 1])
    none = bifurcate(free, num_reads=400, num_sweeps=0, seed=1, descent=False)
    assert none.info["updates"] == 0 and np.all(np.abs(none.spins.mean(axis=0)) < 0.25)
    empty = bifurcate(IsingModel(np.zeros(0), np.zeros((0, 0)), 2.5), num_reads=2, num_sweeps=3)
    assert empty.energies.tolist() == [2.5, 2.5]


def test_the_depth_of_the_couplings():
    model = random_model(60, seed=1)
    lowest = np.linalg.eigvalsh(model.J.toarray())[0]
    assert depth(model.J) == pytest.approx(-lowest, rel=0.1)
    assert depth(model.J) <= -lowest
    assert depth(IsingModel.from_edges([0], [1], [1.0]).J) == pytest.approx(1.0, rel=1e-3)
    assert depth(IsingModel([1.0], np.zeros((1, 1))).J) == 0.0


def test_a_target_ends_it():
    model = random_model(60, seed=5)
    control = Control(target=-20.0)
    reads = bifurcate(model, num_reads=8, num_sweeps=10**6, seed=1, control=control)
    assert reads.info["stop_reason"] == "target" and reads.energies.min() <= -20.0
    assert reads.info["updates"] < 10**7 and len(reads.energies) == 1


def test_a_target_reached_by_descents_counts():
    model = random_model(30, seed=5)
    start = bifurcate(model, num_reads=1, num_sweeps=0, seed=1, descent=False)
    lowest = float(pbit.descend(model, start.spins).energies[0])
    reads = bifurcate(
        model, num_reads=1, num_sweeps=0, seed=1, descent=True, control=Control(target=lowest)
    )
    assert start.energies[0] > lowest == reads.energies[0]
    assert reads.info["stop_reason"] == "target"


def test_a_time_limit_and_an_interrupt_end_it(stepped):
    model = random_model(200, seed=5, density=0.1)
    options = {"num_reads": 32, "num_sweeps": 10**8, "seed": 1, "num_threads": 2}
    seen = []
    for control, reason in (
        (Control(time_limit_s=0.02, progress=seen.append), "time_limit"),
        (Control(interrupt=lambda: True), "interrupted"),
    ):
        reads = bifurcate(model, control=control, **options)
        assert reads.info["stop_reason"] == reason
        assert len(reads.energies) == 1
        assert np.array_equal(reads.energies, model.energy(reads.spins))
    assert 0 <= seen[-1].fraction < 1 and np.isfinite(seen[-1].best_energy)


def test_a_stop_is_seen_within_a_step():
    n, reads = 4096, 16
    indptr = np.linspace(0, 2**22, n + 1).astype(np.int64)
    couplings = (indptr, np.zeros(2**22, np.int32), np.zeros(2**22, np.float32))
    shape = (n, reads)
    state = Particles(
        np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.ones(shape, np.int8)
    )
    motion = _Particles.of(
        IsingModel([1.0], np.zeros((1, 1))), "discrete", (1.0, 1.0), 1, (np.uint64(0),) * 2
    )
    stop = np.ones(1, np.uint8)
    stream = (np.uint64(0),) * 3
    h = np.ones(n, np.float32)
    assert run_particles(state, h, couplings, motion.path, (0, 1), stream, stop) == 0
    assert not state.y.any()


def test_ctrl_c_returns_the_best_so_far():
    model = random_model(100, seed=5)

    def pressed(report):
        raise KeyboardInterrupt

    control = Control(progress=pressed, on_interrupt="return")
    with pytest.warns(RuntimeWarning, match="interrupted: the call returns the best so far"):
        reads = bifurcate(model, num_reads=16, num_sweeps=10**8, seed=1, control=control)
    assert reads.info["stop_reason"] == "interrupted" and len(reads.energies) == 1
    with pytest.raises(KeyboardInterrupt):
        bifurcate(model, num_reads=16, num_sweeps=10**8, control=Control(progress=pressed))


def test_pieces():
    assert [Piece(0, wanted).width for wanted in (1, 16, 17)] == [16, 16, 32]
    options = {"seed": 1, "best_seen": False, "descent": False, "control": None, "first_read": 5}
    for n, sizes in ((1000, [64, 6]), (40_000, [16] * 4 + [6])):
        free = IsingModel(np.ones(n), sparse.csr_array((n, n)))
        request = MotionRequest.of(free, num_reads=70, num_threads=1, **options)
        pieces = list(request.pieces())
        assert [piece.wanted for piece in pieces] == sizes
        assert pieces[0].first == 5 and pieces[-1].last == 75


WRONG = [
    ({"form": "adiabatic"}, "form must be one of discrete, ballistic, got 'adiabatic'"),
    ({"coupling": 0.0}, "coupling must be a number > 0, got 0.0"),
    ({"time_step": -1.0}, "time_step must be a number > 0"),
    ({"num_sweeps": -1}, "num_sweeps must be >= 0"),
    ({"num_reads": 0}, "num_reads must be >= 1"),
    ({"num_threads": 0}, "num_threads must be >= 1"),
    ({"first_read": -1}, "first_read must be >= 0"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        bifurcate(random_model(4, seed=1), **wrong)


def test_models_that_are_refused():
    with pytest.raises(ValueError, match=r"at most 2 spins.*dimod\.make_quadratic"):
        bifurcate(random_polynomial(5, seed=1))
    with pytest.raises(TypeError, match="model must be an IsingModel"):
        bifurcate({(0, 1): 1.0})
    with pytest.raises(TypeError, match="best_seen must be True or False"):
        bifurcate(random_model(4, seed=1), best_seen="yes")
    with pytest.raises(MemoryError, match="lower num_reads"):
        bifurcate(random_model(4, seed=1), num_reads=2**32 - 1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("power", [-1000, -60, 60, 1000])
def test_the_size_of_the_weights_does_not_matter(power):
    """By a power of two nothing changes but the energies; the unit is told."""
    model = random_model(12, seed=5)
    other = IsingModel(np.ldexp(model.h, power), model.J * 2.0**power)
    for run in (bifurcate, oscillate):
        one, moved = (run(each, num_reads=4, num_sweeps=50, seed=6) for each in (model, other))
        assert np.array_equal(one.spins, moved.spins)
        assert one.info["coupling"] == np.ldexp(moved.info["coupling"], power)
    mixed = IsingModel.from_edges([0, 1], [1, 2], [1e300, -1e-300])
    assert bifurcate(mixed, num_reads=2, seed=1).energies.tolist() == [-1e300, -1e300]


def test_pairs_that_stand_alone_are_lowered():
    """Discrete particles of one coupling may swap signs for ever; the descent ends that."""
    pairs = IsingModel.from_edges(range(0, 40, 2), range(1, 40, 2), [-1.0] * 20)
    swapping = bifurcate(pairs, num_reads=100, num_sweeps=300, seed=1, descent=False)
    assert (swapping.energies > -20).any()
    assert (bifurcate(pairs, num_reads=100, num_sweeps=300, seed=1).energies == -20).all()


def test_steps_of_nonsense_are_refused():
    pair = IsingModel.from_edges([0], [1], [1.0])
    with pytest.raises(ValueError, match="coupling times the time step must be <= 1000"):
        bifurcate(pair, time_step=1e300)
    with pytest.raises(ValueError, match="noise times the time step must be <= 1000"):
        oscillate(pair, noise=(1e300, 1e300))
    tiny = IsingModel.from_edges([0], [1], [1e-300])
    assert np.isfinite(oscillate(tiny, num_reads=2, num_sweeps=10, seed=1).energies).all()
