"""Oscillators to start from, with what was read and what was assumed kept apart.

No measured device is behind them: their numbers are round, of the size that is usual for such
oscillators, typical and unverified.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbit.checks import ArgumentError
from pbit.devices.oscillator.auto_oscillator import AutoOscillator


@dataclass(frozen=True)
class Preset:
    """An oscillator, at which current it is usually run, and where its numbers are from.

    Parameters
    ----------
    oscillator : AutoOscillator
    supercriticality : float
        Of the current at which it is run.
    source : str
    known : str
        What the source says.
    note : str
        What is assumed, and what follows.
    """

    oscillator: AutoOscillator
    supercriticality: float
    source: str
    known: str
    note: str

    @property
    def current_A(self) -> float:
        """At which it is run."""
        return self.supercriticality * self.oscillator.threshold_A


PRESETS = {
    "vortex": Preset(
        AutoOscillator(
            frequency_Hz=3e8,
            damping_Hz=4e5,
            shift_Hz=2e6,
            nonlinear_damping=0.5,
            threshold_A=3e-3,
            noise_Hz=4e3,
            signal_V=20e-3,
        ),
        2.0,
        "Grollier et al. (2020) and Locatelli, Cros, Grollier (2014), reviews",
        "hundreds of megahertz, amplitudes that remember for hundreds of nanoseconds, linewidths "
        "down to 50 kHz, emission above a microwatt",
        "round numbers, typical and unverified: at twice the threshold nu = 2, powers relax in "
        "0.2 us, the line is 50 kHz wide",
    ),
    "uniform": Preset(
        AutoOscillator(
            frequency_Hz=5e9,
            damping_Hz=2.5e7,
            shift_Hz=-3e8,
            nonlinear_damping=1.0,
            threshold_A=2e-3,
            noise_Hz=2e4,
            signal_V=5e-3,
        ),
        1.5,
        "Grollier et al. (2020) and Locatelli, Cros, Grollier (2014), reviews",
        "hundreds of megahertz to tens of gigahertz; less coherent than vortices",
        "round numbers, typical and unverified: at 1.5 times the threshold nu = -4.8, powers relax "
        "in 6 ns, the line is 2.4 MHz wide",
    ),
}


def preset(name: str) -> Preset:
    """The preset of this name.

    Raises
    ------
    ValueError
        No such preset.

    Examples
    --------
    >>> f"{preset('vortex').oscillator.frequency_at_Hz(6e-3):.4g} Hz"
    '3.008e+08 Hz'
    """
    if name not in PRESETS:
        raise ArgumentError(
            "preset", f"must be one of {', '.join(PRESETS)}", name, remedy="pick one"
        )
    return PRESETS[name]
