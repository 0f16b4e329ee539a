"""Devices that are not alike: gains, offsets, noise, and some that are stuck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.hardware.draws import Trait, device_normals, device_uniforms, spread
from pbit.hardware.group import ParameterGroup
from pbit.hardware.ranges import ranged
from pbit.models.labels import FloatArray


@dataclass(frozen=True, kw_only=True)
class Imperfections(ParameterGroup):
    """What device i, a p-bit, receives in place of its input x: ``g_i x + o_i + noise``.

    Parameters
    ----------
    gain, gain_spread : float
        Median of the gains g_i; standard deviation of their logarithm.
    offset, offset_spread : float
        Mean and standard deviation of o_i, in units of the input x.
    diameter_spread : float
        Standard deviation of the logarithm of a junction's diameter: barrier, time constant, gain
        and mean offset move together, :func:`pbit.hardware.diameters.made_sizes`, below the spreads
        of their own. Needs dynamics "arrhenius" and a barrier.
    stuck_fraction : float
        Probability of a p-bit to be stuck, up or down with equal odds.
    noise : float
        Standard deviation of the input's noise, drawn anew with each decision.
    """

    gain: float = ranged(1.0, "Median of the gains.", low=0.0, open_low=True, high=1e3, tabled=True)
    gain_spread: float = ranged(0.0, "Standard deviation of ln gain.", low=0.0, high=2.0)
    offset: float = ranged(
        0.0, "Mean of the offsets, in units of the input.", low=-100.0, high=100.0, tabled=True
    )
    offset_spread: float = ranged(0.0, "Their standard deviation.", low=0.0, high=100.0)
    diameter_spread: float = ranged(
        0.0,
        "Of junctions: standard deviation of ln diameter; moves tau, gain, offset.",
        low=0.0,
        high=0.2,
    )
    stuck_fraction: float = ranged(
        0.0, "Probability of a p-bit to be stuck, up or down.", low=0.0, high=1.0
    )
    noise: float = ranged(
        0.0, "Standard deviation of the noise at each decision.", low=0.0, high=100.0
    )


class Devices(NamedTuple):
    """Devices 0 to n - 1 as they were made.

    Parameters
    ----------
    gain, offset : float64, shape (n,)
        The offset in units of the input.
    stuck : int8, shape (n,)
        -1 or +1 where a device is stuck, else 0.
    """

    gain: FloatArray
    offset: FloatArray
    stuck: npt.NDArray[np.int8]


def made_devices(imperfections: Imperfections, num_devices: int, *, seed: int) -> Devices:
    """Devices of one fabrication; device k is the same whatever their number.

    Parameters
    ----------
    imperfections : Imperfections
    num_devices : int
        n.
    seed : int
        Of the fabrication, from 0 to ``2**64 - 1``.

    Returns
    -------
    Devices
        Of n gains, offsets in units of the input, and stuck states.

    Raises
    ------
    TypeError, ValueError
        A negative number of devices, no such seed.

    Examples
    --------
    >>> devices = made_devices(Imperfections(gain=2.0, offset_spread=0.1), 3, seed=1)
    >>> devices.gain.tolist(), devices.offset.shape, devices.stuck.tolist()
    ([2.0, 2.0, 2.0], (3,), [0, 0, 0])
    """
    gains, offsets = (
        device_normals(trait, num_devices, seed=seed) for trait in (Trait.GAIN, Trait.OFFSET)
    )
    u, stuck = device_uniforms(Trait.STUCK, num_devices, seed=seed), imperfections.stuck_fraction
    return Devices(
        gain=spread(imperfections.gain, imperfections.gain_spread, gains),
        offset=imperfections.offset + imperfections.offset_spread * offsets,
        stuck=np.where(u < stuck / 2, -1, np.where(u < stuck, 1, 0)).astype(np.int8),
    )


def received(x: npt.ArrayLike, devices: Devices, *, noise: npt.ArrayLike = 0.0) -> FloatArray:
    """What devices receive in place of their inputs x: ``gain x + offset + noise``.

    Parameters
    ----------
    x : float64, shape (..., n)
    devices : Devices
    noise : float64, shape (..., n), optional
        Of this decision, in units of the input: ``Imperfections.noise`` times standard normal
        numbers.

    Returns
    -------
    float64, shape (..., n)

    Examples
    --------
    >>> devices = made_devices(Imperfections(gain=2.0, offset=0.5), 2, seed=1)
    >>> received([1.0, -1.0], devices).tolist()
    [2.5, -1.5]
    """
    exact = devices.gain * np.asarray(x, dtype=np.float64) + devices.offset
    return np.asarray(exact + np.asarray(noise, dtype=np.float64))
