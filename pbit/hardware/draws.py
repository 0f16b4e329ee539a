"""Variation from device to device: random numbers that are functions of a seed and the device.

What device k got depends on the seed of the fabrication, on the trait and on k (of a connection: on
who receives and who sends) and on nothing else, so that it is the same whatever the number of
devices. Traits are the stream's layout: new ones take new numbers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.models.labels import FloatArray


class Trait(IntEnum):
    """What is drawn for a device, or, from 16 on, for a connection between two."""

    GAIN = 0
    OFFSET = 1
    TAU = 2
    STUCK = 3
    DELAY = 4
    RC = 5
    DIAMETER = 6
    EDGE_WEIGHT = 16
    EDGE_DELAY = 17
    EDGE_RC = 18


def device_uniforms(trait: Trait, num_devices: int, *, seed: int) -> FloatArray:
    """Numbers evenly between 0 and 1, both excluded, of devices 0 to n - 1.

    Parameters
    ----------
    trait : Trait
    num_devices : int
        n.
    seed : int
        Of the fabrication, from 0 to ``2**64 - 1``.

    Returns
    -------
    float64, shape (n,)

    Raises
    ------
    TypeError, ValueError
        A negative number of devices, no such seed.
    """
    from pbit.kernels.random import numbers  # not needed to describe a chip

    counters = _of_devices(trait, num_devices)
    return numbers.uniforms(counters, seed=_checked(seed))[:, 0]


def device_normals(trait: Trait, num_devices: int, *, seed: int) -> FloatArray:
    """Standard normal numbers of devices 0 to n - 1, else as :func:`device_uniforms`.

    Examples
    --------
    >>> few, many = (device_normals(Trait.GAIN, n, seed=3) for n in (2, 1000))
    >>> bool((few == many[:2]).all())
    True
    """
    return _normals(_of_devices(trait, num_devices), seed)


def edge_normals(trait: Trait, receivers: Any, senders: Any, *, seed: int) -> FloatArray:
    """Standard normal numbers of connections, each direction its own.

    Parameters
    ----------
    trait : Trait
    receivers, senders : int, shape (m,)
        From 0 to ``2**32 - 1``.
    seed : int
        Of the fabrication, from 0 to ``2**64 - 1``.

    Returns
    -------
    float64, shape (m,)
    """
    return _normals(_counters(trait, receivers, senders), seed)


def spread(median: float, of_logarithm: float, normals: FloatArray) -> FloatArray:
    """Log-normal values, in the median's unit: ``median exp(of_logarithm normals)``."""
    return np.asarray(median * np.exp(of_logarithm * normals))


def _normals(counters: npt.NDArray[np.uint32], seed: int) -> FloatArray:
    from pbit.kernels.random import numbers

    return numbers.normals(counters, seed=_checked(seed))[:, 0]


def _checked(seed: int) -> int:
    return integer("seed", seed, 0, 2**64 - 1)


def _of_devices(trait: Trait, num_devices: int) -> npt.NDArray[np.uint32]:
    return _counters(trait, np.arange(integer("num_devices", num_devices, 0)), 0)


def _counters(trait: Trait, first: Any, second: Any) -> npt.NDArray[np.uint32]:
    """Of which the first word counts."""
    from pbit.kernels.random.stream import CHIP

    first = np.atleast_1d(first)
    counters = np.empty((first.size, 4), np.uint32)
    counters[:, 0], counters[:, 1] = first, second
    counters[:, 2], counters[:, 3] = trait, CHIP << 28
    return counters
