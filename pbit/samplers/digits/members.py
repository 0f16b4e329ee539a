"""Members of a population of digits: rows of values, swept one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.engines.digits.family import DigitProgram, ValueArray
from pbit.models.labels import FloatArray
from pbit.samplers.digits.blocks import RULES
from pbit.samplers.population.cooling import Counts

_VALUES = 2**20  # of a block, so that drawing its first states takes little memory


class DigitMembers:
    """See :class:`pbit.samplers.population.members.Members`."""

    def __init__(
        self, program: DigitProgram, *, rule: str, sweeps: int, counts: Counts, seed: int
    ) -> None:
        self.program, self.seed = program, seed
        self._rule, self._sweeps, self._counts = RULES[rule], sweeps, counts
        self.blocks: list[slice] = []

    @property
    def log_states(self) -> float:
        """Logarithm of the number of states."""
        return self.program.model.log_states

    @property
    def offset(self) -> float:
        """The model's."""
        return self.program.model.offset

    @property
    def size(self) -> float:
        """Sum of absolute energies."""
        return self.program.size

    @property
    def updates(self) -> int:
        """Moves tried by all members."""
        return int(sum(beat[0] for beat in self._beats)) * self.program.updates

    def warm_up(self, threads: int) -> None:
        """Compile, or load from the cache, the kernel."""
        self._values = np.empty((0, self.program.model.num_digits), np.int16)
        self.rows(np.empty(0, np.int64))

    def begin(self, threads: int) -> None:
        """States drawn evenly, in blocks of rows."""
        n, total = self.program.model.num_digits, self._counts.total
        size = max(1, min(-(-total // threads), _VALUES // max(1, n)))
        self.blocks = [slice(k, min(k + size, total)) for k in range(0, total, size)]
        self._works = [self.program.works(1) for _ in self.blocks]
        self._beats = [np.array([0.0, np.inf]) for _ in self.blocks]
        self._values = np.empty((total, n), np.int16)
        for block in self.blocks:
            reads = self._counts.first_read + np.arange(block.start, block.stop)
            self._values[block] = self.program.random(reads, seed=self.seed)

    def sweep(
        self, number: int, beta: float, *, seed: int, stop: npt.NDArray[np.uint8]
    ) -> FloatArray:
        """The sweeps of a beta, of one block, until it is stopped."""
        from pbit.kernels.digits.records import AnnealPlan
        from pbit.kernels.sweeps.records import Stream
        from pbit.kernels.tempering.records import Watch

        block = self.blocks[number]
        first = self._counts.first_read + block.start
        return _run(
            self.program.record,
            self._values[block],
            self._works[number],
            AnnealPlan(np.full((1, 1), beta), self._sweeps, self._rule, False),
            Stream(np.int64(first), np.int64(seed & 0xFFFFFFFF), np.int64(seed >> 32)),
            Watch(stop, self._beats[number], -np.inf, np.empty(0)),
        )

    def overwrite(self, targets: Any, sources: Any) -> None:
        """Copy the values of members to others."""
        self._values[targets] = self._values[sources]

    def rows(self, chosen: Any) -> tuple[ValueArray, FloatArray]:
        """Values of some members, one a row, and their energies without offset."""
        from pbit.kernels.digits.records import AnnealPlan
        from pbit.kernels.sweeps.records import Stream
        from pbit.kernels.tempering.records import Watch

        values = self._values[chosen]
        energies = _run(
            self.program.record,
            values,
            self.program.works(1),
            AnnealPlan(np.zeros((1, 1)), 0, self._rule, False),
            Stream(np.int64(0), np.int64(0), np.int64(0)),
            Watch(np.zeros(1, np.uint8), np.array([0.0, np.inf]), -np.inf, np.empty(0)),
        )
        return values, energies


def _run(record: Any, values: ValueArray, works: Any, *orders: Any) -> FloatArray:
    """Bring states through a plan, with its random words and its watch; their energies."""
    from pbit.kernels.digits.anneal import anneal_reads
    from pbit.kernels.digits.records import AnnealReads

    rows, n = values.shape
    energies = np.zeros(rows)
    reads = AnnealReads(values, energies, np.zeros(rows, np.int64), np.empty(n, np.int16))
    anneal_reads(record, reads, works, *orders)
    return energies
