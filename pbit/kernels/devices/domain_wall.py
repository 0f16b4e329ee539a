"""Domain walls as a position and an angle, by Heun steps with a thermal field on both."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from numba import float64, njit, uint64

from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.normals import normal_pair
from pbit.kernels.random.stream import SYNAPSE, tag

WALL = 7  # draw of this kernel, next to those of pbit/devices/synapses/draws.py

_LOW = uint64(0xFFFFFFFF)


class Wall(NamedTuple):
    """Of one wall, per step; lengths in wall widths, fields times gamma0 times the step."""

    alpha: float
    transverse: float  # H_K / 2
    chiral: float  # pi/2 H_D
    pinning: float  # the most that a notch holds
    notches: float  # 2 pi a wall width over the distance of notches
    length: float
    noise: float  # standard deviation of either thermal field
    beta: float


@njit(inline="always")
def _speeds(q: Any, phi: Any, drive: Any, noise: Any, wall: Any) -> Any:
    """(dq, dphi) of a step; ``drive`` is (field, spin drift, spin Hall field)."""
    sine, cosine = math.sin(phi), math.cos(phi)
    along = drive[0] + drive[2] * cosine - wall.pinning * math.sin(wall.notches * q) + noise[0]
    around = (2.0 * wall.transverse * cosine + wall.chiral) * sine + noise[1]
    upper = along + wall.beta * drive[1]
    lower = around + drive[1]
    share = 1.0 / (1.0 + wall.alpha * wall.alpha)
    return share * (wall.alpha * upper + lower), share * (upper - wall.alpha * lower)


@bare_kernel
def run_walls(state: Any, record: Any, drives: Any, plan: Any, keys: Any, wall: Any) -> None:
    """Walls ``state`` float64 (n, 2), positions in wall widths and angles, through ``plan`` =
    (first device, first step, steps, steps a record); ``record`` float64 (n, records, 2),
    ``drives`` float64 (n, 3)."""
    device0, first, steps, every = plan
    for k in range(state.shape[0]):
        q, phi = state[k, 0], state[k, 1]
        drive = (drives[k, 0], drives[k, 1], drives[k, 2])
        for step in range(steps):
            noise = (0.0, 0.0)
            if wall.noise > 0.0:
                number = uint64(first + step)
                a, b, _, _ = random_words(
                    uint64(device0 + k), number & _LOW, uint64(0), tag(SYNAPSE, number, WALL),
                    keys[0], keys[1],
                )  # fmt: skip
                x, y = normal_pair(a, b)
                noise = (wall.noise * float64(x), wall.noise * float64(y))
            dq, dphi = _speeds(q, phi, drive, noise, wall)
            dq2, dphi2 = _speeds(q + dq, phi + dphi, drive, noise, wall)
            q = min(max(q + 0.5 * (dq + dq2), 0.0), wall.length)
            phi += 0.5 * (dphi + dphi2)
            if (step + 1) % every == 0:
                at = (step + 1) // every - 1
                record[k, at, 0] = q
                record[k, at, 1] = phi
        state[k, 0] = q
        state[k, 1] = phi
