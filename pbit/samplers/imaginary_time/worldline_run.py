"""Worldlines of many reads: arrays of the kernel, reads shared among threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.kernels.imaginary_time.records import (
    Clusters,
    Couplings,
    Draws,
    Look,
    Paths,
    Pieces,
    Steps,
    Sums,
)
from pbit.models.incidence import Incidence
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.run.control import Control, Progress
from pbit.run.pieces import run_pieces
from pbit.samplers.imaginary_time.series import COLUMNS, KINK_COLUMNS, bin_sizes

GRID = 64  # bits of a word
WORLDLINE_COLUMNS = (*COLUMNS, *KINK_COLUMNS)
_NEVER = 0


class Looks(NamedTuple):
    """When and at what a run looks: every so many sweeps from ``burn_in`` on, never if 0."""

    every: int = _NEVER
    burn_in: int = 0
    pairs: npt.NDArray[np.int32] = np.zeros((2, 0), np.int32)
    gamma: FloatArray = np.zeros(0)
    beta: float = 1.0

    def count(self, num_sweeps: int) -> int:
        """Looks at a read."""
        return len(range(self.burn_in, num_sweeps, self.every)) if self.every else 0


_NO_LOOKS = Looks()


class Followed(NamedTuple):
    """A read as it ended: its number, sweeps and looks made, what looks found, states at times."""

    read: int
    sweeps: int
    looks: int
    values: FloatArray
    sums: Sums
    words: npt.NDArray[np.uint64]


class Task(Protocol):
    """What all reads of a run have in common, as :class:`WorldlineTask` says it."""

    @property
    def sweeps(self) -> tuple[int, int]: ...
    @property
    def times(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def looks(self) -> Looks: ...
    @property
    def num_spins(self) -> int: ...
    def follow(self, read: int, stop: Any, beat: Any) -> Followed: ...


@dataclass(frozen=True, eq=False)
class WorldlineTask(ByValue):
    """What all reads of a run have in common.

    Parameters
    ----------
    couplings : Couplings
    steps : Steps
    sweeps : (int, int)
        All of them, and those of a step.
    times : int
        Times at which states are looked at.
    mean_cuts : float
        Most cuts of a worldline, on the mean.
    seed : int
    looks : Looks
    cluster_every : int
        Clusters in space and time after so many sweeps; never if 0.
    """

    couplings: Couplings
    steps: Steps
    sweeps: tuple[int, int]
    times: int
    mean_cuts: float
    seed: int
    looks: Looks = _NO_LOOKS
    cluster_every: int = _NEVER

    @property
    def num_spins(self) -> int:
        """Worldlines of a read."""
        return int(self.couplings.h.size)

    def follow(self, read: int, stop: Any, beat: Any) -> Followed:
        """Run one read to its end, or until ``stop[0]`` is set; ``beat[0]`` counts sweeps."""
        from pbit.kernels.imaginary_time import worldline_looks

        n, (num_sweeps, _) = self.num_spins, self.sweeps
        capacity = _capacity(self.mean_cuts)
        paths = self._start(read, capacity)
        pieces, clusters = self._pieces(capacity), self._clusters(capacity)
        stream = stream_of(read, self.seed)
        draws = Draws(np.zeros(4, np.uint32), np.zeros(1, np.int64), 0, 0, 0, *stream)
        look, sums, found = self._look()
        where = np.zeros(4, np.int64)
        while where[0] < num_sweeps and not stop[0]:
            beat[0] = where[0]
            # Pieces of a run, so that somebody can see how far it is.
            until = min(num_sweeps, int(where[0]) + max(1, 2**20 // max(1, n)))
            plan = (until, self.sweeps[1])
            read_of = (paths, self.couplings, self.steps, plan, pieces, draws)
            worldline_looks.follow_worldlines(*read_of, look, sums, found, clusters, where, stop)
            if where[2]:
                capacity *= 2
                paths = _wider(paths, capacity, self.steps.length)
                pieces, clusters = self._pieces(capacity), self._clusters(capacity)
        beat[0] = where[0]
        words = np.zeros(n, np.uint64)
        worldline_looks.look_at_worldlines(paths, words, self.steps.length, self.times)
        return Followed(read, int(where[0]), int(where[3]), found, sums, words)

    def _start(self, read: int, capacity: int) -> Paths:
        """Fair coins, the same at all times."""
        kinks = np.full((self.num_spins, capacity + 1), self.steps.length)
        coins = fair_coins(self.num_spins, read, self.seed)
        return Paths(kinks, np.zeros(self.num_spins, np.int64), coins)

    def _pieces(self, capacity: int) -> Pieces:
        largest = int(np.diff(self.couplings.member_ptr).max(initial=1))
        cuts = np.full(capacity + 1, self.steps.length)
        spins = np.zeros(capacity + 1, np.int8)
        sums = np.zeros((2, capacity + 1))
        return Pieces(cuts, np.zeros(capacity + 1), spins, sums, np.zeros(largest, np.int64))

    def _clusters(self, capacity: int) -> Clusters:
        n = self.num_spins if self.cluster_every else 0
        size = n * (capacity + 1)
        return Clusters(
            self.cluster_every,
            np.full((n, capacity + 1), self.steps.length),
            np.zeros(n, np.int64),
            np.zeros(n + 1, np.int64),
            np.zeros(size, np.int64),
            np.zeros(size, np.int8),
            np.zeros(size),
        )

    def _look(self) -> tuple[Look, Sums, FloatArray]:
        n, looks = self.num_spins, self.looks
        count = looks.count(self.sweeps[0])
        look = Look(
            looks.every,
            looks.burn_in,
            self.times,
            np.zeros(n, np.uint64),
            np.zeros(self.times),
            looks.pairs,
            self._transverse(),
            bins_of(count),
        )
        sums = empty_sums(count, n, looks.pairs.shape[1], self.times)
        return look, sums, np.zeros((count, len(WORLDLINE_COLUMNS)))

    def _transverse(self) -> FloatArray:
        """Of each worldline and each of its kinks, Gamma sigma^x: 0 and 1 / beta, or with slices
        Gamma tanh(a) and (Gamma coth(a) - Gamma tanh(a)) / R, a = beta Gamma / R."""
        n, gamma, beta = self.num_spins, self.looks.gamma, self.looks.beta
        if not self.looks.every:
            return np.zeros((2, n))
        if not self.steps.sliced:
            return np.array([np.zeros(n), np.full(n, 1 / beta)])
        replicas = self.steps.length
        equal = gamma * np.tanh(beta * gamma / replicas)
        different = np.divide(
            gamma**2, equal, out=np.full(n, replicas / beta), where=equal > 0
        )  # gamma coth(a)
        return np.array([equal, (different - equal) / replicas])


def stream_of(read: int, seed: int) -> tuple[Any, Any, Any]:
    """Counter and key of the random words of a read."""
    return np.uint64(read), np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)


def fair_coins(n: int, read: int, seed: int) -> npt.NDArray[np.int8]:
    """Random spins to begin with."""
    from pbit.kernels.sweeps import gibbs

    spins = np.empty((n, 1), np.int8)
    gibbs.random_spins(spins, *stream_of(read, seed))
    return spins[:, 0].copy()


def bins_of(count: int) -> npt.NDArray[np.int64]:
    """The bin of each of so many looks."""
    sizes = bin_sizes(count)
    return np.repeat(np.arange(sizes.size), sizes)


def empty_sums(count: int, n: int, pairs: int, times: int) -> Sums:
    """Sums of so many looks at n spins, before the first."""
    bins = bin_sizes(count).size
    return Sums(
        np.zeros((bins, n)),
        np.zeros((bins, n)),
        np.zeros((bins, pairs)),
        np.zeros((bins, 2, times // 2 + 1)),
    )


def couplings_of(model: AnyModel) -> Couplings:
    """Terms of a model by site."""
    if isinstance(model, PolynomialModel):
        terms = model.incidence()
    else:
        terms = _pairs(model)
    sizes = np.diff(terms.member_ptr) + 1
    return Couplings(
        np.array(model.h, np.float64),
        terms.site_ptr,
        terms.weights,
        terms.weights / sizes,
        terms.member_ptr,
        terms.members,
    )


def _pairs(model: IsingModel) -> Incidence:
    J = model.J
    numbers = np.arange(J.nnz + 1)
    weights = np.array(J.data, np.float64)
    return Incidence(J.indptr.astype(np.int64), weights, numbers, J.indices.astype(np.int32))


def steps_of(
    betas: FloatArray, gammas: FloatArray, replicas: int | None
) -> tuple[Steps, int, float]:
    """Circle and cuts of steps with these betas (steps,) and fields (steps, n); the times at which
    states are looked at; most cuts of a worldline on the mean."""
    rates = betas[:, None] * gammas
    with np.errstate(divide="ignore"):
        if replicas is None:
            steps = Steps(1.0, False, betas.copy(), -1 / rates)
            return steps, GRID, float(rates.max(initial=0.0))
        chances = np.tanh(rates / replicas)
        gaps = 1 / np.log1p(-chances)
    times = max(q for q in range(1, GRID + 1) if replicas % q == 0)
    steps = Steps(float(replicas), True, betas / replicas, gaps)
    return steps, times, float(replicas * chances.max(initial=0.0))


class WorldlineReads:
    """Reads of a task, taken in turn by threads."""

    def __init__(self, task: Task, reads: range, control: Control) -> None:
        self.task, self.reads, self.control = task, reads, control
        self.followed: list[Followed] = []
        self.stop_reason = "completed"
        self._stop = np.zeros(1, np.uint8)
        self._beats: dict[int, Any] = {}

    def go(self, threads: int) -> None:
        """Run them all, or until the control ends it: then one read at least is there."""
        reason = run_pieces(
            iter(self.reads),
            self._call,
            self.followed.append,
            stop=self._stop,
            control=self.control,
            report=self._report,
            threads=min(threads, len(self.reads)),
        )
        self.followed.sort(key=lambda each: each.read)
        done = sum(each.sweeps == self.task.sweeps[0] for each in self.followed)
        if reason is not None and done < len(self.reads):
            self.stop_reason = reason

    @property
    def whole(self) -> list[Followed]:
        """Those that came to their end, or the one that came furthest."""
        ended = [each for each in self.followed if each.sweeps == self.task.sweeps[0]]
        return ended or [max(self.followed, key=lambda each: each.sweeps)]

    @property
    def updates(self) -> int:
        """Worldlines that were drawn anew."""
        return sum(each.sweeps for each in self.followed) * self.task.num_spins

    def _call(self, read: int) -> Followed:
        beat = self._beats.setdefault(read, np.zeros(1, np.int64))
        return self.task.follow(read, self._stop, beat)

    def _report(self, elapsed_s: float) -> Progress:
        done = sum(int(beat[0]) for beat in list(self._beats.values()))
        return Progress(done / max(1, len(self.reads) * self.task.sweeps[0]), np.inf, elapsed_s)


def states_of(words: npt.NDArray[np.uint64], times: int) -> npt.NDArray[np.int8]:
    """int8 spins (times, n) of the bits of words (n,)."""
    bits = (words[None, :] >> np.arange(times, dtype=np.uint64)[:, None]) & np.uint64(1)
    return (2 * bits.astype(np.int8) - 1).astype(np.int8)


def warm_up() -> None:
    """Compile the kernels, or load what was compiled before."""
    toy = IsingModel(np.zeros(1), np.zeros((1, 1)))
    steps, times, cuts = steps_of(np.ones(1), np.ones((1, 1)), None)
    looks = Looks(1, 0, gamma=np.ones(1))
    task = WorldlineTask(couplings_of(toy), steps, (1, 1), times, cuts, 0, looks)
    task.follow(0, np.zeros(1, np.uint8), np.zeros(1, np.int64))


def _capacity(mean_cuts: float) -> int:
    from pbit.kernels.imaginary_time.worldlines import capacity_for

    return capacity_for(mean_cuts)


def _wider(paths: Paths, capacity: int, length: float) -> Paths:
    kinks = np.full((paths.counts.size, capacity + 1), length)
    kinks[:, : paths.kinks.shape[1]] = paths.kinks
    return paths._replace(kinks=kinks)
