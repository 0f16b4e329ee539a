"""Engine "bits": one bit a read, for couplings that are small whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.engines.bit_model import FAST_PLANES, MOST_PLANES, BitModel
from pbit.engines.bit_terms import terms_of_spins
from pbit.engines.block import Block, Outcome, Watch
from pbit.engines.engine import Ask, Engine, Plan
from pbit.engines.task import Task, columns_of
from pbit.models.directed import DirectedModel
from pbit.models.labels import SpinArray

BIT_BLOCK = 128  # reads that share a counter of the generator in the bit-sliced kernel
_LEAST_READS = 32  # from which bit-slicing wins
_MANY_READS = 256  # from which it does with any number of planes
_MOST_READS = 512  # of a block


class Bits(Engine):
    """Bit-sliced updates; their random words are others than those of the float kernels."""

    name = "bits"
    rank = 10
    orders = ("sequential",)
    takes_terms = True
    update_ns = 0.2

    def offer(self, model: Any, ask: Ask) -> Plan | None:
        """Where weights suit and reads are many, many more where fields are large."""
        reads = _MOST_READS if ask.num_reads is None else ask.num_reads
        planes = FAST_PLANES if reads < _MANY_READS else MOST_PLANES
        suits = ask.order in ("auto", *self.orders) and not ask.special
        if reads < _LEAST_READS or not suits or isinstance(model, DirectedModel):
            return None
        if terms_of_spins(model).max(initial=0) >= 2 ** (planes + 1):
            return None  # more planes than that, whatever the weights
        bits = BitModel.of(model)
        if bits is None or bits.planes[0] > planes:
            return None
        return Plan(self, "sequential", bits)

    def plan(self, model: Any, ask: Ask) -> Plan:
        """See :class:`Engine`."""
        bits = BitModel.of(model)
        if bits is None:
            raise ArgumentError(
                "kernel", "'bits' needs weights that are small whole multiples of one unit"
            )
        return Plan(self, "sequential", bits)

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """See :class:`Engine`."""
        return min(_MOST_READS, -(-share // BIT_BLOCK) * BIT_BLOCK), BIT_BLOCK

    def block(self, first: int, wanted: int, most: int, num_reads: int | None) -> Block:
        """See :class:`Engine`."""
        lead = first % BIT_BLOCK
        largest = min(most, BIT_BLOCK * -(-(num_reads or most) // BIT_BLOCK))
        words = next(v for v in (2, 4, 8) if 64 * v >= max(largest, lead + wanted))
        return Block(first, wanted, 64 * words, lead)

    def variant(self, task: Task, width: int) -> tuple[Any, ...]:
        """See :class:`Engine`."""
        assert task.bits is not None
        return (*super().variant(task, width), width, task.bits.planes, task.bits.bits)

    def warm(self, toy: Task, task: Task, block: Block) -> list[tuple[Task, Block]]:
        """See :class:`Engine`."""
        return [(toy, Block(0, 1, block.width))]

    def run(self, task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
        """See :class:`Engine`."""
        from pbit.kernels.sweeps import bitsliced, records

        model = task.bits
        assert model is not None
        energies = np.zeros(block.width, dtype=np.int64)
        best_energies = np.full(block.width, np.iinfo(np.int64).max)
        sweeps_done = np.zeros(block.width, dtype=np.int64)
        key0, key1 = (np.int64(word) for word in task.key)
        scales = model.scales(task.betas)
        observer = task.observation.observer(len(spins), block.width, task.model.exact[2])
        bitsliced.anneal_bits(
            spins,
            bitsliced.Edges(
                model.edges,
                model.forward,
                model.start,
                model.odd,
                model.total,
                model.flush_every,
                model.shapes(block.width // 64, metropolis=task.metropolis),
            ),
            bitsliced.Plan(columns_of(task, block, scales), task.sweeps_per_beta, model.unit),
            records.Stream(np.int64((block.first - block.lead) // BIT_BLOCK), key0, key1),
            records.Tracked(energies, best_energies, None, task.best_seen, sweeps_done),
            records.Watch(
                watch.stop,
                block.beat,
                model.aim(watch.aim[0]),
                (block.lead, block.lead + block.wanted),
                watch.trace,
            ),
            records.Observer.of(observer, block.width),
        )
        tracked = (best_energies if task.best_seen else energies).astype(np.float64)
        return Outcome(spins, tracked * model.unit, sweeps_done, observer, is_exact=model.is_exact)


ENGINE = Bits()
