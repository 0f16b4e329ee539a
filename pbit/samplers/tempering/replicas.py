"""Replicas on a ladder: the states of one tempering run in the form that its kernel wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.engines.bit_model import BitModel
from pbit.engines.compiled_model import (
    CompiledModel,
    Extremes,
    kernel_scales,
    precision,
    rows_of,
)
from pbit.engines.engine import Ask
from pbit.engines.registry import choose, engine_named
from pbit.engines.words import Rule
from pbit.graphs.neighbours import neighbours_of
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.samplers.tempering.base_replicas import BaseReplicas
from pbit.samplers.tempering.exchange_books import Books
from pbit.samplers.tempering.tempered import Tempered
from pbit.schedules.ladder import Ladder
from pbit.schedules.schedule import Schedule

Kernel = Literal["bits", "lanes", "dense"]
LARGEST = 2**15  # spins whose ladder of replicas still stays near the processor
KERNELS: tuple[str, ...] = ("bits", "lanes", "dense")

_MOST_REPLICAS = 63  # at one temperature, bit-sliced: lanes that meet are less than a word apart
_WORDS = (2, 4, 8)
_PAIR_WORDS = (1, 2, 4, 8, 16)  # words for the pairs of a cluster move
_LANES = 16
_FEW_SPINS = 256
_NONE = np.iinfo(np.int64).max
_SLACK = 4e-6  # of all energies: what rounding may leave in a tracked one
_MOST_DEGREE = 8.0  # on average, for clusters that are not nearly everything
_CLUSTERS_EVERY = {"bits": 1, "lanes": 5, "dense": 5}  # sweeps: what a move costs, next to them


class Watch:
    """What the thread that watches and the kernels share."""

    def __init__(self, target: float, sweeps_traced: int = 0) -> None:
        self.stop = np.zeros(1, np.uint8)
        self.beat = np.array([0.0, np.inf])
        self.target = target
        self.trace = np.full(sweeps_traced, np.inf)


@dataclass(frozen=True, eq=False)
class TemperingProgram(ByValue):
    """A model in the kernel's form, shared by all runs on it."""

    model: AnyModel
    kernel: str
    bits: BitModel | None
    compiled: CompiledModel
    graph: tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]
    has_fields: bool
    rule: Rule = "heat-bath"

    dtype = np.int8
    law = "Boltzmann at every beta of the ladder; the lowest states are no samples"

    @classmethod
    def of(
        cls, model: AnyModel, kernel: str, cold: float, *, rule: Rule = "heat-bath"
    ) -> TemperingProgram:
        """Arrays for temperatures down to ``1 / cold``.

        Raises
        ------
        ValueError
            A kernel that does not take the model.
        """
        if kernel not in ("auto", *KERNELS):
            raise ArgumentError("kernel", f"must be auto, {', '.join(KERNELS)}", kernel)
        plan = choose(model, Ask(kernel, rule, "sequential", num_reads=64 * _WORDS[-1]))
        chosen = plan.engine if plan.engine.name in KERNELS else engine_named("lanes")
        rows = rows_of(model)
        extremes = Extremes.of(rows)
        real = precision(extremes, Schedule(np.array([cold])))
        compiled = CompiledModel.of(
            rows, real, form=chosen.form, offset=model.offset, size=extremes.total
        )
        pairs = isinstance(model, IsingModel)
        # Flips of both replicas' clusters of agreement need terms of even order alone.
        has_fields = not pairs or bool(model.h.any())
        graph = neighbours_of(model)
        return cls(model, chosen.name, plan.bits, compiled, graph, has_fields, rule)

    @property
    def num_spins(self) -> int:
        """Number of spins n."""
        return self.model.num_spins

    @property
    def size(self) -> float:
        """Sum of absolute energies."""
        return self.compiled.size

    @property
    def updates(self) -> int:
        """Updates in a sweep of one replica."""
        return self.num_spins

    @property
    def usual_clusters(self) -> int:
        """Sweeps between two cluster moves; 0 where clusters are likely to be nearly everything."""
        sparse = 0 < self.num_spins and int(self.graph[0][-1]) <= _MOST_DEGREE * self.num_spins
        return _CLUSTERS_EVERY[self.kernel] if sparse else 0

    def start(
        self, ladder: Ladder, replicas: int, *, seed: int, read: int, room: int = 0
    ) -> Replicas:
        """A run from fair coins, in the kernel's form for ``room`` slots or more.

        A ladder that is to be found may end with fewer slots: with room for the usual ones, no
        kernel of another form has to be compiled then.

        Raises
        ------
        ValueError
            More replicas than the kernel takes.
        """
        if self.kernel == "bits" and replicas > _MOST_REPLICAS:
            raise ValueError(
                f"num_replicas must be <= {_MOST_REPLICAS} with kernel 'bits', got {replicas}; "
                "raise num_reads, or take kernel 'lanes'"
            )
        if ladder.num_betas * replicas > self.most_slots:
            raise ValueError(
                f"a ladder must have {self.most_slots} slots or fewer with kernel "
                f"{self.kernel!r}, got {ladder.num_betas} betas x {replicas} replicas; lower "
                "num_replicas, or take fewer betas"
            )
        kind = BitReplicas if self.kernel == "bits" else LaneReplicas
        return kind(self, ladder, replicas, seed=seed, read=read, room=room)

    def reads(
        self, states: Any, energies: FloatArray, info: dict[str, Any], ladder: Ladder, last: Any
    ) -> Tempered:
        """What a call returns."""
        return Tempered(states, energies, info, ladder, last)

    @property
    def most_slots(self) -> int:
        """Slots of a ladder that the kernel takes."""
        return 64 * _WORDS[-1] if self.kernel == "bits" else 64 * _PAIR_WORDS[-1]

    @property
    def usual_slots(self) -> int:
        """Slots of a ladder that the kernel likes."""
        if self.kernel == "bits":
            return 64 * _WORDS[-1]
        return 128 if self.num_spins <= _FEW_SPINS else 256


class Replicas(Protocol):
    """One run: a ladder of replicas, swept until it is stopped."""

    read: int
    restarts: int
    ladder: Ladder
    replicas: int
    books: Books
    sweep: int

    def advance(
        self,
        last: int,
        cluster_every: int,
        watch: Watch,
        *,
        swapping: bool = True,
        patience: float = 0.0,
    ) -> None:
        """Go on until ``last`` sweeps are done, the run is stopped, or its patience is over."""
        ...

    def restart(self) -> None:
        """Begin again from fair coins on the same ladder; the lowest state is kept."""
        ...

    def states(self) -> Any:
        """Spins of every slot, int8 (T, R, n)."""
        ...

    def settle_on(self, ladder: Ladder, replicas: int) -> None:
        """Go on with another ladder; each new slot takes the state of an old one near it."""
        ...

    def likeness(self, before: Any, after: Any) -> tuple[FloatArray, FloatArray]:
        """At each beta, how much of a state is left, and how alike two replicas are, at most 1."""
        ...

    def forget(self) -> None:
        """Give back the memory of the spins; the lowest state and the books stay."""
        ...

    def put(self, states: Any) -> None:
        """Set the spins of every slot, int8 (T, R, n)."""
        ...

    @property
    def lowest(self) -> tuple[float, Any, int]:
        """Lowest energy (no offset), its state (n,), and the sweep that found it."""
        ...


class _SpinReplicas(BaseReplicas):
    program: TemperingProgram
    spins: npt.NDArray[Any]

    def likeness(self, before: SpinArray, after: SpinArray) -> tuple[FloatArray, FloatArray]:
        """See :class:`Replicas`."""
        # One temperature at a time: a ladder of a large model is a good part of the memory.
        own = np.array([np.mean(a * b) for a, b in zip(before, after, strict=True)])
        other = np.array(
            [np.mean(a * np.roll(b, 1, axis=0)) for a, b in zip(before, after, strict=True)]
        )
        return own, other

    def forget(self) -> None:
        """See :class:`Replicas`."""
        self.spins = np.empty((0, 0), self.spins.dtype)

    def _first_states(self, count: int, seed: int) -> SpinArray:
        """Fair coins, int8 (count, n), of :func:`pbit.kernels.sweeps.gibbs.random_spins`."""
        from pbit.kernels.sweeps import gibbs
        from pbit.kernels.vectors.transpose import transposed

        lanes = self.program.most_slots  # so that no two reads share coins
        spins = np.empty((self.program.num_spins, count), np.int8)
        first = np.uint64(self.read * lanes)
        gibbs.random_spins(spins, first, np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32))
        return np.asarray(transposed(spins))


class BitReplicas(_SpinReplicas):
    def _shape(self) -> None:
        from pbit.kernels.sweeps import bitsliced
        from pbit.kernels.tempering import records
        from pbit.kernels.vectors import transpose

        slots = self.ladder.num_betas * self.replicas
        self.words = next(v for v in _WORDS if 64 * v >= max(slots, self.room))
        n = self.program.num_spins
        transpose.warm_up(n, 64 * self.words)
        self.spins = np.empty((n + 1, self.words), np.uint64)
        bits = self.program.bits
        assert bits is not None
        betas = np.zeros(64 * self.words)
        betas[:slots] = np.repeat(self.ladder.values, self.replicas)
        self._scales = bits.scales(betas)
        self._model = bitsliced.Edges(
            bits.edges, bits.forward, bits.start, bits.odd, bits.total, bits.flush_every,
            bits.shapes(self.words, metropolis=self.program.rule == "metropolis"),
        )  # fmt: skip
        self._graph = records.Graph(*self.program.graph, self.program.has_fields)

    def _forget_lowest(self) -> None:
        from pbit.kernels.tempering.records import Best

        n = self.program.num_spins
        self._best = Best(np.full(1, _NONE), np.zeros(n, np.int8), np.zeros(1, np.int64))

    def put(self, states: SpinArray) -> None:
        from pbit.kernels.sweeps import bitsliced

        rows = np.ones((states.shape[2], 64 * self.words), np.int8)
        rows[:, : states.shape[0] * states.shape[1]] = states.reshape(-1, states.shape[2]).T
        bitsliced.pack(rows, self.spins)

    def states(self) -> SpinArray:
        from pbit.kernels.sweeps import bitsliced
        from pbit.kernels.vectors.transpose import transposed

        rows = np.empty((self.spins.shape[0] - 1, 64 * self.words), np.int8)
        bitsliced.unpack(self.spins, rows)
        slots = self.ladder.num_betas * self.replicas
        shape = (self.ladder.num_betas, self.replicas, len(rows))
        return np.asarray(transposed(rows)[:slots]).reshape(shape)

    def advance(
        self,
        last: int,
        cluster_every: int,
        watch: Watch,
        *,
        swapping: bool = True,
        patience: float = 0.0,
    ) -> None:
        """See :class:`Replicas`."""
        from pbit.kernels.sweeps.records import Stream
        from pbit.kernels.tempering import records, tempered_bits

        bits = self.program.bits
        assert bits is not None
        aim = watch.target / bits.unit
        aim = -(2.0**62) if aim == -np.inf else np.floor(aim + 1e-6 + 1e-9 * abs(aim))
        self.sweep = tempered_bits.temper_bits(
            self.spins,
            self._model,
            self._graph,
            tempered_bits.Ladder(self.ladder.values, self._scales, self.replicas, bits.unit),
            records.Plan(self.sweep, last, cluster_every, swapping, self.begun, patience),
            Stream(np.int64(self.read), *self.key),
            self._best,
            records.Watch(
                watch.stop, watch.beat, np.int64(np.clip(aim, -(2.0**62), 2.0**62)), watch.trace
            ),
            self.books.arrays,
        )

    def _lowest_now(self) -> tuple[float, SpinArray, int]:
        energy, spins, sweep = self._best
        unit = self.program.bits.unit  # type: ignore[union-attr]
        return (np.inf if energy[0] == _NONE else unit * energy[0]), spins, int(sweep[0])


class LaneReplicas(_SpinReplicas):
    def _shape(self) -> None:
        from pbit.kernels.tempering import records, tempered_lanes

        slots = self.ladder.num_betas * self.replicas
        lanes = -(-slots // _LANES) * _LANES
        compiled = self.program.compiled
        matrix = self.program.kernel == "dense"
        self.spins = np.ones((compiled.num_rows, lanes), np.float32 if matrix else np.int8)
        self.energies = np.zeros(lanes)
        self._scales = kernel_scales(self.ladder.values, compiled.real)
        self._slots = np.arange(slots).reshape(self.ladder.num_betas, self.replicas)
        pairs = max(self.ladder.num_betas * (self.replicas // 2), self.room // 2)
        words = next(v for v in _PAIR_WORDS if 64 * v >= pairs)
        h, couplings, exact = compiled.arrays
        slack = _SLACK * compiled.size
        metropolis = self.program.rule == "metropolis" or None
        self._model = tempered_lanes.Lanes(h, couplings, exact, slack, (0,) * words, metropolis)
        self._graph = records.Graph(*self.program.graph, self.program.has_fields)

    def _forget_lowest(self) -> None:
        from pbit.kernels.tempering.records import Best

        n = self.program.num_spins
        self._best = Best(np.full(1, np.inf), np.zeros(n, np.int8), np.zeros(1, np.int64))

    def put(self, states: SpinArray) -> None:
        from pbit.kernels.sweeps import books

        n, slots = self.program.num_spins, self._slots.size
        rows = np.ones((n, self.spins.shape[1]), np.int8)
        rows[:, self._slots.ravel()] = states.reshape(slots, n).T
        self.spins[:n] = rows
        books.block_energies(rows, *self.program.compiled.exact[:2], self.energies)

    def states(self) -> SpinArray:
        n = self.program.num_spins
        rows = self.spins[:n].T.astype(np.int8)
        return np.ascontiguousarray(rows[self._slots])

    def advance(
        self,
        last: int,
        cluster_every: int,
        watch: Watch,
        *,
        swapping: bool = True,
        patience: float = 0.0,
    ) -> None:
        """See :class:`Replicas`."""
        from pbit.kernels.sweeps.records import Stream
        from pbit.kernels.tempering import records, tempered_lanes

        self.sweep = tempered_lanes.temper_lanes(
            self.spins,
            self._model,
            self._graph,
            tempered_lanes.Ladder(self.ladder.values, self._scales, self._slots, self.energies),
            records.Plan(self.sweep, last, cluster_every, swapping, self.begun, patience),
            Stream(np.int64(self.read), *self.key),
            self._best,
            records.Watch(watch.stop, watch.beat, watch.target, watch.trace),
            self.books.arrays,
        )

    def _lowest_now(self) -> tuple[float, SpinArray, int]:
        energy, spins, sweep = self._best
        return float(energy[0]), spins, int(sweep[0])
