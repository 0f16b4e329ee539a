"""Slow and obvious versions of the kernels of coupled oscillators."""

import math

import numpy as np

import naive


def normal_numbers(seed, n, step, read):
    """Of n oscillators in one step: words 0 and 1 make those of two, words 2 and 3 of two more."""
    words = [naive.word(seed, slot, step, read, "oscillator") for slot in range(-(-n // 4) * 4)]
    numbers = []
    for a, b in zip(words[::2], words[1::2], strict=True):
        radius = math.sqrt(-2 * math.log((a + 0.5) / 2**32))
        # The angle of pbit.kernels.random.normals: a signed number, bits 0 to 2 reflect.
        x = (b - 2**32 if b >> 31 else b) * (math.pi / 4) / 2**31
        first, second = (math.sin(x), math.cos(x)) if b & 4 else (math.cos(x), math.sin(x))
        numbers += [radius * (-first if b & 1 else first), radius * (-second if b & 2 else second)]
    return np.array(numbers[:n])


def phase_slope(phases, C, w, K):
    """w_i + sum_j C_ij sin(phi_j - phi_i) - K_i sin(2 phi_i)."""
    pulls = (C * np.sin(phases[None, :] - phases[:, None])).sum(axis=1)
    return w + pulls - K * np.sin(2 * phases)


def phase_path(phases, C, *, w, K, D, dt, steps, seed, read):
    """Heun's method; K and D of shape (pieces, n) over equal pieces of the steps."""
    path = [np.array(phases, dtype=float)]
    for t in range(steps):
        k, d = K[t * len(K) // steps], D[t * len(D) // steps]
        kick = np.sqrt(2 * d * dt) * normal_numbers(seed, len(phases), t, read)
        here = path[-1]
        first = phase_slope(here, C, w, k)
        second = phase_slope(here + first * dt + kick, C, w, k)
        path.append(here + (first + second) / 2 * dt + kick)
    return np.array(path)


def boltzmann_bins(energy, n, *, bins, points):
    """exp(-energy) of n phases, integrated over boxes of the torus by the midpoint rule.

    ``points`` to a side of a box; shape (bins,) * n, sum 1.
    """
    axis = (np.arange(bins * points) + 0.5) * (2 * math.pi / (bins * points))
    grid = np.stack(np.meshgrid(*[axis] * n, indexing="ij"), axis=-1)
    weight = np.exp(-energy(grid)).reshape((bins, points) * n)
    law = weight.sum(axis=tuple(range(1, 2 * n, 2)))
    return law / law.sum()


def amplitude_slope(c, t, parts, couplings, forces):
    """dc/dt in the laboratory's frame; parts: records with their currents; forces: (F, omega,
    harmonic) each."""
    slope = couplings @ c
    for k, (one, current) in enumerate(parts):
        p, damping = abs(c[k]) ** 2, 2 * math.pi * one.damping_Hz
        slope[k] -= 2j * math.pi * (one.frequency_Hz + one.shift_Hz * p) * c[k]
        slope[k] -= damping * (1 + one.nonlinear_damping * p) * c[k]
        slope[k] += damping * current / one.threshold_A * (1 - p) * c[k]
    for strength, omega, harmonic in forces:
        slope += strength * np.exp(-1j * omega * t) * (np.conj(c) if harmonic == 2 else 1)
    return slope
