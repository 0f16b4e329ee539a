"""Locking measured: signals at several distances, and which of them the oscillator follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.injection import Injection, locking_half_bandwidth_Hz
from pbit.devices.oscillator.oscillator_run import AutoOscillatorRun, FloatArray
from pbit.devices.oscillator.phase_reduction import PhaseReduction
from pbit.devices.oscillator.simulation import simulate
from pbit.devices.oscillator.stepping import Culprit, check_work, system_of

_TURNS = 8.0  # of 2 pi / Delta that the phase settles, and is then measured
_SLIPS = 0.5  # of a turn that a locked phase does not lose while it is measured
_SAMPLES = 400  # of the phase while it is measured


@dataclass(frozen=True, eq=False)
class LockingRange(ByValue):
    r"""What an oscillator does beside signals of several frequencies.

    Attributes
    ----------
    detunings_Hz : float64, shape (n,)
        Of the signal, or of half of it (harmonic 2), from the free oscillator's frequency.
    shifts_Hz : float64, shape (n,)
        Of the oscillator from its own frequency: the detuning where it is locked.
    locked : bool, shape (n,)
        Whether it lost less than half a turn while it was measured.
    half_bandwidth_Hz : float
        By the law, :func:`pbit.devices.oscillator.locking_half_bandwidth_Hz`.
    info : dict
        Of the run.
    """

    detunings_Hz: FloatArray
    shifts_Hz: FloatArray
    locked: npt.NDArray[np.bool_]
    half_bandwidth_Hz: float
    info: dict[str, Any]

    @property
    def measured_Hz(self) -> float:
        """Half of the width of what is locked, in steps of the detunings; 0 where nothing is.

        From the middles between the last locked detuning and the first that is not, either side.
        """
        inside = np.flatnonzero(self.locked)
        if not inside.size:
            return 0.0
        d, low, high = self.detunings_Hz, inside[0], inside[-1]
        left = d[low] if low == 0 else (d[low] + d[low - 1]) / 2
        right = d[high] if high + 1 == d.size else (d[high] + d[high + 1]) / 2
        return float(right - left) / 2


def locking_range(
    oscillator: AutoOscillator,
    current_A: float,
    strength_Hz: float,
    *,
    harmonic: int = 1,
    detunings: npt.ArrayLike | None = None,
    seed: int | None = None,
    num_threads: int = 1,
) -> LockingRange:
    """Which signals lock the oscillator, by the complex equation.

    Parameters
    ----------
    oscillator : AutoOscillator
        With its noise.
    current_A : float
        Above threshold.
    strength_Hz : float
        Of the signal, > 0.
    harmonic : {1, 2}
    detunings : float64, shape (n,), optional
        Rising, in half-bandwidths of the law; by default 41 from -2 to 2.
    seed, num_threads
        As in :func:`pbit.devices.oscillator.simulate`.

    Returns
    -------
    LockingRange

    Raises
    ------
    ValueError
        A current at or below threshold, no strength, detunings that do not rise; a band beyond the
        frequency, or so narrow that to see it takes more than 2**31 steps of single oscillators.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> found = locking_range(oscillator, 2e-3, 1e4, detunings=[-1.05, -0.95, 0.95, 1.05])
    >>> found.locked.tolist()
    [False, True, True, False]
    """
    offsets = np.linspace(-2, 2, 41) if detunings is None else floats("detunings", detunings)
    if offsets.ndim != 1 or offsets.size < 2 or not (np.diff(offsets) > 0).all():
        raise ArgumentError("detunings", "must rise", detunings, remedy="0.95 is inside of the law")
    free = float(oscillator.frequency_at_Hz(current_A))
    signal = Injection(frequency_Hz=free * harmonic, strength_Hz=strength_Hz, harmonic=harmonic)
    phase = PhaseReduction.of(oscillator, current_A, signal)
    if not strength_Hz:
        raise ArgumentError("strength_Hz", "must be > 0", strength_Hz, remedy="rates over 2 pi")
    band = float(locking_half_bandwidth_Hz(oscillator, current_A, strength_Hz, harmonic=harmonic))
    shifts = offsets * band
    if not free + shifts[0] > 0:
        raise ArgumentError(
            "strength_Hz",
            f"must lock a band narrower than the oscillator's {free:.3g} Hz, here +-{band:.3g} Hz",
            strength_Hz,
            remedy="take a weaker signal, or a current nearer to the threshold",
        )
    common: dict[str, Any] = {
        "current_A": current_A, "num_reads": offsets.size, "num_threads": num_threads,
        "injection": replace(signal, frequency_Hz=(free + shifts) * harmonic),
    }  # fmt: skip
    start = np.sqrt(float(oscillator.power(current_A))) * np.exp(-1j * phase.lag_rad / harmonic)
    settle = _TURNS / band + 5 / float(oscillator.relaxation_rate_s(current_A))
    system = system_of(oscillator, offsets.size, current_A, common["injection"], None)
    check_work(
        system,
        settle + _TURNS / band,
        Culprit("strength_Hz", strength_Hz, "a stronger signal locks sooner"),
    )
    before = simulate(oscillator, settle, **common, initial=start, seed=seed)
    run = _measured(oscillator, before, _TURNS / band, common)
    beats = run.frequencies_Hz() - run.frame_Hz
    lost = np.abs(beats) * (run.times_s[-1] - run.times_s[0])
    return LockingRange(shifts, shifts + beats, lost < _SLIPS, band, run.info)


def _measured(
    oscillator: AutoOscillator, before: AutoOscillatorRun, span_s: float, common: dict[str, Any]
) -> AutoOscillatorRun:
    """The run that goes on, recorded."""
    every = max(1, int(span_s / before.info["time_step_s"] / _SAMPLES))
    return simulate(
        oscillator, span_s, **common, initial=before.amplitudes[:, -1], record_every=every,
        seed=before.info["seed"], first_step=before.info["num_steps"],
    )  # fmt: skip
