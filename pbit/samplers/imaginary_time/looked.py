"""What all measurements along worldlines have in common: reads run, and looks put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.kernels.random.stream import RNG
from pbit.machine import check_memory, threads_of
from pbit.models.labels import FloatArray
from pbit.run.control import Control
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.imaginary_time.worldline_run import Followed, Task, WorldlineReads, states_of

_MOST_READS = 2**32


class Kernel(NamedTuple):
    """A kernel by name, and what compiles it."""

    name: str
    warm_up: Callable[[], None]


def numbers(num_reads: Any, first_read: Any) -> range:
    """Numbers of the reads that are asked for.

    Raises
    ------
    TypeError, ValueError
    """
    count = integer("num_reads", num_reads, 1)
    first = integer("first_read", first_read, 0, _MOST_READS - count)
    return range(first, first + count)


def check_looks(task: Task, reads: int, columns: int) -> None:
    """Refuse looks that do not fit into memory.

    Raises
    ------
    MemoryError
    """
    n, looks = task.num_spins, task.looks
    each = 8 * (columns * looks.count(task.sweeps[0]) + 16 * (2 * n + looks.pairs.shape[1]))
    check_memory(reads * each, what=f"looks at {reads} reads of {n} spins", lower="num_reads")


def run_reads(
    task: Task,
    reads: range,
    control: Control,
    *,
    kernel: Kernel,
    num_threads: Any,
    watch: Stopwatch,
) -> tuple[WorldlineReads, dict[str, Any]]:
    """Run reads to their end, or the control's, and the part of ``info`` that tells of it."""
    threads = threads_of(num_threads)
    watch.mark()
    kernel.warm_up()
    watch.mark()
    run = WorldlineReads(task, reads, control)
    run.go(threads)
    watch.mark()
    info: dict[str, Any] = {
        "seed": task.seed,
        "stop_reason": run.stop_reason,
        "updates": run.updates,
        "kernel": kernel.name,
        "num_threads": threads,
        "rng": RNG,
    }
    return run, info


def found_in(reads: list[Followed], task: Task, offset: float) -> Any:
    """Values, looks in each bin, means in each bin, states.

    Raises
    ------
    ValueError
        Reads that ended before their first look.
    """
    looks = min(each.looks for each in reads)
    if not looks:
        done = max(each.sweeps for each in reads)
        raise ArgumentError(
            "control",
            f"must leave time for more than the burn-in of {task.looks.burn_in} sweeps",
            got=f"an end after {done}",
            remedy="give a longer time limit, or a smaller burn_in",
        )
    values = np.stack([each.values[:looks] for each in reads], axis=1)
    values[:, :, 0] += offset
    whole = task.looks.count(task.sweeps[0])
    bin_of = np.arange(looks) * len(reads[0].sums.spins) // whole
    sizes = np.bincount(bin_of)
    means = [
        np.stack([part[: sizes.size] for part in parts], axis=1) / _column(sizes, parts[0].ndim)
        for parts in zip(*(each.sums for each in reads), strict=True)
    ]
    states = np.stack([states_of(each.words, task.times) for each in reads])
    return values, sizes, means, states


def _column(sizes: npt.NDArray[np.int64], ndim: int) -> FloatArray:
    return sizes.reshape(-1, *(1,) * ndim).astype(np.float64)
