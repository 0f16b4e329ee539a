"""Compile ahead what users meet, for images and clusters: ``python -m pbit.warm_up --jobs 2``.

The table of :func:`calls` is small calls of the public API, one for each form that a kernel is
compiled in. Calls of one group share kernels and stay in one process; groups go side by side.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import pbit
from pbit.checks import integer
from pbit.engines.words import RULES
from pbit.kernels.cache import cache_folder
from pbit.kernels.notice import QUIET
from pbit.models.polynomial import AnyModel
from pbit.problems.hopfield.recalling import Recall
from pbit.problems.hopfield.storage import store

_FIRST = "models"  # what all others need
_N = 12
_BIT_WEIGHTS = (1.0, 3.0, 7.0, 100.0)  # next to couplings of 1: a weight of each level
_BIT_READS = (128, 256, 512)  # two, four and eight words
_LANE_VALUES = (3, 4, 5, 6, 7, 8)  # of digits; for more, kernels are compiled when they come up
_COLD, _WARM = 1e6, 1.0  # betas: so cold that fields need float64, and not


class Call(NamedTuple):
    """A small call that compiles kernels."""

    group: str
    name: str
    run: Callable[[], Any]


class Done(NamedTuple):
    """A call that has come back."""

    call: str
    seconds: float


def names() -> list[str]:
    """Groups of calls, in their order."""
    return list(dict.fromkeys(call.group for call in calls()))


def calls() -> Iterator[Call]:
    """The table."""
    ring, real, cubic, dense = _ring(1.0), _real(), _cubic(), _dense()
    yield Call(_FIRST, "descent", partial(_descend, real, cubic, dense))
    for weight, reads, rule in product(_BIT_WEIGHTS, _BIT_READS, RULES):
        for kind, model in _bit_models(weight):
            name = f"{kind} of {weight:g}, {reads} reads, {rule}"
            yield Call("bits", name, partial(_anneal, model, "bits", reads, rule=rule))
    for kernel in ("lanes", "reads", "colors", "cached", "dense"):
        yield from _float_calls(kernel, real)
    for kernel in ("lanes", "reads"):
        yield Call(kernel, "terms of three", partial(_anneal, cubic, kernel, 16))
    for order in ("random", "chromatic"):
        yield Call("reads", f"{order} order", partial(_anneal, real, "reads", 1, order=order))
    for weight in _BIT_WEIGHTS:
        for kind, model in _bit_models(weight):
            yield Call("temper bits", f"{kind} of {weight:g}", partial(_temper, model, "bits"))
    for name, model in (("pairs", real), ("terms of three", cubic)):
        yield Call("temper lanes", name, partial(_temper, model, "lanes"))
    yield Call("temper dense", "full matrix", partial(_temper, dense, "dense"))
    yield Call("population", "steps of its own", partial(pbit.population_anneal, ring, seed=1))
    yield Call("portfolio", "islands and clusters", partial(_recombine, real, cubic))
    yield Call("memories", "overlaps", _recall)
    for name, digits in _digits():
        yield Call("digits", f"{name}, annealed", partial(pbit.anneal, digits, num_sweeps=1))
        by_color = partial(pbit.anneal, digits, num_sweeps=1, order="chromatic")
        yield Call("digits", f"{name}, colour by colour", by_color)
        yield Call("digits", f"{name}, tempered", partial(pbit.temper, digits, num_sweeps=20))
    for count in _LANE_VALUES:
        yield Call("digits", f"{count} values, many reads", partial(_many_digits, count))
    for name, sampler in (("phases", pbit.oscillate), ("bifurcation", pbit.bifurcate)):
        yield Call("oscillators", name, partial(sampler, real, num_sweeps=1, seed=1))
    for name, chip in _chips().items():
        yield Call(f"chip {name}", "2 reads", partial(_on_chip, real, chip))


def warm_up(
    only: Sequence[str] = (),
    *,
    jobs: int = 1,
    report: Callable[[str], None] = print,
) -> Path | None:
    """Compile the kernels of these groups, or of all; the folder they are kept in, if any.

    Parameters
    ----------
    only : sequence of str, optional
        Names of groups, or how they begin.
    jobs : int
        Processes side by side.
    report : callable
        Told a line about each call that has come back.

    Raises
    ------
    ValueError
        A name that no group begins with.

    Examples
    --------
    >>> folder = warm_up(["models"], report=lambda line: None)
    """
    integer("jobs", jobs, 1)
    groups = _chosen(only)
    total = sum(call.group in groups for call in calls())
    for number, done in enumerate(_run(groups, jobs), start=1):
        report(f"[{number:{len(str(total))}}/{total}] {done.call:<40} {done.seconds:7.2f} s")
    return cache_folder()


def _run(groups: list[str], jobs: int) -> Iterator[Done]:
    if _FIRST in groups:
        yield from _run_group(_FIRST)
    rest = [group for group in groups if group != _FIRST]
    if jobs == 1 or len(rest) < 2:
        for group in rest:
            yield from _run_group(group)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(rest)), mp_context=context, initializer=_serve) as pool:
        for future in as_completed([pool.submit(_finished_group, group) for group in rest]):
            yield from future.result()


def _hush() -> None:
    """Say nothing about compiling: that is all there is to do."""
    os.environ[QUIET] = "1"


def _serve() -> None:
    """In a process of the pool, which the one that started it ends at Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _hush()


def _finished_group(group: str) -> list[Done]:
    return list(_run_group(group))


def _run_group(group: str) -> Iterator[Done]:
    for call in calls():
        if call.group == group:
            began = time.perf_counter()
            call.run()
            yield Done(f"{group}: {call.name}", time.perf_counter() - began)


def _chosen(only: Sequence[str]) -> list[str]:
    groups = names()
    for name in only:
        if not any(group.startswith(name) for group in groups):
            raise ValueError(f"only must be among {', '.join(groups)}, got {name!r}")
    return [group for group in groups if not only or group.startswith(tuple(only))]


def _float_calls(kernel: str, model: AnyModel) -> Iterator[Call]:
    """Both precisions and, where reads may have a rule of their own, Metropolis'."""
    for beta, fields in ((_WARM, "float32"), (_COLD, "float64")):
        yield Call(kernel, fields, partial(_anneal, model, kernel, 16, beta=beta))
    yield Call(kernel, "Metropolis", partial(_anneal, model, kernel, 16, rule="metropolis"))


def _anneal(
    model: AnyModel, kernel: Any, reads: int, *, beta: float = _WARM, **options: Any
) -> None:
    schedule = pbit.Schedule(np.array([beta]))
    pbit.anneal(model, schedule, num_reads=reads, seed=1, kernel=kernel, num_threads=1, **options)


def _temper(model: AnyModel, kernel: Any) -> None:
    pbit.temper(model, num_sweeps=20, seed=1, kernel=kernel, num_threads=1)


def _on_chip(model: AnyModel, chip: pbit.Hardware) -> None:
    pbit.anneal(model, pbit.Schedule(np.array([_WARM])), num_reads=2, seed=1, hardware=chip)


def _descend(*models: AnyModel) -> None:
    for model in models:
        pbit.descend(model, np.ones((1, model.num_spins), np.int8))


def _recombine(*models: AnyModel) -> None:
    from pbit.graphs.elimination import eliminate
    from pbit.samplers.portfolio.recombination import Recombination

    for model in models:
        Recombination(model, cold=_WARM, seed=1, num_threads=1).warm_up()
        small = eliminate(model)
        small.decode(np.ones((1, small.model.num_spins), np.int8))


def _recall() -> None:
    patterns = np.array([[1, -1, 1, 1]])
    store(patterns, "polynomial").recall(patterns, Recall(beta=_WARM, num_sweeps=1, seed=1))


def _chips() -> dict[str, pbit.Hardware]:
    return {
        "default": pbit.Hardware(),
        "delays": pbit.Hardware(delay_s=0.1e-9),
        "telegraph": pbit.Hardware(dynamics="telegraph"),
        "arrhenius": pbit.Hardware(dynamics="arrhenius"),
        "chromatic": pbit.Hardware(clock="chromatic"),
    }


def _ring(weight: float) -> pbit.IsingModel:
    """A ring of which every second coupling is -1, the others this weight."""
    i = np.arange(_N)
    return pbit.IsingModel.from_edges(i, (i + 1) % _N, np.where(i % 2, -1.0, weight))


def _bit_models(weight: float) -> Iterator[tuple[str, AnyModel]]:
    """Couplings of this weight and of -1, and products of two spins of the same weights."""
    ring = _ring(weight)
    yield "weights", ring
    yield "products", pbit.PolynomialModel.from_ising_model(ring)


def _real() -> pbit.IsingModel:
    i = np.arange(_N)
    return pbit.IsingModel.from_edges(i, (i + 1) % _N, np.sqrt(i + 1.0))


def _dense() -> pbit.IsingModel:
    i, j = np.triu_indices(40, 1)
    return pbit.IsingModel.from_edges(i, j, np.sin(1.0 + np.arange(i.size)))


def _many_digits(count: int) -> None:
    """Enough reads and sweeps that reads, and replicas, run side by side."""
    i = np.arange(_N)
    ring = pbit.DitModel.potts(i, (i + 1) % _N, num_values=count)
    pbit.anneal(ring, num_sweeps=2**14, num_reads=16, seed=1, num_threads=1)
    pbit.temper(ring, [0.5, 1.0], num_replicas=16, num_sweeps=2**17, seed=1)


def _digits() -> Iterator[tuple[str, pbit.DitModel]]:
    """Colourings, and tables of whole and of real numbers."""
    i = np.arange(_N)
    ring = i, (i + 1) % _N
    yield "Potts", pbit.DitModel.potts(*ring, num_values=3)
    for name, unit in (("whole tables", 1.0), ("real tables", np.sqrt(0.5))):
        yield name, pbit.DitModel.from_pairs([3] * _N, None, *ring, unit * np.eye(3))


def _cubic() -> pbit.PolynomialModel:
    terms = {(i, (i + 1) % _N, (i + 2) % _N): np.sqrt(i + 1.0) for i in range(_N)}
    return pbit.PolynomialModel.from_terms(terms)


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pbit.warm_up", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side")
    parser.add_argument("--only", action="append", default=[], help="a group, or its beginning")
    arguments = parser.parse_args()
    _hush()
    try:
        folder = warm_up(arguments.only, jobs=arguments.jobs)
    except ValueError as error:
        sys.exit(str(error))
    print(folder or "nothing is kept: no folder can be written")


if __name__ == "__main__":
    _main()
