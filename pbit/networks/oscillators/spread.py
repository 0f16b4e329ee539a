"""Oscillators that are made alike and are not quite."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.devices.oscillator import AutoOscillator
from pbit.devices.quantities import number
from pbit.kernels.random import numbers
from pbit.kernels.random.stream import OSCILLATOR
from pbit.seeds import seed_or_fresh

_SPREAD = 6  # draw of OSCILLATOR: devices of networks; 4 are those of Ising machines
_NAMES = tuple(field.name for field in fields(AutoOscillator))


def with_spread(
    oscillator: AutoOscillator, n: int, *, seed: int | None = None, **spreads: float
) -> tuple[AutoOscillator, ...]:
    """n devices whose parameters are normally spread, each on its own.

    Parameters
    ----------
    oscillator : AutoOscillator
        In the middle.
    n : int
    seed : int, optional
        Device k depends on seed and k alone.
    **spreads : float
        Standard deviation over the mean, by the parameter's name: ``frequency_Hz=0.01``.

    Returns
    -------
    tuple of AutoOscillator, n of them

    Raises
    ------
    ArgumentError
        No such parameter, a spread below 0, or one so large that a device is none.

    Examples
    --------
    >>> one = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5)
    >>> few, many = (with_spread(one, n, seed=1, frequency_Hz=0.01) for n in (2, 5))
    >>> few == many[:2], few[0].damping_Hz
    (True, 400000.0)
    """
    unknown = [name for name in spreads if name not in _NAMES]
    if unknown:
        raise ArgumentError(
            "spreads", f"must be among {', '.join(_NAMES)}", unknown[0], remedy="a relative spread"
        )
    for name, spread in spreads.items():
        number(name, spread, (">=", 0.0), remedy="0.01 is a spread of 1 %")
    deviations = _normals(integer("n", n, 1), seed_or_fresh(seed))
    return tuple(
        replace(
            oscillator,
            **{
                name: getattr(oscillator, name) * (1 + spread * float(row[_NAMES.index(name)]))
                for name, spread in spreads.items()
            },
        )
        for row in deviations
    )


def _normals(n: int, seed: int) -> npt.NDArray[np.float64]:
    """(n, parameters), a word each; parameters keep their place."""
    counters = np.zeros((n, math.ceil(len(_NAMES) / 4), 4), np.uint32)
    counters[..., 0], counters[..., 2] = np.arange(counters.shape[1]), np.arange(n)[:, None]
    counters[..., 3] = OSCILLATOR << 28 | _SPREAD
    return numbers.normals(counters, seed=seed).reshape(n, -1)
