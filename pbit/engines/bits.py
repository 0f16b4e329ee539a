"""Blocks of reads in the bit-sliced kernel: one bit a read."""

from __future__ import annotations

import numpy as np

from pbit.engines.task import Block, Outcome, Task, Watch, columns_of
from pbit.models.labels import SpinArray

BIT_BLOCK = 128  # reads that share a counter of the generator in the bit-sliced kernel
_NO_AIM = -(2**63)


def run_bits(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    from pbit.kernels.sweeps import bitsliced, records

    model = task.bits
    assert model is not None
    words = np.empty((spins.shape[0] + 1, block.width // 64), dtype=np.uint64)
    bitsliced.pack(spins, words)
    energies = np.zeros(block.width, dtype=np.int64)
    best_energies = np.full(block.width, np.iinfo(np.int64).max)
    best = words[: words.shape[0] if task.best_seen else 0].copy()
    sweeps_done = np.zeros(block.width, dtype=np.int64)
    key0, key1 = (np.int64(word) for word in task.key)
    scales = model.scales(task.betas)
    observer = task.observation.observer(len(spins), block.width, task.model.exact[2])
    bitsliced.anneal_bits(
        words,
        bitsliced.Edges(
            model.edges,
            model.forward,
            model.start,
            model.odd,
            model.total,
            model.flush_every,
            model.shapes(words.shape[1]),
        ),
        bitsliced.Plan(columns_of(task, block, scales), task.sweeps_per_beta, model.unit),
        records.Stream(np.int64((block.first - block.lead) // BIT_BLOCK), key0, key1),
        records.Tracked(energies, best_energies, best, task.best_seen, sweeps_done),
        records.Watch(
            watch.stop,
            block.beat,
            _aim_in_units(watch.aim[0], model.unit),
            (block.lead, block.lead + block.wanted),
            watch.trace,
        ),
        records.Observer.of(observer, block.width),
    )
    bitsliced.unpack(best if task.best_seen else words, spins)
    tracked = (best_energies if task.best_seen else energies).astype(np.float64)
    return Outcome(spins, tracked * model.unit, sweeps_done, observer)


def _aim_in_units(target: float, unit: float) -> int:
    """Target as a whole number of units: the kernel's energies are exact and need no slack."""
    if target == -np.inf:
        return _NO_AIM
    aim = target / unit
    return int(np.clip(aim + 1e-6 + 1e-9 * abs(aim), -(2.0**62), 2.0**62) // 1)
