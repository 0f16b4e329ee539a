"""Which engine runs a block, and how wide it likes its blocks."""

from __future__ import annotations

from pbit.engines.bits import BIT_BLOCK, run_bits
from pbit.engines.events import run_events
from pbit.engines.floats import run_floats
from pbit.engines.task import Block, Outcome, Task, Watch, columns_of
from pbit.models.labels import SpinArray

_LANES = 16
_EVENT_SPINS = 2**12  # of a block: its histograms and counts stay small
_MANY_SPINS = 1024  # of a dense model: a read is work enough for a block


def block_at(task: Task, first: int, wanted: int, size: int) -> Block:
    """Block of these reads, padded as the kernel likes it; ``size`` is that of the largest."""
    if task.kernel in ("reads", "colors", "cached", "events"):
        return Block(first, wanted, wanted)
    if task.kernel in ("lanes", "dense"):
        return Block(first, wanted, -(-wanted // _LANES) * _LANES)
    lead = first % BIT_BLOCK
    largest = min(size, BIT_BLOCK * -(-(task.num_reads or size) // BIT_BLOCK))
    words = next(v for v in (2, 4, 8) if 64 * v >= max(largest, lead + wanted))
    return Block(first, wanted, 64 * words, lead)


def block_sizes(task: Task, threads: int) -> tuple[int, int]:
    """(most reads in a block, granularity of its limits in read numbers)."""
    n, total = max(task.model.num_spins, 1), task.num_reads or 2**31
    share = -(-total // threads)
    if task.kernel == "bits":
        return min(512, -(-share // BIT_BLOCK) * BIT_BLOCK), BIT_BLOCK
    if task.kernel == "events":
        return max(1, min(share, _EVENT_SPINS // n)), 1
    if task.kernel in ("colors", "cached"):
        return (1 if task.kernel == "colors" or n > _MANY_SPINS else min(share, _LANES)), 1
    in_cache = 2**20 // n // _LANES * _LANES
    affordable = 64 if n <= 2**20 else _LANES  # a sweep of a block stays well below 0.1 s
    widest = 64 if task.kernel == "dense" else min(256, max(in_cache, affordable))
    return -(-share // -(-share // widest)), 1


def run_block(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    """Run a block from ``spins`` (n, width), which may be overwritten."""
    if task.kernel == "events":
        betas = columns_of(task, block, task.betas)
        return Outcome(*run_events(task, block, spins, watch, betas))
    run = run_bits if task.kernel == "bits" else run_floats
    return run(task, block, spins, watch)
