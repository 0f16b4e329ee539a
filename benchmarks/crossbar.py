"""How long a product with an array takes, beside numpy's with the ideal matrix.

Arrays of devices that differ, some stuck, behind wires; the same between converters of 8 bits; with
noise in every read. Products forwards and backwards, of one vector and of 64; one thread, the kinds
in turns. Quality: error of the product, of the ideal one's root mean square. Then what it costs to
make an array, to solve its wires and to update it by trains.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from operator import matmul
from pathlib import Path
from typing import Any

import click
import numpy as np
from threadpoolctl import threadpool_limits

from pbit.devices.synapses import SynapseVariation
from pbit.networks.crossbar import (
    Crossbar,
    Reading,
    Wires,
    WriteVerify,
    exact_transfer,
    fast_transfer,
)
from record import headline, options, pyplot, write

SIZES = (64, 256, 1024)
BATCHES = (1, 64)
_LEAST_S = 0.02  # of one measurement, many calls of it
REAL: dict[str, Any] = {
    "variation": SynapseVariation(conductance_d2d=0.1, window_d2d=0.1),
    "stuck": 0.01,
    "wires": Wires(0.01, ir_drop="fast"),
}


@dataclass(frozen=True)
class Product:
    """Seconds of a product, median and range; the least over that of the ideal one; its error."""

    size: int
    batch: int
    kind: str
    seconds: float
    least: float
    most: float
    times_ideal: float
    error: float


@dataclass(frozen=True)
class Making:
    """Seconds of something that is done once: median over the repeats."""

    size: int
    what: str
    seconds: float


def arrays(weights: Any, seed: int) -> dict[str, Any]:
    """What is multiplied with, by name."""
    static = Crossbar(weights, seed=seed, **REAL)
    converters = Reading(dac_bits=8, adc_bits=8)
    return {
        "numpy, ideal": weights,
        "array": static,
        "array, backwards": static.T,
        "8-bit converters": Crossbar(weights, seed=seed, reading=converters, **REAL),
        "noise of 1 %": Crossbar(weights, seed=seed, reading=Reading(noise=0.01), **REAL),
    }


def products(repeats: int, seed: int) -> list[Product]:
    """One row a size, batch and kind."""
    rows: list[Product] = []
    for size in SIZES:
        rng = np.random.default_rng([seed, size])
        weights = rng.uniform(-1, 1, (size, size))
        kinds = arrays(weights, seed)
        for batch in BATCHES:
            x = rng.uniform(-1, 1, (size, batch))
            found = times_of({kind: partial(matmul, array, x) for kind, array in kinds.items()},
                             repeats)  # fmt: skip
            for kind, array in kinds.items():
                times, ideal = found[kind], min(found["numpy, ideal"])
                wanted = (weights.T if kind.endswith("backwards") else weights) @ x
                error = float(np.std(array @ x - wanted) / np.std(wanted))
                middle = float(np.median(times))
                rows.append(Product(size, batch, kind, middle, min(times), max(times),
                                    min(times) / ideal, error))  # fmt: skip
    return rows


def makings(repeats: int, seed: int) -> list[Making]:
    """One row a size and what is done."""
    return [
        Making(size, what, float(np.median(times)))
        for size in SIZES[:2]
        for what, times in times_of(_work(size, seed), repeats).items()
    ]


def _work(size: int, seed: int) -> dict[str, Callable[[], object]]:
    weights = np.random.default_rng([seed, size]).uniform(-1, 1, (size, size))
    array = Crossbar(weights, seed=seed, **REAL)
    G, trains, x = array.cells.conductance(), array.trains(), weights[0]
    work: dict[str, Callable[[], object]] = {
        "made, devices placed": lambda: Crossbar(weights, seed=seed, **REAL),
        "made, write-verify": lambda: Crossbar(weights, seed=seed, programming=WriteVerify()),
        "update by 31 slots": lambda: array.update(x, x, rate=0.01, trains=trains),
        "wires, fast": lambda: fast_transfer(G, REAL["wires"]),
    }
    if size == SIZES[0]:
        work["wires, exact"] = lambda: exact_transfer(G, REAL["wires"])
    return work


def times_of(calls: dict[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Seconds of each call, in turns, each time over as many as make a measurement."""
    many = {name: max(1, int(_LEAST_S / max(_seconds(call), 1e-7))) for name, call in calls.items()}
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            found[name].append(_seconds(call, many[name]))
    return found


def _seconds(call: Callable[[], object], count: int = 1) -> float:
    call()
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def print_products(rows: list[Product]) -> None:
    """A line a row."""
    print(" size  batch  kind                  us a product      range       x ideal   error")
    for row in rows:
        span = f"{1e6 * row.least:.1f}-{1e6 * row.most:.1f}"
        print(
            f"{row.size:5} {row.batch:6}  {row.kind:20} {1e6 * row.seconds:13.1f}  {span:>16}"
            f" {row.times_ideal:8.2f} {row.error:8.4f}"
        )


def print_makings(rows: list[Making]) -> None:
    """A line a row."""
    print("\n size  what                          ms")
    for row in rows:
        print(f"{row.size:5}  {row.what:22} {1e3 * row.seconds:9.2f}")


def draw(rows: list[Product], path: Path) -> None:
    """Time over that of the ideal product, a bar a kind."""
    plt = pyplot()
    figure, axes = plt.subplots(
        1, len(BATCHES), figsize=(9, 3.2), sharey=True, layout="constrained"
    )
    for axis, batch in zip(axes, BATCHES, strict=True):
        mine = [row for row in rows if row.batch == batch]
        kinds = list(dict.fromkeys(row.kind for row in mine))[1:]
        for place, kind in enumerate(kinds):
            bars = [row.times_ideal for row in mine if row.kind == kind]
            at = np.arange(len(bars)) + (place - 1.5) / 5
            axis.bar(at, bars, 0.18, label=kind)
        axis.axhline(3, color="0.4", lw=0.8, ls="--")
        axis.axhline(1, color="0.4", lw=0.8)
        axis.set(title=f"{batch} vector{'s' * (batch > 1)}", xlabel="outputs and inputs",
                 yscale="log", xticks=range(len(SIZES)), xticklabels=SIZES)  # fmt: skip
    axes[0].set_ylabel("time / that of numpy's ideal product")
    axes[1].legend(fontsize=8)
    figure.savefig(path, dpi=150)


@click.command(help=__doc__)
@options
def main(seed: int, repeats: int, json_file: Path | None, plot_file: Path | None) -> None:
    with threadpool_limits(1):
        rows = products(repeats, seed)
        made = makings(repeats, seed)
    print(headline(f"products with arrays, {repeats} repeats"))
    print_products(rows)
    print_makings(made)
    if json_file is not None:
        both = [asdict(row) for row in rows] + [asdict(row) for row in made]
        write(json_file, "crossbar", both, seed=seed)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
