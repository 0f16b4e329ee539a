"""Reads of the network (XY - F)^2, batch after batch, until one multiplies to F."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.run.control import Control, Progress
from pbit.run.pieces import run_pieces

MAX_BITS = 64

# In powers of two, measured on 38- and 48-bit semiprimes (benchmarks/factoring.py): the minimum
# is flat. Each sweep is four times colder than the last one, in errors XY - F, down to 2**2 times
# 2**(bits of the shorter factor); 16 more stay there.
_LEVELS_A_SWEEP = 2.0
_LAST_LEVEL = 2.0
_LAST_SWEEPS = 16
_FROZEN = 3.0
_FREE = 1.0


class Programme(NamedTuple):
    """Updates of a read, in order.

    sides int64 (U,): 0 for X and 1 for Y; bits int64 (U,): position in that factor; betas
    float64 (U,).
    """

    sides: npt.NDArray[np.int64]
    bits: npt.NDArray[np.int64]
    betas: npt.NDArray[np.float64]


def programme_for(width_x: int, width_y: int) -> Programme:
    """An anneal that clocks only p-bits which the temperature concerns.

    At beta the network tolerates errors ``XY - F`` of about ``S = (2 beta)**-0.5``. A bit of X
    changes the product by ``d = 2**p Y``: where d > 8 S it is as good as frozen, where d < S / 2 it
    is still a fair coin, as it was drawn at the start. The sweeps go from S = half of F down to
    the last bits, of which none is left out.

    Examples
    --------
    >>> programme = programme_for(16, 16)
    >>> len(programme.bits), programme.bits[:4].tolist()
    (204, [14, 13, 14, 13])
    """
    widths = (width_x, width_y)
    coldest = min(widths) + _LAST_LEVEL
    levels = np.arange(sum(widths) - 1.0, coldest, -_LEVELS_A_SWEEP)
    updates = []
    for level in (*levels, *[coldest] * _LAST_SWEEPS):
        free = _FREE if level > coldest else np.inf
        for side, (width, partner) in enumerate(zip(widths, reversed(widths), strict=True)):
            middle = level - partner + 0.5
            top = min(width - 2, floor(middle + _FROZEN))
            bottom = 1 if free == np.inf else max(1, ceil(middle - free))
            updates += [(side, p, 2.0 ** (-2 * level - 1)) for p in range(top, bottom - 1, -1)]
    sides, bits, betas = zip(*updates, strict=True) if updates else ((), (), ())
    return Programme(np.array(sides, np.int64), np.array(bits, np.int64), np.array(betas, float))


@dataclass(frozen=True, eq=False)
class Batch(ByValue):
    """Reads ``first_read`` to ``first_read + num_reads - 1`` of factors of two bit lengths."""

    widths: tuple[int, int]
    programme: Programme
    seed: int
    first_read: int
    num_reads: int


@dataclass(frozen=True)
class Search:
    """How a search ended.

    ``batch`` is the batch that found the factors, or the last one begun; ``updates`` counts those
    of the batches up to it.
    """

    factors: tuple[int, int] | None
    batch: Batch
    updates: int
    reason: str | None
    compile_s: float


def search_product(
    product: int, batches: Iterator[Batch], *, num_threads: int, control: Control
) -> Search:
    """Factors whose product is the odd number F, from the first batch that has some.

    ``P(x_p = 1) = sigma(-beta dE)`` with ``dE = d (2 (XY - F) + d)`` exactly as in the network
    with all its terms, to float32 rounding of the exponent. A
    read that has come to XY = F stays. Threads take batches in turn, and the lowest-numbered one
    that succeeds counts: the outcome does not depend on their number.

    Parameters
    ----------
    product : int
        F, odd, 9 <= F < 2**64.
    batches : iterator of Batch
        Endless; widths sum to at most 65.
    num_threads : int
    control : Control
        Its target is not used.
    """
    return _Run(product, batches, control).go(num_threads)


class _Tried(NamedTuple):
    """A batch that was run: the factors it found, if any, and the reads it made."""

    number: int
    batch: Batch
    factors: tuple[int, int] | None
    done: int


class _Run:
    def __init__(self, product: int, batches: Iterator[Batch], control: Control) -> None:
        self.product, self.batches, self.control = product, batches, control
        self._stop = np.zeros(1, dtype=np.uint8)
        self._taken = self._settled = self._settled_updates = 0
        self._updates: dict[int, int] = {}  # of the batches after the settled ones
        self._last: Batch | None = None
        self._found: dict[int, tuple[Batch, tuple[int, int]]] = {}

    def go(self, threads: int) -> Search:
        compile_s = _compile()
        is_over = self.control.interrupted()
        self._stop[0] = is_over
        pieces = self._pieces()
        reason = run_pieces(
            pieces,
            self._call,
            self._take,
            stop=self._stop,
            control=self.control,
            report=self._report,
            threads=threads,
        )
        if self._last is None:  # it was over before the first batch
            self._take(self._call(next(pieces)))
        return self._outcome("interrupted" if is_over else reason, compile_s)

    def _pieces(self) -> Iterator[tuple[int, Batch]]:
        """Batches by number, until one succeeds."""
        while not self._found:
            self._last = next(self.batches)
            self._taken += 1
            yield self._taken - 1, self._last

    def _call(self, piece: tuple[int, Batch]) -> _Tried:
        number, batch = piece
        return _Tried(number, batch, *_run_batch(self.product, batch, self._stop))

    def _take(self, tried: _Tried) -> None:
        number, batch, factors, done = tried
        self._updates[number] = done * len(batch.programme.bits)
        if factors is not None:
            self._found[number] = batch, factors
        while self._settled in self._updates and self._settled not in self._found:
            self._settled_updates += self._updates.pop(self._settled)
            self._settled += 1

    def _outcome(self, reason: str | None, compile_s: float) -> Search:
        assert self._last is not None
        if not self._found:
            return Search(None, self._last, self._count(self._taken), reason, compile_s)
        number = min(self._found)
        batch, factors = self._found[number]
        return Search(factors, batch, self._count(number), None, compile_s)

    def _count(self, last: int) -> int:
        """Updates of the batches up to this one, which no settled one comes after."""
        return self._settled_updates + sum(u for k, u in self._updates.items() if k <= last)

    def _report(self, elapsed_s: float) -> Progress:
        return Progress(None, float("nan"), elapsed_s)


def _run_batch(
    product: int, batch: Batch, stop: npt.NDArray[np.uint8]
) -> tuple[tuple[int, int] | None, int]:
    """Factors found, if any, and the number of reads run."""
    from pbit.kernels import product_cost as kernels

    factors = np.zeros(2, np.uint64)
    sides, bits, betas = batch.programme
    scales = -4 / log(2) * betas  # errors are halved, and probabilities are powers of two
    half = np.uint64(product >> 1)
    constants = (*(np.uint64(width) for width in batch.widths), half, half)
    stream = (np.uint64(batch.first_read), *_key(batch.seed))
    done = kernels.run_reads(
        factors, (sides, bits, scales), constants, stream, batch.num_reads, stop
    )
    return (int(factors[0]), int(factors[1])) if factors[0] else None, int(done)


def _key(seed: int) -> tuple[Any, Any]:
    return np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)


def _compile() -> float:
    """Seconds it took to compile the kernel, or to load it."""
    begin = time.perf_counter()
    toy = Batch((2, 2), programme_for(2, 2), 0, 0, 0)
    _run_batch(9, toy, np.zeros(1, dtype=np.uint8))
    return time.perf_counter() - begin
