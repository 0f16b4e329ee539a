"""What the blocks of a run have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pbit.engines.bit_model import BitModel
from pbit.engines.block import Block
from pbit.engines.compiled_model import CompiledModel
from pbit.engines.engine import Engine
from pbit.engines.observation import NO_PAIRS, Observation
from pbit.models.labels import FloatArray, SpinArray

if TYPE_CHECKING:
    from pbit.engines.chipped import Chipped


class Task(NamedTuple):
    """What every block of a run has in common; it pickles, for other processes.

    ``num_reads`` None: reads without end, of which the ``max_num_samples`` lowest are kept;
    ``order``, ``fraction``: see :mod:`pbit.kernels.sweeps.single`; ``parts``: threads of one read;
    ``has_energy`` False: energies mean nothing and no read is better than another; ``chipped``:
    the chip that engine "events" emulates; ``keeps_fields``: engine "dense" may keep fields where
    it is cold, which pays in long runs alone; ``biases`` (num_reads, n): each read has its own.
    """

    engine: Engine
    model: CompiledModel
    bits: BitModel | None
    betas: FloatArray  # (num_betas, 1 or num_reads)
    scales: Any  # the same, as the kernel wants them
    sweeps_per_beta: int
    seed: int
    metropolis: bool
    best_seen: bool
    num_reads: int | None
    max_num_samples: int
    order: int = 0
    fraction: float = 1.0
    initial: SpinArray | None = None
    first_read: int = 0
    traced: bool = False
    observation: Observation = Observation()
    parts: int = 1
    has_energy: bool = True
    chipped: Chipped | None = None
    keeps_fields: bool = True
    biases: FloatArray | None = None

    @property
    def num_sweeps(self) -> int:
        """Sweeps of one read."""
        return len(self.betas) * self.sweeps_per_beta

    @property
    def key(self) -> tuple[np.uint64, np.uint64]:
        """The seed as the two words of the random stream's key."""
        return np.uint64(self.seed & 0xFFFFFFFF), np.uint64(self.seed >> 32)

    @property
    def toy(self) -> Task:
        """One sweep of a free spin with the same kernels."""
        model = self.model.toy
        betas = np.zeros((1, 1))
        return self._replace(
            model=model,
            bits=None if self.bits is None else self.bits.toy(),
            betas=betas,
            scales=model.scales(betas),
            sweeps_per_beta=1,
            initial=None,
            traced=False,
            observation=replace(self.observation, burn_in=0, pairs=NO_PAIRS, times=0),
            parts=1,
            chipped=None if self.chipped is None else self.chipped.toy,
            biases=None if self.biases is None else np.zeros((1, 1)),
        )

    def at(self, betas: FloatArray) -> Task:
        """The same at other betas (num_betas, 1 or num_reads)."""
        return self._replace(betas=betas, scales=self.model.scales(betas))


def columns_of(task: Task, block: Block, scales: Any) -> Any:
    """Scales of the block's reads: one column for all, or one for each lane."""
    if scales.shape[1] == 1:
        return scales
    return np.ascontiguousarray(scales[:, _rows_of(task, block, scales.shape[1])])


def arrays_of(task: Task, block: Block) -> tuple[Any, ...]:
    """Arrays of the model, with the biases of the block's reads if each has its own."""
    arrays, biases = task.model.arrays, task.biases
    if biases is None:
        return arrays
    from pbit.kernels.sweeps.biases import fill_biases

    exact = np.empty((task.model.num_spins, block.width))
    own = np.empty((arrays[0].size, block.width), task.model.real)
    fill_biases(biases, _rows_of(task, block, len(biases)), task.model.order, exact, own)
    return own, arrays[1], (exact, *arrays[2][1:])


def _rows_of(task: Task, block: Block, count: int) -> Any:
    """Which of ``count`` rows, one a read, each lane of the block has."""
    reads = np.arange(block.width) - block.lead + block.first - task.first_read
    return np.clip(reads, 0, count - 1)
