"""Networks of phases against plain numpy, closed forms and Boltzmann's law.

False alarms: 1e-6 a law; controls plant errors that must fail.
"""

import math

import numpy as np
import pytest
from scipy import integrate, sparse

import naive_oscillators as naive
from cases import some
from pbit.networks.oscillators import PhaseNetwork, locked, locking_map, order_parameter
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6


def directed(n, seed):
    """Couplings of about half of the pairs, without symmetry."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random((n, n)) < 0.5, rng.normal(size=(n, n)), 0.0)


def symmetric(n, seed):
    C = np.random.default_rng(seed).normal(size=(n, n))
    return C + C.T


# --- one step, the stream, reproducibility


def test_paths_equal_the_equation_in_plain_numpy():
    """Ramps, one detuning a read, a directed sparse network; float32 forces: 2e-6."""
    n, reads, dt, steps, seed = 6, 3, 0.05, 40, 2**40 + 9
    rng = np.random.default_rng(2)
    C, w = directed(n, 1), rng.normal(size=(reads, n))
    K, D = rng.normal(size=(4, n)), rng.random((3, n))
    start = rng.uniform(-50, 50, (reads, n))
    run = PhaseNetwork(sparse.coo_array(C)).run(
        steps * dt,
        time_step=dt,
        num_reads=reads,
        initial_phases=start,
        detuning=w,
        second_harmonic=K,
        noise=D,
        record_every=1,
        measure_from=10 * dt,
        seed=seed,
    )
    for k in range(reads):
        path = naive.phase_path(
            start[k], C, w=w[k], K=K, D=D, dt=dt, steps=steps, seed=seed, read=k
        )
        assert np.abs(run.phases[k] - path).max() < 2e-6
        assert run.frequencies[k] == pytest.approx((path[-1] - path[10]) / (30 * dt), abs=1e-5)
    assert run.times == pytest.approx(np.arange(steps + 1) * dt)


def test_reads_depend_neither_on_their_number_nor_on_threads_nor_on_what_is_recorded():
    network = PhaseNetwork(directed(5, 3), second_harmonic=0.3, noise=0.2)
    options = {"time_step": 0.05, "seed": 7, "measure_from": 0.4}
    many = network.run(2.0, num_reads=70, num_threads=2, **options)
    few = network.run(2.0, num_reads=37, record_every=6, **options)
    one = network.run(2.0, num_reads=1, record_every=8, **options)
    assert np.array_equal(many.frequencies[:37], few.frequencies)
    assert np.array_equal(many.frequencies[:1], one.frequencies)
    assert np.array_equal(many.phases[:1, -1], one.phases[:, -1])
    assert few.times == pytest.approx(np.arange(7) * 0.3)
    assert np.array_equal(many.phases[:, 0], many.phases[:, -1]) and many.info["seed"] == 7
    assert np.unique(many.phases).size == many.phases.size


def test_first_phases_are_even_on_the_circle():
    start = PhaseNetwork(np.zeros((4, 4))).run(1.0, num_reads=5000, seed=4).phases[:, 0]
    assert chi_square_p_value(boxes(start.reshape(-1, 1), 16), np.full(16, 1 / 16)) > ALPHA
    for pair in ([0, 1], [0, 3], [1, 2]):
        together = boxes(start[:, pair], 8)
        assert chi_square_p_value(together, np.full(64, 1 / 64)) > ALPHA


# --- without noise


def test_the_method_is_of_second_order():
    C, w = directed(5, 5), np.linspace(-1, 1, 5)
    start = np.linspace(0, 4, 5)
    exact = integrate.solve_ivp(
        lambda _, phi: naive.phase_slope(phi, C, w, 0.4), (0, 2), start, rtol=1e-10, atol=1e-10
    ).y[:, -1]
    network = PhaseNetwork(C, detuning_rad_s=w, second_harmonic=0.4)
    errors = [
        np.abs(network.run(2.0, time_step=dt, initial_phases=start).phases[0, -1] - exact).max()
        for dt in (0.1, 0.05, 0.025)
    ]
    orders = np.diff(-np.log2(errors))
    assert errors[-1] < 1e-3 and np.all((orders > 1.9) & (orders < 2.2))


def test_the_lyapunov_function_never_grows_without_noise():
    network = PhaseNetwork(symmetric(30, 6), second_harmonic=0.5)
    run = network.run(2.0, num_reads=16, record_every=1, seed=1)
    changes = np.diff(network.lyapunov(run.phases), axis=1)
    assert changes.max() < 1e-4 and changes[:, 0].max() < -1  # of sums of about a thousand
    wrong = PhaseNetwork(-symmetric(30, 6), second_harmonic=0.5)
    assert np.diff(wrong.lyapunov(run.phases), axis=1).max() > 1


def test_two_phases_beat_as_adler_says():
    """Their mean frequencies differ by sqrt(w^2 - (2 C)^2), and by nothing where 2 C > w."""
    network = PhaseNetwork([[0, 0.5], [0.5, 0]])
    w = np.array([0.95, 1.05, 2.0])
    detuning = np.stack([np.zeros(3), w], axis=1)
    run = network.run(800.0, num_reads=3, detuning=detuning, measure_from=100.0, time_step=0.05)
    exact = np.sqrt(np.maximum(w**2 - 1, 0))
    assert np.ptp(run.frequencies, axis=1) == pytest.approx(exact, abs=2 * math.pi / 700)
    assert locked(run.frequencies, 0.01)[:, 0, 1].tolist() == [True, False, False]
    assert run.frequencies.sum(axis=1) == pytest.approx(w, abs=1e-4)


def test_a_map_of_what_locks_to_two_sources():
    C = np.zeros((4, 4))
    C[2:, :2] = 0.2
    network = PhaseNetwork(C, detuning_rad_s=[0, 0, 1.0, 2.0])
    pairs = locking_map(network, {0: [1.1, 1.5], 1: [2.0, 2.5, 3.0]}, duration=300.0, seed=1)
    assert pairs.shape == (2, 3, 4, 4)
    assert pairs[:, 0, 0, 2].tolist() == [True, False]
    assert pairs[0, :, 1, 3].tolist() == [True, False, False]


def test_order_of_phases():
    assert order_parameter([[1.0, 1.0], [0.0, math.pi]]) == pytest.approx([1, 0])


def test_steps_are_short_against_beats_and_noise():
    """Where one of 0.1 / pulls would be longer than a turn."""
    weak = PhaseNetwork([[0, 1e-3], [1e-3, 0]])
    run = weak.run(200.0, detuning=[0.0, 5.0], seed=1)
    assert run.info["time_step"] <= 0.02 and run.frequencies[0] == pytest.approx([0, 5], abs=1e-3)
    assert weak.run(1.0, detuning=5.0, seed=1).info["steps"] == 1
    assert weak.run(1.0, noise=2.0, seed=1).info["time_step"] <= 0.025


# --- laws


def boxes(phases, bins):
    """Numbers of the boxes of the torus that phases (reads, n) are in."""
    index = np.floor((phases / (2 * math.pi) % 1) * bins).astype(int)
    return np.ravel_multi_index(index.T, (bins,) * phases.shape[1])


def drawn(network, D, reads, seed):
    """Phases by the law itself, by rejection."""
    rng = np.random.default_rng(seed)
    top = (np.abs(network.couplings).sum() + np.abs(network.second_harmonic).sum()) / 2
    kept = np.empty((0, network.n))
    while len(kept) < reads:
        trial = rng.uniform(0, 2 * math.pi, (reads * 4, network.n))
        keep = np.log(rng.random(len(trial))) < (-network.lyapunov(trial) - top) / D
        kept = np.concatenate([kept, trial[keep]])
    return kept[:reads]


FRUSTRATED = np.array([[0, 1, -1, 0], [1, 0, 1, 1], [-1, 1, 0, -1], [0, 1, -1, 0]])
LAWS = {
    "two": ([[0, 0.8], [0.8, 0]], [0.3, 0.6], 0.5, 12),
    "three": ([[0, 0.5, -0.5], [0.5, 0, 0.5], [-0.5, 0.5, 0]], [0.4, 0.0, -0.3], 0.4, 6),
    "four": (0.3 * FRUSTRATED, [0.3] * 4, 0.5, 4),
}


@pytest.mark.parametrize("case", some(LAWS, "two"))
def test_noise_keeps_boltzmanns_law(case):
    """Reads start from the law exp(-L/D) and keep it: no burn-in to guess.

    Controls: with D 10 % off, or with half of it, they do not.
    """
    C, K, D, bins = LAWS[case]
    reads, n = 40_000, len(K)
    network = PhaseNetwork(C, second_harmonic=K)
    law = naive.boltzmann_bins(lambda phi: network.lyapunov(phi) / D, n, bins=bins, points=5)
    start = drawn(network, D, reads, seed=n)

    def p_value(noise):
        options = {"time_step": 0.05, "num_reads": reads, "seed": n, "num_threads": 2}
        run = network.run(4.0, initial_phases=start, noise=noise, **options)
        return chi_square_p_value(boxes(run.phases[:, -1], bins), law.ravel(), least_expected=20)

    assert p_value(D) > ALPHA
    assert p_value(1.1 * D) < ALPHA and p_value(D / 2) < ALPHA


def test_free_phases_diffuse():
    """Variance 2 D t, within 5.5 standard errors: catches D off by 5 % (42 of them)."""
    D, t, reads = 0.3, 2.0, 20_000
    network = PhaseNetwork(np.zeros((5, 5)), noise=D)
    run = network.run(t, time_step=0.1, num_reads=reads, initial_phases=np.zeros(5), seed=3)
    squares = run.phases[:, 0].ravel() ** 2 / (2 * D * t)
    assert abs(squares.mean() - 1) < 5.5 * math.sqrt(2 / squares.size) < 0.05
    correlations = np.corrcoef(run.phases[:, 0].T)[np.triu_indices(5, 1)]
    assert np.abs(correlations).max() < 6 / math.sqrt(reads)


# --- what is refused

PAIR = PhaseNetwork([[0, 1], [1, 0]])
BAD_NETWORKS = [
    ({"couplings": [[0, 1, 2]]}, r"couplings must have shape \(n, n\)"),
    ({"couplings": [[0, math.nan], [0, 0]]}, "couplings must be finite"),
    ({"couplings": [[0, 1j], [0, 0]]}, "couplings must be real"),
    ({"detuning_rad_s": [1, 2, 3]}, r"detuning_rad_s must be a number or of shape \(2,\)"),
    ({"second_harmonic": math.inf}, "second_harmonic must be finite"),
    ({"noise": -1.0}, "noise must be >= 0"),
]
BAD_RUNS = [
    ({"duration": 0.0}, "duration must be finite and > 0"),
    ({"time_step": -1.0}, "time_step must be finite and > 0"),
    ({"time_step": 1e-14}, "time_step must leave fewer"),
    ({"measure_from": 1.0}, "measure_from must be >= 0 and a step before"),
    ({"record_every": 0}, "record_every must be >= 1"),
    ({"num_reads": 0}, "num_reads must be >= 1"),
    ({"num_threads": 0}, "num_threads must be >= 1"),
    ({"seed": -1}, "seed must be >= 0"),
    ({"initial_phases": [[0.0, 1.0]] * 3}, "initial_phases must be a number or of shape"),
    ({"detuning": [0.0, math.nan]}, "detuning must be finite"),
    ({"second_harmonic": [[1.0, 2.0, 3.0]]}, "second_harmonic must have shape"),
    ({"noise": [0.1, -0.1]}, "noise must be >= 0"),
]


@pytest.mark.parametrize("change, message", BAD_NETWORKS)
def test_networks_that_are_none(change, message):
    with pytest.raises(ValueError, match=message):
        PhaseNetwork(**{"couplings": [[0, 1], [1, 0]], **change})


@pytest.mark.parametrize("change, message", BAD_RUNS)
def test_runs_that_are_none(change, message):
    with pytest.raises(ValueError, match=message):
        PAIR.run(**{"duration": 1.0, **change})


def test_no_lyapunov_function_no_map_no_tolerance():
    with pytest.raises(ValueError, match="couplings must be symmetric"):
        PhaseNetwork([[0, 1], [0, 0]]).lyapunov([0, 0])
    with pytest.raises(ValueError, match="detuning_rad_s must be equal"):
        PhaseNetwork([[0, 1], [1, 0]], detuning_rad_s=[0, 1]).lyapunov([0, 0])
    with pytest.raises(ValueError, match="frequencies must name oscillators from 0 to 1"):
        locking_map(PAIR, {2: [1.0]}, duration=1.0)
    with pytest.raises(ValueError, match="tolerance must be >= 0"):
        locked([1.0], -1.0)
