"""A run of a motion: pieces of reads shared among threads, energies looked at on the way."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.engines.compiled_model import Rows
from pbit.kernels.random.stream import RNG
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.control import Progress
from pbit.run.pieces import run_pieces
from pbit.run.reads import Reads
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.descent import Descent
from pbit.samplers.oscillators.motion import LANES, Motion, MotionRequest, Piece

LOOK_EVERY = 16  # steps between looks at the energies where these matter
_SELDOM = 128
_MOST_PRODUCTS = 2**22  # of a read between looks: more would keep Ctrl-C waiting


def run_motion(
    model: IsingModel, motion: Motion, request: MotionRequest, watch: Stopwatch
) -> Reads:
    """Reads of a motion, ``info`` with how they came about; ``watch`` begun by the caller."""
    run = _Run(model, motion, request)
    watch.mark()
    run.warm_up()
    watch.mark()
    run.go()
    watch.mark()
    rows = run.rows()
    spins = run.spins[rows]
    return Reads(spins, model.energy(spins), {**run.info(), "timing": watch.timing()})


class _Ended(NamedTuple):
    """What a piece left: spins (wanted, n), energies without offset, steps made, flips."""

    spins: SpinArray
    energies: FloatArray
    steps: int
    flips: int


class _Books:
    """Energies of states, without the model's offset; ``size`` the sum of all |energies|.

    ``products``: what a step of one read is made of, about.
    """

    def __init__(self, model: IsingModel) -> None:
        rows = Rows.of(model)
        self._h, self._couplings = rows.h, rows.exact
        self.products = rows.weights.size + 8 * rows.h.size + 1
        self.size = float(np.abs(rows.h).sum() + np.abs(rows.weights).sum() / 2)

    def warm_up(self) -> None:
        """Compile, or load what was compiled before."""
        self.energies(np.ones((self._h.size, 0), np.int8))

    def energies(self, spins: SpinArray) -> FloatArray:
        """Of int8 (n, reads)."""
        from pbit.kernels.sweeps.books import block_energies

        found = np.empty(spins.shape[1])
        block_energies(spins, self._h, self._couplings, found)
        return found


class _Seen:
    """The last state of each read that counts, or the lowest so far: spins (n, wanted)."""

    def __init__(self, piece: Piece, keeps_best: bool) -> None:
        self._piece, self._keeps_best = piece, keeps_best
        self.spins: SpinArray = np.empty((0, piece.wanted), np.int8)
        self.energies = np.full(piece.wanted, np.inf)

    def take(self, spins: SpinArray, energies: FloatArray) -> None:
        """Take in a state of all reads of the piece."""
        spins, energies = spins[:, : self._piece.wanted], energies[: self._piece.wanted]
        if self._keeps_best and self.spins.size:
            lower = energies < self.energies
            self.spins[:, lower], self.energies[lower] = spins[:, lower], energies[lower]
        else:
            self.spins, self.energies = spins.copy(), energies
        self._piece.beat[1] = min(self._piece.beat[1], self.energies.min())


class _Run:
    """The reads of a run so far."""

    def __init__(self, model: IsingModel, motion: Motion, request: MotionRequest) -> None:
        self.motion, self.request = motion, request
        self.books = _Books(model)
        self.descent = Descent(model) if request.descent else None
        target, size = request.control.target, self.books.size
        self.aim = Aim.at(target, offset=model.offset, size=size)
        self.stop = np.zeros(1, np.uint8)
        often = request.best_seen or target is not None
        most = max(1, _MOST_PRODUCTS // self.books.products)
        self.stretch = min(most, LOOK_EVERY if often else _SELDOM)
        reads, n = request.num_reads, model.num_spins
        self.spins: SpinArray = np.empty((reads, n), np.int8)
        self.energies = np.full(reads, np.inf)
        self.is_done = np.zeros(reads, np.bool_)
        self.stop_reason = "completed"
        self._offset, self._steps, self._begun, self._flips = model.offset, 0, 0, 0
        self._running: dict[int, Piece] = {}

    def warm_up(self) -> None:
        """Compile, or load what was compiled before."""
        toy = self.motion.toy()
        state = toy.begin(0, LANES)
        toy.advance(state, (0, 1), np.zeros(1, np.uint8))
        self.books.warm_up()
        if self.descent is not None:
            self.descent.warm_up()

    def go(self) -> None:
        """Run all pieces."""
        request, steps = self.request, self.motion.num_steps
        small = request.is_small(steps * self.spins.shape[1])
        pieces = list(request.pieces())
        reason = run_pieces(
            iter(pieces),
            self._call,
            self._take,
            stop=self.stop,
            control=request.control,
            report=self._report,
            threads=1 if small else min(request.threads, len(pieces)),
            small=small,
        )
        if self.aim.is_hit(self.energies):
            self.stop_reason = "target"
        elif reason is not None and not self.is_done.all():
            self.stop_reason = reason

    def rows(self) -> npt.NDArray[np.int64]:
        """Reads that came to their end, and the lowest other one if it is lower than all these."""
        others = np.where(self.is_done, np.inf, self.energies)
        lowest = int(np.argmin(others))
        chosen = self.is_done.copy()
        chosen[lowest] |= others[lowest] < self.energies[self.is_done].min(initial=np.inf)
        return np.flatnonzero(chosen)

    def info(self) -> dict[str, Any]:
        """How the reads came about."""
        found = {
            "seed": self.request.seed,
            "stop_reason": self.stop_reason,
            "num_reads": self._begun,
            "num_sweeps": self.motion.num_steps,
            "updates": self._steps * self.spins.shape[1],
            "best_seen": self.request.best_seen,
            "descent": self.request.descent,
            "num_threads": self.request.threads,
            "rng": RNG,
        }
        return found | ({"descent_flips": self._flips} if self.request.descent else {})

    def _call(self, piece: Piece) -> tuple[Piece, _Ended]:
        self._running[piece.first] = piece
        steps, seen = self.motion.num_steps, _Seen(piece, self.request.best_seen)
        state = self.motion.begin(piece.first, piece.width)
        self._look(state, seen)
        done = 0
        while done < steps and not self.stop[0]:
            last = min(done + self.stretch, steps)
            done += self.motion.advance(state, (done, last), self.stop)
            piece.beat[0] = done * piece.wanted
            self._look(state, seen)
        return piece, self._ended(seen, done)

    def _look(self, state: Any, seen: _Seen) -> None:
        """Take the spins in, and end the run where they are at the target."""
        spins = self.motion.spins(state)
        seen.take(spins, self.books.energies(spins))
        if self.aim.is_hit(seen.energies):
            self.stop[0] = 1

    def _ended(self, seen: _Seen, steps: int) -> _Ended:
        spins = np.ascontiguousarray(seen.spins.T)
        if self.descent is None:
            return _Ended(spins, seen.energies, steps, 0)
        lowest, last = int(np.argmin(seen.energies)), self.motion.num_steps
        # Of reads cut short all but the lowest are dropped, and nobody wants to wait for them.
        chosen = slice(None) if steps == last else slice(lowest, lowest + 1)
        flips = np.zeros(len(spins[chosen]), np.int64)
        free = np.zeros((0, spins.shape[1]), np.uint8)
        self.descent.rows(spins[chosen], free, flips, np.zeros(1, np.uint8))
        energies = self.books.energies(np.ascontiguousarray(spins.T))
        if self.aim.is_hit(energies):
            self.stop[0] = 1
        return _Ended(spins, energies, steps, int(flips.sum()))

    def _take(self, result: tuple[Piece, _Ended]) -> None:
        piece, ended = result
        self._running.pop(piece.first)
        rows = self.request.rows(piece)
        self.spins[rows], self.energies[rows] = ended.spins, ended.energies
        self.is_done[rows] = ended.steps == self.motion.num_steps
        self._begun += piece.wanted
        self._steps += ended.steps * piece.wanted
        self._flips += ended.flips

    def _report(self, elapsed_s: float) -> Progress:
        beats = [piece.beat for piece in list(self._running.values())]
        lowest = min([self.energies.min(), *(float(beat[1]) for beat in beats)])
        made = self._steps + sum(float(beat[0]) for beat in beats)
        whole = max(1, self.motion.num_steps * self.request.num_reads)
        return Progress(min(1.0, made / whole), lowest + self._offset, elapsed_s)
