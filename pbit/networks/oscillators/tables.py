"""Tables of oscillators and reads as the kernels have them: many reads side by side, or one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.kernels.oscillators.phases import first_phases
from pbit.kernels.sweeps.lanes import LANES
from pbit.networks.oscillators.arguments import FloatArray

BLOCK = 32  # reads side by side: the sines of a hundred phases then fit the first-level cache
_OWN = 40  # what a step of an oscillator costs beside its couplings, in those
_CACHED = 256  # oscillators whose full matrix stays in the cache
_WORDS = 64  # what one call of the generator makes for one read


@dataclass(frozen=True)
class _Block:
    """Reads that are run together, of n oscillators and some sources behind them."""

    reads: slice
    n: int
    sources: int = 0

    @property
    def width(self) -> int:
        """How many reads."""
        return int(self.reads.stop - self.reads.start)

    @property
    def signals(self) -> int:
        """Columns of tables of the sources' own: reads, filled up."""
        return _filled(self.width, LANES)

    def of(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Its part of values (1 or num_reads, ...)."""
        return values if len(values) == 1 else values[self.reads]


class Many(_Block):
    """Reads side by side: (n, R), R with what fills the vectors up."""

    @property
    def shape(self) -> tuple[int, int]:
        """(n, R)."""
        return self.n, _filled(self.width, LANES)

    @property
    def sources_shape(self) -> tuple[int, int]:
        """Of tables that have the sources, too."""
        return self.n + self.sources, self.shape[1]

    def words(self, numbers: int) -> npt.NDArray[np.uint32]:
        """Room for the random words of a step, so many normal numbers an oscillator."""
        return np.empty((4, self.shape[1]), np.uint32)

    def normals(self, numbers: int) -> npt.NDArray[np.float32]:
        """Room for the normal numbers of a step."""
        return np.zeros((4, self.shape[1]), np.float32)

    def put(self, values: npt.NDArray[Any], kind: type = np.float64) -> npt.NDArray[Any]:
        """Table of values (..., 1 or reads, n); 0 where it fills up."""
        table = np.zeros((*values.shape[:-2], *self.shape), kind)
        table[..., : self.width] = np.swapaxes(values, -1, -2)
        return table

    def get(self, table: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values (..., reads, n) of a table."""
        return np.swapaxes(table[..., : self.width], -1, -2)


class Alone(_Block):
    """One read: (1, R), R oscillators with what fills the vectors up."""

    @property
    def shape(self) -> tuple[int, int]:
        """(1, R)."""
        return 1, _filled(self.n + self.sources, LANES)

    @property
    def sources_shape(self) -> tuple[int, int]:
        """Of tables that have the sources, too."""
        return self.shape

    def words(self, numbers: int) -> npt.NDArray[np.uint32]:
        """Room for the random words of a step, so many normal numbers an oscillator."""
        return np.empty(_filled(numbers * self.shape[1], _WORDS), np.uint32)

    def normals(self, numbers: int) -> npt.NDArray[np.float32]:
        """Room for the normal numbers of a step."""
        return np.zeros((numbers, self.shape[1]), np.float32)

    def put(self, values: npt.NDArray[Any], kind: type = np.float64) -> npt.NDArray[Any]:
        """Table of values (..., 1, n); 0 where it fills up."""
        table = np.zeros((*values.shape[:-2], *self.shape), kind)
        table[..., : self.n] = values
        return table

    def get(self, table: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values (..., 1, n) of a table."""
        return table[..., : self.n]


Tables = Many | Alone


def tables_of(num_reads: int, couplings: Any, sources: int = 0) -> list[list[Tables]]:
    """Blocks of reads, each of tables that one thread runs one after the other.

    A read alone goes through all couplings, 16 oscillators at a time; up to 16 reads side by side
    take as long as one. What is left of the last block goes alone where that is the faster.
    """
    n, all_of_them = couplings.shape[0], couplings.shape[0] + sources
    blocks: list[list[Tables]] = []
    for first in range(0, num_reads, BLOCK):
        here = slice(first, min(first + BLOCK, num_reads))
        own = _OWN if n <= _CACHED else 0
        alone = (here.stop - here.start) * n * (own + all_of_them)
        few = alone < LANES * (n * own + couplings.nnz)
        blocks.append(list(_each_alone(here, n, sources)) if few else [Many(here, n, sources)])
    return blocks


def _each_alone(here: slice, n: int, sources: int) -> Iterator[Alone]:
    return (Alone(slice(read, read + 1), n, sources) for read in range(here.start, here.stop))


def full_matrix(couplings: Any) -> npt.NDArray[np.float32]:
    """Couplings (n, sources) transposed, filled up: float32 (sources, R)."""
    sources = couplings.shape[1]
    matrix = np.zeros((sources, _filled(sources, LANES)), np.float32)
    matrix[:, : couplings.shape[0]] = couplings.toarray().T
    return matrix


def even_phases(reads: slice, n: int, keys: npt.NDArray[np.int64]) -> FloatArray:
    """The first phases of reads that are given none, (reads, n)."""
    width = reads.stop - reads.start
    phases = np.empty((n, _filled(width, LANES)))
    first_phases(phases, np.empty((4, phases.shape[1]), np.uint32), reads.start, keys)
    return np.ascontiguousarray(phases[:, :width].T)


def _filled(number: int, step: int) -> int:
    return -(-number // step) * step
