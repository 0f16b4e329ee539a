"""Averages from the columns of exp(-beta H / 2): what all levels would take too long for."""

from __future__ import annotations

from functools import partial

import numpy as np

from pbit.exact.quantum.columns import (
    Flips,
    Scale,
    Strip,
    columns_at,
    flips_of,
    in_threads,
    scale_of,
    strip_sums,
)
from pbit.exact.quantum.spectrum import Traces
from pbit.exact.quantum.symmetry import Orbits, orbits_of
from pbit.exact.quantum.system import Sector, System, partner_of, sectors_of
from pbit.models.labels import FloatArray


def traces(system: System, beta: float) -> Traces:
    """As those from all levels, from a column of each orbit of states."""
    n, sectors = system.num_spins, sectors_of(system)
    scale, orbits = scale_of(sectors), orbits_of(system, num_states=sectors[0].diagonal.size)
    sums = [_sums(sectors, k, scale, orbits, beta) for k in range(len(sectors))]
    z, squares, response = (
        np.sum([getattr(each, name) for each in sums], axis=0)
        for name in ("z", "squares", "response")
    )
    flips = np.sum(
        [each.flips[:n] * s.signs[:, None] for each, s in zip(sums, sectors, strict=True)], axis=0
    )
    sizes = orbits.sizes
    total = float(sizes @ z)
    sigma_x = ((flips @ sizes) / total)[orbits.images].mean(axis=0)
    law = (z / total)[orbits.label] / len(sectors)
    energy = float(law @ system.energies - system.gamma @ sigma_x)
    square = float(sizes @ squares) / total * scale.radius**2
    return Traces(
        log_z=float(np.log(total) - beta * scale.lowest),
        energy=energy,
        variance=square - (energy - scale.middle) ** 2,
        sigma_x=sigma_x,
        law=law,
        susceptibility=2 * float(sizes @ response) / total * scale.radius,
    )


def time_traces(system: System, beta: float, taus: FloatArray) -> FloatArray:
    """<sigma^z_i(tau) sigma^z_j(0)>, shape (len(taus), n, n)."""
    n, sectors = system.num_spins, sectors_of(system)
    size = sectors[0].diagonal.size
    scale, orbits = scale_of(sectors), orbits_of(system, num_states=size)
    times = np.concatenate([taus, beta - taus, [beta / 2]])
    spins = np.asarray(2.0 * ((np.arange(size)[:, None] >> np.arange(n)) & 1) - 1)
    pairs, z = np.zeros((taus.size, n, n)), 0.0
    for k, sector in enumerate(sectors):
        both = [flips_of(each, scale) for each in (sector, partner_of(sectors, k))]
        work = partial(_strip_pairs, both, scale.coefficients(times), orbits, spins)
        for more_pairs, more_z in in_threads(work, orbits.states):
            pairs += more_pairs
            z += more_z
    moved = [pairs[:, image][:, :, image] for image in orbits.images]
    return np.asarray(np.mean(moved, axis=0) / z)


def _sums(sectors: list[Sector], k: int, scale: Scale, orbits: Orbits, beta: float) -> Strip:
    """Sums of a sector's columns, one of each orbit."""
    sector, partner = (flips_of(each, scale) for each in (sectors[k], partner_of(sectors, k)))
    tilt = sectors[k].magnetisation / scale.radius
    coefficients = scale.coefficients(np.array([beta / 2]))[0]

    def work(strip: slice) -> Strip:
        states = orbits.states[strip]
        return strip_sums(sector, partner, tilt, coefficients=coefficients, states=states)

    strips = list(in_threads(work, orbits.states))
    return Strip(*(np.concatenate(parts, axis=-1) for parts in zip(*strips, strict=True)))


def _strip_pairs(
    both: list[Flips],
    coefficients: FloatArray,
    orbits: Orbits,
    spins: FloatArray,
    strip: slice,
) -> tuple[FloatArray, float]:
    """Sums over a strip of ``s_i(x) s_j(y) exp(-(beta - tau) H)[x, y] exp(-tau H)[x, y]``, and Z.

    sigma^z_j takes state y to the partner's sector: there the time beta - tau is spent.
    """
    states, sizes = orbits.states[strip], orbits.sizes[strip]
    here, there = (columns_at(each, coefficients, states) for each in both)
    num_taus = coefficients.shape[0] // 2
    pairs = [
        (spins.T @ (there[num_taus + k] * here[k])) @ (sizes[:, None] * spins[states])
        for k in range(num_taus)
    ]
    z = float(np.sum(here[-1] ** 2 @ sizes))
    return np.array(pairs).reshape(num_taus, spins.shape[1], spins.shape[1]), z
