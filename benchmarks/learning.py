"""Boltzmann machines on MNIST beside scikit-learn's BernoulliRBM: time, likelihood, classes.

``epochs``: a pass over 60,000 images, from a part of them, of CD-1 and PCD-1 with 784 and 500
p-bits, beside BernoulliRBM (which knows PCD-1 alone) and thrml's CD-1 by ``--thrml``, an
interpreter that has it (``python -m venv peer && peer/bin/pip install thrml``). ``--one-thread``
holds all to one.
``gibbs``: a step of 1000 chains. ``likelihood``: that of test images after equal wall time, ln Z
between annealing and its reverse. ``labels``: classes of the test images. ``phases``: the free
phases on small digits. ``sparse``: an update of the free phase on a chip's graph, beside the engine
alone. All but ``phases`` and ``sparse`` need ``$PBIT_DATA/mnist``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby
from typing import Any

import click
import numpy as np
from sklearn.neural_network import BernoulliRBM

from learning_data import (
    HIDDEN,
    VISIBLE,
    Row,
    as_spins,
    chip_graph,
    in_turn,
    mnist,
    one_processor,
    parts_of,
)
from learning_likelihood import likelihood
from learning_peer import thrml_steps
from learning_phases import phases, print_phases
from pbit import Schedule
from pbit.machine import available_threads
from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.problems.boltzmann.seating import Seating
from pbit.run.program import Program
from pbit.samplers.layers import LayerChains
from record import headline, options, write

ROWS = 4000  # of an epoch, which is timed and scaled
LABELS: tuple[dict[str, Any], ...] = (
    {"n_components": 1000, "learning_rate": (0.02, 0.0005), "batch_size": 50, "n_iter": 20,
     "negative": "cd"},
    {"n_components": 1000, "learning_rate": (0.05, 0.001), "batch_size": 50, "n_iter": 10,
     "negative": "cd", "conditional": 0.9},
)  # fmt: skip


def epochs(repeats: int, seed: int, thrml: str | None = None) -> list[Row]:
    """Seconds of an epoch by batch size, all in turn."""
    rows = mnist()[0].spins[:ROWS]
    found: list[Row] = []
    for batch in (10, 100):
        calls = _trainings(rows, batch, seed)
        with thrml_steps(thrml, rows[:batch]) as peer:
            if peer is not None:
                calls[f"thrml {peer.versions['thrml']} cd"] = peer
            times = in_turn(calls, repeats)
        for name, time_of in times.items():
            updates = 1 if name.startswith("thrml") else ROWS // batch
            row = {"batch": batch, "who": name, "update": time_of.processors / updates}
            scale = 60_000 / batch / updates
            row |= {"wall": scale * time_of.wall, "processors": scale * time_of.processors}
            found.append({"table": "epochs", **row})
    return found


def _trainings(rows: Any, batch: int, seed: int) -> dict[str, Callable[[], Any]]:
    common: Row = {"n_components": HIDDEN, "batch_size": batch, "n_iter": 1, "random_state": seed}
    calls: dict[str, Callable[[], Any]] = {}
    for phase in ("cd", "pcd"):
        ours = RestrictedBoltzmannMachine(negative=phase, momentum=0.0, **common)
        ours.partial_fit(rows)
        calls[f"pbit {phase}"] = partial(ours.partial_fit, rows)
    for kind in (np.float64, np.float32):
        bits = (rows > 0).astype(kind)
        calls[f"BernoulliRBM {kind.__name__}"] = partial(BernoulliRBM(**common).fit, bits)
    return calls


def print_epochs(rows: Sequence[Row]) -> None:
    """A line a trainer."""
    print(f"\nan epoch of 60,000 images, {VISIBLE}-{HIDDEN}, from {ROWS} of them")
    print(
        "batch  who                     wall s  processor s  ms an update  of float64: wall"
        "  processor  of float32"
    )
    peers = {(r["batch"], r["who"]): r for r in rows}
    for row in rows:
        peer, narrow = (
            peers[row["batch"], f"BernoulliRBM {kind}"] for kind in ("float64", "float32")
        )
        ratios = row["wall"] / peer["wall"], row["processors"] / peer["processors"]
        print(
            f"{row['batch']:5}  {row['who']:20} {row['wall']:9.1f}  {row['processors']:11.1f}  "
            f"{1e3 * row['update']:12.2f}  {ratios[0]:16.2f}  {ratios[1]:9.2f}  "
            f"{row['processors'] / narrow['processors']:10.2f}"
        )


def gibbs(repeats: int, seed: int) -> list[Row]:
    """Milliseconds of a step of 1000 chains."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 2, (1000, VISIBLE))
    images: Any = mnist()[0].spins[:1000]
    peers: dict[Any, Any] = {}
    calls: dict[str, Callable[[], Any]] = {}
    for kind in (np.float64, np.float32):
        peer = BernoulliRBM(HIDDEN, n_iter=1, batch_size=100, random_state=seed)
        peers[kind] = peer.fit((images > 0).astype(kind))
        peer.components_ = peer.components_.astype(kind)
        calls[f"BernoulliRBM {kind.__name__}"] = partial(peer.gibbs, start.astype(kind))
    parts = parts_of(peers[np.float64])
    model, chains = as_spins(*parts), LayerChains((VISIBLE, HIDDEN), 1000, seed=seed)
    calls["pbit, one step"] = partial(chains.advance, model, 1)
    calls["pbit, ten steps"] = partial(chains.advance, model, 10)
    found = []
    for name, times in in_turn(calls, repeats).items():
        steps = 10 if "ten" in name else 1
        row = {"who": name, "wall": times.wall / steps, "processors": times.processors / steps}
        found.append({"table": "gibbs", **row})
    return found


def print_gibbs(rows: Sequence[Row]) -> None:
    """A line a sampler."""
    print(f"\na step of 1000 chains, {VISIBLE}-{HIDDEN}")
    print("who                     wall ms  processor ms  float64 over it: wall  processor")
    peer = rows[0]
    for row in rows:
        print(
            f"{row['who']:20} {1e3 * row['wall']:10.1f}  {1e3 * row['processors']:12.1f}  "
            f"{peer['wall'] / row['wall']:21.1f}  {peer['processors'] / row['processors']:9.1f}"
        )


def labels(seed: int) -> list[Row]:
    """Part of the test images told right by label units, epoch by epoch."""
    return [row for options in LABELS for row in _labels(options, seed)]


def _labels(options: dict[str, Any], seed: int) -> Iterator[Row]:
    train, test = mnist()
    machine = RestrictedBoltzmannMachine(random_state=seed, **options)
    told = ", ".join(f"{key} {value}" for key, value in options.items())
    wall, busy = 0.0, 0.0
    for epoch in range(1, options["n_iter"] + 1):
        start = time.perf_counter(), time.process_time()
        machine.partial_fit(train.spins, train.labels)
        wall, busy = wall + time.perf_counter() - start[0], busy + time.process_time() - start[1]
        right = machine.score(test.spins, test.labels)
        yield {"table": "labels", "machine": told, "epoch": epoch, "wall": wall,
               "processors": busy, "right": right}  # fmt: skip


def print_labels(rows: Sequence[Row]) -> None:
    """A line an epoch."""
    for told, epochs in groupby(rows, lambda row: row["machine"]):
        print(f"\n10,000 test digits by label units; {told}\nepoch  wall s  processor s  right %")
        for row in epochs:
            print(
                f"{row['epoch']:5}  {row['wall']:6.0f}  {row['processors']:11.0f}  "
                f"{100 * row['right']:7.2f}"
            )


def sparse(repeats: int, seed: int) -> list[Row]:
    """Nanoseconds an update on the chip's graph: the free phase, and the engine alone."""
    graph, _ = chip_graph(seed)
    number = {node: k for k, node in enumerate(graph.nodes)}
    edges = np.array([(number[a], number[b]) for a, b in graph.edges]).T
    rng = np.random.default_rng(seed)
    machine = GraphMachine(Seating.of(len(graph), edges, rng.permutation(len(graph))[:834]), seed=1)
    machine.couplings[...] = 0.1 * rng.standard_normal(machine.couplings.size)
    program = Program.compile(machine.model)
    found = []
    for count in (64, 512):
        for sweeps in (10, 100, 500):
            schedule = Schedule(np.ones((sweeps, 1)))
            calls: dict[str, Callable[[], Any]] = {
                "free phase": partial(machine.advance, machine.chains(count, seed=seed), sweeps),
                "engine": partial(program.run, schedule, num_reads=count, seed=seed),
            }
            for name, times in in_turn(calls, repeats).items():
                updates = 1e-9 * count * sweeps * len(graph)
                row = {"chains": count, "sweeps": sweeps, "who": name, "wall": times.wall / updates}
                row |= {"table": "sparse", "processors": times.processors / updates}
                found.append(row)
    return found


def print_sparse(rows: Sequence[Row]) -> None:
    """A line a number of chains and sweeps."""
    print(f"\nns an update of 4,264 p-bits, {chip_graph(1)[1]}")
    print("chains  sweeps  who         wall ns  processor ns")
    for row in rows:
        print(
            f"{row['chains']:6}  {row['sweeps']:6}  {row['who']:10} {row['wall']:8.2f}  "
            f"{row['processors']:12.2f}"
        )


@click.command()
@options
@click.option("--tables", default="epochs,gibbs,likelihood,labels,phases,sparse", show_default=True)
@click.option("--seconds", default=40.0, show_default=True, help="Of training, for likelihood.")
@click.option("--thrml", help="Interpreter that has thrml, for epochs.")
@click.option("--one-thread", is_flag=True, help="Hold all to one processor.")
def main(
    seed: int, repeats: int, json_file: Any, plot_file: Any, tables: str, seconds: float,
    thrml: str | None, one_thread: bool,
) -> None:  # fmt: skip
    """Print the tables. --plot does nothing here."""
    told = "one thread each" if one_thread else f"{available_threads()} processors"
    with one_processor() if one_thread else nullcontext():
        print(headline(f"learning, median of {repeats}, seed {seed}, {told}"))
        found = _run(tables, seconds, thrml, repeats=repeats, seed=seed)
    if json_file is not None:
        details = {"seed": seed, "repeats": repeats, "seconds": seconds, "one_thread": one_thread}
        write(json_file, "learning", found, **details)


def _run(tables: str, seconds: float, thrml: str | None, *, repeats: int, seed: int) -> list[Row]:
    found: list[Row] = []
    for name in tables.split(","):
        if name == "likelihood":
            found += likelihood(seconds, seed)
            continue
        run, show = _TABLES[name]
        if name == "epochs":
            rows = run(repeats, seed, thrml)
        else:
            rows = run(seed) if name == "labels" else run(repeats, seed)
        found += rows
        show(rows)
    return found


_TABLES: dict[str, tuple[Callable[..., list[Row]], Callable[[Sequence[Row]], None]]] = {
    "epochs": (epochs, print_epochs),
    "gibbs": (gibbs, print_gibbs),
    "labels": (labels, print_labels),
    "phases": (phases, print_phases),
    "sparse": (sparse, print_sparse),
}

if __name__ == "__main__":
    main()
