"""Junctions from dwell times: known ones come back, with errors that mean what they say.

False alarms: z-scores of 60 independent data sets a case, whose sum of squares is chi-square with
60 degrees of freedom, tested at both ends at 1e-6 / 10. Power: errors a factor 1.7 off fail.

Whether a fit holds: of data sets that follow the law 1 in 500 does not, so that more than 7 of 300
and more than 5 of 150 that do not have a probability below 1e-6; those of heated junctions, of VCMA
and of another exponent are told by name, in 30 of 30 cases each, and so are two of them at once.
Heating with n = 2 fitted by n = 1 looks much like heating with VCMA: both are named.
"""

import math
import warnings
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom, chi2

from cases import some
from pbit.devices.fitting import fit as fitting
from pbit.devices.fitting.agreement import ALPHA as REFUSED
from pbit.devices.fitting.dwell_model import DwellModel
from pbit.devices.fitting.fit import fit_junction
from pbit.devices.mtj import Junction
from pbit.devices.telegraph import telegraph
from pbit.hardware.from_junction import hardware_of_junction

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
        # As the counts alone make them: scaling would mend what the control plants.
        junction = fit.junction
        errors = {key: error / fit.scale for key, error in fit.errors.items()}
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


FREE = {"attempt_frequency_Hz": None}


@pytest.fixture
def junction_alone(monkeypatch):
    """The search for departures takes six times as long as the fit, and changes nothing of it."""
    monkeypatch.setattr(fitting._Fitted, "_findings", lambda self, found, freedom: ())


@pytest.mark.parametrize(
    ("exponent", "options"), some([(1.0, {}), (2.0, {}), (2.0, FREE)], (1.0, {}), (2.0, FREE))
)
def test_known_junctions_come_back(exponent, options, junction_alone):
    assert tails(scores(TRUE[exponent], **options)) > ALPHA


@pytest.mark.parametrize("stretch", some([1.7, 1 / 1.7], 1.7))
def test_control_errors_that_are_off_fail(stretch, junction_alone):
    assert tails(scores(TRUE[1.0], stretch=stretch)) < ALPHA


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


# --- whether the law holds

WIDE = np.linspace(-6e-6, 6e-6, 9)


def dwell_times(exponent=1.0, **departure):
    """Exact ones (2, m) of a junction of tau 8.1 us and a barrier of 9 kT that departs so far."""
    flat = np.zeros((2, WIDE.size))
    law = DwellModel(WIDE / 6e-6, flat, np.ones(WIDE.size), exponent, math.log(1e9))
    return np.exp(law.law(np.array([math.log(8.1e-6), 1.8, 0.27]), **departure))


def fitted(times, seed, *, dwells=DWELLS, stated=DWELLS, **options):
    rng = np.random.default_rng(seed)
    P, AP = rng.gamma(dwells, times / dwells)
    return fit_junction(WIDE, P, AP, num_dwells=stated, **options)


@pytest.mark.parametrize(
    ("sets", "counted"), some([(60, True), (300, True), (300, False)], (60, True))
)
def test_data_that_follow_the_law_hold(sets, counted):
    times = dwell_times()
    fits = [fitted(times, k, stated=DWELLS if counted else None) for k in range(sets)]
    failed = sum(not fit.holds for fit in fits)
    rate = 2 * REFUSED if counted else REFUSED
    assert binom.sf(failed - 1, len(fits), rate) > 1e-6
    assert all(fit.scale >= 1 for fit in fits)
    p_values = np.array([fit.p_value for fit in fits])
    if counted:  # evenly spread
        squares = -2 * np.log(p_values)
        tails = chi2.cdf(squares.sum(), 2 * len(fits)), chi2.sf(squares.sum(), 2 * len(fits))
        assert min(tails) > 1e-6
    else:
        assert np.isnan(p_values).all()


DEPARTURES = {
    "heating": {"heating": 0.15},
    "voltage": {"voltage": 0.3},
    "exponent": {"exponent": 2.0},
}


# Sets without counts go the same way but for the p-value.
@pytest.mark.parametrize(
    ("cause", "stated"),
    some(product(DEPARTURES, [1500, None]), *product(DEPARTURES, [1500])),
)
def test_departures_are_told_by_name(cause, stated):
    times = dwell_times(**DEPARTURES[cause])
    for seed in range(15):
        fit = fitted(times, seed, dwells=1500, stated=stated)
        assert not fit.holds
        found = fit.findings[0]
        strength, error = found.values[cause], found.values["error"]
        assert found.cause == cause and abs(strength - DEPARTURES[cause][cause]) < 6 * error
        assert abs(math.log(found.values["tau_s"] / 8.1e-6)) < 6 * found.values["tau_error"]
        if stated:
            assert found.p_value > 1e-6
            assert fit.scale == pytest.approx(math.sqrt(fit.chi_square / fit.degrees_of_freedom))


TOGETHER = {
    "heating and voltage": {"heating": 0.15, "voltage": 0.3},
    "heating and exponent": {"heating": 0.15, "exponent": 2.0},
    "voltage and exponent": {"voltage": 0.3, "exponent": 2.0},
}


@pytest.mark.parametrize(
    ("causes", "stated"),
    some(
        product(TOGETHER, [1500, None]),
        *product(TOGETHER, [1500]),
    ),
)
def test_departures_that_come_together_are_told_together(causes, stated):
    times = dwell_times(**TOGETHER[causes])
    for seed in range(15):
        fit = fitted(times, seed, dwells=1500, stated=stated)
        named = {found.cause: found for found in fit.findings}
        assert not fit.holds and set(named) <= set(TOGETHER)  # one alone does not tell it
        if causes not in named:
            assert causes == "heating and exponent"
            continue
        found = named[causes]
        for cause, strength in TOGETHER[causes].items():
            error = found.values[f"{cause}_error"]
            assert abs(found.values[cause] - strength) < 6 * error or strength == 2.0
        assert abs(math.log(found.values["tau_s"] / 8.1e-6)) < 6 * found.values["tau_error"]
        assert " and " in found.words and " and " in found.shape
        if stated:
            assert found.p_value > 1e-6


def test_all_three_at_once_do_not_hold():
    times = dwell_times(heating=0.15, voltage=0.3, exponent=2.0)
    for seed in range(10):
        fit = fitted(times, seed, dwells=1500, stated=None)
        assert not fit.holds and " and " in fit.findings[0].cause


def test_few_currents_leave_no_room_for_sets_of_departures():
    """Three currents: three degrees of freedom, two departures at most."""
    times = dwell_times(heating=0.15, voltage=0.3)[:, ::4]
    fit = fit_junction(WIDE[::4], *times, num_dwells=1500)
    assert fit.degrees_of_freedom == 3 and not fit.holds
    assert all(" and " not in found.cause.replace(" and ", "", 1) for found in fit.findings)


def test_the_right_exponent_holds_and_the_wrong_one_does_not():
    times = dwell_times(exponent=2.0)
    for seed in range(10):
        assert fitted(times, seed, dwells=1500, stated=1500, barrier_exponent=2.0).p_value > 1e-6
        gain = fitted(times, seed, dwells=1500, stated=1500).findings[0].values["pbit_gain_per_A"]
        assert gain == pytest.approx(2 * 1.8 / 6e-6, rel=0.1)


@pytest.mark.slow
def test_scatter_larger_than_the_counts_say_is_no_shape():
    """Counts nine times too large: chi-square fails, errors are scaled by 3, no cause is named."""
    times = dwell_times()
    fits = [fitted(times, seed, stated=9 * DWELLS) for seed in range(50)]
    assert np.mean([fit.p_value < REFUSED for fit in fits]) > 0.95  # by theory 99.7 %
    named = sum(bool(fit.findings) for fit in fits)
    assert binom.sf(named - 1, len(fits), REFUSED) > 1e-6
    assert np.mean([fit.scale for fit in fits]) == pytest.approx(3, rel=0.1)
    z = np.array([math.log(fit.junction.tau_s / 8.1e-6) / fit.errors["tau_s"] for fit in fits])
    assert 0.5 < (z**2).mean() < 2  # Student's t with 15 degrees of freedom: 1.15 +- 0.18


def test_the_heated_junction_of_an_audit():
    """+15 % at 6 uA; 8.103 us at rest, gain .3000 per uA: the law itself finds 4.84 us."""
    heated = np.array([
        [-6.0, 0.525374, 11.9428], [-4.5, 1.17751, 14.0079], [-3.0, 2.42431, 14.0652],
        [-1.5, 4.933, 11.925], [0.0, 7.95585, 7.83833], [1.5, 11.453, 4.77741],
        [3.0, 13.0986, 2.44442], [4.5, 13.5206, 1.13645], [6.0, 11.8153, 0.519397],
    ]).T * 1e-6  # fmt: skip
    fit = fit_junction(*heated, num_dwells=1500)
    assert (fit.chi_square, fit.degrees_of_freedom) == (pytest.approx(4993, rel=1e-3), 15)
    assert fit.p_value < 1e-300 and fit.scale == pytest.approx(18.2, rel=0.01)
    assert abs(math.log(fit.junction.tau_s / 8.103e-6)) < 5 * fit.errors["tau_s"]
    (found,) = fit.findings
    assert (found.cause, found.shape) == ("heating", "even in the current, alike in both states")
    assert found.words.startswith("heating by 15 +- ") and found.p_value > 0.1
    assert found.values["tau_s"] == pytest.approx(8.103e-6, rel=0.02)
    assert found.values["pbit_gain_per_A"] == pytest.approx(0.3e6, rel=0.02)
    with pytest.warns(UserWarning, match="not a junction of this kind .*heating by 15"):
        hardware_of_junction(fit)


def test_a_fit_that_holds_becomes_a_chip_without_a_word():
    fit = fitted(dwell_times(), 0)
    assert fit.verdict.startswith("good: chi-square ")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert hardware_of_junction(fit) == hardware_of_junction(fit.junction)


def test_two_currents_leave_nothing_to_tell_a_shape_by():
    fit = fit_junction([0.0, 1e-6], [2e-6, 4e-6], [2e-6, 1.1e-6], num_dwells=400)
    assert (fit.degrees_of_freedom, fit.findings) == (1, ())
    assert fit.verdict.startswith("good: chi-square")


@pytest.mark.parametrize(
    ("currents", "dwell_P", "dwell_AP"),
    [
        ([0.0, 0.0, 1e-320], [3.8e-6, 1.3e-5, 4.5e-5], [2.6e-5, 1.0, 2.3e-6]),
        ([-1e-6, 0.0, 1e-6], [1.00e-6, 1.02e-6, 1.01e-6], [1.02e-6, 1.00e-6, 1.02e-6]),
    ],
)
def test_gains_that_the_data_do_not_determine(currents, dwell_P, dwell_AP):
    with pytest.raises(ValueError, match="do not determine the gain"):
        fit_junction(currents, dwell_P, dwell_AP, num_dwells=100)
