"""Random numbers of synapse devices: functions of a seed, the device, its turn and what is drawn.

A turn is a pulse, a wait or a random reset of that device. What device k draws in its turn t
depends on nothing else, so that it does the same in an array of any shape, beside any others.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.devices.mtj import FloatArray
from pbit.kernels.random import numbers
from pbit.kernels.random.stream import SYNAPSE

IntArray = npt.NDArray[np.int64]


class Draw(IntEnum):
    """What is drawn: the stream's layout, new ones take new numbers; from 256 on: arrays."""

    RESPONSE = 0  # what the pulse or the time does
    DRIVE_OF_PULSE = 1  # how much of the pulse arrives
    DRIVE_OF_DEVICE = 2
    CONDUCTANCE = 3
    WINDOW = 4
    PARTS = 5  # what the parts inside a device are like
    START = 6  # state after a random reset


def uniforms(
    draw: IntEnum, devices: IntArray, *, seed: int, turns: Any = 0, width: int = 1
) -> FloatArray:
    """Numbers evenly between 0 and 1, both excluded: ``width`` for each device.

    Parameters
    ----------
    draw : Draw, or what an array draws on top of its devices
    devices : int64, shape (n,)
        Numbers of the devices, from 0 to ``2**32 - 1``.
    seed : int
        From 0 to ``2**64 - 1``.
    turns : int, or int64 of shape (n,)
        Turn of each device, below ``2**32``.
    width : int

    Returns
    -------
    float64, shape (n, width)

    Examples
    --------
    >>> few, many = (uniforms(Draw.START, np.arange(n), seed=3, width=5) for n in (2, 9))
    >>> few.shape, bool((few == many[:2]).all())
    ((2, 5), True)
    """
    counters = _counters(draw, devices, turns, width)
    return numbers.uniforms(counters, seed=seed).reshape(devices.size, -1)[:, :width]


def normals(
    draw: IntEnum, devices: IntArray, *, seed: int, turns: Any = 0, width: int = 1
) -> FloatArray:
    """Standard normal numbers, else as :func:`uniforms`."""
    counters = _counters(draw, devices, turns, width)
    return numbers.normals(counters, seed=seed).reshape(devices.size, -1)[:, :width]


def _counters(draw: IntEnum, devices: IntArray, turns: Any, width: int) -> npt.NDArray[np.uint32]:
    quads = -(-width // 4)
    counters = np.empty((devices.size, quads, 4), np.uint32)
    counters[..., 0], counters[..., 1] = devices[:, None], np.asarray(turns)[..., None]
    counters[..., 2] = np.arange(quads)
    counters[..., 3] = SYNAPSE << 28 | draw
    return counters
