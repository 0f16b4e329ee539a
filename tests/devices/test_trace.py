"""Dwell times of raw traces: those of simulated telegraphs come back, however coarsely looked at.

z-scores of 200 independent traces a case, whose sum of squares is chi-square with 200 degrees of
freedom, tested at both ends at 1e-6 / 16. Control: plain means, which miss short dwells, fail where
the exact law says that they are more than a few errors off.
"""

import math

import numpy as np
import pytest
from scipy.stats import chi2

from pbit.devices.fitting.fit import fit_junction
from pbit.devices.fitting.trace import dwells_of_trace
from pbit.devices.laws.telegraph_law import dwell_times_s
from pbit.devices.mtj import Junction
from pbit.devices.telegraph import sampled

TRUE = Junction(8.0, asymmetry=0.05)
P_S, AP_S = (float(dwell) for dwell in dwell_times_s(TRUE, 0.0))
TRACES, CYCLES, ALPHA = 200, 400, 1e-6 / 16


def traces(step_s, *, current_A=0.0, count=TRACES, noise=0.5, seed=1):
    """Resistances in kohm: 5 in P, 10 in AP."""
    steps = int(CYCLES * (P_S + AP_S) / step_s)
    states = sampled(TRUE, current_A, step_s=step_s, num_steps=steps, num_reads=count, seed=seed)
    rng = np.random.default_rng(seed)
    return states, np.where(states > 0, 5.0, 10.0) + rng.normal(0, noise, states.shape)


def tails(z):
    squares = (np.array(z) ** 2).sum(axis=0)
    return np.minimum(chi2.cdf(squares, len(z)), chi2.sf(squares, len(z))).min()


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.6])
def test_dwell_times_come_back(share):
    step = share * P_S
    _, signals = traces(step)
    found = [dwells_of_trace(signal, step_s=step) for signal in signals]
    z = [(math.log(each.dwell_P_s / P_S) / each.error_P,
          math.log(each.dwell_AP_s / AP_S) / each.error_AP) for each in found]  # fmt: skip
    assert tails(z) > ALPHA
    w = 1 / P_S + 1 / AP_S
    assert np.mean([each.bias for each in found]) == pytest.approx(w * step / 2, rel=0.05)
    assert found[0].noise == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_control_plain_means_are_too_long(share):
    """By the exact law: T / a in place of 1 / w_P, where (1 - exp(-wT)) w_P / w = a."""
    step = share * P_S
    states, signals = traces(step)
    found = [dwells_of_trace(signal, step_s=step) for signal in signals]
    plain = [np.count_nonzero(row[:-1] > 0) * step / each.exits_P
             for row, each in zip(states, found, strict=True)]  # fmt: skip
    assert tails([[math.log(p / P_S) / each.error_P] for p, each in zip(plain, found, strict=True)]
                 ) < ALPHA  # fmt: skip
    w = 1 / P_S + 1 / AP_S
    exact = step * w * P_S / -math.expm1(-w * step)
    assert np.mean(plain) == pytest.approx(exact, rel=0.02)


def test_the_first_and_the_last_dwell_are_cut():
    """States without noise: looks at P that are followed by one, and how many of them leave it."""
    signal = np.repeat([1.0, 2.0, 1.0, 2.0], [7, 3, 5, 4])
    found = dwells_of_trace(signal, step_s=0.5)
    a, b = 2 / 12, 1 / 6
    w = -math.log(1 - a - b) / 0.5
    assert (found.exits_P, found.exits_AP) == (2, 1)
    assert found.dwell_P_s == pytest.approx((a + b) / (w * a), rel=1e-12)
    assert found.dwell_AP_s == pytest.approx((a + b) / (w * b), rel=1e-12)
    other = dwells_of_trace(signal, step_s=0.5, P_is_high=True)
    assert (other.dwell_P_s, other.level_P) == (found.dwell_AP_s, 2.0)


def test_noise_between_the_thresholds_switches_nothing():
    near = [1.4, 1.6, 1.0]  # on both sides of the middle, within a sixth of it
    signal = np.tile([*[1.0] * 20, *near, *[2.0] * 20, 1.6, 1.4, 2.0], 4)
    found = dwells_of_trace(signal, step_s=1.0)
    assert (found.exits_P, found.exits_AP) == (4, 3)


def test_from_traces_to_the_junction():
    """At five currents: critical current and stray field within five errors."""
    currents, step = np.linspace(-1e-6, 1e-6, 5), 0.1 * P_S
    found = [dwells_of_trace(traces(step, current_A=current, count=1, seed=k)[1][0], step_s=step)
             for k, current in enumerate(currents)]  # fmt: skip
    P, AP, counts = zip(*((f.dwell_P_s, f.dwell_AP_s, f.num_dwells) for f in found), strict=True)
    fit = fit_junction(currents, P, AP, num_dwells=counts)
    assert fit.holds
    assert abs(math.log(fit.junction.tau_s / TRUE.tau_s)) < 5 * fit.errors["tau_s"]
    gain = fit.junction.pbit_gain_per_A / TRUE.pbit_gain_per_A - 1
    assert abs(gain) < 5 * fit.errors["pbit_gain_per_A"]


GOOD = np.repeat([1.0, 2.0, 1.0, 2.0, 1.0], 4)


@pytest.mark.parametrize(
    ("signal", "options", "message"),
    [
        ([1.0, 2.0], {}, "at least 8 finite numbers"),
        ([*GOOD, np.nan], {}, "at least 8 finite numbers"),
        ("x", {}, "signal must be a number or an array of numbers"),
        (GOOD, {"step_s": 0.0}, "step_s must be > 0 s"),
        (GOOD, {"step_s": "1 us"}, "step_s must be a number, got '1 us'"),
        (GOOD, {"P_is_high": "x"}, "P_is_high must be True or False"),
        (np.random.default_rng(0).normal(size=1000), {}, "two levels .*low-pass or average it"),
        (np.ones(20), {}, "two levels"),
        (np.repeat([1.0, 2.0], 10), {}, "must leave both states, got 1 exits from P, 0 from AP"),
        (np.tile([1.0, 2.0], 10), {}, "must be well below the dwell times, .*; sample faster"),
    ],
)
def test_refusals(signal, options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        dwells_of_trace(signal, **{"step_s": 1.0, **options})
