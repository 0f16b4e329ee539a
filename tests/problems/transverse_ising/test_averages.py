"""Averages of a made-up series: every estimator, its error, functions of averages."""

import numpy as np
import pytest

from pbit.problems.transverse_ising import QuantumAverages
from pbit.samplers.imaginary_time.series import COLUMNS, ImaginaryTimeSeries, bin_sizes

N, BETA = 3, 2.0


def made(*, looks=40, reads=10, replicas=4, gamma=0.7, apart=None, seed=1):
    """Random entries of the right shapes: nothing that a model could show."""
    rng = np.random.default_rng(seed)
    sizes = bin_sizes(looks)
    return ImaginaryTimeSeries(
        COLUMNS,
        rng.normal(1.0, 0.3, (looks, reads, len(COLUMNS))),
        sizes,
        rng.normal(size=(sizes.size, reads, N)),
        rng.uniform(size=(sizes.size, reads, N)),
        rng.normal(size=(sizes.size, reads, 2)),
        np.array([[0, 1], [1, 2]], np.int32),
        BETA,
        gamma,
        replicas,
        np.ones((reads, 8, N), np.int8),
        {"method": "worldlines"},
        apart,
    )


def averages(**options):
    series = made(**options)
    return QuantumAverages(series, dict(series.info))


def of(column, series):
    return series[column].mean(axis=0)


def mean_and_error(reads):
    return reads.mean(axis=0), reads.std(axis=0, ddof=1) / np.sqrt(len(reads))


def check(found, value, error):
    np.testing.assert_allclose(found.value, value, rtol=1e-12)
    np.testing.assert_allclose(found.error, error, rtol=1e-12)


# --- estimators; reads are independent, so their spread is the error


def test_means_of_columns():
    found, series = averages(), made()
    assert (found.num_spins, found.beta) == (N, BETA)
    for name in ("m", "abs_m", "m2", "m4"):
        check(getattr(found, name), *mean_and_error(of(name, series)))
    energy = mean_and_error(of("energy", series) - of("transverse", series))
    check(found.energy, *energy)
    check(found.energy_per_spin, energy[0] / N, energy[1] / N)


def test_sites_and_pairs():
    found, series = averages(looks=35), made(looks=35)
    share = bin_sizes(35) / 35
    check(found.sigma_z, *mean_and_error(np.einsum("b,bri->ri", share, series.spins)))
    check(found.correlations, *mean_and_error(np.einsum("b,brp->rp", share, series.products)))
    assert found.correlations.value.shape == (2,)


@pytest.mark.parametrize("gamma", [0.7, np.array([0.5, 1.0, 3.0])])
def test_sigma_x_of_slices(gamma):
    """tanh of a at equal neighbours, coth of it at different ones."""
    found, series = averages(gamma=gamma), made(gamma=gamma)
    tanh = np.tanh(BETA * gamma / 4)
    kinks = np.einsum("b,bri->ri", series.bin_looks / 40, series.kinks)
    reads = (1 - kinks) * tanh + kinks / tanh
    check(found.sigma_x, *mean_and_error(reads))
    check(found.transverse_magnetization, *mean_and_error(reads.mean(axis=1)))


def test_sigma_x_of_continuous_time():
    """Kinks over beta gamma; a site without a field has none."""
    gamma = np.array([0.5, 0.0, 3.0])
    found = averages(replicas=None, gamma=gamma)
    series = made(replicas=None, gamma=gamma)
    kinks = np.einsum("b,bri->ri", series.bin_looks / 40, series.kinks)
    value, error = mean_and_error(kinks[:, [0, 2]] / (BETA * gamma[[0, 2]]))
    check(found.sigma_x, np.insert(value, 1, 0.0), np.insert(error, 1, 0.0))


def jackknife(function, *columns):
    """Read after read left out, each time from scratch."""
    reads = len(columns[0])
    left = [function(*(np.delete(c, k).mean() for c in columns)) for k in range(reads)]
    return function(*(c.mean() for c in columns)), np.sqrt((reads - 1) * np.var(left))


def test_functions_of_averages():
    found, series = averages(), made()
    m, m2, m4, path = (of(name, series) for name in ("m", "m2", "m4", "path_m2"))
    check(found.binder, *jackknife(lambda a, b: 1 - b / (3 * a**2), m2, m4))
    check(found.susceptibility, *jackknife(lambda a, b: N * BETA * (b - a**2), m, path))


def test_the_jackknife_error_is_the_spread_of_repeated_measurements():
    """Binder's cumulant of 500 series of 20 reads: their spread is known to 3.2 %."""
    m = np.random.default_rng(1).normal(size=(500, 20, 400)) + 0.5
    values = np.zeros((500, 1, 20, len(COLUMNS)))
    values[:, 0, :, COLUMNS.index("m2")] = (m**2).mean(axis=2)
    values[:, 0, :, COLUMNS.index("m4")] = (m**4).mean(axis=2)
    found = [averages_of(each).binder for each in values]
    spread = np.std([each.value for each in found], ddof=1)
    told = np.sqrt(np.mean([each.error**2 for each in found]))
    assert told == pytest.approx(spread, rel=0.1)


def averages_of(values):
    series = made(looks=1, reads=values.shape[1])
    names = {name: getattr(series, name) for name in series.__dataclass_fields__}
    return QuantumAverages(ImaginaryTimeSeries(**(names | {"values": values})), {})


# --- few reads: bins


def test_few_reads_are_told_by_their_bins():
    found, series = averages(reads=2), made(reads=2)
    bins = np.add.reduceat(series["m2"], np.r_[0, np.cumsum(series.bin_looks)[:-1]], axis=0)
    blocks = (bins / series.bin_looks[:, None]).ravel()
    assert blocks.size == 32
    check(found.m2, *mean_and_error(blocks))
    assert found.sigma_z.error.shape == (N,)


def test_one_look_at_one_read_has_no_error():
    found = averages(looks=1, reads=1)
    assert found.m2.error == found.binder.error == np.inf
    assert np.all(np.isinf(found.sigma_x.error)) and np.isfinite(found.binder.value)


# --- imaginary time


def decaying(gap, *, reads=10, lags=33, noise=0.0):
    """m(tau) m(0) of one gap; those of sites are another column."""
    times = BETA * np.arange(lags) / (2 * (lags - 1))
    law = 0.3 * np.cosh(gap * (BETA / 2 - times))
    rng = np.random.default_rng(1)
    apart = np.empty((16, reads, 2, lags))
    apart[:, :, 0] = 1.0
    apart[:, :, 1] = law * (1 + noise * rng.normal(size=(1, reads, 1)))
    series = made(apart=apart, reads=reads)
    names = {name: getattr(series, name) for name in series.__dataclass_fields__}
    states = np.ones((reads, 2 * (lags - 1), N), np.int8)
    return QuantumAverages(ImaginaryTimeSeries(**(names | {"states": states})), {}), times, law


def test_correlations_in_imaginary_time():
    found, times, law = decaying(1.3)
    taus, values = found.imaginary_time()
    np.testing.assert_allclose(taus, times)
    np.testing.assert_allclose(values.value, law, rtol=1e-12)
    assert found.imaginary_time("sites")[1].value.tolist() == [1.0] * 33


@pytest.mark.parametrize("gap", [0.4, 1.3, 6.0])
def test_the_gap_is_read_off(gap):
    found = decaying(gap, noise=0.01)[0]
    assert found.gap().value == pytest.approx(gap, rel=1e-5)
    assert found.gap(after=0.5).error < 1e-5


def test_imaginary_time_that_is_refused():
    found = decaying(1.0)[0]
    with pytest.raises(ValueError, match=r"of must be 'm' or 'sites', got 'x'"):
        found.imaginary_time("x")
    with pytest.raises(ValueError, match=r"after must leave 3 of the times up to 1, got 0.99"):
        found.gap(after=0.99)
    with pytest.raises(TypeError, match="after must be a number"):
        found.gap(after="late")
    with pytest.raises(ValueError, match="must be 'worldlines' for correlations in imaginary"):
        averages().imaginary_time()
