"""Junctions of the literature, with what was measured and what is assumed kept apart.

Only numbers that were read in the source named are given; what a preset needs beyond them is
assumed and listed. A preset is a two-state junction whatever the device is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pbit.checks import ArgumentError
from pbit.devices.mtj import Junction

_ROUND = ("critical_current_A", "barrier_exponent", "resistance_P_ohm", "tmr", "temperature_K")


@dataclass(frozen=True)
class Preset:
    """A junction and where it is from.

    Parameters
    ----------
    junction : Junction
    source : str
    known : str
        What the source says.
    assumed : tuple of str
        Fields of the junction that it does not say.
    note : str
        How the barrier follows, and what to mind.
    """

    junction: Junction
    source: str
    known: str
    assumed: tuple[str, ...]
    note: str


def _of_dwell(tau_s: float, attempt_frequency_Hz: float, **known: float) -> Junction:
    """The junction with this mean dwell time."""
    barrier = math.log(tau_s * attempt_frequency_Hz)
    return Junction(barrier, attempt_frequency_Hz=attempt_frequency_Hz, **known)


PRESETS = {
    "retention-1ms": Preset(
        Junction(14.0),
        "Camsari, Sutton, Datta, Appl. Phys. Rev. 6, 011305 (2019)",
        "attempt time 1 ns, 14 kT for about 1 ms",
        _ROUND,
        "an example of theirs, no measurement",
    ),
    "memory-10years": Preset(
        Junction(40.0),
        "Camsari, Sutton, Datta, Appl. Phys. Rev. 6, 011305 (2019)",
        "attempt time 1 ns, 40 kT for about 10 years",
        _ROUND,
        "an example of theirs; exp(40) ns are 7.5 years",
    ),
    "in-plane-2023": Preset(
        # 15 ohm um^2 over the area of a disk of 50 nm.
        _of_dwell(10e-9, 1e9, resistance_P_ohm=15e-12 / (math.pi * 25e-9**2)),
        "Schnitzspan, Kläui, Jakob, arXiv:2301.05694 (2023)",
        "autocorrelation times down to 5 ns, 15 ohm um^2, diameter 50 nm",
        ("attempt_frequency_Hz", *(name for name in _ROUND if name != "resistance_P_ohm")),
        "a circular in-plane magnet: two states are a stand-in with that autocorrelation time",
    ),
    "perpendicular-2024": Preset(
        _of_dwell(2.7e-9, 1e15),
        "Soumah et al., arXiv:2402.03452 (2024)",
        "mean dwell times down to 2.7 ns in a field, prefactors in the femtosecond range",
        ("attempt_frequency_Hz", *_ROUND),
        "1 fs stands for the femtosecond range; the barrier follows from dwell time and prefactor",
    ),
    "actuated-fast-2025": Preset(
        _of_dwell(29e-9, 1e9),
        "Sidi El Valli et al., arXiv:2509.13458 (2025)",
        "shortest dwell time 29 ns",
        ("attempt_frequency_Hz", *_ROUND),
        "a stable junction actuated by pulses: the barrier is an effective one",
    ),
    "actuated-slow-2025": Preset(
        _of_dwell(2.3e-6, 1e9),
        "Sidi El Valli et al., arXiv:2509.13458 (2025)",
        "dwell times up to 2.3 us and more",
        ("attempt_frequency_Hz", *_ROUND),
        "a stable junction actuated by pulses: the barrier is an effective one",
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
    >>> f"{preset('perpendicular-2024').junction.tau_s:.2g} s"
    '2.7e-09 s'
    """
    if name not in PRESETS:
        raise ArgumentError(
            "preset", f"must be one of {', '.join(PRESETS)}", name, remedy="pick one"
        )
    return PRESETS[name]
