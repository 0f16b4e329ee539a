"""Blocks of reads on an emulated chip: the event-driven kernels and what they count."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.block import Block, Counted, Watch
from pbit.engines.chipped import Chipped
from pbit.engines.task import Task
from pbit.hardware.chip import Chip
from pbit.kernels.events import records
from pbit.models.labels import FloatArray, SpinArray

_SUMMED = (
    "seconds", "pbit_seconds", "updates", "decisions", "synapses", "flips", "arrivals", "readouts",
)  # fmt: skip
_COLDEST = 1e30  # finite, so that no field times beta is no number


def run_events(
    task: Task, block: Block, spins: SpinArray, watch: Watch, betas: FloatArray
) -> tuple[SpinArray, Any, Any, Any, Counted]:
    """(chosen spins, energies, sweeps done, observer, counts) of a block with these betas."""
    from pbit.kernels.events.averages import new_averages
    from pbit.kernels.sweeps import books
    from pbit.kernels.sweeps.records import Observer

    if not len(spins):
        return _nobody(task, block)
    chipped = task.chipped
    assert chipped is not None
    n, stuck = len(spins), chipped.chip.stuck
    spins[stuck != 0] = stuck[stuck != 0, None]  # a state the chip can start from
    energies = np.empty(block.width)
    books.block_energies(spins, *task.model.exact[:2], energies)
    best_energies, sweeps_done = energies.copy(), np.zeros(block.width, dtype=np.int64)
    best = spins[: n if task.best_seen else 0].copy()
    observer = task.observation.observer(n, block.width, task.model.exact[2])
    counted = Counted(
        np.zeros((block.width, 3), np.int64),
        np.zeros((block.width, n if chipped.ups else 0)),
        np.zeros((block.width, 2**n if chipped.states else 0)),
    )
    _run(
        task,
        records.Block(
            spins,
            np.minimum(betas, _COLDEST),
            task.sweeps_per_beta,
            task.num_sweeps,
            np.uint64(block.first),
            task.key,
            counted.tallies,
            new_averages(float(chipped.burn_in), counted.ups, counted.histogram),
            np.empty((n, 1), np.int8),
            np.empty((len(best), 1), np.int8),
            np.zeros(records.CURSOR, np.int64),
            np.zeros(2),
        ),
        task.model.exact,
        (energies, best_energies, best, task.best_seen, sweeps_done),
        (watch.stop, block.beat, watch.aim, block.wanted, watch.trace),
        Observer.of(observer, block.width),
    )
    if task.best_seen:
        return best, best_energies, sweeps_done, observer, counted
    return spins, energies, sweeps_done, observer, counted


def _run(task: Task, block: records.Block, *rest: Any) -> None:
    """Run the kernel that is made for the chip, with more room whenever it asks for that."""
    from pbit.kernels.events import queue

    kernel, chip, memory = _kernel(task)
    while (code := kernel(chip, memory, block, *rest)) != records.DONE:
        crowded = code == records.CROWDED
        room = 4 * memory.queue.near.size if crowded else memory.room
        memory = memory._replace(queue=queue.with_room(memory.queue, room))


def _kernel(task: Task) -> tuple[Any, Any, Any]:
    """The kernel, and the chip and the memory as it wants them; each compiles what it needs."""
    from pbit.kernels.events import arrhenius, heat_bath, plain, thresholds, tick_flips

    chipped, key = task.chipped, task.key
    assert chipped is not None
    hardware, arrays = chipped.chip.hardware, chipped.chip.arrays
    if hardware.has_rates:
        return arrhenius.run_rates, arrays, arrhenius.new_memory(arrays, key)
    if hardware.dynamics == "telegraph":
        return (
            thresholds.run_thresholds,
            arrays,
            thresholds.new_memory(arrays, key, given=task.initial is not None),
        )
    if hardware.dynamics == "arrhenius":
        return tick_flips.run_tick_flips, arrays, heat_bath.new_memory(arrays, key)
    if _is_plain(chipped):
        return plain.run_plain, *plain.chip_and_memory(arrays, key)
    poisson = hardware.clock == "poisson"
    run = heat_bath.run_heat_bath if poisson else heat_bath.run_clocked
    return run, arrays, heat_bath.new_memory(arrays, key)


def _nobody(task: Task, block: Block) -> tuple[SpinArray, Any, Any, Any, Counted]:
    """A chip without p-bits, on which nothing happens."""
    width, looks = block.width, task.observation.observer(0, block.width, task.model.exact[2])
    nothing = np.zeros((width, 0))
    done = np.full(width, task.num_sweeps)
    counted = Counted(np.zeros((width, 3), np.int64), nothing, nothing)
    return np.zeros((0, width), np.int8), np.zeros(width), done, looks, counted


def _is_plain(chipped: Chipped) -> bool:
    """Whether nothing lies between fields and ideal answers and no times are kept."""
    hardware, arrays = chipped.chip.hardware, chipped.chip.arrays
    at_once = not arrays.wheel.lag and arrays.clock.kind == records.POISSON
    as_is = not arrays.inputs.step and not arrays.inputs.noise
    ideal = hardware.dynamics == "heat-bath" and arrays.answer.kind == records.IDEAL
    return at_once and as_is and ideal and not (chipped.ups or chipped.states)


def account(chip: Chip, task: Task, counts: Any, sweeps: float) -> dict[str, Any]:
    """What a run took on the chip, in seconds and joules: ``info["hardware"]``.

    ``counts``: decisions, flips, arrivals; ``sweeps`` made by all reads. "decisions" are the
    emulator's looks at a p-bit, "updates" what the chip does in that time, whatever the tick.
    """
    hardware, n = chip.hardware, task.model.num_spins
    decisions, flips, arrivals = (int(count) for count in counts)
    # Rates make no attempts, and ticks are the emulator's: as many as a heat bath in that time.
    by_time = hardware.dynamics == "arrhenius" or hardware.clock == "ticks"
    attempts = round(sweeps * float((1 / chip.tau).sum())) if by_time else decisions
    synapses = sweeps * float((np.diff(chip.J.indptr) / chip.tau).sum())
    pbit_seconds = sweeps * hardware.tau_s * n
    looked = task.best_seen or task.traced
    reads = (sweeps if looked else sweeps / max(task.num_sweeps, 1)) * n
    looks = task.observation.looks(task.num_sweeps)
    reads += looks * n * sweeps / max(task.num_sweeps, 1)
    bill = hardware.prices.bill(
        updates=attempts, reads=reads, writes=n, synapses=synapses, pbit_seconds=pbit_seconds
    )
    return {
        "name": hardware.name,
        "seed": hardware.seed,
        "law": hardware.law,
        "seconds_per_read": task.num_sweeps * hardware.tau_s,
        "seconds": sweeps * hardware.tau_s,
        "pbit_seconds": pbit_seconds,
        "updates": attempts,
        "decisions": decisions,
        "synapses": synapses,
        "flips": flips,
        "arrivals": arrivals,
        "readouts": round(reads),
        "writes": n,
        "energy_J": bill,
        "prices": hardware.prices.source,
        "assumptions": "energy = price x count; prices are assumptions, not measurements",
    }


def added(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Accounts of two runs of a chip that is programmed once, the second the last."""
    sums = {key: first[key] + second[key] for key in _SUMMED}
    bill = {key: first["energy_J"][key] + value for key, value in second["energy_J"].items()}
    bill["writes_J"] = second["energy_J"]["writes_J"]
    bill["total_J"] -= bill["writes_J"]
    return second | sums | {"energy_J": bill}
