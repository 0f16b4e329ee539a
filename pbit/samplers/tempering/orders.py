"""What was asked for of a tempering run, checked."""

from __future__ import annotations

from typing import NamedTuple

from pbit.models.labels import SpinArray

ENDLESS = 2**40  # sweeps, where their number is not given
PATIENCE = 3.0  # of runs without a number of sweeps that are to find low states


class Orders(NamedTuple):
    """The keywords of :func:`pbit.temper`; ``patience`` and ``cluster_every`` 0: never; ``ends`` of
    the ladder, or of the first one in the search for it."""

    num_reads: int
    first_read: int
    num_sweeps: int
    replicas: int | None
    cluster_every: int
    patience: float
    initial: SpinArray | None
    seed: int
    traced: bool
    keep_states: bool
    ends: tuple[float, float]
