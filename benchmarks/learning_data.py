"""What the benchmarks of learning share: digits, a hardware graph, times of calls in turn."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
import networkx as nx
import numpy as np
from threadpoolctl import threadpool_limits

from pbit.models.layered import LayeredModel
from pbit.problems.learning import DataSet, read_data

VISIBLE, HIDDEN = 784, 500
_PAUSE = 0.1  # seconds; threads of BLAS spin for a while after a product, at the next one's cost
_DEGREE = 14  # of the random graph that stands in for the chip's

Row = dict[str, Any]


class Timing(NamedTuple):
    """Median over the repeats, seconds of wall time and of all processors."""

    wall: float
    processors: float


def mnist() -> tuple[DataSet, DataSet]:
    """60,000 images to learn from and 10,000 to test, black above 127.

    Raises
    ------
    click.ClickException
        They are not there.
    """
    folder = Path(os.environ.get("PBIT_DATA", ".")) / "mnist"
    if not folder.is_dir():
        raise click.ClickException("set PBIT_DATA to a folder with mnist/ in it")
    train, test = (
        read_data(folder / f"{name}-images-idx3-ubyte.gz", threshold=127)
        for name in ("train", "t10k")
    )
    return train, test


def in_turn(calls: Mapping[str, Callable[[], Any]], repeats: int) -> dict[str, Timing]:
    """Times of calls that take turns, so that what else the machine does meets all of them.

    A call that returns a Timing, such as one to another process, is believed.
    """
    times: dict[str, list[Timing]] = {name: [] for name in calls}
    for repeat in range(-1, repeats):
        for name, call in calls.items():
            time.sleep(_PAUSE)
            wall, busy = time.perf_counter(), time.process_time()
            told = call()
            now = Timing(time.perf_counter() - wall, time.process_time() - busy)
            if repeat >= 0:
                times[name].append(told if isinstance(told, Timing) else now)
    return {name: Timing(*np.median(found, axis=0).tolist()) for name, found in times.items()}


@contextmanager
def one_processor() -> Iterator[None]:
    """Hold this process, those that it starts and its BLAS to one processor and one thread."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        with threadpool_limits(1):
            yield
    finally:
        os.sched_setaffinity(0, allowed)


def chip_graph(seed: int) -> tuple[nx.Graph, str]:
    """4,264 p-bits of degree 15 at most, and where they come from."""
    try:
        from dwave.graphs import pegasus_graph
    except ImportError:
        return nx.random_regular_graph(_DEGREE, 4264, seed=seed), "random graph of degree 14"
    return pegasus_graph(14), "Pegasus P14"


def as_spins(components: Any, visible: Any, hidden: Any) -> LayeredModel:
    """A machine of bits as one of spins: W / 4, b / 2 + sums of W / 4; energies differ by a number.

    components: (hidden, visible), as scikit-learn has them.
    """
    weights = np.asarray(components, dtype=np.float64).T / 4
    return LayeredModel.of(
        (visible / 2 + weights.sum(axis=1), hidden / 2 + weights.sum(axis=0)), (weights,)
    )


def spread_of_energies(model: LayeredModel, parts: tuple[Any, Any, Any], seed: int) -> float:
    """Range of E(spins) - E(bits) over random states: 0 where :func:`as_spins` is right."""
    components, visible, hidden = parts
    rng = np.random.default_rng(seed)
    v, h = (rng.integers(0, 2, (100, n)) for n in model.sizes)
    bits = -(v @ visible) - h @ hidden - np.einsum("ri,ij,rj->r", h, components, v, optimize=True)
    gap = model.energy(np.hstack([2 * v - 1, 2 * h - 1])) - bits
    return float(np.ptp(gap))


def parts_of(peer: Any) -> tuple[Any, Any, Any]:
    """Parameters of a BernoulliRBM: weights (hidden, visible), biases of both layers."""
    return peer.components_, peer.intercept_visible_, peer.intercept_hidden_
