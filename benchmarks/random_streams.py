"""The random words of layout 2 in the orders in which the kernels use them, as byte streams.

Each stream is a function of (seed, first, count): uint32 words first..first + count - 1 of an
endless sequence that walks through slots, sweeps, reads, draws or seeds. A sequence of reads, say,
has the words that neighbouring reads get for the same update next to each other. The generator is
the kernels' own (:func:`pbit.kernels.random.numbers.words`); :func:`from_kernels` has spins of
real runs instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit import IsingModel, Schedule, anneal
from pbit.kernels.random import numbers
from pbit.kernels.random.stream import BITS, ORDER, START, UPDATE

Words = npt.NDArray[np.uint32]
Stream = Callable[[int, int, int], Words]


def words_of(seed: int, slots4: Any, sweeps: Any, reads: Any, tags: Any) -> Words:
    """Four words, uint32 (..., 4), of each of these counters."""
    parts = (slots4, sweeps, reads, tags)
    counters = np.empty((*np.broadcast_shapes(*(np.shape(x) for x in parts)), 4), np.uint32)
    for k, part in enumerate(parts):
        counters[..., k] = part
    return numbers.words(counters, seed=seed)


def _digits(first: int, count: int, *bases: int) -> list[npt.NDArray[np.int64]]:
    """Numbers first..first + count - 1 in mixed radix, lowest digit first, the rest last."""
    number, found = np.arange(first, first + count, dtype=np.int64), []
    for base in bases:
        number, digit = np.divmod(number, base)
        found.append(digit)
    return [*found, number]


def _by_four(bases: tuple[int, ...], counters: Callable[..., Any], purpose: int) -> Stream:
    """Stream of all four words of the counters that the digits of the position stand for."""

    def stream(seed: int, first: int, count: int) -> Words:
        begin, end = first // 4, -(-(first + count) // 4)
        slots4, sweeps, reads = counters(*_digits(begin, end - begin, *bases))
        words = words_of(seed, slots4, sweeps, reads, purpose << 28).ravel()
        return words[first - 4 * begin :][:count]

    return stream


def _one_word(bases: tuple[int, ...], counters: Callable[..., Any], purpose: int) -> Stream:
    """The same, where each word is that of another counter: ``slot % 4`` picks it."""

    def stream(seed: int, first: int, count: int) -> Words:
        slots, sweeps, reads = counters(*_digits(first, count, *bases))
        words = words_of(seed, slots >> 2, sweeps, reads, purpose << 28)
        return np.asarray(np.take_along_axis(words, np.atleast_1d(slots & 3)[:, None], 1)[:, 0])

    return stream


def _neighbouring_seeds(seed: int, first: int, count: int) -> Words:
    """One seed and the 64 that differ from it in one bit, at the same slot; then the next slot."""
    which, slots = _digits(first, count, 65)
    words = np.empty(count, np.uint32)
    for k in range(65):
        mine = which == k
        other = seed ^ (1 << k >> 1)
        found = words_of(other, slots[mine] >> 2, 0, 0, UPDATE << 28)
        words[mine] = np.take_along_axis(found, (slots[mine] & 3)[:, None], 1)[:, 0]
    return words


def _planes(seed: int, first: int, count: int) -> Words:
    """First bits of the bit-sliced updates: 128 reads, then the next site, then the next sweep."""
    begin, end = first // 4, -(-(first + count) // 4)
    site, sweep = _digits(begin, end - begin, 4096)
    return words_of(seed, site, sweep, 0, BITS << 28).ravel()[first - 4 * begin :][:count]


def _draws(seed: int, first: int, count: int) -> Words:
    """Whole numbers of the bit-sliced kernel, draw by draw: 128 reads, then the next site."""
    begin, end = first // 128, -(-(first + count) // 128)
    site, sweep = (x[:, None] for x in _digits(begin, end - begin, 4096))
    planes = words_of(seed, site, sweep, 0, (BITS << 28) | np.arange(32))  # block, draw, word
    bits = np.unpackbits(planes.view(np.uint8), axis=-1, bitorder="little")  # block, draw, read
    numbers = np.ascontiguousarray(np.packbits(bits.transpose(0, 2, 1), axis=-1)).view(">u4")
    return numbers.astype(np.uint32).ravel()[first - 128 * begin :][:count]


def _one_read(bases: tuple[int, ...], counters: Callable[..., Any]) -> Stream:
    """First bits of one bit-sliced read: 32 sites or sweeps a word."""

    def stream(seed: int, first: int, count: int) -> Words:
        site, sweep = counters(*_digits(32 * first, 32 * count, *bases))
        top = words_of(seed, site, sweep, 0, BITS << 28)[:, 0] & 1
        return np.packbits(top.astype(np.uint8), bitorder="little").view("<u4").astype(np.uint32)

    return stream


SITES, SWEEPS, READS = 4096, 1024, 512
STREAMS: dict[str, Stream] = {
    # words of one read: slot after slot, sweep after sweep
    "update-slots": _by_four((SITES // 4,), lambda slot, sweep: (slot, sweep, 0), UPDATE),
    # four slots of read after read: as the kernel "lanes" draws them
    "update-reads": _by_four(
        (READS, SITES // 4), lambda read, slot, sweep: (slot, sweep, read), UPDATE
    ),
    # one slot: read after read, sweep after sweep
    "update-one-slot": _one_word((READS,), lambda read, sweep: (5 + 0 * read, sweep, read), UPDATE),
    # one site of one read: sweep after sweep
    "update-sweeps": _one_word((SWEEPS,), lambda sweep, slot: (slot, sweep, 0 * sweep), UPDATE),
    "start-reads": _one_word((READS,), lambda read, slot: (slot, 0 * read, read), START),
    "order-slots": _by_four((SITES // 4,), lambda slot, sweep: (slot, sweep, 0), ORDER),
    "seeds": _neighbouring_seeds,
    "bits-reads": _planes,
    "bits-draws": _draws,
    "bits-sites": _one_read((SITES,), lambda site, sweep: (site, sweep)),
    "bits-sweeps": _one_read((SWEEPS,), lambda sweep, site: (site, sweep)),
}


def from_kernels(kernel: str, seed: int, *, sites: int, sweeps: int, reads: int) -> Words:
    """Final spins of free p-bits, a bit each, 32 sites a word: what the kernels did draw.

    With no sweeps the start states (purpose START); else at beta = 0 the top bits of the last
    sweep's words (purpose UPDATE, or BITS for the kernel "bits").
    """
    rows = np.arange(sites - 1)
    chain = IsingModel.from_edges(rows, rows + 1, np.ones(sites - 1))
    run = anneal(
        chain,
        Schedule(np.zeros(sweeps)),
        num_reads=reads,
        seed=seed,
        order="sequential",
        kernel=kernel,  # type: ignore[arg-type]
    )
    bits = np.packbits(run.spins > 0, axis=1, bitorder="little")
    return np.ascontiguousarray(bits).view("<u4").astype(np.uint32).ravel()
