"""An Ising machine of phases: a slow reference, exact laws, limits, and what ends a run."""

import itertools
import math

import numpy as np
import pytest

import naive_oscillators as naive
import pbit
from pbit import Control, IsingModel, OscillatorHardware, oscillate
from pbit.devices.oscillator import AutoOscillator
from pbit.exact import exact_ground_states
from pbit.samplers.descent import descend
from pbit.samplers.oscillators.couplings import stiffness
from pbit.samplers.oscillators.motion import MotionRequest
from pbit.samplers.oscillators.phases import Ramps, _Phases
from pbit.statistics import chi_square_p_value
from random_models import random_model, random_polynomial

ALPHA = 1e-6
TRIANGLE = IsingModel([0.3, 0.0, -0.2], [[0, 0.8, -0.5], [0.8, 0, 0.6], [-0.5, 0.6, 0]])
STATES = np.array(list(itertools.product([-1, 1], repeat=3)), np.int8)


def motion_of(model, ramps, *, rate, dt, steps, seed):
    request = MotionRequest.of(
        model, num_reads=1, seed=seed, num_threads=1, first_read=0, best_seen=False, descent=False,
        control=None,
    )  # fmt: skip
    return _Phases.of(model, (rate, dt), ramps, steps, request)


def test_phases_are_those_of_the_reference():
    """Biases act by a reference at phase 0, ramps stand still for whole pieces of the run."""
    steps, dt, seed = 150, 0.1, 2**40 + 7
    ramps = Ramps((0.1, 1.0), (0.5, 0.1), None)
    motion = motion_of(TRIANGLE, ramps, rate=1.3, dt=dt, steps=steps, seed=seed)
    state = motion.begin(5, 16)
    first = state.arrays.phases[:, 3].copy()
    assert first[3] == 0.0 and np.all(np.abs(first[:3]) <= math.pi)
    stop = np.zeros(1, np.uint8)
    assert motion.advance(state, (0, 7), stop) == 7
    assert motion.advance(state, (7, steps), stop) == steps - 7
    C = np.zeros((4, 4))
    C[:3, :3], C[:3, 3] = 1.3 * TRIANGLE.J.toarray(), 1.3 * TRIANGLE.h
    assert motion._piece == 2
    middles = (np.arange(steps) // 2 + 0.5) * 2 / steps
    spins = np.array([1.0, 1.0, 1.0, 0.0])
    path = naive.phase_path(
        first, C, w=np.zeros(4), K=(0.1 + 0.9 * middles)[:, None] * spins,
        D=(0.5 - 0.4 * middles)[:, None] * spins, dt=dt, steps=steps, seed=seed, read=5 + 3,
    )  # fmt: skip
    assert state.arrays.phases[:, 3] == pytest.approx(path[-1], abs=1e-4)
    assert state.arrays.phases[3, 3] == 0.0
    assert np.array_equal(motion.spins(state)[:, 3], np.where(np.cos(path[-1][:3]) >= 0, 1, -1))


def law_of_signs(model, *, harmonic, noise, points=64):
    """Stationary law of the signs of three phases: exp(-L / D) over eighths of the torus."""
    axis = (np.arange(points) + 0.5) * (2 * math.pi / points) - math.pi / 2
    phi = np.stack(np.meshgrid(*[axis] * 3, indexing="ij"))
    J, h = model.J.toarray(), model.h
    energy = -sum(J[i, j] * np.cos(phi[i] - phi[j]) for i in range(3) for j in range(i))
    energy -= sum(h[i] * np.cos(phi[i]) + harmonic / 2 * np.cos(2 * phi[i]) for i in range(3))
    half = points // 2
    weight = np.exp(-(energy - energy.min()) / noise).reshape([2, half] * 3).sum(axis=(1, 3, 5))
    law = weight[::-1, ::-1, ::-1].ravel()  # first half of the axis is +1, first state -1 -1 -1
    return law / law.sum()


def test_signs_follow_their_exact_law():
    """Long after the slowest crossing of the barriers, about 10 times 8 / K; 20 % of D is seen."""
    harmonic, noise = 2.0, 0.7
    reads = oscillate(
        TRIANGLE, num_sweeps=1600, second_harmonic=(harmonic,) * 2, noise=(noise,) * 2,
        time_step=0.05, coupling=np.sqrt(2 * (0.64 + 0.25 + 0.36) / 3), num_reads=4096, seed=3,
        descent=False,
    )  # fmt: skip
    outcomes = (reads.spins > 0) @ [4, 2, 1]
    law = law_of_signs(TRIANGLE, harmonic=harmonic, noise=noise)
    assert chi_square_p_value(outcomes, law) > ALPHA
    assert chi_square_p_value(outcomes, law_of_signs(TRIANGLE, harmonic=2.0, noise=0.84)) < ALPHA


def test_a_strong_second_harmonic_makes_it_boltzmanns_law():
    """At K_s -> infinity the law of the signs is exp(-E / D): beta = 1 / D."""
    boltzmann = np.exp(-TRIANGLE.energy(STATES) / 0.7)
    boltzmann /= boltzmann.sum()
    apart = [
        np.abs(law_of_signs(TRIANGLE, harmonic=K, noise=0.7, points=96) - boltzmann).sum() / 2
        for K in (2.0, 10.0, 40.0)
    ]
    assert apart[0] > 0.03
    assert apart[1] < 0.3 * apart[0] and apart[2] < 0.3 * apart[1]


@pytest.mark.parametrize("integers", [False, True])
def test_ground_states_and_energies(integers):
    model = random_model(14, seed=1, integers=integers)
    reads = oscillate(model, num_reads=40, num_sweeps=300, seed=1)
    assert reads.energies.min() == pytest.approx(exact_ground_states(model)[0], rel=1e-12)
    assert np.array_equal(reads.energies, model.energy(reads.spins))
    assert np.array_equal(reads.spins, pbit.descend(model, reads.spins).spins)
    info = reads.info
    assert info["updates"] == 40 * 300 * 14 and info["num_sweeps"] == 300
    assert info["descent"] is True and info["descent_flips"] >= 0
    assert info["second_harmonic_range"] == [0.0, 0.4] and info["noise_range"] == [0.35, 0.05]
    assert "duration_s" not in info


def test_threads_and_other_reads_change_no_bit():
    model = random_model(120, seed=3, density=0.1)
    one = oscillate(model, num_reads=90, num_sweeps=60, seed=4, num_threads=1)
    two = oscillate(model, num_reads=90, num_sweeps=60, seed=4, num_threads=2)
    later = oscillate(model, num_reads=20, num_sweeps=60, seed=4, first_read=70)
    assert np.array_equal(one.spins, two.spins)
    assert np.array_equal(one.spins[70:], later.spins)
    assert not np.array_equal(one.spins[:20], later.spins)


def test_it_does_not_matter_what_the_unit_of_the_weights_is():
    model = random_model(30, seed=3)
    scaled = IsingModel(4 * model.h, 4 * model.J)
    options = {"num_reads": 16, "num_sweeps": 50, "seed": 4, "descent": False}
    assert np.array_equal(oscillate(model, **options).spins, oscillate(scaled, **options).spins)


def test_limits():
    free = IsingModel([1.0, -2.0, 0.5], np.zeros((3, 3)))
    reads = oscillate(free, num_reads=20, num_sweeps=400, seed=1, noise=(0, 0), descent=False)
    assert np.all(reads.spins == [1, -1, 1])
    none = oscillate(free, num_reads=400, num_sweeps=0, seed=1, descent=False)
    assert none.info["updates"] == 0 and np.all(np.abs(none.spins.mean(axis=0)) < 0.25)
    empty = oscillate(IsingModel(np.zeros(0), np.zeros((0, 0)), 2.5), num_reads=2, num_sweeps=3)
    assert empty.energies.tolist() == [2.5, 2.5]


def test_the_best_seen_is_no_higher():
    model = random_model(40, seed=3)
    options = {"num_reads": 30, "num_sweeps": 64, "seed": 2, "descent": False}
    last, best = oscillate(model, **options), oscillate(model, best_seen=True, **options)
    assert np.all(best.energies <= last.energies) and np.any(best.energies < last.energies)


def test_an_oscillator_machine_reaches_the_cuts_of_restarted_descents():
    """Acceptance of oscillator machines: 10 runs come within 1 % of 400 descents."""
    rng = np.random.default_rng(1)
    rows, cols = np.nonzero(np.triu(rng.random((60, 60)) < 0.2, k=1))
    model = IsingModel.from_edges(rows, cols, -np.ones(rows.size), num_spins=60)
    starts = rng.choice([-1, 1], (400, 60)).astype(np.int8)
    descents = pbit.descend(model, starts).energies.min()
    reads = oscillate(model, num_reads=10, num_sweeps=1000, seed=1, descent=False)
    cuts = [(rows.size - energy) / 2 for energy in (reads.energies.min(), descents)]
    assert cuts[0] >= 0.99 * cuts[1]


def test_a_target_ends_it():
    model = random_model(60, seed=5)
    control = Control(target=-20.0)
    reads = oscillate(model, num_reads=8, num_sweeps=10**6, seed=1, control=control)
    assert reads.info["stop_reason"] == "target" and reads.energies.min() <= -20.0
    assert reads.info["updates"] < 10**7 and len(reads.energies) == 1


def test_a_time_limit_and_an_interrupt_end_it(stepped):
    model = random_model(100, seed=5, density=0.1)
    options = {"num_reads": 32, "num_sweeps": 10**8, "seed": 1, "num_threads": 2}
    for control, reason in (
        (Control(time_limit_s=0.02), "time_limit"),
        (Control(interrupt=lambda: True), "interrupted"),
    ):
        reads = oscillate(model, control=control, **options)
        assert reads.info["stop_reason"] == reason and len(reads.energies) == 1
        assert np.array_equal(reads.energies, model.energy(reads.spins))


def test_ctrl_c_returns_the_best_so_far():
    def pressed(report):
        raise KeyboardInterrupt

    model, options = random_model(100, seed=5), {"num_reads": 16, "num_sweeps": 10**8, "seed": 1}
    with pytest.warns(RuntimeWarning, match="interrupted: the call returns the best so far"):
        reads = oscillate(
            model, control=Control(progress=pressed, on_interrupt="return"), **options
        )
    assert reads.info["stop_reason"] == "interrupted" and len(reads.energies) == 1


def test_hardware_adds_detunings_noise_and_time():
    oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6, noise_Hz=4e3)
    hardware = OscillatorHardware(
        oscillator=oscillator, current_A=2e-3, coupling_Hz=1e5, frequency_spread_Hz=1e5
    )
    ramps = Ramps((0.0, 1.0), (0.5, 0.1), hardware)
    assert ramps.at(1.0) == pytest.approx((1.0, 0.1 + hardware.noise))
    motion = motion_of(TRIANGLE, ramps, rate=1.0, dt=0.1, steps=10, seed=1)
    assert motion.drift[:3, 0] == pytest.approx(0.1 * hardware.detunings(3))
    assert motion.drift[3, 0] == 0.0
    model = random_model(12, seed=1)
    found = oscillate(model, hardware=hardware, num_sweeps=200, num_reads=4, seed=1)
    ideal = oscillate(model, num_sweeps=200, num_reads=4, seed=1)
    step = found.info["time_step"]
    assert step == ideal.info["time_step"]
    assert found.info["duration_s"] == pytest.approx(200 * step / hardware.rate_rad_s)


WRONG = [
    ({"second_harmonic": 1.0}, "second_harmonic must be two numbers, at the start and the end"),
    ({"noise": (1.0, -1.0)}, r"noise must be finite and >= 0, got \(1.0, -1.0\)"),
    ({"second_harmonic": (0.0, np.inf)}, "second_harmonic must be finite, got"),
    ({"coupling": 0.0}, "coupling must be a number > 0, got 0.0"),
    ({"time_step": -1.0}, "time_step must be a number > 0"),
    ({"num_sweeps": -1}, "num_sweeps must be >= 0"),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        oscillate(random_model(4, seed=1), **wrong)


def test_wrong_types():
    with pytest.raises(ValueError, match=r"at most 2 spins.*dimod\.make_quadratic.*pbit\.anneal"):
        oscillate(random_polynomial(5, seed=1))
    with pytest.raises(TypeError, match="hardware must be of type OscillatorHardware"):
        oscillate(random_model(4, seed=1), hardware=3)
    with pytest.raises(TypeError, match="noise must be a number"):
        oscillate(random_model(4, seed=1), noise=("a", "b"))


def ferromagnet(n):
    return IsingModel(np.zeros(n), np.ones((n, n)) - np.eye(n))


def star(leaves):
    return IsingModel.from_edges([0] * leaves, range(1, leaves + 1), [1.0] * leaves)


def biased_chain(n):
    chain = IsingModel.from_edges(range(n - 1), range(1, n), [-0.5] * (n - 1))
    return IsingModel(np.full(n, 5.0), chain.J)


@pytest.mark.parametrize(
    ("model", "lowest"),
    [(ferromagnet(200), -19900.0), (star(30), -30.0), (biased_chain(30), -135.5)],
)
def test_steps_are_short_enough_where_all_bonds_agree(model, lowest):
    """Rates are sums of rows there; a step of a half, fit for frustration, throws phases about."""
    options = {"num_reads": 8, "num_sweeps": 600, "seed": 1, "descent": False}
    reads = oscillate(model, **options)
    assert (reads.energies == lowest).all()
    assert oscillate(model, time_step=0.5, **options).energies.mean() > 0.9 * lowest


def test_the_stiffness_is_that_of_the_laplacian():
    for model in (ferromagnet(20), star(12), biased_chain(9), random_model(30, seed=3)):
        rng = np.random.default_rng(0)
        low = descend(model, rng.choice(np.array([-1, 1], np.int8), (4, model.num_spins)))
        s = low.spins[low.energies.argmin()].astype(float)
        between = s[:, None] * model.J.toarray() * s
        laplacian = np.diag(between.sum(axis=1) + model.h * s) - between
        largest = np.linalg.eigvalsh(laplacian)[-1]
        assert 0.9 * largest < stiffness(model) <= largest * (1 + 1e-9)
