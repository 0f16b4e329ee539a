"""Junctions from dwell times: known ones come back, with errors that mean what they say.

False alarms: z-scores of 60 independent data sets a case, whose sum of squares is chi-square with
60 degrees of freedom, tested at both ends at 1e-6 / 10. Power: errors a factor 1.7 off fail.
"""

import math

import numpy as np
import pytest
from scipy.stats import chi2

from pbit.devices.fitting.fit import fit_junction
from pbit.devices.mtj import Junction
from pbit.devices.telegraph import telegraph

ALPHA = 1e-6 / 10
SETS, DWELLS = 60, 400
CURRENTS = np.linspace(-4e-6, 4e-6, 9)
TRUE = {
    1.0: Junction(7.0, critical_current_A=2e-5, asymmetry=0.04),
    2.0: Junction(7.0, critical_current_A=2e-5, asymmetry=0.04, barrier_exponent=2.0),
}


def measured(junction, seed):
    """Mean dwell times as an experimenter has them: of so many exponential dwells."""
    rng = np.random.default_rng(seed)
    rates = junction.rates_Hz(CURRENTS)
    return [rng.gamma(DWELLS, 1 / (rate * DWELLS)) for rate in rates]


def scores(true, stretch=1.0, **options):
    rows = []
    for seed in range(SETS):
        fit = fit_junction(
            CURRENTS,
            *measured(true, seed),
            num_dwells=DWELLS / stretch**2,
            barrier_exponent=true.barrier_exponent,
            **options,
        )
        junction, errors = fit.junction, fit.errors
        row = [
            math.log(junction.tau_s / true.tau_s) / errors["tau_s"],
            (junction.pbit_gain_per_A / true.pbit_gain_per_A - 1) / errors["pbit_gain_per_A"],
            float(junction.pbit_input(0.0) - true.pbit_input(0.0)) / errors["offset"],
        ]
        if "barrier" in errors:
            row.append((junction.barrier - true.barrier) / errors["barrier"])
        rows.append(row)
    return np.array(rows)


def tails(z):
    squares = (z**2).sum(axis=0)
    return np.minimum(chi2.cdf(squares, SETS), chi2.sf(squares, SETS)).min()


@pytest.mark.parametrize(
    ("exponent", "options"), [(1.0, {}), (2.0, {}), (2.0, {"attempt_frequency_Hz": None})]
)
def test_known_junctions_come_back(exponent, options):
    assert tails(scores(TRUE[exponent], **options)) > ALPHA


def test_control_errors_that_are_off_fail():
    assert tails(scores(TRUE[1.0], stretch=1.7)) < ALPHA
    assert tails(scores(TRUE[1.0], stretch=1 / 1.7)) < ALPHA


def test_a_simulated_telegraph_is_fitted():
    """The whole way: traces, their dwell times, the junction; 5 standard errors."""
    true = TRUE[1.0]
    dwells, counts = ([], []), []
    for k, current in enumerate(CURRENTS):
        trace = telegraph(true, current, duration_s=300 * true.tau_s, num_reads=4, seed=k)
        both = [trace.dwell_times_s(state) for state in (1, -1)]
        for means, times in zip(dwells, both, strict=True):
            means.append(times.mean())
        counts.append(min(times.size for times in both))
    fit = fit_junction(CURRENTS, *dwells, num_dwells=counts)
    assert abs(math.log(fit.junction.tau_s / true.tau_s)) < 5 * fit.errors["tau_s"] + 0.01
    gain = fit.junction.pbit_gain_per_A / true.pbit_gain_per_A - 1
    assert abs(gain) < 5 * fit.errors["pbit_gain_per_A"]


def test_errors_from_residuals_without_counts():
    fit = fit_junction(CURRENTS, *measured(TRUE[1.0], 0))
    counted = fit_junction(CURRENTS, *measured(TRUE[1.0], 0), num_dwells=DWELLS)
    assert math.isnan(fit.chi_square)
    assert fit.junction.barrier == pytest.approx(counted.junction.barrier, rel=1e-9)
    assert 0.4 < fit.errors["tau_s"] / counted.errors["tau_s"] < 2.5


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"dwell_P_s": [1.0]}, ValueError, "must have one length"),
        ({"dwell_P_s": [1.0, 0.0, 1.0]}, ValueError, "dwell times must be > 0 s"),
        ({"currents_A": [0.0, 0.0, 0.0]}, ValueError, "at least 2 different values"),
        ({"num_dwells": 0}, ValueError, "num_dwells must be >= 1"),
        ({"attempt_frequency_Hz": None}, ValueError, "attempt_frequency_Hz must be given"),
        ({"barrier": 3.0}, TypeError, "barrier is what the fit finds"),
        ({"dwell_P_s": [3.0, 2.0, 1.0], "dwell_AP_s": [1.0, 2.0, 3.0]}, ValueError,
         "no junction fits"),
        ({"attempt_frequency_Hz": 1e-3}, ValueError, "no junction fits"),
    ],
)  # fmt: skip
def test_refusals(change, error, message):
    good = {
        "currents_A": [-1e-6, 0.0, 1e-6],
        "dwell_P_s": [1e-6, 2e-6, 4e-6],
        "dwell_AP_s": [4e-6, 2e-6, 1e-6],
    }
    with pytest.raises(error, match=message):
        fit_junction(**{**good, **change})
