"""Population annealing as it runs: populations side by side in the blocks of the kernels."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.engines.block import Block, Watch
from pbit.engines.task import Task
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.blocks import blocks_of
from pbit.run.control import Control, Progress
from pbit.run.pieces import run_pieces
from pbit.run.target import Aim
from pbit.samplers.population.population import Steps
from pbit.samplers.replicas import drive
from pbit.seeds import seed_of

_MOST_TURNS = 20
_NO_TRACE = np.empty(0)


@dataclass(frozen=True, eq=False)
class Cooling(ByValue):
    """How the populations are cooled from beta = 0.

    Parameters
    ----------
    betas : float64, shape (K,), or None
        Inverse temperatures, not falling; None: steps that cull ``culling_fraction`` of the
        members, up to ``last``.
    last : float
        The last beta.
    sweeps : int
        Sweeps at each beta.
    decorrelation : float or None
        Sweep on until energies correlate less than this with those before; None: once.
    """

    betas: FloatArray | None
    last: float
    culling_fraction: float
    sweeps: int
    decorrelation: float | None = None


class PopulationRun:
    """Populations (M, R) that cool together; the caller's thread watches."""

    def __init__(self, task: Task, cooling: Cooling, control: Control, *, populations: int) -> None:
        assert task.num_reads is not None
        self.task, self.cooling, self.control = task, cooling, control
        self.shape = (populations, task.num_reads // populations)
        self.beta = 0.0
        self.log_z = np.full(populations, task.model.num_spins * np.log(2.0))
        self.stop_reason = "completed"
        self.families = np.arange(task.num_reads)
        self._stop = np.zeros(1, dtype=np.uint8)
        self._log: list[tuple[Any, ...]] = []  # rows of Steps
        self._aim = Aim.at(control.target, offset=task.model.offset, size=task.model.size)
        self._hit = self._cut_short = False
        self._pool: Executor | None = None
        self._culled, self._swept = 0.0, 0

    @property
    def steps(self) -> Steps:
        """What happened at each beta."""
        return Steps(*(np.array(column) for column in zip(*self._log, strict=True)))

    @property
    def updates(self) -> int:
        """Update attempts of all members."""
        return int(sum(block.beat[0] for block in self.blocks)) * self.task.model.num_spins

    @staticmethod
    def warm_up() -> None:
        """Compile, or load from the cache, what is needed between the sweeps."""
        from pbit.kernels import population
        from pbit.kernels.random import numbers

        energies, copies = np.zeros((1, 2)), np.empty((1, 2), np.int32)
        flat, lanes = np.ones(2, np.int8), (np.arange(2), np.ones(2, np.int64))
        moves = np.zeros((2, 2), np.int64)
        population.next_step(energies, 1.0, 0.1)
        population.count_copies(energies, 1.0, np.full(1, 0.5), copies, np.empty(1))
        population.replacements(copies, *moves)
        population.overwrite(flat, lanes, *moves[:, :0], 1)
        population.gather(flat, lanes, np.arange(2), np.empty((2, 1), np.int8))
        numbers.words(np.zeros((1, 4), np.uint32), seed=0)

    def go(self, threads: int) -> None:
        """Cool the populations to the last beta, unless the control ends it before."""
        self._set_up(threads)
        if self.control.interrupted():
            self.stop_reason = "interrupted"
            return
        reason = run_pieces(
            iter([threads]),
            self._drive,
            lambda _: None,
            stop=self._stop,
            control=self.control,
            report=self._report,
        )
        if self._hit:
            self.stop_reason = "target"
        elif reason is not None and (self._cut_short or self._more()):
            self.stop_reason = reason

    def rows(self) -> tuple[SpinArray, FloatArray]:
        """Spins of all members, one a row, and their energies summed anew, without offset."""
        chosen = np.arange(self.families.size)
        return self._rows(chosen)

    def _set_up(self, threads: int) -> None:
        """Members of fair coins: the law at beta = 0."""
        from pbit.kernels.sweeps import gibbs

        n, total = self.task.model.num_spins, self.families.size
        self.blocks = list(blocks_of(self.task, threads))
        widths = np.array([block.width for block in self.blocks])
        offsets = np.concatenate([[0], np.cumsum(n * widths)])
        self._flat = np.empty(int(offsets[-1]), np.int8)
        self._states = [
            self._flat[offsets[k] : offsets[k + 1]].reshape(n, block.width)
            for k, block in enumerate(self.blocks)
        ]
        starts, strides = np.empty(total, np.int64), np.empty(total, np.int64)
        for k, block in enumerate(self.blocks):
            members = self._members(block)
            starts[members] = offsets[k] + block.lead + np.arange(block.wanted)
            strides[members] = block.width
            first = np.uint64(block.first - block.lead)
            gibbs.random_spins(self._states[k], first, *self.task.key)
        self._lanes = (starts, strides)
        self._moves = np.empty((2, total), np.int64)
        self.energies = self._rows(np.arange(total))[1].reshape(self.shape)
        self.best_spins = np.ones((self.shape[0], n), np.int8)
        self.best_energies = np.full(self.shape[0], np.inf)
        self._look(0.0, 0)

    def _members(self, block: Block) -> slice:
        """Those of a block."""
        first = block.first - self.task.first_read
        return slice(first, first + block.wanted)

    def _drive(self, threads: int) -> None:
        workers = min(threads, len(self.blocks))
        pool = ThreadPoolExecutor(workers) if workers > 1 else nullcontext()
        with pool as self._pool:
            drive(self)

    def is_over(self) -> bool:
        """See :class:`pbit.samplers.replicas.Replicas`."""
        return bool(self._stop[0]) or not self._more()

    def couple(self) -> None:
        """Resample the members for the next beta."""
        step, beta = self._next_beta(len(self._log))
        self._culled = self._resample(step, len(self._log))
        self.beta = beta

    def sweep(self) -> None:
        """Sweep every member, again and again where energies are to lose their memory."""
        before, number = self.energies.copy(), len(self._log)
        self._swept = 0
        for turn in range(_MOST_TURNS):
            self._sweep(seed_of(self.task.seed, number, 1, turn))
            self._swept += self.cooling.sweeps
            if self._stop[0]:
                self._cut_short = True
                self.energies = self.rows()[1].reshape(self.shape)
                break
            if self.cooling.decorrelation is None:
                break
            if _correlation(before, self.energies) < self.cooling.decorrelation:
                break

    def look(self) -> None:
        """Book the end of a step."""
        self._look(self._culled, self._swept)

    def _more(self) -> bool:
        betas = self.cooling.betas
        return self.beta < self.cooling.last if betas is None else len(self._log) <= betas.size

    def _next_beta(self, number: int) -> tuple[float, float]:
        """The step in beta and where it leads."""
        from pbit.kernels import population

        if self.cooling.betas is not None:
            beta = float(self.cooling.betas[number - 1])
            return beta - self.beta, beta
        most = self.cooling.last - self.beta
        step = population.next_step(self.energies, most, self.cooling.culling_fraction)
        beta = self.beta + step if step < most else self.cooling.last
        return (step, beta) if beta > self.beta else (most, self.cooling.last)

    def _resample(self, step: float, number: int) -> float:
        """Copy and overwrite members so that they follow the law at the next beta."""
        from pbit.kernels import population

        copies = np.empty(self.shape, np.int32)
        log_ratios = np.empty(self.shape[0])
        first = self.task.first_read // self.shape[1]
        uniforms = _uniforms(seed_of(self.task.seed, number, 0), first, self.shape[0])
        population.count_copies(self.energies, step, uniforms, copies, log_ratios)
        self.log_z = self.log_z + log_ratios
        count = population.replacements(copies, *self._moves)
        targets, sources = self._moves[:, :count]
        self.energies.flat[targets] = self.energies.flat[sources]
        self.families[targets] = self.families[sources]
        n = self.task.model.num_spins
        population.overwrite(self._flat, self._lanes, targets, sources, n)
        return float(count / self.families.size)

    def _sweep(self, seed: int) -> None:
        task = self.task.at(np.full((1, 1), self.beta))._replace(seed=seed)
        watch = Watch(self._stop, (-np.inf, 0.0), _NO_TRACE)

        def run(block: Block, states: SpinArray) -> None:
            outcome = task.engine.run(task, block, states, watch)
            np.copyto(states, outcome.spins)
            energies = self.energies.reshape(-1)
            energies[self._members(block)] = outcome.energies[block.lanes]

        if self._pool is None:
            for block, states in zip(self.blocks, self._states, strict=True):
                run(block, states)
        else:
            list(self._pool.map(run, self.blocks, self._states))

    def _look(self, culled: float, sweeps: int) -> None:
        """Book the end of a step: families, energies, lowest states, the target."""
        entropic, squares = _family_sizes(self.families.reshape(self.shape))
        offset = self.task.model.offset
        places = self.energies.argmin(axis=1)
        lowest = self.energies[np.arange(self.shape[0]), places]
        self._log.append(
            (
                self.beta,
                self.log_z - self.beta * offset,
                self.energies.mean(axis=1) + offset,
                culled,
                entropic.mean(),
                (1 / squares).mean(),
                squares,
                sweeps,
                self._rows(np.array([self.energies.argmin()]))[1][0] + offset,
            )
        )
        better = np.flatnonzero(lowest < self.best_energies)
        if better.size:
            spins, energies = self._rows(better * self.shape[1] + places[better])
            lower = energies < self.best_energies[better]
            self.best_spins[better[lower]] = spins[lower]
            self.best_energies[better[lower]] = energies[lower]
        if self._aim.is_hit(self.best_energies):
            self._hit = True
            self._stop[0] = 1

    def _rows(self, chosen: Any) -> tuple[SpinArray, FloatArray]:
        """Spins of some members, one a row, and their exact energies without offset."""
        from pbit.kernels import population
        from pbit.kernels.sweeps import books

        rows = np.empty((chosen.size, self.task.model.num_spins), np.int8)
        population.gather(self._flat, self._lanes, chosen, rows)
        energies = np.empty(chosen.size)
        columns = np.ascontiguousarray(rows.T)
        books.block_energies(columns, *self.task.model.exact[:2], energies)
        return rows, energies

    def _report(self, elapsed_s: float) -> Progress:
        best = float(self.best_energies.min() + self.task.model.offset)
        last = self.cooling.last
        return Progress(min(1.0, self.beta / last) if last else 1.0, best, elapsed_s)


def _uniforms(seed: int, first: int, count: int) -> FloatArray:
    """One number in (0, 1) for each population, of its own whatever their number."""
    from pbit.kernels.random import numbers

    counters = np.zeros((count, 4), np.uint32)
    counters[:, 2] = first + np.arange(count)
    return numbers.uniforms(counters, seed=seed)[:, 0]


def _family_sizes(families: Any) -> tuple[FloatArray, FloatArray]:
    """``exp(-sum f ln f)`` and ``sum f^2`` of each population (row), f the families' fractions."""
    populations, members = families.shape
    fractions = np.bincount(families.reshape(-1), minlength=families.size) / members
    f = fractions.reshape(populations, members)
    return np.exp(-(f * np.log(np.where(f > 0, f, 1.0))).sum(axis=1)), (f**2).sum(axis=1)


def _correlation(before: FloatArray, after: FloatArray) -> float:
    """Correlation of the members' energies, within their populations."""
    a = before - before.mean(axis=1, keepdims=True)
    b = after - after.mean(axis=1, keepdims=True)
    scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0
