"""What the engines of float fields share: spins as int8 or float32, tracked energies, columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.block import Block, Outcome, Watch
from pbit.engines.engine import Engine
from pbit.engines.task import Task, arrays_of, columns_of
from pbit.models.labels import SpinArray

LANES = 16


class FloatEngine(Engine):
    """Prepares and unpacks what :meth:`sweep` runs."""

    def run(self, task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
        """See :class:`Engine`."""
        from pbit.kernels.sweeps.books import block_energies
        from pbit.kernels.sweeps.records import Observer, Plan, Stream, Tracked
        from pbit.kernels.sweeps.records import Watch as Watched

        model = task.model
        energies, arrays = np.empty(block.width), arrays_of(task, block)
        full, couplings, position = arrays[2]
        block_energies(spins, full, couplings, energies)
        states = _kernel_spins(task, block, spins)
        best_energies = energies.copy()
        best = states[: len(states) if task.best_seen else 0].copy()
        sweeps_done = np.zeros(block.width, dtype=np.int64)
        observer = task.observation.observer(len(spins), block.width, position)
        arguments = (
            states,
            arrays,
            Plan(
                scales=columns_of(task, block, task.scales),
                sweeps_per_beta=task.sweeps_per_beta,
                metropolis=task.metropolis or None,
                order=task.order or None,
                fraction=np.uint64(round(task.fraction * 2**32)),
                first=0,
                last=task.num_sweeps,
            ),
            Stream(np.uint64(block.first), *task.key),
            Tracked(energies, best_energies, best, task.best_seen, sweeps_done),
            Watched(watch.stop, block.beat, watch.aim, block.wanted, watch.trace),
            Observer.of(observer, block.width),
        )
        self.sweep(task, block, arguments)
        chosen, tracked = (best, best_energies) if task.best_seen else (states, energies)
        rows = chosen[position] if model.order is not None else chosen[: len(spins)]
        whole = rows.astype(np.int8, copy=False)
        biases = None if task.biases is None else full
        return Outcome(whole, tracked, sweeps_done, observer, biases=biases)

    def sweep(self, task: Task, block: Block, arguments: tuple[Any, ...]) -> None:
        """Run the kernel; arguments as of :func:`pbit.kernels.sweeps.gibbs.anneal_block`."""
        raise NotImplementedError


def lane_sizes(n: int, share: int, widest: int) -> tuple[int, int]:
    """Even blocks of at most ``widest`` reads."""
    return -(-share // -(-share // widest)), 1


def padded(first: int, wanted: int) -> Block:
    """A block of whole vectors."""
    return Block(first, wanted, -(-wanted // LANES) * LANES)


def _kernel_spins(task: Task, block: Block, spins: SpinArray) -> Any:
    """Spins in the kernel's order, type and number of rows."""
    model = task.model
    ordered = spins if model.order is None else spins[model.order]
    kind = np.float32 if model.form == "matrix" else np.int8
    if model.num_rows == len(spins) and kind == np.int8:
        return ordered
    rows = np.empty((model.num_rows, block.width), dtype=kind)
    rows[: len(spins)] = ordered
    rows[len(spins) :] = 1
    return rows
