"""What is measured of slices: against the states themselves, exact laws, and exact numbers."""

import numpy as np
import pytest

import naive_slices as naive
from clock import FakeClock
from pbit import Control, IsingModel, PolynomialModel
from pbit.samplers.imaginary_time.slice_measure import measure_slices

POINT = (0.8, 2.0)  # gamma, beta


def chain(n, *, offset=0.5, largest=1):
    rng = np.random.default_rng(n)
    weights = rng.integers(1, largest + 1, n) * rng.choice([-1.0, 1.0], n)
    sites = np.arange(n)
    ring = IsingModel.from_edges(sites, np.roll(sites, -1), weights)
    return IsingModel(rng.integers(-1, 2, n), ring.J, offset=offset)


def ring(n):
    sites = np.arange(n)
    return IsingModel.from_edges(sites, np.roll(sites, -1), np.ones(n))


def of_states(states, model, pairs):
    """All estimates by definition, of slices (reads, R, n): columns by name, and means by site."""
    gamma, beta = POINT
    replicas = states.shape[1]
    s = states.astype(float)
    m = s.mean(axis=2)
    bonds = s * np.roll(s, -1, axis=1)
    sigma_x = np.tanh(beta * gamma / replicas) ** bonds
    columns = {
        "energy": np.array([model.energy(each).mean() for each in states]),
        "transverse": gamma * sigma_x.sum(axis=2).mean(axis=1),
        "m": m.mean(axis=1),
        "abs_m": np.abs(m).mean(axis=1),
        "m2": (m**2).mean(axis=1),
        "m4": (m**4).mean(axis=1),
        "path_m2": m.mean(axis=1) ** 2,
    }
    sites = (
        s.mean(axis=1),
        (bonds < 0).mean(axis=1),
        (s[:, :, pairs[0]] * s[:, :, pairs[1]]).mean(1),
    )
    return columns, sites


@pytest.mark.parametrize(
    ("n", "replicas", "num_reads"),
    [(5, 1, 3), (5, 2, 3), (300, 6, 40), (4, 64, 5), (7, 12, 100), (3, 257, 2)],
)
def test_estimates_are_those_of_the_states(n, replicas, num_reads):
    """More sites and more rows of slices than a byte counts; groups across words."""
    model = chain(n, largest=3)
    pairs = np.array([[0, 0, 1], [1, 2, 2]])
    options = {"replicas": replicas, "num_reads": num_reads, "seed": 5, "first_read": 1}
    series = measure_slices(model, *POINT, num_sweeps=3, burn_in=2, pairs=pairs, **options)
    columns, sites = of_states(series.states, model, pairs)
    assert list(columns) == list(series.columns)
    for name, expected in columns.items():
        assert np.allclose(series[name], [expected], rtol=1e-12, atol=1e-12), name
    for found, expected in zip((series.spins, series.kinks, series.products), sites, strict=True):
        assert np.allclose(found, [expected], rtol=0, atol=1e-12)


def test_bins_are_means_over_their_looks():
    """More looks than a byte counts; the sweeps looked at are those of other runs' ends."""
    model, every, burn_in = chain(4), 3, 5
    options = {"replicas": 6, "num_reads": 3, "seed": 2, "pairs": "edges"}
    series = measure_slices(
        model, *POINT, num_sweeps=burn_in + 3 * 2400, burn_in=burn_in, every=every, **options
    )
    assert series.bin_looks.tolist() == [150] * 16 and series.num_looks == 2400
    ends = [
        measure_slices(model, *POINT, num_sweeps=k, burn_in=k - 1, **options)
        for k in range(burn_in + 1, burn_in + 1 + every * 150, every)
    ]
    for name in ("spins", "kinks", "products"):
        mean = np.mean([getattr(end, name)[0] for end in ends], axis=0)
        assert np.allclose(getattr(series, name)[0], mean, rtol=0, atol=1e-12)
    for name in series.columns:
        assert np.array_equal(series[name][:150], np.concatenate([end[name] for end in ends]))
    assert np.allclose(series.spins.mean(axis=(0, 2)), series["m"].mean(axis=0))


# Transfer matrices in reference/pbits.md: ring of 8 spins, J = gamma = 1, beta = 2.
SECOND_MOMENTS = {4: 0.71745064, 8: 0.66430006, 16: 0.64936060}


@pytest.mark.parametrize("replicas", SECOND_MOMENTS)
def test_the_ring_of_eight(replicas):
    """5 standard errors of independent reads, 6e-7; what other R and K give is further away."""
    found = ring_of_eight(replicas)
    error = found.std(ddof=1) / np.sqrt(found.size)
    assert error < 1e-3
    assert abs(found.mean() - SECOND_MOMENTS[replicas]) < 5 * error
    for other in set(SECOND_MOMENTS.values()) - {SECOND_MOMENTS[replicas]}:
        assert abs(found.mean() - other) > 5 * error


def ring_of_eight(replicas):
    series = measure_slices(
        ring(8), 1.0, 2.0, replicas=replicas, num_sweeps=5000, burn_in=1000, every=10,
        num_reads=2048, seed=3,
    )  # fmt: skip
    return series["m2"].mean(axis=0)


@pytest.mark.parametrize("replicas", [1, 2, 4])
def test_means_are_those_of_the_law(replicas):
    """z-tests at 5 standard errors of independent reads; without the half of K they fail."""
    model = chain(3)
    gamma, beta = POINT
    n = model.num_spins
    series = measure_slices(
        model, gamma, beta, replicas=replicas, num_sweeps=600, burn_in=100, num_reads=2048, seed=7
    )
    found = np.stack([series[name].mean(axis=0) for name in series.columns], axis=1)
    bits = np.arange(2 ** (replicas * n))[:, None] >> np.arange(replicas * n) & 1
    columns, _ = of_states((2 * bits - 1).reshape(-1, replicas, n), model, np.zeros((2, 1), int))
    K = naive.bond(beta, gamma, replicas)
    z = {}
    for factor in (1, 2):
        law = naive.exact_slices(model.h, model.J.toarray(), (beta, gamma), replicas, K=factor * K)
        away = found.mean(axis=0) - np.array([law @ values for values in columns.values()])
        error = found.std(axis=0, ddof=1) / np.sqrt(len(found)) + 1e-12
        z[factor] = np.abs(away / error)
    assert z[1].max() < 5
    assert replicas == 1 or z[2].max() > 20


def test_reads_do_not_depend_on_threads_or_pieces():
    model = chain(60)
    options = {"replicas": 12, "seed": 3, "num_sweeps": 400, "every": 7, "pairs": "edges"}
    whole = measure_slices(model, *POINT, num_reads=60, num_threads=1, **options)
    for threads, first, count in ((2, 0, 60), (3, 5, 31), (1, 50, 9)):
        part = measure_slices(
            model, *POINT, num_reads=count, num_threads=threads, first_read=first, **options
        )
        chosen = slice(first, first + count)
        for name in ("values", "spins", "kinks", "products"):
            assert np.array_equal(getattr(part, name), getattr(whole, name)[:, chosen]), name
        assert np.array_equal(part.states, whole.states[chosen])


def test_what_is_told_of_a_measurement():
    start = np.ones((2, 4, 5))
    series = measure_slices(
        chain(5), *POINT, replicas=4, num_sweeps=10, burn_in=4, every=3, num_reads=2, seed=1,
        initial_spins=start,
    )  # fmt: skip
    info = series.info
    assert (series.num_looks, series.num_reads, series.replicas) == (2, 2, 4)
    assert (series.beta, series.gamma, series.products.shape) == (2.0, 0.8, (2, 2, 0))
    assert (info["seed"], info["burn_in"], info["every"]) == (1, 4, 3)
    assert info["updates"] == 2 * 4 * 5 * 10 and info["stop_reason"] == "completed"


def test_reads_cut_short_are_left_out():
    options = {"replicas": 8, "num_sweeps": 10**6, "every": 1000, "seed": 1, "num_threads": 1}
    control = Control(time_limit_s=0.2, clock=FakeClock())
    with pytest.raises(ValueError, match="no read came to its end; raise the time limit"):
        measure_slices(chain(200), *POINT, num_reads=10, control=control, **options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"gamma": 0.0}, ValueError, "gamma must be > 0 and finite for slices, got 0.0; slices"),
        ({"gamma": np.ones(3)}, ValueError, r"gamma must be one number .*; worldlines take one a"),
        ({"gamma": "x"}, TypeError, "gamma must be a number"),
        ({"beta": np.inf}, ValueError, "beta must be > 0 and finite"),
        ({"beta": None}, TypeError, "beta must be a number"),
        ({"replicas": 0}, ValueError, "replicas must be >= 1"),
        ({"burn_in": 10}, ValueError, "burn_in must be < num_sweeps = 10"),
        ({"every": 0}, ValueError, "every must be >= 1"),
        ({"pairs": "x"}, ValueError, "pairs must be 'edges', 'all', an array or None"),
        ({"pairs": [[0], [3]]}, ValueError, "pairs must be indices from 0 to"),
        ({"num_reads": 2**22, "num_sweeps": 2**22}, MemoryError, "looks at .* reads need about"),
        ({"model": IsingModel([], np.zeros((0, 0)))}, ValueError, "must have a spin"),
        ({"model": PolynomialModel.from_terms({(0, 1, 2): 1.0})}, TypeError, "an IsingModel"),
    ],
)
def test_bad_input_is_refused(options, error, message):
    given = {"model": ring(3), "gamma": 1.0, "beta": 1.0, "replicas": 4, "num_sweeps": 10}
    with pytest.raises(error, match=message):
        measure_slices(**(given | options))
