"""Macrospins: runs of Heun steps (:mod:`pbit.kernels.devices.heun`) with thermal fields.

The thermal field of step t of magnet k comes from the four words of counter (0, t, k), purpose
THERMAL. All in float64 but the normal numbers, which are float32.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, uint64

from pbit.kernels.devices.heun import step_many, step_one
from pbit.kernels.jit import kernel
from pbit.kernels.random.ars import random_words, round_keys
from pbit.kernels.random.normals import cosine_and_sine, normal_pair, radius
from pbit.kernels.random.stream import THERMAL, tag
from pbit.kernels.random.stream_lanes import fill_reads

_STEPS = 64  # steps whose thermal fields one magnet alone draws at once
_LOW = uint64(0xFFFFFFFF)


@njit
def _fill_normals(normals: Any, words: Any) -> None:
    """float32 (3, R) normals of uint32 (4, R) words."""
    for k in range(words.shape[1]):
        normals[0, k], normals[1, k] = normal_pair(words[0, k], words[1, k])
        cosine, _ = cosine_and_sine(words[3, k])
        normals[2, k] = radius(words[2, k]) * cosine


@njit
def _fill_steps(words: Any, first_step: Any, read: Any, k0: Any, k1: Any) -> None:
    """uint32 (4, S) words of S steps of one magnet."""
    for t in range(words.shape[1]):
        step = uint64(first_step) + uint64(t)
        words[0, t], words[1, t], words[2, t], words[3, t] = random_words(
            uint64(0), step & _LOW, uint64(read), tag(THERMAL, step, 0), k0, k1
        )


@kernel
def thermal_normals(steps: Any, read: Any, key0: Any, key1: Any) -> Any:
    """float32 (3, steps): the normal numbers of the first steps of one magnet."""
    words, normals = np.empty((4, steps), np.uint32), np.empty((3, steps), np.float32)
    _fill_steps(words, 0, read, uint64(key0), uint64(key1))
    _fill_normals(normals, words)
    return normals


@kernel
def normals_of(words: Any) -> Any:
    """float32 (3, R) normals of uint32 (4, R) words."""
    normals = np.empty((3, words.shape[1]), np.float32)
    _fill_normals(normals, words)
    return normals


@kernel
def run_one(state: Any, record: Any, steps: Any, read: Any, keys: Any, field: Any) -> None:
    """Steps of one magnet; arguments as those of :func:`run_many` with R = 1."""
    (first_step, num_steps, every), (k0, k1) = steps, keys
    words, normals = np.empty((4, _STEPS), np.uint32), np.zeros((3, _STEPS), np.float32)
    x, y, z = state[0, 0], state[1, 0], state[2, 0]
    tx, ty, tz = state[3, 0], state[4, 0], state[5, 0]
    left = every
    row = 0
    for start in range(0, num_steps, _STEPS):
        if field[2] > 0.0:
            _fill_steps(words, first_step + start, read, k0, k1)
            _fill_normals(normals, words)
        for t in range(min(_STEPS, num_steps - start)):
            x, y, z = step_one((x, y, z), normals, t, state, field)
            tx, ty, tz = tx + x, ty + y, tz + z
            left -= 1
            if left == 0:
                record[0, row, 0], record[0, row, 1], record[0, row, 2] = x, y, z
                left = every
                row += 1
    state[0, 0], state[1, 0], state[2, 0] = x, y, z
    state[3, 0], state[4, 0], state[5, 0] = tx, ty, tz


@kernel
def run_many(state: Any, record: Any, steps: Any, read: Any, keys: Any, field: Any) -> None:
    """Steps of R magnets side by side, R a multiple of 16.

    state: float64 (ROWS, R), in and out; record: float64 (reads, rows, 3), reads <= R, filled
    after every ``every`` steps; steps: (first step, number of steps, every); read: number of the
    first magnet, uint64; keys: (key0, key1), uint64; field: (upper triangle of A by rows, alpha,
    thermal sigma, slant or None), see :mod:`pbit.kernels.devices.heun`.
    """
    (first_step, num_steps, every), (k0, k1) = steps, keys
    magnets = state.shape[1]
    words, normals = np.empty((4, magnets), np.uint32), np.zeros((3, magnets), np.float32)
    rounds = round_keys(k0, k1)
    left = every
    row = 0
    for t in range(num_steps):
        if field[2] > 0.0:
            step = uint64(first_step) + uint64(t)
            fill_reads(words, (uint64(0), step & _LOW, read, tag(THERMAL, step, 0)), rounds)
            _fill_normals(normals, words)
        step_many(state, normals, field)
        left -= 1
        if left == 0:
            for k in range(record.shape[0]):
                for axis in range(3):
                    record[k, row, axis] = state[axis, k]
            left = every
            row += 1
