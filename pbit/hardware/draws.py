"""Variation from device to device: random numbers that are functions of a seed and the device.

What device k got depends on the seed of the fabrication, on the trait and on k (of a connection: on
who receives and who sends) and on nothing else, so that it is the same whatever the number of
devices. Traits are the stream's layout: new ones take new numbers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np

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
    count = integer("num_devices", num_devices, 0)
    return _uniforms(trait, np.arange(count), 0, seed=seed)


def device_normals(trait: Trait, num_devices: int, *, seed: int) -> FloatArray:
    """Standard normal numbers of devices 0 to n - 1, else as :func:`device_uniforms`.

    Examples
    --------
    >>> few, many = (device_normals(Trait.GAIN, n, seed=3) for n in (2, 1000))
    >>> bool((few == many[:2]).all())
    True
    """
    return _normals(device_uniforms(trait, num_devices, seed=seed))


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
    return _normals(_uniforms(trait, receivers, senders, seed=seed))


def spread(median: float, of_logarithm: float, normals: FloatArray) -> FloatArray:
    """Log-normal values, in the median's unit: ``median exp(of_logarithm normals)``."""
    return np.asarray(median * np.exp(of_logarithm * normals))


def _normals(uniforms: FloatArray) -> FloatArray:
    from scipy.special import ndtri  # not needed to describe a chip

    return np.asarray(ndtri(uniforms))


def _uniforms(trait: Trait, first: Any, second: Any, *, seed: int) -> FloatArray:
    """The middle of the interval that a random word of each pair of numbers stands for."""
    from pbit.kernels.random import philox
    from pbit.kernels.sweeps import gibbs

    seed = integer("seed", seed, 0, 2**64 - 1)
    first = np.atleast_1d(first)
    counters = np.empty((first.size, 4), np.uint32)
    counters[:, 0], counters[:, 1] = first, second
    counters[:, 2], counters[:, 3] = trait, philox.CHIP << 28
    key = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    words = gibbs.philox_words(counters, *key)[:, 0]
    return np.asarray((words + 0.5) / 2.0**32)
