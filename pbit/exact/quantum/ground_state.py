"""Ground states of quantum Ising models."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import LinearOperator, eigsh

from pbit.checks import ArgumentError
from pbit.exact.quantum.observables import Ground, moments_of
from pbit.exact.quantum.spectrum import Levels
from pbit.exact.quantum.system import Sector, sectors_of, system_of
from pbit.models.labels import FloatArray

MAX_GROUND = 20
_MAX_DENSE = 512  # states of a sector of which all levels are found


def ground(model: Any, gamma: npt.ArrayLike) -> Ground:
    r"""Ground state of :math:`H = E(\sigma^z) - \sum_i \Gamma_i \sigma^x_i`, and its gap.

    By Lanczos in each of the two parities where no field tells up from down. The ground state is
    unique, since it has no zeros (Perron and Frobenius); a gap below about 1e-13 of the energy
    drowns in rounding. 20 spins take about a minute.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        n <= 20.
    gamma : float, or float64 of shape (n,)
        Nowhere zero.

    Returns
    -------
    Ground

    Raises
    ------
    ValueError
        n out of range, gamma not finite, of another shape, or zero somewhere.

    Examples
    --------
    >>> import pbit
    >>> ring = pbit.IsingModel.from_edges(range(8), [1, 2, 3, 4, 5, 6, 7, 0], [1.0] * 8)
    >>> round(ground(ring, 1.0).energy, 6)
    -10.251662
    """
    remedy = "use open_chain and ring for chains"
    system = system_of(model, gamma, most=MAX_GROUND, remedy=remedy)
    if not np.all(system.gamma):
        remedy = "a spin without it is classical: see pbit.exact.exact_ground_states"
        raise ArgumentError("gamma", "must not be 0", gamma, remedy=remedy)
    sectors = sectors_of(system)
    lowest = [lowest_levels(sector) for sector in sectors]
    here = int(np.argmin([each.values[0] for each in lowest]))
    energy = float(lowest[here].values[0])
    state = _on_all_states(lowest[here].vectors[:, 0], sectors[here])
    partner = lowest[len(sectors) - 1 - here]
    return Ground(
        **moments_of(state**2)._asdict(),
        energy=energy,
        sigma_x=np.array([state @ state[_turned(state.size, i)] for i in range(system.num_spins)]),
        gap=float(np.sort(np.concatenate([each.values for each in lowest]))[1]) - energy,
        sector_gap=float(partner.values[0 if len(sectors) == 2 else 1]) - energy,
        state=state,
    )


def lowest_levels(sector: Sector) -> Levels:
    """The two lowest levels of a sector, or its only one."""
    size = sector.diagonal.size
    if size <= _MAX_DENSE:
        values, vectors = Levels.of(sector.matrix())
        return Levels(values[:2], vectors[:, :2])
    operator = LinearOperator((size, size), matvec=sector.apply, dtype=np.float64)
    start = np.random.default_rng(0).normal(size=size)  # of no symmetry
    values, vectors = eigsh(operator, k=2, which="SA", v0=start)
    order = np.argsort(values)
    return Levels(values[order], vectors[:, order])


def _on_all_states(amplitudes: FloatArray, sector: Sector) -> FloatArray:
    """The state, normalised, with its largest amplitude positive."""
    if sector.diagonal.size < 2**sector.gamma.size:
        turned = np.prod(sector.signs) * amplitudes[::-1]
        amplitudes = np.concatenate([amplitudes, turned]) / np.sqrt(2)
    sign = np.sign(amplitudes[np.argmax(np.abs(amplitudes))])
    return np.asarray(sign * amplitudes / np.linalg.norm(amplitudes))


def _turned(size: int, i: int) -> npt.NDArray[np.int64]:
    return np.arange(size) ^ (1 << i)
