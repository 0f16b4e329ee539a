"""Population annealing as it runs: populations side by side, whatever their members are."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import numpy as np

from pbit.kernels.random.stream import RNG
from pbit.models.labels import FloatArray
from pbit.models.numbers import power_of_two
from pbit.run.control import Control, Progress
from pbit.run.pieces import run_pieces
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.population.cooling import Cooling, Counts
from pbit.samplers.population.members import Members
from pbit.samplers.population.population import Steps, outcome_of
from pbit.samplers.replicas import drive
from pbit.seeds import seed_of

_MOST_TURNS = 20


class PopulationRun:
    """Populations (M, R) that cool together; the caller's thread watches."""

    def __init__(
        self, members: Members, cooling: Cooling, control: Control, *, counts: Counts
    ) -> None:
        self.members, self.cooling, self.control, self.counts = members, cooling, control, counts
        self.shape = (counts.populations, counts.size)
        self.beta = 0.0
        self.log_z = np.full(counts.populations, members.log_states)
        self.stop_reason = "completed"
        self.families = np.arange(counts.total)
        self._stop = np.zeros(1, dtype=np.uint8)
        self._log: list[tuple[Any, ...]] = []  # rows of Steps
        self._aim = Aim.at(control.target, offset=members.offset, size=members.size)
        self._hit = self._cut_short = False
        self._pool: Executor | None = None
        self._culled, self._swept = 0.0, 0

    @property
    def steps(self) -> Steps:
        """What happened at each beta."""
        return Steps(*(np.array(column) for column in zip(*self._log, strict=True)))

    def warm_up(self, threads: int) -> None:
        """Compile, or load from the cache, what the members need and what is between sweeps."""
        from pbit.kernels import population
        from pbit.kernels.random import numbers

        self.members.warm_up(threads)
        energies, copies = np.zeros((1, 2)), np.empty((1, 2), np.int32)
        population.next_step(energies, 1.0, 0.1)
        population.count_copies(energies, 1.0, np.full(1, 0.5), copies, np.empty(1))
        population.replacements(copies, *np.zeros((2, 2), np.int64))
        numbers.words(np.zeros((1, 4), np.uint32), seed=0)

    def run(self, threads: int, watch: Stopwatch) -> None:
        """Warm up and go, the times taken."""
        watch.mark()
        self.warm_up(threads)
        watch.mark()
        self.go(threads)
        watch.mark()

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

    def rows(self) -> tuple[Any, FloatArray]:
        """States of all members, one a row, and their energies summed anew, without offset."""
        return self.members.rows(np.arange(self.families.size))

    @property
    def weights(self) -> FloatArray:
        """Of each member in averages: the Z of its population; they sum to 1."""
        return np.repeat(self.steps.shares[-1] / self.counts.size, self.counts.size)

    def info(self, threads: int, watch: Stopwatch) -> dict[str, Any]:
        """What is told of the run, whatever its members are."""
        return {
            "seed": self.members.seed,
            "stop_reason": self.stop_reason,
            "beta_schedule_type": self.cooling.kind,
            "population_size": self.counts.size,
            "num_populations": self.counts.populations,
            "num_reads": self.counts.total,
            **outcome_of(self.steps),
            "updates": self.members.updates,
            "num_threads": threads,
            "rng": RNG,
            "timing": watch.timing(),
        }

    def _set_up(self, threads: int) -> None:
        """Members from the law at beta = 0."""
        self.members.begin(threads)
        self._moves = np.empty((2, self.families.size), np.int64)
        states, energies = self.rows()
        self.energies = energies.reshape(self.shape)
        self.best_states = np.empty_like(states[: self.shape[0]])
        self.best_energies = np.full(self.shape[0], np.inf)
        self._look(0.0, 0)

    def _drive(self, threads: int) -> None:
        workers = min(threads, len(self.members.blocks))
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
            self._sweep(seed_of(self.members.seed, number, 1, turn))
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
        first = self.counts.first_read // self.counts.size
        uniforms = _uniforms(seed_of(self.members.seed, number, 0), first, self.shape[0])
        population.count_copies(self.energies, step, uniforms, copies, log_ratios)
        self.log_z = self.log_z + log_ratios
        count = population.replacements(copies, *self._moves)
        targets, sources = self._moves[:, :count]
        self.energies.flat[targets] = self.energies.flat[sources]
        self.families[targets] = self.families[sources]
        self.members.overwrite(targets, sources)
        return float(count / self.families.size)

    def _sweep(self, seed: int) -> None:
        blocks, energies = self.members.blocks, self.energies.reshape(-1)

        def run(number: int) -> None:
            swept = self.members.sweep(number, self.beta, seed=seed, stop=self._stop)
            energies[blocks[number]] = swept

        numbers = range(len(blocks))
        list(map(run, numbers) if self._pool is None else self._pool.map(run, numbers))

    def _look(self, culled: float, sweeps: int) -> None:
        """Book the end of a step: families, energies, lowest states, the target."""
        entropic, squares = _family_sizes(self.families.reshape(self.shape))
        offset = self.members.offset
        places = self.energies.argmin(axis=1)
        lowest = self.energies[np.arange(self.shape[0]), places]
        better = np.flatnonzero(lowest < self.best_energies)
        if better.size:
            states, energies = self.members.rows(better * self.shape[1] + places[better])
            lowest[better] = energies
            lower = energies < self.best_energies[better]
            self.best_states[better[lower]] = states[lower]
            self.best_energies[better[lower]] = energies[lower]
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
                lowest.min() + offset,
            )
        )
        if self._aim.is_hit(self.best_energies):
            self._hit = True
            self._stop[0] = 1

    def _report(self, elapsed_s: float) -> Progress:
        best = float(self.best_energies.min() + self.members.offset)
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
    a, b = _spread(before), _spread(after)
    scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0


def _spread(energies: FloatArray) -> FloatArray:
    """Distances from the means, in units that keep their squares numbers."""
    apart = energies - energies.mean(axis=1, keepdims=True)
    return np.asarray(apart / power_of_two(apart))
