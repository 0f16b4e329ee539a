"""Measuring one sampler on one instance."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.measure.tts.callers import Call, Caller
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.control import Progress
from pbit.statistics import HitTimes, SweepCounts

_CALL_S = 0.25  # of reads made one after the other
_MOST_AT_ONCE = 10_000
_SAME = 1e-9  # of the energy


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    num_sweeps: tuple[int, ...] | None
    num_reads: int
    num_runs: int
    time_limit_s: float
    budget_s: float | None
    seed: int


@dataclass(frozen=True, eq=False)
class Measured(ByValue):
    """What was measured on one instance.

    ``data`` is a :class:`SweepCounts` of reads of fixed lengths, or :class:`HitTimes`;
    ``mean_energies`` and ``energy_errors`` of the reads at each length, shape (S,), NaN where one
    read tells no error. Not ``complete``: cut short before every length had reads.
    """

    data: SweepCounts | HitTimes
    best_energy: float
    wall_s: float
    cpu_s: float
    mean_energies: FloatArray | None = None
    energy_errors: FloatArray | None = None
    complete: bool = True


class Measuring:
    """One sampler on one instance; ``run`` may be cut short, ``measured`` is what there is."""

    def __init__(
        self, caller: Caller, target: float, plan: Plan, *, number: int = 0,
        accept: Callable[[SpinArray], bool] | None = None,
        progress: Callable[[Progress], None] | None = None,
        interrupt: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        self._caller, self._target, self._plan, self._number = caller, target, plan, number
        self._aim = target + _SAME * max(1.0, abs(target))
        self._tell, self._asked, self._accept = progress, interrupt, accept
        self._best, self._wall_s, self._cpu_s = np.inf, 0.0, 0.0
        self._stopped = self._short = False
        size = len(plan.num_sweeps or ())
        self._hits, self._reads = np.zeros((2, 2, size), dtype=np.int64)
        self._seconds, self._sums, self._squares = np.zeros((3, 2, size))
        self._walls = np.zeros(size)  # budgets are of the wall, whatever the clock
        self._runs: list[tuple[float, bool]] = []
        self._began = time.perf_counter()

    @property
    def interrupted(self) -> bool:
        """Whether the run was told to end."""
        return self._stopped

    @property
    def short(self) -> bool:
        """Whether the budget ended it before all reads or runs were made."""
        return self._short

    def run(self) -> None:
        """Warm up, then measure."""
        self._began = time.perf_counter()
        if self._plan.num_sweeps is None:
            self._first_hits()
        else:
            self._all_reads(self._plan.num_sweeps)

    def measured(self) -> Measured | None:
        """What there is; None if nothing can be told from it."""
        if self._plan.num_sweeps is None:
            if len(self._runs) < 2:  # one for each half
                return None
            runs = HitTimes(*zip(*self._runs, strict=True))
            return Measured(runs, self._best, self._wall_s, self._cpu_s)
        done = self._reads.all(axis=0)
        if not done.any():
            return None
        hits, reads, seconds = self._hits[:, done], self._reads[:, done], self._seconds[:, done]
        sweeps = np.array(self._plan.num_sweeps)[done]
        counts = SweepCounts(sweeps, hits, reads, seconds, self._caller.reads_at_once)
        n = reads.sum(axis=0)
        mean = self._sums[:, done].sum(axis=0) / n
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = (self._squares[:, done].sum(axis=0) - n * mean**2) / (n - 1)
            error = np.sqrt(np.maximum(0.0, variance) / n)
        mean += self._target  # sums are kept relative to it
        complete = bool(done.all())
        return Measured(counts, self._best, self._wall_s, self._cpu_s, mean, error, complete)

    # --- reads of fixed lengths

    def _all_reads(self, several: tuple[int, ...]) -> None:
        at_once = self._caller.reads_at_once
        self._caller.reads(several[0], at_once, self._seed(0))  # compiles
        sizes = np.full(len(several), at_once)
        open_, turn = list(range(len(several))), 0
        while open_ and not self._told_to_end():
            for k in list(open_):
                for half in (0, 1):
                    if self._told_to_end():
                        return
                    self._take(half, k, int(sizes[k]), self._seed(1, turn, k, half))
                done = int(self._reads[:, k].sum())
                if done >= self._plan.num_reads:
                    open_.remove(k)
                elif self._spent(len(several), k):
                    open_.remove(k)
                    self._short = True
                elif at_once == 1:
                    sizes[k] = self._batch(k, done)
                self._report()
            turn += 1

    def _take(self, half: int, k: int, size: int, seed: int) -> None:
        assert self._plan.num_sweeps is not None
        call = self._caller.reads(self._plan.num_sweeps[k], size, seed)
        if self._ended_early(call):
            return
        self._walls[k] += call.wall_s
        relative = call.energies - self._target
        self._hits[half, k] += np.count_nonzero(self._reached(call))
        self._reads[half, k] += relative.size
        self._seconds[half, k] += call.seconds
        self._sums[half, k] += relative.sum()
        self._squares[half, k] += (relative**2).sum()

    def _batch(self, k: int, done: int) -> int:
        """Reads of the next two calls, where reads are made one after the other."""
        read_s = float(self._seconds[:, k].sum()) / done
        left = -(-(self._plan.num_reads - done) // 2)
        return max(1, min(left, int(_CALL_S / read_s), _MOST_AT_ONCE))

    def _spent(self, shares: int, k: int) -> bool:
        """Whether this length has used its share of the budget."""
        budget = self._plan.budget_s
        return budget is not None and float(self._walls[k]) >= budget / shares

    # --- first hits

    def _first_hits(self) -> None:
        plan = self._plan
        short = min(plan.time_limit_s, _CALL_S)
        self._caller.first_hit(self._target, short, self._seed(0))  # compiles
        for turn in range(plan.num_runs):
            if self._told_to_end():
                return
            call = self._caller.first_hit(self._target, plan.time_limit_s, self._seed(1, turn))
            if self._ended_early(call):
                return
            self._runs.append((call.seconds, bool(self._reached(call).any())))
            self._report()
            over = plan.budget_s is not None and self._wall_s >= plan.budget_s
            if over and len(self._runs) > 1:
                self._short = len(self._runs) < plan.num_runs
                return

    # --- both

    def _ended_early(self, call: Call) -> bool:
        self._wall_s += call.wall_s
        self._cpu_s += call.cpu_s
        self._best = min(self._best, float(call.energies.min(initial=np.inf)))
        self._stopped = self._stopped or call.interrupted
        return call.interrupted

    def _reached(self, call: Call) -> npt.NDArray[np.bool_]:
        reached = call.energies <= self._aim
        if self._accept is not None:
            for row in np.flatnonzero(reached):
                reached[row] = self._accept(call.spins[row])
        return np.asarray(reached)

    def _told_to_end(self) -> bool:
        if self._asked is not None and self._asked():
            self._stopped = True
        return self._stopped

    def _seed(self, *place: int) -> int:
        sequence = np.random.SeedSequence([self._plan.seed, self._number, *place])
        return int(sequence.generate_state(1)[0])

    def _report(self) -> None:
        if self._tell is None:
            return
        plan = self._plan
        if plan.num_sweeps is None:
            part = len(self._runs) / plan.num_runs
        else:
            part = float(np.minimum(1.0, self._reads.sum(axis=0) / plan.num_reads).mean())
        elapsed = time.perf_counter() - self._began
        if plan.budget_s is not None:
            part = max(part, elapsed / plan.budget_s)
        self._tell(Progress(min(1.0, part), self._best, elapsed))
