"""An oscillator at a current, simulated and by its laws: what a measurement of it would show."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.devices.fitting.estimates import Estimate, mean_of_reads
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.injection import locking_half_bandwidth_Hz
from pbit.devices.oscillator.linewidth import linewidth_Hz
from pbit.devices.oscillator.locking import LockingRange, locking_range
from pbit.devices.oscillator.oscillator_run import AutoOscillatorRun, FloatArray
from pbit.devices.oscillator.simulation import simulate
from pbit.devices.oscillator.stepping import Culprit, check_work, slowed_by, system_of
from pbit.seeds import seed_of, seed_or_fresh

READS = 2048  # whose phases diffuse
_GROUPS = 16
_SETTLE = 5.0  # over Gamma_p
_FROM, _TO = 3.0, 12.0  # over Gamma_p: between them the variance grows by the linewidth
_VALIDITY = 0.08  # of the signal when none is given
_NUDGE = 0.01  # of the power, to see it relax


@dataclass(frozen=True, eq=False)
class Characterised(ByValue):
    """What the simulation found, errors by independent reads; NaN where nothing tells.

    Attributes
    ----------
    oscillator : AutoOscillator
    current_A : float
    strength_Hz : float
        Of the signal that it is locked to.
    harmonic : {1, 2}
    threshold_A, power, frequency_Hz, relaxation_s, linewidth_Hz : Estimate
        The threshold and the relaxation without noise, so without errors.
    locking : LockingRange
        Without noise.
    seed : int
    """

    oscillator: AutoOscillator
    current_A: float
    strength_Hz: float
    harmonic: int
    threshold_A: Estimate
    power: Estimate
    frequency_Hz: Estimate
    relaxation_s: Estimate
    linewidth_Hz: Estimate
    locking: LockingRange
    seed: int

    def laws(self) -> dict[str, float]:
        """The same by the laws of the auto-oscillator, and the half-bandwidth."""
        oscillator, current = self.oscillator, self.current_A
        return {
            "threshold_A": oscillator.threshold_A,
            "power": float(oscillator.power(current)),
            "frequency_Hz": float(oscillator.frequency_at_Hz(current)),
            "relaxation_s": 1 / (2 * float(oscillator.relaxation_rate_s(current))),
            "linewidth_Hz": float(linewidth_Hz(oscillator, current)),
            "half_bandwidth_Hz": self.locking.half_bandwidth_Hz,
        }


def characterise(
    oscillator: AutoOscillator,
    current_A: float,
    *,
    strength_Hz: float | None = None,
    harmonic: int = 1,
    seed: int | None = None,
) -> Characterised:
    """Threshold, power, frequency, relaxation, linewidth and locking at a current.

    Parameters
    ----------
    oscillator : AutoOscillator
    current_A : float
        Above threshold.
    strength_Hz : float, optional
        Of the signal; by default one whose band is 8 % of 2 Gamma_p.
    harmonic : {1, 2}
    seed : int, optional

    Raises
    ------
    ValueError
        A current at or below threshold; a signal without strength, or so strong that its band is
        beyond the frequency; more than 2**31 steps of single oscillators, about a minute.

    Examples
    --------
    >>> from pbit.devices.oscillator import preset
    >>> vortex = preset("vortex")
    >>> found = characterise(vortex.oscillator, vortex.current_A, seed=1)
    >>> bool(abs(found.linewidth_Hz.value - 50e3) < 5 * found.linewidth_Hz.error)
    True
    """
    if not float(oscillator.power(current_A)):
        raise ArgumentError(
            "current_A",
            f"must be above the threshold, {oscillator.threshold_A:g} A",
            current_A,
            remedy="below it nothing oscillates",
        )
    seed = seed_or_fresh(seed, bits=63)
    rate = float(oscillator.relaxation_rate_s(current_A))
    quiet = replace(oscillator, noise_Hz=0.0)
    if strength_Hz is None:
        unit = float(locking_half_bandwidth_Hz(oscillator, current_A, 1.0, harmonic=harmonic))
        strength_Hz = _VALIDITY * rate / (math.pi * unit)
    _check_work(oscillator, current_A)
    locking = locking_range(quiet, current_A, strength_Hz, harmonic=harmonic, seed=seed)
    run = _diffusing(oscillator, current_A, seed)
    power, frequency = (mean_of_reads(x) for x in (run.power[:, -1], run.frequencies_Hz()))
    return Characterised(
        oscillator,
        float(current_A),
        float(strength_Hz),
        harmonic,
        threshold_A=Estimate(_threshold_A(quiet), 0.0),
        power=power,
        frequency_Hz=frequency,
        relaxation_s=Estimate(_relaxation_s(quiet, current_A), 0.0),
        linewidth_Hz=_linewidth_Hz(run) if oscillator.noise_Hz else Estimate(0.0, 0.0),
        locking=locking,
        seed=seed,
    )


def _check_work(oscillator: AutoOscillator, current_A: float) -> None:
    system = system_of(oscillator, READS, current_A, None, None)
    duration_s = (_SETTLE + _TO) / float(oscillator.relaxation_rate_s(current_A))
    nearness = Culprit("current_A", current_A, "near the threshold the power is slow; raise it")
    check_work(system, duration_s, slowed_by(system, nearness))


def _diffusing(oscillator: AutoOscillator, current_A: float, seed: int) -> AutoOscillatorRun:
    """Reads in equilibrium, recorded where the variance is straight."""
    rate = float(oscillator.relaxation_rate_s(current_A))
    common: dict[str, Any] = {"current_A": current_A, "num_reads": READS, "seed": seed_of(seed, 1)}
    rest = simulate(oscillator, _SETTLE / rate, **common)
    step = rest.info["time_step_s"]
    every = max(1, int((_TO - _FROM) / 3 / rate / step))
    try:
        return simulate(
            oscillator, _TO / rate, initial=rest.amplitudes[:, -1], record_every=every,
            first_step=rest.info["num_steps"], time_step_s=step, **common,
        )  # fmt: skip
    except ArgumentError as error:
        raise ArgumentError(
            "noise_Hz",
            "must leave powers near that of the law, not so large that time steps are too long",
            oscillator.noise_Hz,
            remedy="lower it",
        ) from error


def _linewidth_Hz(run: AutoOscillatorRun) -> Estimate:
    """By how fast the variance of the phases grows, error by the jackknife over groups of reads."""
    first = int(run.times_s.searchsorted(run.times_s[-1] * _FROM / _TO))
    span = float(run.times_s[-1] - run.times_s[first])

    def width(phases: FloatArray) -> float:
        moved = phases - phases[:, :1]
        gained = moved[:, -1].var() - moved[:, first].var()
        return float(gained / span / (2 * math.pi))

    phases = run.phases
    groups = np.array_split(np.arange(len(phases)), _GROUPS)
    others = np.array([width(np.delete(phases, group, axis=0)) for group in groups])
    return Estimate(width(phases), float(np.sqrt((_GROUPS - 1) * others.var())))


def _threshold_A(oscillator: AutoOscillator) -> float:
    """Current at which small amplitudes neither grow nor decay."""
    currents = oscillator.threshold_A * np.array([0.9, 1.1])
    run = simulate(
        oscillator, 1 / oscillator.damping_rad_s, current_A=currents, num_reads=2, initial=1e-4
    )
    low, high = np.log(run.power[:, -1] / 1e-8)
    return float(currents[0] - low * (currents[1] - currents[0]) / (high - low))


def _relaxation_s(oscillator: AutoOscillator, current_A: float) -> float:
    """Time in which a small deviation of the power falls to 1/e."""
    p0, rate = float(oscillator.power(current_A)), float(oscillator.relaxation_rate_s(current_A))
    nudges = np.array([1 - _NUDGE, 1 + _NUDGE])
    run = simulate(
        oscillator, 1 / rate, current_A=current_A, num_reads=2, initial=np.sqrt(nudges * p0)
    )
    # The mean over both sides has no second order.
    left = float(np.log((run.power[:, -1] / p0 - 1) / (nudges - 1)).mean())
    return -1 / rate / left
