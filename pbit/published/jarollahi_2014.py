"""Search engine of Jarollahi et al.: cliques of tunnel junctions that complete erased symbols."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.networks.associative import ERASED, CliqueMemory, expected_error
from pbit.published.experiment import Experiment, Measured, Size
from pbit.seeds import seed_of

_LOADS: dict[Size, tuple[int, ...]] = {
    "small": (500, 2000),
    "default": (1000, 2000, 4000, 8000, 12000, 16000, 20000),
    "full": (1000, 2000, 4000, 8000, 12000, 16000, 20000, 24000),
}
_PROBES: dict[Size, int] = {"small": 50, "default": 500, "full": 5000}
_MOST_WRONG = 0.01
_FAILED = 0.01


def run(
    seed: int,
    size: Size,
    data: Path | None,
    *,
    clusters: int = 8,
    symbols: int = 256,
    erased: int = 4,
) -> Measured:
    """Errors and junction reads against the number of stored messages."""
    loads = _LOADS[size]
    found = [_at(load, _PROBES[size], (clusters, symbols, erased), seed) for load in loads]
    good = [k for k, each in enumerate(found) if each["error"] <= _MOST_WRONG]
    best = found[good[-1] if good else 0]
    return Measured(
        value=1 - best["reads"] / best["scanned"],
        baseline=0.0,
        details={f"{name} there": value for name, value in best.items()},
        note=f"random messages; the largest load with at most {_MOST_WRONG:.0%} wrong; counts of "
        "cells for one recall, where the paper has energies of its circuits",
        counts={"reads": best["reads"]},
        curves={name: np.array([each[name] for each in found]) for name in best},
    )


def _at(load: int, probes: int, shape: tuple[int, int, int], seed: int) -> dict[str, float]:
    """What the memory does with so many messages in it."""
    clusters, symbols, erased = shape
    generator = np.random.default_rng(seed_of(seed, load))
    messages = generator.integers(0, symbols, (load, clusters))
    memory, worn = (CliqueMemory(clusters, symbols) for _ in range(2))
    memory.store(messages)
    worn.store(messages, failed=_FAILED, seed=seed)
    asked = messages[:probes].copy()
    gone = generator.permuted(np.tile(np.arange(clusters), (len(asked), 1)), axis=1)[:, :erased]
    np.put_along_axis(asked, gone, ERASED, axis=1)

    def wrong(engine: CliqueMemory, rounds: int) -> tuple[float, float]:
        recalled = engine.recall(asked, rounds=rounds)
        right = (recalled.messages == messages[:probes]).all(axis=1) & ~recalled.ambiguous
        return 1 - float(right.mean()), recalled.reads / len(asked)

    error, reads = wrong(memory, 4)
    bits = clusters * np.log2(symbols)
    return {
        "messages": float(load),
        "density": memory.density,
        "error": error,
        "error in one round": wrong(memory, 1)[0],
        "error expected of one round": expected_error(
            load, num_symbols=symbols, known=clusters - erased, erased=erased
        ),
        f"error with {_FAILED:.0%} of writes failed": wrong(worn, 4)[0],
        "reads": reads,
        "scanned": float(load * bits),
        "junctions per stored bit": float(memory.num_junctions / (load * bits)),
    }


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Errors against load."""
    loads = results[0].curves["messages"]
    for name, style in (
        ("error in one round", "o"),
        ("error expected of one round", "k--"),
        ("error", "s-"),
        (f"error with {_FAILED:.0%} of writes failed", "^:"),
    ):
        mean = np.mean([each.curves[name] for each in results], axis=0)
        axes.plot(loads, mean, style, ms=4, label=name)
    axes.set(xlabel="stored messages", ylabel="share of wrong or ambiguous recalls")
    axes.legend(fontsize=8)


EXPERIMENT = Experiment(
    id="jarollahi-2014",
    rows=(1,),
    device="binary tunnel junction, read",
    task="associative search",
    source="H. Jarollahi et al., IEEE J. Emerg. Sel. Topics Circuits Syst. 4, 460 (2014)",
    claim="energy -89 %, memory /13.6, clock cycles /8.6 against a content-addressable memory",
    claim_value=0.89,
    claim_tag="S0",
    measures="share of cell reads saved",
    unit="1",
    baseline="comparing every stored bit (linear scan)",
    run=run,
    plot=plot,
)
