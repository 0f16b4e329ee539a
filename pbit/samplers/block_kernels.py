"""How each kernel runs a block of reads: what it needs, how wide it likes its blocks, the call."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from pbit.model import FloatArray, SpinArray
from pbit.samplers.bitplanes import BitModel
from pbit.samplers.compiled import CompiledModel, Form
from pbit.samplers.hardware_block import Chipped, Counted, run_events
from pbit.samplers.observation import Observation

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

_LANES = 16
_BIT_BLOCK = 128  # reads that share a counter of the generator in the bit-sliced kernel
_NO_AIM = -(2**63)
_EVENT_SPINS = 2**12  # of a block: its histograms and counts stay small
_MANY_SPINS = 1024  # of a dense model: a read is work enough for a block


@dataclass(frozen=True, eq=False)
class Task:
    """What every block of a run has in common.

    ``num_reads`` None: reads without end, of which the ``max_num_samples`` lowest are kept;
    ``order``, ``fraction``: see :mod:`pbit.kernels.single`; ``parts``: threads of one read;
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


def block_at(task: Task, first: int, wanted: int, size: int) -> Block:
    """Block of these reads, padded as the kernel likes it; ``size`` is that of the largest."""
    if task.kernel in ("reads", "colors", "cached", "events"):
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
    if task.kernel == "events":
        return max(1, min(share, _EVENT_SPINS // n)), 1
    if task.kernel in ("colors", "cached"):
        return (1 if task.kernel == "colors" or n > _MANY_SPINS else min(share, _LANES)), 1
    in_cache = 2**20 // n // _LANES * _LANES
    affordable = 64 if n <= 2**20 else _LANES  # a sweep of a block stays well below 0.1 s
    widest = 64 if task.kernel == "dense" else min(256, max(in_cache, affordable))
    return -(-share // -(-share // widest)), 1


def anneal(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    """Run a block from ``spins`` (n, width), which may be overwritten."""
    if task.kernel == "events":
        betas = _columns(task, block, task.betas)
        return Outcome(*run_events(task, block, spins, watch, betas))
    run = _run_bits if task.kernel == "bits" else _run_floats
    return run(task, block, spins, watch)


def _run_floats(task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
    from pbit.kernels import books, gibbs, single

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
        (
            _columns(task, block, model.scales),
            task.sweeps_per_beta,
            task.metropolis,
            task.order,
            np.uint64(round(task.fraction * 2**32)),
            (0, task.num_sweeps),
        ),
        (np.uint64(block.first), *task.key),
        (energies, best_energies, best, task.best_seen, sweeps_done),
        (watch.stop, block.beat, watch.aim, block.wanted, watch.trace),
        observer,
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


def _columns(task: Task, block: Block, scales: Any) -> Any:
    """Scales of the block's reads: one column for all, or one for each lane."""
    if scales.shape[1] == 1:
        return scales
    reads = np.arange(block.width) - block.lead + block.first - task.first_read
    return np.ascontiguousarray(scales[:, np.clip(reads, 0, scales.shape[1] - 1)])


def _run_matrix(task: Task, block: Block, arguments: tuple[Any, ...]) -> None:
    """Reads side by side while it is warm, then one after the other with kept fields."""
    from pbit.kernels import books, cached, gibbs

    states, model, plan, (first_read, *key), tracked, watch, observer = arguments
    sweeps = task.num_sweeps
    cold = 0
    if task.kernel == "dense":
        cold = task.model.cold_from(task.betas) * task.sweeps_per_beta
        gibbs.anneal_block(states, model, (*plan[:-1], (0, cold)), *arguments[3:])
    energies, best_energies, best, best_seen, sweeps_done = tracked
    n = task.model.num_spins
    for k in range(block.wanted if cold < sweeps else 0):
        if watch[0][0] and (k or cold):
            return
        one, lane = np.ascontiguousarray(states[:n, k : k + 1].astype(np.int8)), slice(k, k + 1)
        lowest = np.ascontiguousarray(best[:n, lane].astype(np.int8))
        scales = plan[0][:, min(k, plan[0].shape[1] - 1), None]
        cached.anneal_cached(
            one,
            model,
            (np.ascontiguousarray(scales), *plan[1:-1], (cold, sweeps)),
            (np.uint64(first_read + np.uint64(k)), *key),
            (energies[lane], best_energies[lane], lowest, best_seen, sweeps_done[lane]),
            (*watch[:3], 1, watch[4]),
            books.lane_of.py_func(observer, lane),
        )
        states[:n, lane] = one
        best[: len(lowest), lane] = lowest


def _run_team(task: Task, arguments: tuple[Any, ...]) -> None:
    """One read on several threads, this one among them."""
    from pbit.kernels import chromatic

    classes = task.model.arrays[1][0]
    costs = np.zeros(int((-(-np.diff(classes) // chromatic.CHUNK)).sum()))
    gate = np.zeros(3, dtype=np.int64)
    helpers: list[threading.Thread] = []
    ready = threading.Event()

    def work(part: int) -> None:
        ready.wait()
        chromatic.anneal_colors(*arguments, (part, 1 + len(helpers), gate, costs))

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
    scales = model.scales(task.betas)
    observer = task.observation.observer(len(spins), block.width, task.model.exact[2])
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
        (_columns(task, block, scales), task.sweeps_per_beta, model.unit),
        (np.int64((block.first - block.lead) // _BIT_BLOCK), key0, key1),
        (energies, best_energies, best, task.best_seen, sweeps_done),
        (
            watch.stop,
            block.beat,
            _aim_in_units(watch.aim[0], model.unit),
            (block.lead, block.lead + block.wanted),
            watch.trace,
        ),
        observer,
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
