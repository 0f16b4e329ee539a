"""What the blocks of a run have in common, what a block is, and what comes back of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy import sparse

from pbit.engines.bit_model import BitModel
from pbit.engines.compiled_model import CompiledModel, Form
from pbit.engines.observation import Observation
from pbit.hardware.chip import Chip
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray

Kernel = Literal["bits", "cached", "colors", "dense", "events", "lanes", "reads"]
KERNELS: tuple[Kernel, ...] = ("bits", "cached", "colors", "dense", "lanes", "reads")
FORMS: dict[Kernel, Form] = {
    "bits": "sparse",
    "cached": "matrix",
    "colors": "slices",
    "dense": "matrix",
    "events": "sparse",
    "lanes": "sparse",
    "reads": "sparse",
}


class Chipped(NamedTuple):
    """A chip and what is averaged over time on it: ``burn_in`` in units of tau, up times of the
    p-bits, times spent in each state."""

    chip: Chip
    burn_in: float = 0.0
    ups: bool = False
    states: bool = False

    @property
    def toy(self) -> Chipped:
        """The same with a single free p-bit, for compiling."""
        # Lags and dynamics stay, since they choose the kernel; any chip takes a symmetric model.
        free = IsingModel(np.zeros(1), sparse.csr_array((1, 1)))
        lone = self.chip.hardware.with_values(weight_spread=0.0)
        return Chipped(Chip.of(lone, free), 0.0, self.ups, self.states)


class Counted(NamedTuple):
    """Of each read: decisions, flips and arrivals (R, 3), up times (R, n or 0), times spent in
    each state (R, 2**n or 0)."""

    tallies: Any
    ups: FloatArray
    histogram: FloatArray


@dataclass(frozen=True, eq=False)
class Task:
    """What every block of a run has in common.

    ``num_reads`` None: reads without end, of which the ``max_num_samples`` lowest are kept;
    ``order``, ``fraction``: see :mod:`pbit.kernels.sweeps.single`; ``parts``: threads of one read;
    ``has_energy`` False: energies mean nothing and no read is better than another; ``chipped``:
    the chip that kernel "events" emulates.
    """

    model: CompiledModel
    bits: BitModel | None
    betas: FloatArray  # (num_betas, 1 or num_reads)
    sweeps_per_beta: int
    seed: int
    kernel: Kernel
    metropolis: bool
    best_seen: bool
    num_reads: int | None
    max_num_samples: int
    order: int = 0
    fraction: float = 1.0
    initial: SpinArray | None = None
    first_read: int = 0
    traced: bool = False
    observation: Observation = field(default_factory=Observation)
    parts: int = 1
    has_energy: bool = True
    chipped: Chipped | None = None

    @property
    def num_sweeps(self) -> int:
        """Sweeps of one read."""
        return len(self.betas) * self.sweeps_per_beta

    @property
    def key(self) -> tuple[np.uint64, np.uint64]:
        """The seed as the two words of the Philox key."""
        return np.uint64(self.seed & 0xFFFFFFFF), np.uint64(self.seed >> 32)


@dataclass(eq=False)
class Block:
    """Reads ``first`` to ``first + wanted``, in lanes from ``lead`` on of ``width``."""

    first: int
    wanted: int
    width: int
    lead: int = 0
    beat: FloatArray = field(default_factory=lambda: np.array([0.0, np.inf]))

    @property
    def lanes(self) -> slice:
        """Where the reads are."""
        return slice(self.lead, self.lead + self.wanted)


class Watch(NamedTuple):
    """What a run and its kernels share: the stop flag, the target, the trace."""

    stop: Any
    aim: tuple[float, float]
    trace: FloatArray


class Outcome(NamedTuple):
    """Chosen state of every lane (n, width), its tracked energy without offset, its sweeps, what
    was observed."""

    spins: SpinArray
    energies: FloatArray
    sweeps_done: Any
    observer: tuple[Any, ...] | None
    counted: Counted | None = None


def columns_of(task: Task, block: Block, scales: Any) -> Any:
    """Scales of the block's reads: one column for all, or one for each lane."""
    if scales.shape[1] == 1:
        return scales
    reads = np.arange(block.width) - block.lead + block.first - task.first_read
    return np.ascontiguousarray(scales[:, np.clip(reads, 0, scales.shape[1] - 1)])
