"""What do reservoirs of devices do beside software of their size, and how fast are they emulated?

    python benchmarks/reservoirs.py [--seed 1] [--repeats 5] [--json FILE]
                                    [--plot docs/figures/reservoirs.png]

Tasks by systems, each with as many settings tried on the steps that are there to learn from
(``--tries``; a few of p-bits, which take a thousand times as long), and measured on those held out;
``--repeats`` is the number of seeds, of the series as well as of settings. Node-steps a second of
one processor, beside reservoirpy where it is installed, and the same envelope in plain NumPy.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from pbit.networks.reservoir import EchoState, OscillatorReservoir, Reservoir, states_of
from pbit.networks.reservoir.comparison import compared
from pbit.networks.reservoir.kinds import KNOWN, ReservoirKind
from pbit.networks.reservoir.measures import memory_curves
from pbit.samplers.driven import KIND as P_BITS
from pbit.tasks import LORENZ_EXPONENT, lorenz, mackey_glass, narma10, sine_square
from record import headline, options, pyplot, write

FloatArray = npt.NDArray[np.float64]

NODES, STEPS, FREE = 50, 3000, 400
INTERVAL = 0.05  # of Lorenz's series
TRIES = 20
P_BIT_TRIES = 3  # settings of p-bits, which take a thousand times as long


def tasks(seed: int) -> dict[str, tuple[FloatArray, FloatArray, bool]]:
    """Inputs, what is wanted, and whether that is the next input."""
    u, y = narma10(STEPS, seed=seed)
    waves, labels = sine_square(STEPS // 8, seed=seed)
    glass = mackey_glass(STEPS + 1, seed=seed)[:, None]
    flow = lorenz(STEPS + 1, seed=seed, interval=INTERVAL)
    return {
        "narma10": (u[:, None], y[:, None], False),
        "sine or square": (waves[:, None], np.where(labels > 0, 1.0, -1.0)[:, None], False),
        "mackey-glass": (glass[:-1], glass[1:], True),
        "lorenz": (flow[:-1], flow[1:], True),
    }


def quality(seeds: range, kinds: list[ReservoirKind], tries: int) -> list[dict[str, Any]]:
    """Rows of system and task: errors of all seeds, free runs in steps, or in Lyapunov times."""
    data = [tasks(seed) for seed in seeds]
    rows = []
    for kind in kinds:
        for task in data[0]:
            row: dict[str, Any] = {"task": task, "system": kind.name, "error": [], "follows": []}
            for seed, made in zip(seeds, data, strict=True):
                error, follows = _measured(kind, task, made[task], tries, seed)
                row["error"].append(error)
                row["follows"].append(follows)
            rows.append(row)
            _tell(row)
    return rows


def _measured(
    kind: ReservoirKind, task: str, made: tuple[FloatArray, FloatArray, bool], tries: int, seed: int
) -> tuple[float, float | None]:
    """Error, of labels the share that is wrong, and how long free runs follow."""
    X, y, runs = made
    found = compared(
        [kind], X, y, num_nodes=NODES, free_steps=FREE if runs else 0, seed=seed,
        tries=P_BIT_TRIES if kind is P_BITS else tries,
    )[0]  # fmt: skip
    error = found.error
    if task == "sine or square":
        error = float(np.mean((found.outputs > 0) != (y[len(y) - len(found.outputs) :] > 0)))
    unit = INTERVAL * LORENZ_EXPONENT if task == "lorenz" else 1.0
    return error, found.horizon * unit if runs else None


def _tell(row: dict[str, Any]) -> None:
    mean, spread = np.mean(row["error"]), np.std(row["error"])
    follows = [each for each in row["follows"] if each is not None]
    free = f"  follows {np.mean(follows):7.2f}" if follows else ""
    told = f"{row['system']:12} {row['task']:15} {mean:10.5f} +- {spread:9.5f}{free}"
    print(told, flush=True)


def memories(seeds: range, kinds: list[ReservoirKind], tries: int) -> list[dict[str, Any]]:
    """Short-term memory and parity of the setting that remembers most on other bits."""
    from pbit.networks.reservoir.tuning import best_setting

    rows = []
    for kind in kinds:
        found = []
        for seed in seeds:
            best = best_setting(
                kind,
                lambda each: memory_curves(each, seed=1000, train=500, test=500)[0].capacity,
                num_nodes=NODES, seed=seed, tries=P_BIT_TRIES if kind is P_BITS else tries,
            )  # fmt: skip
            found.append([each.capacity for each in memory_curves(best, seed=seed)])
        mean = np.mean(found, axis=0)
        rows.append({"system": kind.name, "memory": mean[0], "parity": mean[1]})
        print(f"{kind.name:12} memory {mean[0]:6.2f}  parity {mean[1]:6.2f}", flush=True)
    return rows


# --- speed


def plain(drive: FloatArray, mask: FloatArray) -> FloatArray:
    """The envelope of one oscillator in NumPy, series side by side."""
    power, found = np.full(len(drive), 0.4), np.empty((*drive.shape[:2], len(mask)))
    for step in range(drive.shape[1]):
        for node in range(len(mask)):
            zeta = 2.0 + 0.6 * mask[node] * drive[:, step, 0]
            x = 0.2 * (zeta - 1)
            grown = np.exp(x)
            power = power * grown / (1 + 0.2 * (zeta + 0.5) * power * np.expm1(x) / x)
            found[:, step, node] = np.sqrt(power)
    return found


def speed(repeats: int) -> list[dict[str, Any]]:
    """Millions of node-steps a second of one processor, the median of repeats."""
    rng, rows = np.random.default_rng(1), []
    mask = rng.choice((-1.0, 1.0), 400)

    def of(reservoir: Reservoir) -> Callable[[FloatArray], Any]:
        return lambda drive: states_of(reservoir, drive, seed=1)

    noisy = OscillatorReservoir(num_virtual=400, devices=_noisy(), noise_pieces=1)
    systems: dict[str, tuple[Callable[[FloatArray], Any], tuple[int, ...]]] = {
        "vortex, 400 nodes": (of(OscillatorReservoir(num_virtual=400)), (1, 16, 64)),
        "with feedback": (of(OscillatorReservoir(num_virtual=400, feedback=0.5)), (1, 16, 64)),
        "with noise": (of(noisy), (1, 16, 64)),
        "the same in NumPy": (lambda drive: plain(drive, mask), (1, 16, 64)),
        "echo-state, 400 nodes": (of(EchoState(num_nodes=400)), (1, 16, 64)),
        **_peers(),
    }
    for name, (work, widths) in systems.items():
        for width in widths:
            steps = max(20, (20 if "NumPy" in name else 6400) // width)
            drive = rng.uniform(-1, 1, (width, steps, 1))
            work(drive[:, :2])
            seconds = []
            for _ in range(repeats):
                start = time.process_time()
                work(drive)
                seconds.append(time.process_time() - start)
            rate = 400 * width * steps / float(np.median(seconds)) / 1e6
            rows.append({"system": name, "series": width, "million_node_steps_s": rate})
            print(f"{name:24} {width:3} series: {rate:8.2f} M node-steps/s")
    return rows


def _noisy() -> Any:
    from dataclasses import replace

    from pbit.networks.reservoir import VORTEX

    return replace(VORTEX, noise_Hz=1e-5 * VORTEX.damping_Hz)


def _peers() -> dict[str, Any]:
    """reservoirpy's echo-state network, where it is installed."""
    try:
        from reservoirpy.nodes import Reservoir as Peer
    except ImportError:
        return {}
    dense = Peer(units=400, sr=0.9, rc_connectivity=1.0, seed=1)
    sparse = Peer(units=400, sr=0.9, seed=1)
    return {
        "reservoirpy, dense": (lambda drive: dense.run(drive[0]), (1,)),
        "reservoirpy, sparse": (lambda drive: sparse.run(drive[0]), (1,)),
    }


def draw(record: dict[str, list[dict[str, Any]]], path: Path) -> None:
    """Errors of all systems on all tasks, a free run of the vortex, memory."""
    figure, axes = pyplot().subplots(1, 3, figsize=(13, 3.8), width_ratios=(1.5, 1.5, 1))
    systems = list(dict.fromkeys(row["system"] for row in record["quality"]))
    names = list(dict.fromkeys(row["task"] for row in record["quality"]))
    for k, system in enumerate(systems):
        means = [
            max(float(np.mean(row["error"])), 1e-4)
            for row in record["quality"]
            if row["system"] == system
        ]
        places = np.arange(len(names)) + 0.13 * (k - len(systems) / 2)
        axes[0].bar(places, means, 0.12, label=system)
    axes[0].set(yscale="log", ylabel="error, held out (none: 1e-4)")
    axes[0].set_xticks(range(len(names)), [each.replace(" or ", "\nor ") for each in names])
    axes[0].legend(fontsize=7, ncols=2)
    X, y, _ = tasks(1)["lorenz"]
    best = compared(
        [KNOWN.all()["vortex"]], X, y, num_nodes=NODES, tries=TRIES, free_steps=FREE, seed=1
    )[0]
    times = np.arange(len(best.free)) * INTERVAL * LORENZ_EXPONENT
    truth = X[len(X) - len(best.outputs) :][: len(best.free)]
    axes[1].plot(times, truth[:, 0], "k", lw=1.5, label="Lorenz, x")
    axes[1].plot(times, best.free[:, 0], "C0", lw=1, label="vortex, running freely")
    axes[1].set(xlabel="Lyapunov times", xlim=(0, 8))
    axes[1].legend(fontsize=8, loc="lower right")
    bars = np.arange(len(record["memories"]))
    for k, what in enumerate(("memory", "parity")):
        values = [row[what] for row in record["memories"]]
        axes[2].barh(bars + 0.2 * (2 * k - 1), values, 0.38, label=what)
    axes[2].set_yticks(bars, [row["system"] for row in record["memories"]])
    axes[2].set(xlabel="capacity, bits")
    axes[2].invert_yaxis()
    axes[2].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


@click.command()
@click.option("--tries", default=TRIES, show_default=True, type=click.IntRange(1))
@options
def main(
    seed: int, repeats: int, tries: int, json_file: Path | None, plot_file: Path | None
) -> None:
    """Run the benchmark."""
    print(headline(f"{NODES} nodes, {STEPS} steps, a quarter held out, {tries} settings of each"))
    kinds = [each for each in KNOWN.all().values() if each.name != "uniform"]  # the vortex, faster
    kinds.append(P_BITS)
    seeds = range(seed, seed + repeats)
    record = {"speed": speed(repeats), "quality": quality(seeds, kinds, tries)}
    record["memories"] = memories(seeds, kinds, tries)
    if json_file is not None:
        write(json_file, "reservoirs", record["quality"], seed=seed, **record)
    if plot_file is not None:
        draw(record, plot_file)


if __name__ == "__main__":
    main()
