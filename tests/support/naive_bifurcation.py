"""Simulated bifurcation in plain numpy, one read at a time."""

import numpy as np

from naive import ars

OSCILLATOR, START = 11, 5
f32 = np.float32


def fused(a, b, c):
    """``a b + c`` of float32 numbers, rounded once."""
    return (np.float64(a) * np.float64(b) + np.float64(c)).astype(f32)


def start_words(seed, n, sweep, read, draw):
    """One word of each site."""
    counters = [(i // 4, sweep, read, (OSCILLATOR << 28) | draw) for i in range(n)]
    key = (seed & 0xFFFFFFFF, seed >> 32)
    return np.array([ars(c, key)[i % 4] for i, c in enumerate(counters)], np.uint32)


def first_coordinates(seed, n, read):
    """Positions and momenta, uniform in (-0.1, 0.1)."""
    words = (start_words(seed, n, turn, read, START).astype(f32) + f32(0.5) for turn in range(2))
    return tuple(fused(w, f32(0.2 * 2.0**-32), f32(-0.1)) for w in words)


def bifurcated(model, seed, read, *, steps, drive, dt, discrete):
    """Positions and momenta after all steps."""
    n, J = model.num_spins, model.J
    x, y = first_coordinates(seed, n, read)
    force, length = f32(dt * drive), f32(dt)
    for step in range(steps):
        pull = f32(dt * (1 - (step + 1) / steps))
        z = np.where(x >= 0, f32(1), f32(-1)) if discrete else x
        sums = model.h.astype(f32)
        for i in range(n):
            for k in range(J.indptr[i], J.indptr[i + 1]):
                sums[i] = fused(f32(J.data[k]), z[J.indices[k]], sums[i])
        y = fused(force, sums, fused(-pull, x, y))
        x = fused(length, y, x)
        y = np.where(np.abs(x) > 1, f32(0), y)
        x = np.clip(x, f32(-1), f32(1))
    return x, y
