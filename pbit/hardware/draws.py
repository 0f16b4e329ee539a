"""Variation from device to device: random numbers that are functions of a seed and the device.

What device k got depends on the seed of the fabrication, on the trait and on k (of a connection: on
who receives and who sends) and on nothing else, so that it is the same whatever the number of
devices. Traits are the stream's layout: new ones take new numbers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np

from pbit.models.labels import FloatArray


class Trait(IntEnum):
    """What is drawn for a device, or, from 16 on, for a connection between two."""

    GAIN = 0
    OFFSET = 1
    TAU = 2
    STUCK = 3
    DELAY = 4
    RC = 5
    EDGE_WEIGHT = 16
    EDGE_DELAY = 17
    EDGE_RC = 18


def device_uniforms(seed: int, num_devices: int, trait: Trait) -> FloatArray:
    """Numbers evenly between 0 and 1, both excluded, of devices 0 to n - 1; shape (n,)."""
    return _uniforms(seed, np.arange(num_devices), 0, trait)


def device_normals(seed: int, num_devices: int, trait: Trait) -> FloatArray:
    """Standard normal numbers of devices 0 to n - 1; shape (n,).

    Examples
    --------
    >>> few, many = (device_normals(3, n, Trait.GAIN) for n in (2, 1000))
    >>> bool((few == many[:2]).all())
    True
    """
    return _normals(device_uniforms(seed, num_devices, trait))


def edge_normals(seed: int, receivers: Any, senders: Any, trait: Trait) -> FloatArray:
    """Standard normal numbers of connections, each direction its own; shape (m,).

    ``receivers`` and ``senders`` are integers of shape (m,).
    """
    return _normals(_uniforms(seed, receivers, senders, trait))


def spread(median: float, of_logarithm: float, normals: FloatArray) -> FloatArray:
    """Log-normal values, in the median's unit: ``median exp(of_logarithm normals)``."""
    return np.asarray(median * np.exp(of_logarithm * normals))


def _normals(uniforms: FloatArray) -> FloatArray:
    from scipy.special import ndtri  # not needed to describe a chip

    return np.asarray(ndtri(uniforms))


def _uniforms(seed: int, first: Any, second: Any, trait: Trait) -> FloatArray:
    """The middle of the interval that a random word of each pair of numbers stands for."""
    from pbit.kernels.random import philox
    from pbit.kernels.sweeps import gibbs

    first = np.atleast_1d(first)
    counters = np.empty((first.size, 4), np.uint32)
    counters[:, 0], counters[:, 1] = first, second
    counters[:, 2], counters[:, 3] = trait, philox.CHIP << 28
    key = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    words = gibbs.philox_words(counters, *key)[:, 0]
    return np.asarray((words + 0.5) / 2.0**32)
