"""Kinds of reservoirs by name: what each is, and how settings of it are drawn to be tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pbit.networks.reservoir.protocol import Reservoir
from pbit.registry import Registry

Draw = Callable[[np.random.Generator, int, int], Reservoir]


@dataclass(frozen=True, kw_only=True)
class ReservoirKind:
    """What can stand in the place of a reservoir.

    Parameters
    ----------
    name, what : str
        As typed, and a line on it.
    draw : callable
        ``draw(rng, num_nodes, num_inputs)`` gives one with settings at random, of about so many
        nodes.
    is_baseline : bool
        No device: stands beside all of them.
    rank : int
        Place in lists.
    """

    name: str
    what: str
    draw: Draw
    is_baseline: bool = False
    rank: int = 100


KNOWN: Registry[ReservoirKind] = Registry("pbit.networks.reservoir", ReservoirKind)


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A number between the two, its logarithm even."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
