"""Loops of many reads: bonds made ready for the kernel, and one read followed to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.kernels.imaginary_time.loop_records import (
    CROSSING,
    EQUAL,
    OPPOSITE,
    TURNING,
    Breakups,
    Exchanges,
    Kinks,
    LoopLook,
)
from pbit.kernels.imaginary_time.records import Draws, Sums
from pbit.kernels.random.stream import LOOP
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.samplers.imaginary_time.series import COLUMNS
from pbit.samplers.imaginary_time.worldline_run import (
    GRID,
    Followed,
    Looks,
    bins_of,
    empty_sums,
    fair_coins,
    stream_of,
)

LOOP_COLUMNS = (*COLUMNS, "staggered_m2", "staggered_path_m2")


@dataclass(frozen=True, eq=False)
class LoopTask(ByValue):
    """What all reads of a run have in common.

    Parameters
    ----------
    exchanges : Exchanges
    beta : float
    sweeps : (int, int)
        All of them, twice.
    seed : int
    looks : Looks
    sublattices : int8, shape (n,)
    """

    exchanges: Exchanges
    beta: float
    sweeps: tuple[int, int]
    seed: int
    looks: Looks
    sublattices: npt.NDArray[np.int8]

    @property
    def num_spins(self) -> int:
        """Worldlines of a read."""
        return int(self.exchanges.h.size)

    @property
    def times(self) -> int:
        """Times at which states are looked at."""
        return GRID

    def follow(self, read: int, stop: Any, beat: Any) -> Followed:
        """Run one read to its end, or until ``stop[0]`` is set; ``beat[0]`` counts sweeps."""
        from pbit.kernels.imaginary_time import loop_looks

        capacity = _capacity(self.beta / self.exchanges.gap)
        kinks, breakups = self._start(read, capacity), _scratch(self.num_spins, capacity)
        words, used = np.zeros(4, np.uint32), np.zeros(1, np.int64)
        draws = Draws(words, used, LOOP, 0, 0, *stream_of(read, self.seed))
        look, sums, found = self._look()
        where = np.zeros(4, np.int64)
        while where[0] < self.sweeps[0] and not stop[0]:
            beat[0] = where[0]
            # Pieces of a run, so that somebody can see how far it is.
            until = min(self.sweeps[0], int(where[0]) + max(1, 2**18 // (capacity + 1)))
            read_of = (self.exchanges, kinks, self.beta, breakups, draws)
            loop_looks.follow_loops(*read_of, look, sums, found, until, where, stop)
            if where[2]:
                capacity *= 2
                kinks, breakups = _wider(kinks, capacity), _scratch(self.num_spins, capacity)
        beat[0] = where[0]
        states = self._words(kinks, breakups, look)
        return Followed(read, int(where[0]), int(where[3]), found, sums, states)

    def _start(self, read: int, capacity: int) -> Kinks:
        """Fair coins, the same at all times."""
        times, bonds = np.full(capacity + 1, self.beta), np.zeros(capacity, np.int32)
        coins = fair_coins(self.num_spins, read, self.seed)
        return Kinks(times, bonds, np.zeros(1, np.int64), coins)

    def _look(self) -> tuple[LoopLook, Sums, FloatArray]:
        n, looks = self.num_spins, self.looks
        count = looks.count(self.sweeps[0])
        look = LoopLook(
            looks.every,
            looks.burn_in,
            GRID,
            np.zeros(n, np.uint64),
            np.zeros(GRID),
            looks.pairs,
            self.sublattices,
            bins_of(count),
        )
        sums = empty_sums(count, n, looks.pairs.shape[1], GRID)
        return look, sums, np.zeros((count, len(LOOP_COLUMNS)))

    def _words(self, kinks: Kinks, breakups: Breakups, look: LoopLook) -> npt.NDArray[np.uint64]:
        from pbit.kernels.imaginary_time import loop_looks

        loop_looks.words_of_loops(self.exchanges, kinks, self.beta, breakups, look)
        return np.asarray(look.words)


def exchanges_of(xy: IsingModel, z: IsingModel) -> Exchanges:
    """Bonds of both models, and the breakups that make them; J of ``xy`` counts by its size."""
    from pbit.kernels.random.alias import alias_table

    first, second, j_xy, j_z = bonds_of(xy, z)
    size = np.abs(j_xy)
    rates = np.zeros((4, first.size))
    rates[CROSSING] = np.clip(size + j_z, 0, 2 * size)
    rates[TURNING] = np.clip(size - j_z, 0, 2 * size)
    rates[EQUAL] = 2 * np.clip(j_z - size, 0, None)
    rates[OPPOSITE] = 2 * np.clip(-j_z - size, 0, None)
    kinds, bonds = np.nonzero(rates)
    used = rates[kinds, bonds]
    crossings = np.divide(rates[CROSSING], 2 * size, out=np.zeros(first.size), where=size > 0)
    with np.errstate(divide="ignore"):
        gap = float(1 / used.sum())
    table = alias_table(used) if used.size else (np.zeros(0), np.zeros(0, np.int32))
    h = np.array(z.h, np.float64)
    return Exchanges(
        first, second, j_z, crossings, h, gap, bonds.astype(np.int32), kinds.astype(np.int8), *table
    )


def bonds_of(
    xy: IsingModel, z: IsingModel
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], FloatArray, FloatArray]:
    """Ends (m,), (m,) of all pairs that one of the models couples, and the coupling in each."""
    n = z.num_spins
    parts = [sparse.triu(model.J, format="coo") for model in (xy, z)]
    keys = [part.row.astype(np.int64) * n + part.col for part in parts]
    pairs = np.unique(np.concatenate(keys))
    couplings = np.zeros((2, pairs.size))
    for values, key, part in zip(couplings, keys, parts, strict=True):
        values[np.searchsorted(pairs, key)] = part.data
    first, second = pairs // n, pairs % n
    return first.astype(np.int32), second.astype(np.int32), couplings[0], couplings[1]


def warm_up() -> None:
    """Compile the kernels, or load what was compiled before."""
    pair = IsingModel(np.zeros(2), np.array([[0.0, 1.0], [1.0, 0.0]]))
    looks, sides = Looks(1), np.ones(2, np.int8)
    task = LoopTask(exchanges_of(pair, pair), 1.0, (1, 1), 0, looks, sides)
    task.follow(0, np.zeros(1, np.uint8), np.zeros(1, np.int64))


def _capacity(mean: float) -> int:
    """Breakups that there is room for at first, from the mean number of those that are tried."""
    return int(8 + mean + 4 * np.sqrt(mean))


def _scratch(n: int, capacity: int) -> Breakups:
    strands = n + 2 * capacity
    return Breakups(
        np.zeros(capacity),
        np.zeros(capacity, np.int32),
        np.zeros(capacity, np.int64),
        np.zeros(strands, np.int64),
        np.zeros(strands, np.int8),
        np.zeros(strands),
        np.zeros(strands, np.int8),
        np.zeros(n, np.int64),
        np.zeros(n),
    )


def _wider(kinks: Kinks, capacity: int) -> Kinks:
    """The same kinks with more room."""
    count = int(kinks.count[0])
    times, bonds = np.full(capacity + 1, kinks.times[count]), np.zeros(capacity, np.int32)
    times[:count], bonds[:count] = kinks.times[:count], kinks.bonds[:count]
    return kinks._replace(times=times, bonds=bonds)
