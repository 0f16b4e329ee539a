"""Replicas of digits on a ladder: the states of one tempering run, and its program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.engines.digits.family import DigitModel, DigitProgram, ValueArray
from pbit.engines.words import Rule
from pbit.kernels.random.ars import key_schedule
from pbit.models.labels import FloatArray
from pbit.samplers.digits.blocks import RULES, lanes_of
from pbit.samplers.digits.dit_reads import TemperedDits
from pbit.samplers.tempering.base_replicas import BaseReplicas
from pbit.samplers.tempering.replicas import Watch
from pbit.schedules.ladder import Ladder

_MOST_SLOTS = 1024  # pbit.kernels.digits.held.SLOTS
_USUAL_SLOTS, _FEWEST_SLOTS = 64, 64
LANES_FROM = 3e7  # updates of a run: replicas side by side are compiled for each number of values
_LANES = 16  # replicas side by side
_MOST_BYTES = 2**30  # of the replicas of a run


@dataclass(frozen=True, eq=False)
class DigitTempering(ByValue):
    """A model of digits as tempering runs want it, shared by all of them; ``is_long``: whether they
    make up for compiling a kernel that has replicas side by side, where there is one; ``fills``:
    whether ladders that are found have more replicas than asked for where these cost nothing;
    ``has_clusters``: whether replicas exchange clusters, which takes them one after the other."""

    program: DigitProgram
    rule: Rule = "heat-bath"
    is_long: bool = False
    fills: bool = False
    has_clusters: bool = False

    kernel = "digits"
    usual_slots = _USUAL_SLOTS
    dtype = np.int16

    @cached_property
    def bytes_a_slot(self) -> int:
        """Memory of one replica."""
        return 2 * self.num_spins + sum(int(array.nbytes) for array in self.program.works(1))

    @property
    def lane_shape(self) -> tuple[int, ...]:
        """Values of each digit, where replicas are held side by side; else nothing."""
        apart = self.has_clusters or not self.is_long
        return () if apart else lanes_of(self.program, self.rule)

    @property
    def most_slots(self) -> int:
        """Slots of a ladder: no more than have random words of their own, or fit near by."""
        return int(np.clip(_MOST_BYTES // self.bytes_a_slot, _FEWEST_SLOTS, _MOST_SLOTS))

    def filled(self, betas: int, replicas: int) -> int:
        """Replicas at each beta, so that few of sixteen places are left empty."""
        if not self.fills or not self.lane_shape:
            return replicas
        return -(-betas * replicas // _LANES) * _LANES // betas

    @property
    def model(self) -> DigitModel:
        """The model."""
        return self.program.model

    @property
    def num_spins(self) -> int:
        """Number of digits, by the name that they have in runs of spins."""
        return self.program.model.num_digits

    @property
    def size(self) -> float:
        """Sum of absolute energies."""
        return self.program.size

    @property
    def updates(self) -> int:
        """Moves that are tried in a sweep of one replica."""
        return self.program.updates

    @property
    def law(self) -> str:
        """What the replicas sample."""
        return f"{self.program.law}, at every beta of the ladder; the lowest states are no samples"

    def start(
        self, ladder: Ladder, replicas: int, *, seed: int, read: int, room: int = 0
    ) -> DigitReplicas:
        """A run from random states; ``room`` makes no difference.

        Raises
        ------
        ValueError
            More replicas than the kernel takes.
        """
        if ladder.num_betas * replicas > self.most_slots:
            raise ValueError(
                f"a ladder of digits must have {self.most_slots} slots or fewer, got "
                f"{ladder.num_betas} betas x {replicas} replicas; lower num_replicas, or take "
                "fewer betas"
            )
        return DigitReplicas(self, ladder, replicas, seed=seed, read=read)

    def reads(
        self, states: Any, energies: FloatArray, info: dict[str, Any], ladder: Ladder, last: Any
    ) -> TemperedDits:
        """What a call returns."""
        return TemperedDits(states, energies, info, ladder, last)


class DigitReplicas(BaseReplicas):
    """One run; see :class:`pbit.samplers.tempering.replicas.Replicas`."""

    _held: Any  # what the kernel was handed

    def states(self) -> ValueArray:
        """Values of every slot, int16 (T, R, n)."""
        return self._values[self._slots]

    def put(self, states: Any) -> None:
        """Set the values of every slot, int16 (T, R, n)."""
        betas, replicas, n = self.ladder.num_betas, self.replicas, self.program.num_spins
        self._slots = np.arange(betas * replicas).reshape(betas, replicas)
        self._values = np.array(states, np.int16).reshape(betas * replicas, n)
        self._held = None

    def settle_on(self, ladder: Ladder, replicas: int) -> None:
        """Go on with another ladder, of more replicas where they cost nothing."""
        super().settle_on(ladder, self.program.filled(ladder.num_betas, replicas))

    def likeness(self, before: ValueArray, after: ValueArray) -> tuple[FloatArray, FloatArray]:
        """At each beta, how much of a state is left, and how alike two replicas are: the part of
        the digits that have one value; shapes (T,)."""
        others = np.roll(before.reshape(-1, before.shape[2]), 1, axis=0).reshape(before.shape)
        own, other = ((before == x).mean(axis=(1, 2)) for x in (after, others))
        return own, other

    def forget(self) -> None:
        """Give back the memory of the states; the lowest one and the books stay."""
        self._values, self._held = np.empty((0, 0), np.int16), None

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
        from pbit.kernels.digits import records
        from pbit.kernels.digits.clusters import Clusters
        from pbit.kernels.digits.temper import temper_replicas
        from pbit.kernels.sweeps.records import Stream
        from pbit.kernels.tempering.exchange import Exchange
        from pbit.kernels.tempering.records import Watch as Watched

        clusters = Clusters.of(cluster_every, self.program.num_spins) if cluster_every else None
        self.sweep = temper_replicas(
            self.program.program.record,
            self._replicas(),
            records.TemperPlan(
                self.sweep,
                last,
                swapping,
                self.begun,
                patience,
                RULES[self.program.rule],
                clusters,
            ),
            Stream(np.int64(self.read), *self.key),
            self._best,
            Watched(watch.stop, watch.beat, watch.target, watch.trace),
            Exchange.of(*self._slots.shape),
            self.books.arrays,
            key_schedule(*self.key),
        )

    def _replicas(self) -> Any:
        """What the kernel is handed, made once for all states put."""
        if self._held is None:
            from pbit.kernels.digits.held_lanes import ReplicaLanes
            from pbit.kernels.digits.lane_sweep import Lanes, LaneScratch
            from pbit.kernels.digits.records import Replicas

            ends = self._slots, self.ladder.values, np.zeros(self._slots.shape)
            shape, values = self.program.lane_shape, self._values
            if shape:
                groups = Lanes.of(values.shape[1], len(shape), len(values))
                scratch = LaneScratch.of(len(shape), key_schedule(*self.key))
                self._held = ReplicaLanes(values, groups, scratch, shape, *ends)
            else:
                works = self.program.program.works(len(values))
                self._held = Replicas(values, works, *ends)
        return self._held

    def _shape(self) -> None:
        self._held = None  # states bring their own room

    def _first_states(self, count: int, seed: int) -> ValueArray:
        first = self.read * _MOST_SLOTS  # so that no two reads share words
        values: ValueArray = self.program.program.random(np.arange(first, first + count), seed=seed)
        return values

    def _forget_lowest(self) -> None:
        from pbit.kernels.digits.records import Best

        n = self.program.num_spins
        self._best = Best(np.full(1, np.inf), np.zeros(n, np.int16), np.zeros(1, np.int64))

    def _lowest_now(self) -> tuple[float, ValueArray, int]:
        energy, values, sweep = self._best
        return float(energy[0]), values, int(sweep[0])
