"""How each kernel runs a block of reads: what it needs, how wide it likes its blocks, the call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from pbit.model import FloatArray, SpinArray
from pbit.samplers.bitplanes import BitModel
from pbit.samplers.compiled import CompiledModel

Kernel = Literal["bits", "dense", "lanes", "reads"]
KERNELS: tuple[Kernel, ...] = ("bits", "dense", "lanes", "reads")

_LANES = 16
_BIT_BLOCK = 128  # reads that share a counter of the generator in the bit-sliced kernel
_NO_AIM = -(2**63)


@dataclass(frozen=True, eq=False)
class Task:
    """What every block of a run has in common.

    ``num_reads`` None: reads without end, of which the ``max_num_samples`` lowest are kept.
    """

    model: CompiledModel
    bits: BitModel | None
    betas: FloatArray
    sweeps_per_beta: int
    seed: int
    kernel: Kernel
    metropolis: bool
    random_order: bool
    best_seen: bool
    num_reads: int | None
    max_num_samples: int
    initial: SpinArray | None = None
    first_read: int = 0
    traced: bool = False

    @property
    def num_sweeps(self) -> int:
        """Sweeps of one read."""
        return int(self.betas.size) * self.sweeps_per_beta

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
    """Chosen state of every lane (n, width), its tracked energy without offset, its sweeps."""

    spins: SpinArray
    energies: FloatArray
    sweeps_done: Any


def block_at(task: Task, first: int, wanted: int, size: int) -> Block:
    """Block of these reads, padded as the kernel likes it; ``size`` is that of the largest."""
    if task.kernel == "reads":
        return Block(first, wanted, wanted)
    if task.kernel in ("lanes", "dense"):
        return Block(first, wanted, -(-wanted // _LANES) * _LANES)
    lead = first % _BIT_BLOCK
    largest = min(size, _BIT_BLOCK * -(-(task.num_reads or size) // _BIT_BLOCK))
    words = next(v for v in (2, 4, 8) if 64 * v >= max(largest, lead + wanted))
    return Block(first, wanted, 64 * words, lead)


def block_sizes(task: Task, threads: int) -> tuple[int, int]:
    """(most reads in a block, granularity of its limits in read numbers)."""
    n, total = max(task.model.num_spins, 1), task.num_reads or 2**31
    share = -(-total // threads)
    if task.kernel == "bits":
        return min(512, -(-share // _BIT_BLOCK) * _BIT_BLOCK), _BIT_BLOCK
    in_cache = 2**20 // n // _LANES * _LANES
    affordable = 64 if n <= 2**20 else _LANES  # a sweep of a block stays well below 0.1 s
    widest = 64 if task.kernel == "dense" else min(256, max(in_cache, affordable))
    return -(-share // -(-share // widest)), 1


def anneal(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    """Run a block from ``spins`` (n, width), which may be overwritten."""
    run = _run_bits if task.kernel == "bits" else _run_floats
    return run(task, block, spins, watch)


def _run_floats(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    from pbit.kernels import gibbs

    energies = np.empty(block.width)
    gibbs.block_energies(spins, *task.model.exact, energies)
    n = spins.shape[0]
    states = spins
    if task.kernel == "dense":
        states = np.ones((task.model.num_rows, block.width), dtype=np.float32)
        states[:n] = spins
    best_energies = energies.copy()
    best = states[: states.shape[0] if task.best_seen else 0].copy()
    sweeps_done = np.zeros(block.width, dtype=np.int64)
    call = gibbs.anneal_reads if task.kernel == "reads" else gibbs.anneal_block
    call(
        states,
        task.model.arrays,
        (task.model.scales, task.sweeps_per_beta, task.metropolis, task.random_order),
        (np.uint64(block.first), *task.key),
        (energies, best_energies, best, task.best_seen, sweeps_done),
        (watch.stop, block.beat, watch.aim, block.wanted, watch.trace),
    )
    chosen, tracked = (best, best_energies) if task.best_seen else (states, energies)
    return Outcome(chosen[:n].astype(np.int8, copy=False), tracked, sweeps_done)


def _run_bits(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    from pbit.kernels import bitsliced

    model = task.bits
    assert model is not None
    words = np.empty((spins.shape[0] + 1, block.width // 64), dtype=np.uint64)
    bitsliced.pack(spins, words)
    energies = np.zeros(block.width, dtype=np.int64)
    best_energies = np.full(block.width, np.iinfo(np.int64).max)
    best = words[: words.shape[0] if task.best_seen else 0].copy()
    sweeps_done = np.zeros(block.width, dtype=np.int64)
    key0, key1 = (np.int64(word) for word in task.key)
    bitsliced.anneal_bits(
        words,
        (
            model.edges,
            model.forward,
            model.start,
            model.odd,
            model.total,
            model.flush_every,
            model.shapes(words.shape[1]),
        ),
        (model.scales(task.betas), task.sweeps_per_beta, model.unit),
        (np.int64((block.first - block.lead) // _BIT_BLOCK), key0, key1),
        (energies, best_energies, best, task.best_seen, sweeps_done),
        (
            watch.stop,
            block.beat,
            _aim_in_units(watch.aim[0], model.unit),
            (block.lead, block.lead + block.wanted),
            watch.trace,
        ),
    )
    bitsliced.unpack(best if task.best_seen else words, spins)
    tracked = (best_energies if task.best_seen else energies).astype(np.float64)
    return Outcome(spins, tracked * model.unit, sweeps_done)


def _aim_in_units(target: float, unit: float) -> int:
    """Target as a whole number of units: the kernel's energies are exact and need no slack."""
    if target == -np.inf:
        return _NO_AIM
    aim = target / unit
    return int(np.clip(aim + 1e-6 + 1e-9 * abs(aim), -(2.0**62), 2.0**62) // 1)
