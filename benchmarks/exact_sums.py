"""How long do exact marginals take, next to D-Wave's tree decomposition, and do they agree?

    python benchmarks/exact_sums.py [--seed 1] [--repeats 5] [--json FILE]

Both find their own elimination order, which is timed too, and give log Z, all means and the
correlations of all coupled pairs at beta = 0.7, Gaussian couplings and fields, one thread, taking
turns. "--" marks what D-Wave's sampler refuses (it stops at width 25 of its own order).
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import networkx as nx
import numpy as np
from dwave.samplers import TreeDecompositionSampler

from pbit import IsingModel
from pbit.exact.elimination import Elimination
from pbit.versions import versions

BETA = 0.7
CASES: list[tuple[str, Callable[[int], nx.Graph]]] = [
    ("tree, 10000 spins", lambda seed: nx.random_labeled_tree(10_000, seed=seed)),
    ("grid 5 x 200", lambda seed: nx.grid_2d_graph(5, 200)),
    ("grid 10 x 100", lambda seed: nx.grid_2d_graph(10, 100)),
    ("grid 10 x 1000", lambda seed: nx.grid_2d_graph(10, 1000)),
    ("grid 18 x 18", lambda seed: nx.grid_2d_graph(18, 18)),
    ("cubic graph, 100", lambda seed: nx.random_regular_graph(3, 100, seed=seed)),
    ("complete, 18 spins", lambda seed: nx.complete_graph(18)),
]


def make(graph: nx.Graph, seed: int) -> IsingModel:
    """Gaussian couplings and fields on a graph."""
    rng = np.random.default_rng(seed)
    graph = nx.convert_node_labels_to_integers(graph)
    n, ends = graph.number_of_nodes(), np.array(graph.edges())
    weights = rng.normal(size=len(ends))
    return IsingModel.from_edges(ends[:, 0], ends[:, 1], weights, h=rng.normal(size=n) / 2)


def theirs(bqm: Any) -> float | None:
    """log Z by D-Wave's sampler, its marginals too; None if it refuses."""
    try:
        run = TreeDecompositionSampler().sample(bqm, beta=BETA, marginals=True, seed=1)
    except ValueError:
        return None
    return float(run.info["log_partition_function"])


def measure(name: str, model: IsingModel, repeats: int) -> dict[str, Any]:
    """Seconds of both over the repeats, and their log Z."""
    bqm = model.to_bqm()
    row: dict[str, Any] = {"problem": name, "width": Elimination(model, max_width=24).width}
    works: dict[str, Callable[[], float | None]] = {
        "pbit": lambda: Elimination(model, max_width=24).marginals(BETA).log_z,
        "dwave": lambda: theirs(bqm),
    }
    seconds: dict[str, list[float]] = {who: [] for who in works}
    for repeat in range(-1, repeats):
        for who, work in works.items():
            began = time.perf_counter()
            row[f"{who}_log_z"] = work()
            if repeat >= 0:  # the first round compiles and warms the caches
                seconds[who].append(time.perf_counter() - began)
    for who, values in seconds.items():
        refused = row[f"{who}_log_z"] is None
        row[f"{who}_s"] = None if refused else float(np.median(values))
        row[f"{who}_spread_s"] = None if refused else [min(values), max(values)]
    return row


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--repeats", default=5, show_default=True)
@click.option("--json", "path", type=click.Path(path_type=Path), help="Write all numbers here.")
def main(seed: int, repeats: int, path: Path | None) -> None:
    """Time exact marginals next to D-Wave's."""
    click.echo(f"{'problem':<20} {'width':>5} {'pbit, s':>9} {'dwave, s':>9}  log Z differs by")
    rows = []
    for name, graph in CASES:
        rows.append(row := measure(name, make(graph(seed), seed), repeats))
        other = row["dwave_s"]
        gap = "--" if other is None else f"{abs(row['pbit_log_z'] - row['dwave_log_z']):.1e}"
        shown = "--" if other is None else f"{other:.3f}"
        click.echo(f"{name:<20} {row['width']:>5} {row['pbit_s']:>9.3f} {shown:>9}  {gap}")
    if path is not None:
        about = {"seed": seed, "versions": versions(neal=True), "machine": platform.platform()}
        path.write_text(json.dumps(about | {"rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
