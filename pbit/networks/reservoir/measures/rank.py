"""How many inputs a reservoir tells apart, and how many that it should not.

Source: Legenstein, Maass, "What makes a dynamical system computationally powerful?", in New
Directions in Statistical Signal Processing (MIT Press, 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.checks import integer, positive
from pbit.networks.reservoir.protocol import FloatArray, Reservoir, check_room, states_of
from pbit.seeds import seed_of, seed_or_fresh

_DIFFERENT, _ALIKE, _RESERVOIR = range(3)  # what a seed is for


@dataclass(frozen=True)
class Ranks:
    """Ranks of the matrix of last states, of which a row is one series.

    Parameters
    ----------
    kernel : int
        Of series that have nothing in common: how many the reservoir keeps apart.
    generalisation : int
        Of series whose last steps are the same: what it makes of what is long past, or noise.
    nodes : int
    """

    kernel: int
    generalisation: int
    nodes: int


def ranks(
    reservoir: Reservoir,
    *,
    num_series: int | None = None,
    steps: int = 100,
    common: int = 20,
    tolerance: float = 1e-3,
    seed: int | None = None,
) -> Ranks:
    """Kernel rank and generalisation rank, by singular values above a share of the largest.

    Parameters
    ----------
    reservoir : Reservoir
    num_series : int, optional
        As many as nodes by default.
    steps : int
        Of a series, even from -1 to 1.
    common : int
        Last steps that are the same for the generalisation rank.
    tolerance : float
        The share: what the readout's precision is worth.
    seed : int, optional

    Raises
    ------
    TypeError, ValueError
        Anything out of range.
    MemoryError
        More than there is room for.

    Examples
    --------
    >>> from pbit.networks.reservoir import Delays
    >>> ranks(Delays(num_delays=6), common=4, seed=1)
    Ranks(kernel=6, generalisation=3, nodes=6)
    """
    drawn = seed_or_fresh(seed)
    nodes = reservoir.begin(1, num_series=1, seed=0).num_nodes
    count = nodes if num_series is None else integer("num_series", num_series, 1)
    integer("steps", steps, 1)
    integer("common", common, 0, steps)
    check_room(reservoir, count * steps, 2, lower="num_series or steps")
    shape = (count, steps, 1)
    different = np.random.default_rng(seed_of(drawn, _DIFFERENT)).uniform(-1, 1, shape)
    alike = np.random.default_rng(seed_of(drawn, _ALIKE)).uniform(-1, 1, shape)
    alike[:, steps - common :] = alike[:1, steps - common :]
    key = seed_of(drawn, _RESERVOIR)
    kernel, generalisation = (
        _rank(states_of(reservoir, each, seed=key)[:, -1], positive("tolerance", tolerance))
        for each in (different, alike)
    )
    return Ranks(kernel, generalisation, nodes)


def _rank(states: FloatArray, tolerance: float) -> int:
    singular = np.linalg.svd(states, compute_uv=False)
    return int((singular > tolerance * singular[0]).sum())
