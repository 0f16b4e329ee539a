"""What oscillators and particles have in common: a motion in fixed steps, read out as spins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, flag, integer
from pbit.machine import check_memory, threads_of
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.taking import energetic
from pbit.run.control import Control, control_from
from pbit.seeds import seed_or_fresh

LANES = 16
_MOST_READS = 64  # of a piece
_IN_CACHE = 2**20  # sites of reads that a piece should not exceed, but for 16 reads
_MAX_READ = 2**32  # counter word 2 of the random stream
_MAX_STEPS = 2**31
_SMALL_UPDATES = 2**20  # less than it costs to start a thread
_BYTES = 10  # a spin of a read, on its way out
_STATE_BYTES = 40  # a site of a read in motion


class Motion(Protocol):
    """Sites that move in ``num_steps`` steps, all reads of a piece side by side."""

    @property
    def num_steps(self) -> int:
        """Of a whole run."""

    def toy(self) -> Motion:
        """A motion of one site, which compiles the same kernels."""

    def begin(self, first: int, reads: int) -> Any:
        """State of reads ``first`` to ``first + reads``, a multiple of 16, before any step."""

    def advance(self, state: Any, steps: tuple[int, int], stop: Any) -> int:
        """Make steps first to last - 1 of ``steps``; how many were, if ``stop`` was set."""

    def spins(self, state: Any) -> SpinArray:
        """The spins that the state stands for, int8 (n, reads)."""


@dataclass(frozen=True, eq=False)
class Piece(ByValue):
    """Reads ``first`` to ``first + wanted``; ``beat``: steps of reads made, lowest energy."""

    first: int
    wanted: int
    beat: FloatArray = field(default_factory=lambda: np.array([0.0, np.inf]))

    @property
    def last(self) -> int:
        """The read after the last one."""
        return self.first + self.wanted

    @property
    def width(self) -> int:
        """Reads side by side, those that only fill vectors included."""
        return -(-self.wanted // LANES) * LANES


class MotionRequest(NamedTuple):
    """How many reads of a motion, and what is returned of them.

    ``most_reads``: of a piece.
    """

    most_reads: int
    num_reads: int
    seed: int
    threads: int
    first_read: int
    best_seen: bool
    descent: bool
    control: Control

    @classmethod
    def of(
        cls,
        model: IsingModel,
        *,
        num_reads: int,
        seed: int | None,
        num_threads: int | None,
        first_read: int,
        best_seen: bool,
        descent: bool,
        control: Control | None,
    ) -> MotionRequest:
        """The request, if it can be met.

        Raises
        ------
        TypeError, ValueError, MemoryError
        """
        reads = integer("num_reads", num_reads, 1, _MAX_READ - 1)
        threads = threads_of(num_threads)
        n = model.num_spins
        fitting = _IN_CACHE // max(n, 1) // LANES * LANES
        most = max(LANES, min(_MOST_READS, fitting))
        check_memory(
            n * (_BYTES * reads + _STATE_BYTES * threads * most),
            what=f"{reads} reads of {n} spins on {threads} threads",
            lower="num_reads",
        )
        return cls(
            most,
            reads,
            seed_or_fresh(seed),
            threads,
            integer("first_read", first_read, 0, _MAX_READ - reads),
            flag("best_seen", best_seen),
            flag("descent", descent),
            control_from(control),
        )

    @property
    def key(self) -> tuple[np.uint64, np.uint64]:
        """The seed as the two words of the generator's key."""
        return np.uint64(self.seed & 0xFFFFFFFF), np.uint64(self.seed >> 32)

    @property
    def last_read(self) -> int:
        """The read after the last one."""
        return self.first_read + self.num_reads

    def rows(self, piece: Piece) -> slice:
        """Where the reads of a piece are among all."""
        first = piece.first - self.first_read
        return slice(first, first + piece.wanted)

    def pieces(self) -> Iterator[Piece]:
        """Reads in pieces that fill the vectors and keep the threads busy."""
        share = -(-self.num_reads // self.threads)
        size = min(self.most_reads, -(-share // LANES) * LANES)
        for first in range(self.first_read, self.last_read, size):
            yield Piece(first, min(size, self.last_read - first))

    def is_small(self, updates_a_read: int) -> bool:
        """Whether starting threads would cost as much as the work."""
        return updates_a_read * self.num_reads < _SMALL_UPDATES


def pairwise(model: Any, *, instead: str) -> IsingModel:
    """The model, which has to have terms of at most two spins.

    Raises
    ------
    TypeError
        No model with an energy.
    ValueError
        Terms of more spins.
    """
    found = energetic(model, to="lower")
    if not isinstance(found, IsingModel):
        raise ArgumentError(
            "model",
            "must have terms of at most 2 spins, each a coupling of two oscillators",
            got=f"one of {found.degree}",
            remedy=f"reduce it with auxiliary variables (dimod.make_quadratic) or use {instead}",
        )
    return found


def checked_steps(num_sweeps: Any) -> int:
    """Number of steps.

    Raises
    ------
    TypeError, ValueError
    """
    return integer("num_sweeps", num_sweeps, 0, _MAX_STEPS)
