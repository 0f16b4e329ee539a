"""Oscillators from tuning curves: exact ones back, errors that are what they say, bad tables."""

import math

import numpy as np
import pytest

from cases import some
from pbit.devices.oscillator import (
    AutoOscillator,
    emitted_power_W,
    fit_oscillator,
    linewidth_Hz,
    preset,
)

TRUE = preset("vortex").oscillator
CURRENTS = np.linspace(3.3e-3, 9e-3, 15)
EXACT = {
    "frequency_Hz": TRUE.frequency_at_Hz(CURRENTS),
    "power_W": emitted_power_W(TRUE, CURRENTS),
    "linewidth_Hz": linewidth_Hz(TRUE, CURRENTS),
}
ERRORS = {
    "frequency_Hz": 1e4,
    "power_W": 0.02 * EXACT["power_W"],
    "linewidth_Hz": 0.03 * EXACT["linewidth_Hz"],
}


def noisy(seed):
    rng = np.random.default_rng(seed)
    return {name: EXACT[name] + rng.normal(size=15) * ERRORS[name] for name in EXACT}


@pytest.mark.parametrize("name", ["vortex", "uniform"])
def test_exact_curves_come_back(name):
    true = preset(name).oscillator
    currents = np.linspace(1.1, 3, 12) * true.threshold_A
    found = fit_oscillator(
        currents,
        true.frequency_at_Hz(currents),
        power_W=emitted_power_W(true, currents, load_ohm=100),
        linewidth_Hz=linewidth_Hz(true, currents),
        load_ohm=100,
    )
    for field, value in vars(true).items():
        assert getattr(found.oscillator, field) == pytest.approx(value, rel=1e-6), field
    assert set(found.errors) == set(vars(true))
    assert found.degrees_of_freedom == 29 and math.isnan(found.p_value) and found.holds


@pytest.mark.parametrize("errors", some([ERRORS, None], ERRORS))
def test_errors_are_what_they_say(errors):
    """Four noisy curves: standardised deviations of seven fields have a mean square of about 1,
    which four independent ones a curve would miss by a factor of 2.5 in 1e-3 of cases."""
    scores = []
    for seed in range(4):
        found = fit_oscillator(CURRENTS, **noisy(seed), errors=errors)
        scores += [
            (getattr(found.oscillator, name) - getattr(TRUE, name)) / error
            for name, error in found.errors.items()
        ]
        assert errors is None or found.p_value > 1e-6 / 4
    assert 0.4 < np.mean(np.square(scores)) < 2.5


def test_what_is_known_takes_the_place_of_columns():
    by_threshold = fit_oscillator(
        CURRENTS, EXACT["frequency_Hz"], linewidth_Hz=EXACT["linewidth_Hz"], threshold_A=3e-3
    )
    assert by_threshold.oscillator.damping_Hz == pytest.approx(4e5, rel=1e-5)
    assert "threshold_A" not in by_threshold.errors and "signal_V" not in by_threshold.errors
    by_damping = fit_oscillator(
        CURRENTS, EXACT["frequency_Hz"], power_W=EXACT["power_W"], damping_Hz=4e5
    )
    assert by_damping.oscillator.nonlinear_damping == pytest.approx(0.5, rel=1e-5)
    assert by_damping.oscillator.noise_Hz == 0


def test_another_law_fails():
    bent = EXACT["frequency_Hz"] + 2e5 * np.sin(CURRENTS * 4e3)
    found = fit_oscillator(CURRENTS, **EXACT | {"frequency_Hz": bent}, errors=ERRORS)
    assert not found.holds and found.scale > 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"power_W": None}, "threshold_A must be given without power_W, got None; nothing else"),
        ({"linewidth_Hz": None}, "damping_Hz must be given without linewidth_Hz"),
        ({"frequency_Hz": EXACT["frequency_Hz"][:3]}, r"frequency_Hz must be 15, one a current"),
        ({"power_W": np.zeros(15)}, "power_W must be finite and > 0, got 0; leave out rows where"),
        ({"current_A": [1e-3] * 15}, "current_A must have at least 4 different values"),
        ({"current_A": [[1e-3]]}, r"current_A must be one row of numbers, got shape \(1, 1\)"),
        ({"threshold_A": 4e-3}, r"threshold_A must be below all currents, < 0\.0033, got 0\.004"),
        ({"errors": {"width": 1.0}}, "errors must be of frequency_Hz, power_W, linewidth_Hz, got"),
        ({"errors": {"power_W": -1.0}}, r"errors\['power_W'\] must be finite and > 0"),
        ({"damping_Hz": 0.0}, "damping_Hz must be a finite number > 0"),
        ({"load_ohm": 0.0}, "load_ohm must be a finite number > 0"),
    ],
)
def test_tables_that_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        fit_oscillator(**{"current_A": CURRENTS, **EXACT} | changes)


def test_a_line_that_does_not_narrow_tells_no_damping():
    flat = AutoOscillator(
        frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e3, threshold_A=3e-3, noise_Hz=4e3
    )
    with pytest.raises(ValueError, match=r"the data do not determine damping_Hz: .* or give damp"):
        fit_oscillator(
            CURRENTS,
            flat.frequency_at_Hz(CURRENTS),
            power_W=EXACT["power_W"],
            linewidth_Hz=linewidth_Hz(flat, CURRENTS),
            errors=ERRORS | {"linewidth_Hz": 0.03 * linewidth_Hz(flat, CURRENTS)},
        )
