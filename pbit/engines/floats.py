"""Blocks of reads in the float kernels: lanes, matrices, kept fields, colours, single reads."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from pbit.engines.task import FORMS, Block, Outcome, Task, Watch, columns_of
from pbit.models.labels import SpinArray


def run_floats(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    from pbit.kernels.sweeps import books, gibbs, records, single

    model = task.model
    energies = np.empty(block.width)
    books.block_energies(spins, *model.exact[:2], energies)
    position = model.exact[2]
    states = _kernel_spins(task, block, spins)
    best_energies = energies.copy()
    best = states[: len(states) if task.best_seen else 0].copy()
    sweeps_done = np.zeros(block.width, dtype=np.int64)
    observer = task.observation.observer(len(spins), block.width, position)
    arguments = (
        states,
        model.arrays,
        records.Plan(
            scales=columns_of(task, block, model.scales),
            sweeps_per_beta=task.sweeps_per_beta,
            metropolis=task.metropolis or None,
            order=task.order or None,
            fraction=np.uint64(round(task.fraction * 2**32)),
            first=0,
            last=task.num_sweeps,
        ),
        records.Stream(np.uint64(block.first), *task.key),
        records.Tracked(energies, best_energies, best, task.best_seen, sweeps_done),
        records.Watch(watch.stop, block.beat, watch.aim, block.wanted, watch.trace),
        records.Observer.of(observer, block.width),
    )
    if task.kernel == "colors":
        _run_team(task, arguments)
    elif FORMS[task.kernel] == "matrix":
        _run_matrix(task, block, arguments)
    else:
        (single.anneal_reads if task.kernel == "reads" else gibbs.anneal_block)(*arguments)
    chosen, tracked = (best, best_energies) if task.best_seen else (states, energies)
    rows = chosen[position] if model.order is not None else chosen[: len(spins)]
    return Outcome(rows.astype(np.int8, copy=False), tracked, sweeps_done, observer)


def _kernel_spins(task: Task, block: Block, spins: SpinArray) -> Any:
    """Spins in the kernel's order, type and number of rows."""
    model = task.model
    ordered = spins if model.order is None else spins[model.order]
    kind = np.float32 if FORMS[task.kernel] == "matrix" else np.int8
    if model.num_rows == len(spins) and kind == np.int8:
        return ordered
    padded = np.ones((model.num_rows, block.width), dtype=kind)
    padded[: len(spins)] = ordered
    return padded


def _run_matrix(task: Task, block: Block, arguments: tuple[Any, ...]) -> None:
    """Reads side by side while it is warm, then one after the other with kept fields."""
    from pbit.kernels.sweeps import cached, gibbs, records

    states, model, plan, stream, tracked, watch, observer = arguments
    sweeps = task.num_sweeps
    cold = 0
    if task.kernel == "dense":
        cold = task.model.cold_from(task.betas) * task.sweeps_per_beta
        gibbs.anneal_block(states, model, plan._replace(last=cold), *arguments[3:])
    energies, best_energies, best, best_seen, sweeps_done = tracked
    n = task.model.num_spins
    for k in range(block.wanted if cold < sweeps else 0):
        if watch.stop[0] and (k or cold):
            return
        one, lane = np.ascontiguousarray(states[:n, k : k + 1].astype(np.int8)), slice(k, k + 1)
        lowest = np.ascontiguousarray(best[:n, lane].astype(np.int8))
        scales = plan.scales[:, min(k, plan.scales.shape[1] - 1), None]
        cached.anneal_cached(
            one,
            model,
            plan._replace(scales=np.ascontiguousarray(scales), first=cold),
            stream._replace(read=np.uint64(stream.read + np.uint64(k))),
            records.Tracked(
                energies[lane], best_energies[lane], lowest, best_seen, sweeps_done[lane]
            ),
            watch._replace(wanted=1),
            observer.lane(lane),
        )
        states[:n, lane] = one
        best[: len(lowest), lane] = lowest


def _run_team(task: Task, arguments: tuple[Any, ...]) -> None:
    """One read on several threads, this one among them."""
    from pbit.kernels.sweeps import chromatic

    classes = task.model.arrays[1][0]
    costs = np.zeros(int((-(-np.diff(classes) // chromatic.CHUNK)).sum()))
    gate = np.zeros(3, dtype=np.int64)
    helpers: list[threading.Thread] = []
    ready = threading.Event()

    def work(part: int) -> None:
        ready.wait()
        chromatic.anneal_colors(
            *arguments, team=chromatic.Team(part, 1 + len(helpers), gate, costs)
        )

    try:
        for part in range(1, task.parts):
            helper = threading.Thread(target=work, args=(part,), daemon=True)
            helper.start()
            helpers.append(helper)
    except RuntimeError:  # no more threads to be had: those that started share the work
        pass
    ready.set()
    work(0)
    for helper in helpers:
        helper.join()
