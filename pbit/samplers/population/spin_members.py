"""Members of p-bits: lanes in the blocks of an engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.engines.block import Block, Watch
from pbit.engines.task import Task
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.blocks import blocks_of
from pbit.run.warming import warm_up

_NO_TRACE = np.empty(0)


class SpinMembers:
    """See :class:`pbit.samplers.population.members.Members`."""

    def __init__(self, task: Task) -> None:
        assert task.num_reads is not None
        self._task, self._count = task, task.num_reads
        self.seed = task.seed
        self.offset, self.size = task.model.offset, task.model.size
        self.log_states = task.model.num_spins * float(np.log(2.0))
        self._blocks: list[Block] = []

    @property
    def updates(self) -> int:
        """Update attempts of all members."""
        return int(sum(block.beat[0] for block in self._blocks)) * self._task.model.num_spins

    @property
    def blocks(self) -> list[slice]:
        """The members of each block."""
        return [self._members(block) for block in self._blocks]

    def warm_up(self, threads: int) -> None:
        """Compile, or load from the cache, sweeps and copies."""
        from pbit.kernels import population
        from pbit.kernels.vectors import transpose

        warm_up(self._task, next(blocks_of(self._task, threads)))
        transpose.warm_up(self._count, self._task.model.num_spins)
        flat, lanes = np.ones(2, np.int8), (np.arange(2), np.ones(2, np.int64))
        none = np.empty(0, np.int64)
        population.overwrite(flat, lanes, none, none, 1)
        population.gather(flat, lanes, np.arange(2), np.empty((2, 1), np.int8))

    def begin(self, threads: int) -> None:
        """Members of fair coins."""
        from pbit.kernels.sweeps import gibbs

        n, total = self._task.model.num_spins, self._count
        self._blocks = list(blocks_of(self._task, threads))
        widths = np.array([block.width for block in self._blocks])
        offsets = np.concatenate([[0], np.cumsum(n * widths)])
        self._flat = np.empty(int(offsets[-1]), np.int8)
        self._states = [
            self._flat[offsets[k] : offsets[k + 1]].reshape(n, block.width)
            for k, block in enumerate(self._blocks)
        ]
        starts, strides = np.empty(total, np.int64), np.empty(total, np.int64)
        for k, block in enumerate(self._blocks):
            members = self._members(block)
            starts[members] = offsets[k] + block.lead + np.arange(block.wanted)
            strides[members] = block.width
            first = np.uint64(block.first - block.lead)
            gibbs.random_spins(self._states[k], first, *self._task.key)
        self._lanes = (starts, strides)

    def sweep(
        self, number: int, beta: float, *, seed: int, stop: npt.NDArray[np.uint8]
    ) -> FloatArray:
        """The sweeps of the task, of one block, until it is stopped."""
        task = self._task.at(np.full((1, 1), beta))._replace(seed=seed)
        block, states = self._blocks[number], self._states[number]
        outcome = task.engine.run(task, block, states, Watch(stop, (-np.inf, 0.0), _NO_TRACE))
        np.copyto(states, outcome.spins)
        return outcome.energies[block.lanes]

    def overwrite(self, targets: Any, sources: Any) -> None:
        """Copy the spins of members to others."""
        from pbit.kernels import population

        n = self._task.model.num_spins
        population.overwrite(self._flat, self._lanes, targets, sources, n)

    def rows(self, chosen: Any) -> tuple[SpinArray, FloatArray]:
        """Spins of some members, one a row, and their exact energies without offset."""
        from pbit.kernels import population
        from pbit.kernels.sweeps import books
        from pbit.kernels.vectors.transpose import transposed

        rows = np.empty((chosen.size, self._task.model.num_spins), np.int8)
        population.gather(self._flat, self._lanes, chosen, rows)
        energies = np.empty(chosen.size)
        columns = transposed(rows)
        books.block_energies(columns, *self._task.model.exact[:2], energies)
        return rows, energies

    def _members(self, block: Block) -> slice:
        first = block.first - self._task.first_read
        return slice(first, first + block.wanted)
