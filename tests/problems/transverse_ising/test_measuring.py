"""Quantum Ising models measured: by worldlines, by slices of p-bits and on a chip.

Reads are independent, so that Hotelling's T^2 puts all their deviations from exact averages
together, correlated as they are. A sound sampler fails a case at 1e-6, up to how far the mean of
some hundred reads is from a normal one; fields 5 % off and slices taken for continuous time fail.
"""

import numpy as np
import pytest
from scipy.stats import f

import pbit
from pbit import IsingModel, PolynomialModel
from pbit.exact.quantum import fidelity_susceptibility, replicated, thermal
from pbit.problems.transverse_ising import TransverseIsing, chain, ring

ALPHA = 1e-6
FIELDS = IsingModel([0.3, -0.7, 0.0], [[0, 0.9, 0], [0.9, 0, -0.4], [0, -0.4, 0]], offset=1.5)
TERMS = PolynomialModel.from_terms({(0, 1, 2): 1.0, (0, 3): -0.5, (2,): 0.4}, offset=-0.25)
MODELS = {
    "ring": (ring(6), 1.0, 1.0),
    "fields": (FIELDS, np.array([0.5, 1.0, 2.0]), 1.5),
    "many spins": (TERMS, 0.8, 1.0),
}


def p_value(averages, exact):
    """Of the energy and its parts, <sigma^z> of all sites, m^2, m^4, and the mean over time."""
    series = averages.series
    share = series.bin_looks / series.num_looks
    names = ("energy", "transverse", "m2", "m4", "path_m2")
    columns = [series[name].mean(axis=0)[:, None] for name in names]
    reads = np.hstack([*columns, np.einsum("b,bri->ri", share, series.spins)])
    transverse = float(np.sum(series.gamma * exact.sigma_x))
    parts = (exact.energy + transverse, transverse, exact.m2, exact.m4)
    target = [*parts, exact.susceptibility / series.beta, *exact.sigma_z]
    count, p = reads.shape
    off = reads.mean(axis=0) - target
    t2 = count * off @ np.linalg.solve(np.cov(reads.T), off)
    return float(f.sf(t2 * (count - p) / (p * (count - 1)), p, count - p))


def measured(name, **options):
    model, gamma, beta = MODELS[name]
    options = {"num_sweeps": 300, "burn_in": 100, "num_reads": 300, "seed": 1} | options
    return TransverseIsing.of(model, gamma).measure(beta, **options)


# --- laws


@pytest.mark.parametrize("name", MODELS)
def test_worldlines(name):
    model, gamma, beta = MODELS[name]
    found = measured(name)
    assert p_value(found, thermal(model, gamma, beta)) > ALPHA
    assert p_value(found, thermal(model, 1.05 * np.asarray(gamma), beta)) < ALPHA
    assert (found.info["method"], found.info["replicas"]) == ("worldlines", None)
    assert found.info["trotter_error"] == 0.0


@pytest.mark.parametrize("name", MODELS)
def test_worldlines_in_slices(name):
    model, gamma, beta = MODELS[name]
    found = measured(name, replicas=3)
    assert p_value(found, replicated(model, gamma, beta, replicas=3)) > ALPHA
    assert p_value(found, thermal(model, gamma, beta)) < ALPHA
    assert found.info["replicas"] == 3 and found.info["trotter_error"] > 0


@pytest.mark.parametrize(
    ("name", "method"), [*((name, "p-bits") for name in MODELS), ("ring", "slices")]
)
def test_p_bits(name, method):
    model, gamma, beta = MODELS[name]
    found = measured(name, method=method, replicas=3)
    assert p_value(found, replicated(model, gamma, beta, replicas=3)) > ALPHA
    assert p_value(found, thermal(model, gamma, beta)) < ALPHA
    assert found.series.states.shape == (300, 3, model.num_spins)


def test_an_ideal_chip():
    """Its p-bits have the law of the slices, and time of their own."""
    model, gamma, beta = MODELS["fields"]
    found = measured("fields", hardware=pbit.Hardware(), replicas=3, num_reads=150)
    assert p_value(found, replicated(model, gamma, beta, replicas=3)) > ALPHA
    assert p_value(found, thermal(model, gamma, beta)) < ALPHA
    assert found.info["method"] == "p-bits" and found.info["hardware"]["updates"] > 0


@pytest.mark.parametrize("method", ["worldlines", "slices", "p-bits"])
def test_pairs(method):
    """Five standard errors of 300 reads, two numbers: 2e-6."""
    pairs = [[0, 0, 1], [1, 2, 1]]
    found = measured("ring", pairs=pairs, method=method, replicas=4).correlations
    exact = replicated(*MODELS["ring"], replicas=4).correlations[tuple(pairs)]
    assert np.all(np.abs(found.value - exact)[:2] < 5 * found.error[:2])
    assert (found.value[2], found.error[2]) == (1.0, 0.0)


@pytest.mark.parametrize("name", ["ring", "fields"])
def test_fidelity_susceptibility(name):
    """Five standard errors of 300 reads; without the part that is taken off it is another."""
    model, gamma, beta = MODELS[name]
    averages = measured(name, num_sweeps=600)
    found, exact = averages.fidelity_susceptibility, fidelity_susceptibility(model, gamma, beta)
    assert abs(found.value - exact) < 5 * found.error < exact
    whole = averages.series["kinks_both"].mean() / (2 * (gamma if name == "ring" else 1.0) ** 2)
    assert abs(whole - exact) > 20 * found.error


@pytest.mark.parametrize(
    ("gamma", "options", "message"),
    [
        (1.0, {"replicas": 4}, "replicas must be None, continuous time, for the fidelity"),
        (0.0, {}, "gamma must be > 0 for the fidelity susceptibility, got 0.0"),
    ],
)
def test_no_fidelity_susceptibility(gamma, options, message):
    few = {"num_sweeps": 2, "num_reads": 2, "seed": 1}
    averages = TransverseIsing.of(chain(3), gamma).measure(1.0, **few, **options)
    with pytest.raises(ValueError) as refused:
        averages.fidelity_susceptibility  # noqa: B018
    assert str(refused.value).startswith(message)


# --- what is chosen, what is the same


def test_automatic_replicas():
    quantum = TransverseIsing.of(chain(3), 1.0)
    options = {"num_sweeps": 2, "num_reads": 2, "seed": 1}
    assert quantum.measure(1.0, **options).info["replicas"] is None
    coarse = quantum.measure(1.0, method="p-bits", trotter_error=0.1, **options).info
    fine = quantum.measure(1.0, method="p-bits", trotter_error=0.001, **options).info
    assert (coarse["replicas"], fine["replicas"]) == (4, 32)
    assert 0.001 < coarse["trotter_error"] <= 0.1 and fine["trotter_error"] <= 0.001
    assert quantum.measure(1.0, replicas=np.inf, **options).info["replicas"] is None


def test_models_and_fields_are_what_they_are_given_as():
    quantum = TransverseIsing([0.0, 0.5], [[0, 1.0], [1.0, 0]], 2)
    assert quantum == TransverseIsing.of(IsingModel([0.0, 0.5], [[0, 1.0], [1.0, 0]]), 2.0)
    assert type(quantum.gamma) is float and quantum.num_spins == 2
    bqm = pbit.IsingModel([0.0, 0.5], [[0, 1.0], [1.0, 0]]).to_bqm()
    assert TransverseIsing.of(bqm, 2.0).model.h.tolist() == [0.0, 0.5]


@pytest.mark.parametrize("method", ["worldlines", "slices", "p-bits"])
def test_seeds(method):
    runs = [
        measured("ring", method=method, replicas=4, num_sweeps=4, num_reads=8, burn_in=0, **each)
        for each in ({"num_threads": 1}, {"num_threads": 2}, {"seed": 2}, {"first_read": 8})
    ]
    values = [run.series.values for run in runs]
    assert np.array_equal(values[0], values[1])
    assert not np.array_equal(values[0], values[2]) and not np.array_equal(values[0], values[3])


# --- bad input


@pytest.mark.parametrize(
    ("gamma", "error", "message"),
    [
        (-1.0, ValueError, "gamma must be finite and >= 0, got -1.0; its sign changes that of"),
        ([1.0, 2.0, np.nan], ValueError, "gamma must be finite and >= 0, got nan"),
        (np.inf, ValueError, "gamma must be finite and >= 0, got inf"),
        ([1.0, 2.0], ValueError, r"gamma must be one number, .* 3 spins, got float64 of shape \(2"),
        ("strong", ValueError, "gamma must be one number, or one for each of 3 spins"),
        (True, ValueError, "gamma must be one number, or one for each of 3 spins, got bool"),
    ],
)
def test_fields_that_are_refused(gamma, error, message):
    with pytest.raises(error, match=message):
        TransverseIsing.of(chain(3), gamma)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"beta": 0}, ValueError, "beta must be > 0 and finite, got 0; a large one shows the"),
        ({"beta": -1.0}, ValueError, "beta must be > 0 and finite, got -1.0"),
        ({"beta": np.inf}, ValueError, "beta must be > 0 and finite, got inf"),
        ({"beta": np.nan}, ValueError, "beta must be > 0 and finite, got nan"),
        ({"beta": "cold"}, TypeError, "beta must be a number, got 'cold'"),
        ({"beta": 1e6}, ValueError, "gamma must be <= 65536 / beta, got beta gamma = 1000000.0"),
        ({"replicas": 0}, ValueError, "replicas must be >= 1, got 0"),
        ({"replicas": 2**21}, ValueError, "replicas must be <= 1048576, got 2097152"),
        ({"replicas": 1.5}, TypeError, "replicas must be an integer, got 1.5"),
        ({"replicas": "many"}, TypeError, "replicas must be an integer, got 'many'"),
        ({"method": "exact"}, ValueError, "method must be one of auto, worldlines, slices, p-bits"),
        (
            {"method": "p-bits", "replicas": None},
            ValueError,
            "replicas must be finite with p-bits, got None; give a number of slices, or leave it",
        ),
        (
            {"method": "worldlines", "hardware": pbit.Hardware()},
            ValueError,
            "method must be 'p-bits' on a chip, got 'worldlines'",
        ),
        (
            {"method": "p-bits", "trotter_error": 0.0},
            ValueError,
            "trotter_error must be > 0 and finite, got 0.0",
        ),
        ({"pairs": [[0, 1]]}, ValueError, r"pairs must be integers of shape \(2, m\)"),
        ({"pairs": [[0.5], [1.0]]}, ValueError, "pairs must be integers"),
        ({"pairs": [[0], [3]]}, ValueError, "pairs must be indices from 0 to 2, got 3"),
        ({"num_sweeps": 0}, ValueError, "num_sweeps must be >= 1, got 0"),
        ({"num_sweeps": 5, "burn_in": 5}, ValueError, "burn_in must be <= 4, got 5"),
        ({"num_reads": 0}, ValueError, "num_reads must be >= 1, got 0"),
        ({"every": 0}, ValueError, "every must be >= 1, got 0"),
    ],
)
def test_measurements_that_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        TransverseIsing.of(chain(3), 1.0).measure(**({"beta": 1.0} | options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pairs": [[0], [-1]]}, "pairs must be indices from 0 to 2, got -1"),
        ({"num_sweeps": 5, "burn_in": 5}, "burn_in must be <= 4, got 5"),
        ({"num_sweeps": 0}, "num_sweeps must be >= 1, got 0"),
    ],
)
def test_p_bits_refuse_alike(options, message):
    for method in ("p-bits", "slices"):
        with pytest.raises(ValueError, match=message):
            TransverseIsing.of(chain(3), 1.0).measure(1.0, method=method, **options)


def test_networks_without_an_energy_are_refused():
    directed = pbit.DirectedModel([0.0, 0.0], [[0, 1.0], [0, 0]])
    with pytest.raises(TypeError, match="must be an IsingModel or a PolynomialModel, got Directed"):
        TransverseIsing.of(directed, 1.0)


def test_slices_need_one_field():
    quantum = TransverseIsing.of(chain(3), [1.0, 2.0, 1.0])
    with pytest.raises(ValueError, match=r"gamma must be one number for slices, .*; worldlines"):
        quantum.measure(1.0, method="slices", replicas=4)
