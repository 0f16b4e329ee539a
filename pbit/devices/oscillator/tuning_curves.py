"""Simulated curves of an oscillator: power and frequency against current, and its spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from pbit.by_value import ByValue
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.linewidth import linewidth_Hz
from pbit.devices.oscillator.oscillator_run import FloatArray
from pbit.devices.oscillator.simulation import simulate
from pbit.devices.oscillator.spectrum import Spectrum, power_spectrum
from pbit.devices.oscillator.stepping import Culprit, check_work, slowed_by, system_of
from pbit.seeds import seed_of, seed_or_fresh

_CURRENTS = 26
_LONG = 600.0  # over Gamma_G: slow near the threshold
_MOST_STEPS = 2_000_000
_MOST_RECORDED = 2.0**30  # steps, of which every 20th is kept
_SAMPLES_A_WIDTH = 32.0  # how fast the spectrum is sampled, in linewidths: wings fold back
_BINS_A_WIDTH = 16.0
_SEGMENTS = 8
_READS = 16  # of the spectrum


@dataclass(frozen=True, eq=False)
class TuningCurve(ByValue):
    """Means over the second half of a run a current.

    Attributes
    ----------
    currents_A, powers, frequencies_Hz : float64, shape (n,)
        Frequencies NaN below threshold.
    """

    currents_A: FloatArray
    powers: FloatArray
    frequencies_Hz: FloatArray


def tuning_curve(
    oscillator: AutoOscillator, highest_A: float, *, seed: int | None = None
) -> TuningCurve:
    """Power and frequency of simulated oscillators, from half of the threshold up.

    Parameters
    ----------
    oscillator : AutoOscillator
        With its noise.
    highest_A : float
    seed : int, optional

    Raises
    ------
    ValueError
        More than 2**30 steps of single oscillators.

    Examples
    --------
    >>> from pbit.devices.oscillator import preset
    >>> tuning = tuning_curve(preset("vortex").oscillator, 6e-3, seed=1)
    >>> bool(tuning.powers[0] < 0.05 < 0.3 < tuning.powers[-1] < 0.5)
    True
    """
    lowest = 0.5 * min(oscillator.threshold_A, highest_A)
    currents = np.linspace(lowest, highest_A, _CURRENTS)
    system = system_of(oscillator, _CURRENTS, currents, None, None)
    duration_s = _LONG / oscillator.damping_rad_s
    culprit = slowed_by(system, Culprit("highest_A", highest_A, "lower it"))
    check_work(system, duration_s, culprit, most=_MOST_RECORDED)
    run = simulate(
        oscillator, duration_s, current_A=currents,
        num_reads=_CURRENTS, initial=np.sqrt(np.maximum(oscillator.power(currents), 1e-4)),
        record_every=20, seed=seed_of(seed_or_fresh(seed), 2),
    )  # fmt: skip
    late = run.times_s[-1] / 2
    found = np.where(currents > oscillator.threshold_A, run.frequencies_Hz(from_s=late), np.nan)
    return TuningCurve(currents, run.power[:, run.times_s >= late].mean(axis=1), found)


def spectrum_at(
    oscillator: AutoOscillator, current_A: float, *, seed: int | None = None
) -> Spectrum | None:
    """Spectrum that shows the line at a current; None where no noise broadens it, or so little
    that to see it would take more than 2 million steps.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, noise_Hz=6.4e4)
    >>> spectrum = spectrum_at(oscillator, 2e-3, seed=1)
    >>> spectrum.density_V2_Hz.shape, spectrum_at(oscillator, 0.5e-3) is None
    ((16, 512), True)
    """
    width = float(linewidth_Hz(oscillator, current_A))
    if not width > 0:
        return None
    settle = 5 / float(oscillator.relaxation_rate_s(current_A))
    common: dict[str, Any] = {
        "current_A": current_A,
        "num_reads": _READS,
        "seed": seed_of(seed_or_fresh(seed), 3),
    }
    rest = simulate(oscillator, settle, **common)
    step_s = rest.info["time_step_s"]
    every = max(1, int(1 / (_SAMPLES_A_WIDTH * width) / step_s))
    segment = int(_SAMPLES_A_WIDTH * _BINS_A_WIDTH)
    steps = int(every * segment * _SEGMENTS)
    if steps > _MOST_STEPS:
        return None
    run = simulate(
        oscillator, steps * step_s, initial=rest.amplitudes[:, -1], record_every=every,
        first_step=rest.info["num_steps"], time_step_s=step_s, **common,
    )  # fmt: skip
    return power_spectrum(run, segment=segment)


class TuningPicture(NamedTuple):
    """What is drawn of an oscillator."""

    tuning: TuningCurve
    spectrum: Spectrum | None


def tuning_picture(
    oscillator: AutoOscillator,
    current_A: float,
    *,
    highest_A: float = 0.0,
    seed: int | None = None,
) -> TuningPicture:
    """Both, the curve up to a quarter beyond the current, or to a higher one.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5)
    >>> tuning_picture(oscillator, 2e-3).spectrum is None  # no noise
    True
    """
    return TuningPicture(
        tuning_curve(oscillator, max(1.25 * current_A, highest_A), seed=seed),
        spectrum_at(oscillator, current_A, seed=seed),
    )
