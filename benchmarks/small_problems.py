"""Is any call slower than neal's, on problems so small that the call itself is what costs?

    python benchmarks/small_problems.py [--seed 1] [--repeats 9] [--json FILE] [--plot FILE]
        [--most 1000]

Whole calls of ``PBitSampler().sample`` and of neal's, in turn: a dimod BQM in, a SampleSet out,
1000 sweeps at the betas that each chooses, what pbit compiles done before. "sparse": n spins in a
ring with chords, degree 4, couplings -1 and +1; "dense": all pairs, normal couplings. Processor
time counts as wall time does: pbit may use all threads, neal has one.

"ratio" is the median over pairs of neal's time to pbit's: below 1 pbit loses. "lower" and
"upper" are the quartiles of the pairs. "over" is what ``pbit.anneal`` of a compiled program
takes beyond the sweeps, the median of calls with one sweep.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np

from pbit import IsingModel, PBitSampler, Schedule
from pbit.run.program import Program
from record import headline, options, pyplot, write

SIZES = (10, 20, 50, 200)
READS = (1, 2, 5, 10, 30, 100, 300, 1000)
SWEEPS = 1000


def instance(n: int, kind: str, rng: np.random.Generator) -> dimod.BinaryQuadraticModel:
    """A BQM of n spins, sparse or dense."""
    if kind == "dense":
        J = {(i, j): float(rng.normal()) for i in range(n) for j in range(i)}
    else:
        J = {(i, (i + d) % n): float(rng.choice([-1, 1])) for i in range(n) for d in (1, 3)}
    return dimod.BinaryQuadraticModel.from_ising({}, J)


def seconds(call: Callable[[], Any]) -> float:
    """Of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def measure(n: int, kind: str, reads: int, repeats: int, seed: int) -> dict[str, Any]:
    """Pairs of calls of both samplers on one instance."""
    from neal import SimulatedAnnealingSampler

    bqm = instance(n, kind, np.random.default_rng(seed))
    ours, theirs = PBitSampler(), SimulatedAnnealingSampler()

    def pbit() -> Any:
        return ours.sample(bqm, num_reads=reads, num_sweeps=SWEEPS, seed=seed)

    def neal() -> Any:
        return theirs.sample(bqm, num_reads=reads, num_sweeps=SWEEPS, seed=seed)

    kernel = pbit().info["kernel"]
    neal()
    pairs = np.array([(seconds(neal), seconds(pbit)) for _ in range(repeats)])
    ratios = pairs[:, 0] / pairs[:, 1]
    return {
        "n": n,
        "kind": kind,
        "reads": reads,
        "kernel": kernel,
        "neal_s": float(np.median(pairs[:, 0])),
        "pbit_s": float(np.median(pairs[:, 1])),
        "ratio": float(np.median(ratios)),
        "lower": float(np.quantile(ratios, 0.25)),
        "upper": float(np.quantile(ratios, 0.75)),
    }


def overhead(repeats: int, seed: int) -> float:
    """Seconds of a warm call on 12 spins beyond its sweeps."""
    model = IsingModel.from_bqm(instance(12, "sparse", np.random.default_rng(seed)))
    program, schedule = Program.compile(model, num_reads=1), Schedule(np.ones(1))
    program.run(schedule, num_reads=1, seed=seed)
    calls = [
        seconds(lambda: program.run(schedule, num_reads=1, seed=seed)) for _ in range(40 * repeats)
    ]
    return float(np.median(calls))


@click.command()
@options
@click.option("--most", default=READS[-1], show_default=True, help="Most reads of a call.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None, most: int
) -> None:
    """Whole calls of PBitSampler next to neal's, on small problems."""
    print(headline(f"whole calls, {SWEEPS} sweeps, medians of {repeats} pairs"))
    print(f"over: a warm call on 12 spins takes {1e3 * overhead(repeats, seed):.3f} ms + sweeps\n")
    print("   n kind    reads  kernel    neal ms    pbit ms    ratio  lower  upper")
    rows = []
    for n in SIZES:
        for kind in ("sparse", "dense"):
            for reads in (count for count in READS if count <= most):
                row = measure(n, kind, reads, repeats, seed)
                rows.append(row)
                print(
                    f"{n:4} {kind:6} {reads:6}  {row['kernel']:6} {1e3 * row['neal_s']:10.3f} "
                    f"{1e3 * row['pbit_s']:10.3f} {row['ratio']:8.2f} {row['lower']:6.2f} "
                    f"{row['upper']:6.2f}",
                    flush=True,
                )
    lost = [row for row in rows if row["ratio"] < 1]
    print(f"\n{len(lost)} of {len(rows)} rows lost")
    if json_file is not None:
        write(json_file, "small_problems", rows, seed=seed, repeats=repeats)
    if plot_file is not None:
        draw(rows, plot_file)


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Ratios against reads, a line each size and kind."""
    plt = pyplot()
    figure, axes = plt.subplots(figsize=(6, 4))
    for n in SIZES:
        for kind, style in (("sparse", "o-"), ("dense", "s--")):
            some = [row for row in rows if row["n"] == n and row["kind"] == kind]
            axes.loglog(
                [row["reads"] for row in some], [row["ratio"] for row in some], style,
                label=f"n = {n}, {kind}",
            )  # fmt: skip
    axes.axhline(1.0, color="black", linewidth=0.8)
    axes.set(xlabel="reads of a call", ylabel="time of neal / time of pbit")
    axes.legend(fontsize=7, ncol=2)
    figure.savefig(path, dpi=150, bbox_inches="tight")


if __name__ == "__main__":
    main()
