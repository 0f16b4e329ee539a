"""Where the slices of imaginary time lie: R = P L of them in P rows of L lanes.

Slice k = p + P l of a read is row p, lane l. 128 lanes, a block, hold G = 128 // L reads, lanes
g L to g L + L - 1 the g-th of them; what is left over at the end is unused. Neighbours in imaginary
time are in the rows next to each other, and those of the first and the last row one lane further,
around the read's L lanes. L depends on R alone: what a read does is the same whatever else runs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK = 128
_FULL = 96  # lanes of a block in use, from which more lanes a read are better

Words = npt.NDArray[np.uint64]


class Layout(NamedTuple):
    """P rows of L lanes a read, G reads a block of 128 lanes."""

    rows: int
    lanes: int
    reads: int

    @classmethod
    def of(cls, replicas: int) -> Layout:
        """Of R slices: the most lanes that fill a block, two rows at least if there are several.

        Examples
        --------
        >>> Layout.of(64), Layout.of(3)
        (Layout(rows=2, lanes=32, reads=4), Layout(rows=3, lanes=1, reads=128))
        """
        most = max(1, min(replicas // 2, BLOCK))
        fitting = [lanes for lanes in range(1, most + 1) if replicas % lanes == 0]
        lanes = max(fitting, key=lambda lanes: (min(BLOCK // lanes * lanes, _FULL), lanes))
        return cls(replicas // lanes, lanes, BLOCK // lanes)

    def reads_of_lanes(self, words: int) -> npt.NDArray[np.int64]:
        """Read of each of 64 V lanes, counted from the first block's; -1: unused."""
        lane = np.arange(64 * words)
        group = lane % BLOCK // self.lanes
        return np.where(group < self.reads, lane // BLOCK * self.reads + group, -1)

    def turns(self, words: int) -> Words:
        """Tables of :func:`pbit.kernels.imaginary_time.slice_circuits.turn_row`, (2, 4, 2, V):
        lanes take what is in the next one below; above."""
        return np.tile(_turns(self), words // 2)

    def pack(self, slices: npt.NDArray[np.int8], lead: int, words: Words) -> None:
        """int8 slices (reads, R, n) of -1 and +1 into the words (n P, V) of their lanes."""
        reads, _, n = slices.shape
        blocks = words.shape[1] // 2
        lanes = np.zeros((n, self.rows, blocks, BLOCK), np.uint8)
        groups = np.zeros((n, self.rows, blocks * self.reads, self.lanes), np.uint8)
        up = slices.reshape(reads, self.lanes, self.rows, n) > 0
        groups[:, :, lead : lead + reads] = up.transpose(3, 2, 0, 1)
        used = self.reads * self.lanes
        lanes[..., :used] = groups.reshape(n, self.rows, blocks, used)
        packed = np.packbits(lanes, bitorder="little").view("<u8")
        words[: n * self.rows] = packed.reshape(n * self.rows, words.shape[1])

    def unpack(self, words: Words, lead: int, reads: int) -> npt.NDArray[np.int8]:
        """The inverse of :meth:`pack`."""
        blocks, n = words.shape[1] // 2, len(words) // self.rows
        bits = np.unpackbits(words.astype("<u8", copy=False).view(np.uint8), bitorder="little")
        lanes = bits.reshape(n, self.rows, blocks, BLOCK)[..., : self.reads * self.lanes]
        groups = lanes.reshape(n, self.rows, blocks * self.reads, self.lanes)[
            :, :, lead : lead + reads
        ]
        up = groups.transpose(2, 3, 1, 0).reshape(reads, self.rows * self.lanes, n)
        return 2 * up.astype(np.int8) - 1


@lru_cache(maxsize=64)
def _turns(layout: Layout) -> Words:
    """Of one block."""
    out = np.zeros((2, 4, 2, 2), np.uint64)
    for lane in range(layout.lanes * layout.reads):
        first = lane - lane % layout.lanes
        for side, step in enumerate((-1, 1)):
            _take(out[side], lane, first + (lane - first + step) % layout.lanes)
    return out


def _take(turn: Any, lane: int, source: int) -> None:
    """Lane takes the bit of the source: in its own word or the other one, shifted to it."""
    (word, bit), (of, at) = divmod(lane, 64), divmod(source, 64)
    term = 2 * (word != of) + (at < bit)
    turn[term, 0, word] |= np.uint64(1) << np.uint64(bit)
    turn[term, 1, word] = abs(at - bit)
