"""What the kernels of sweeps are handed, by name; records cost nothing in compiled code.

Kernels take them apart by position too, so that plain tuples of the same length do.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np


class Plan(NamedTuple):
    """Which sweeps to make: ``first`` to ``last - 1``.

    ``scales`` F (num_betas, 1 or R): ``2 beta log2(e)``, finite. ``metropolis``: True, or None for
    the heat bath; ``order``: a code of :mod:`pbit.kernels.sweeps.single`, or None for fixed order.
    Code for what is None is not compiled. ``fraction``: see there.
    """

    scales: Any
    sweeps_per_beta: int
    metropolis: bool | None
    order: int | None
    fraction: Any
    first: int
    last: int


class Stream(NamedTuple):
    """Where the random words of the first read come from: its number and the two key words."""

    read: Any
    key0: Any
    key1: Any


class Tracked(NamedTuple):
    """What is known of each read: ``energies``, ``best_energies`` float64 (R,), ``best_spins``
    int8 (n, R), (0, R) if not ``keeps_best``, None for bits; ``sweeps_done`` int64 (R,), whole
    sweeps made."""

    energies: Any
    best_energies: Any
    best_spins: Any
    keeps_best: bool
    sweeps_done: Any


class Watch(NamedTuple):
    """What a block shares with whoever watches it.

    ``stop`` uint8 (1,): nonzero ends the run at the next sweep or after about 4 million updates;
    ``beat`` float64 (2,): sweeps done in all and lowest energy so far; ``aim`` = (target, slack);
    ``wanted``: only so many first reads can end the run or count as best, the rest fill vector
    lanes; ``trace`` float64 (sweeps,) or (0,): lowest energy at the end of each sweep.
    """

    stop: Any
    beat: Any
    aim: Any
    wanted: Any
    trace: Any


class Observer(NamedTuple):
    """What is counted on the way; see :func:`pbit.kernels.sweeps.books.observe`.

    ``every`` 0: nothing is. ``ups`` uint32 (n or 0, R), ``ends`` int32 (2, m), ``agreements``
    uint32 (m, R), ``energy_sums`` float64 (3, R), ``states`` int8 (times or 0, n, R). Rows and ends
    are those of the kernel's spins.
    """

    every: int
    burn_in: int
    ups: Any
    ends: Any
    agreements: Any
    energy_sums: Any
    states: Any

    @classmethod
    def of(cls, observer: tuple[Any, ...] | None, width: int) -> Observer:
        """The same as a record; for None, one that never looks."""
        if observer is not None:
            return cls(*observer)
        return _blind(width)


@lru_cache(maxsize=64)
def _blind(width: int) -> Observer:
    """An observer that never looks, and so never writes: one serves all."""
    nothing = np.zeros((0, width), np.uint32)
    ends, states = np.zeros((2, 0), np.int32), np.zeros((0, 0, width), np.int8)
    return Observer(0, 0, nothing, ends, nothing, np.zeros((3, width)), states)
