"""A run of slices: what was asked for, checked, and its pieces shared among threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.kernels.random.stream import RNG
from pbit.machine import check_memory, threads_of
from pbit.models.labels import SpinArray
from pbit.run.control import Control, Progress, control_from
from pbit.run.pieces import run_pieces
from pbit.run.request import checked_initial
from pbit.samplers.imaginary_time.slices import Piece, Slices
from pbit.seeds import seed_or_fresh

_MAX_READ = 2**32  # counter word 2 of the random stream
_BYTES = 4  # a p-bit of a read: int8 on the way in and out, bits


class SliceRequest(NamedTuple):
    """The keywords of :func:`pbit.samplers.imaginary_time.slice_anneal.anneal_slices`."""

    num_reads: int
    seed: int
    threads: int
    first_read: int
    control: Control
    initial: SpinArray | None

    @classmethod
    def of(
        cls,
        slices: Slices,
        *,
        num_reads: int,
        seed: int | None,
        num_threads: int | None,
        first_read: int,
        control: Control | None,
        initial_spins: npt.ArrayLike | None,
    ) -> SliceRequest:
        """The request, if it can be met.

        Raises
        ------
        TypeError, ValueError, MemoryError
        """
        reads = integer("num_reads", num_reads, 1, _MAX_READ - 1)
        threads = threads_of(num_threads)
        check_memory(
            _BYTES * reads * slices.num_pbits,
            what=f"{reads} reads of {slices.replicas} slices of {slices.num_spins} spins",
            lower="num_reads",
        )
        return cls(
            reads,
            seed_or_fresh(seed),
            threads,
            integer("first_read", first_read, 0, _MAX_READ - reads),
            control_from(control),
            _initial(initial_spins, slices, reads),
        )

    @property
    def key(self) -> tuple[Any, Any]:
        """The seed as the two words of the generator's key."""
        return np.int64(self.seed & 0xFFFFFFFF), np.int64(self.seed >> 32)

    def rows(self, piece: Piece) -> slice:
        """Where the reads of a piece are among all."""
        return slice(piece.first - self.first_read, piece.last - self.first_read)

    def start(self, slices: Slices, piece: Piece) -> Any:
        """Grid and words of a piece at its start."""
        initial = None if self.initial is None else self.initial[self.rows(piece)]
        return slices.begin(piece, self.key, initial)

    def stream(self, slices: Slices, piece: Piece) -> Any:
        """Where the random bits of a piece come from."""
        from pbit.kernels.sweeps.records import Stream

        return Stream(np.int64(piece.first // slices.layout.reads), *self.key)


class SliceRun:
    """Threads take pieces while the caller's thread watches; ``call`` runs one, ``take`` keeps it.

    ``stop`` is shared with the kernels.
    """

    def __init__(self, slices: Slices, request: SliceRequest, num_sweeps: int) -> None:
        self.slices, self.request, self.num_sweeps = slices, request, num_sweeps
        self.stop = np.zeros(1, np.uint8)
        self.sweeps, self.num_begun = 0.0, 0
        self.is_small = slices.is_small(num_sweeps, request.num_reads)
        self.threads = 1 if self.is_small else request.threads
        self._lowest = np.inf
        self._running: dict[int, Piece] = {}

    @property
    def pieces(self) -> list[Piece]:
        """All of them."""
        return list(
            self.slices.pieces(self.request.first_read, self.request.num_reads, self.threads)
        )

    def go(self, call: Callable[[Piece], Any], take: Callable[[Piece, Any], None]) -> str | None:
        """Run all; why it ended before, if it did."""
        pieces = self.pieces

        def one(piece: Piece) -> tuple[Piece, Any]:
            self._running[piece.first] = piece
            return piece, call(piece)

        def over(done: tuple[Piece, Any]) -> None:
            piece, result = done
            self._running.pop(piece.first, None)
            self.sweeps += piece.beat[0]
            self.num_begun += piece.wanted
            self._lowest = min(self._lowest, piece.beat[1])
            take(piece, result)

        return run_pieces(
            iter(pieces),
            one,
            over,
            stop=self.stop,
            control=self.request.control,
            report=self._report,
            threads=min(self.threads, len(pieces)),
            small=self.is_small,
        )

    def info(self, stop_reason: str) -> dict[str, Any]:
        """How the reads came about."""
        return {
            "seed": self.request.seed,
            "stop_reason": stop_reason,
            "num_reads": self.num_begun,
            "num_sweeps": self.num_sweeps,
            "replicas": self.slices.replicas,
            "rule": "heat-bath",
            "order": "sequential",
            "kernel": "slices",
            "updates": int(self.sweeps) * self.slices.num_pbits,
            "num_threads": self.request.threads,
            "rng": RNG,
        }

    def _report(self, elapsed_s: float) -> Progress:
        beats = [piece.beat for piece in list(self._running.values())]
        best = min([self._lowest, *(float(beat[1]) for beat in beats)])
        swept = self.sweeps + sum(float(beat[0]) for beat in beats)
        whole = max(1, self.num_sweeps * self.request.num_reads)
        return Progress(min(1.0, swept / whole), best, elapsed_s)


def _initial(initial: npt.ArrayLike | None, slices: Slices, reads: int) -> SpinArray | None:
    """Initial slices (reads, R, n)."""
    if initial is None:
        return None
    spins: npt.NDArray[Any] = np.asarray(initial)
    shape = (reads, slices.replicas, slices.num_spins)
    if spins.ndim < 3:
        rows = checked_initial(spins, slices.num_spins, reads)
        assert rows is not None
        return np.broadcast_to(rows[:, None], shape)
    if spins.shape != shape:
        raise ArgumentError(
            "initial_spins", f"must have shape {shape}, or (n,) or (num_reads, n)", spins.shape
        )
    flat = checked_initial(spins.reshape(reads, -1), slices.num_pbits, reads)
    assert flat is not None
    return flat.reshape(shape)
