"""How the solvers of ``digits.py`` are called: seconds, and the objective they end at.

openjij's variables are integers, whose polynomials tell no colours apart, and thrml anneals
nothing: neither takes part.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

import pbit
from digit_instances import Instance
from pbit.problems.coloring import Coloring

Found = tuple[float, float]
ONE_HOT = "tempering"


def pbits(instance: Instance, solver: str, seed: int, limit: float) -> Found:
    """``pbit.solve`` on one thread; seconds of sampling."""
    found = pbit.solve(
        instance.problem,
        solver=solver,
        target=instance.optimum,
        time_limit=limit,
        num_threads=1,
        seed=seed,
    )
    seconds = found.reads.info["timing"]["sampling_ns"] / 1e9
    if found.objective is not None:
        return seconds, float(found.objective)
    conflicts = isinstance(instance.problem, Coloring)  # an energy of 4 each
    return seconds, float(found.reads.energies.min()) / 4 if conflicts else np.inf


def dsatur(problem: Coloring) -> Found:
    """networkx's greedy colouring; vertices whose colours are beyond K."""
    import networkx

    graph = networkx.Graph(problem.edges.T.tolist())
    start = time.perf_counter()
    colors = networkx.greedy_color(graph, strategy="DSATUR")
    seconds = time.perf_counter() - start
    return seconds, float(sum(color >= problem.colors for color in colors.values()))


def cp_sat(problem: Coloring, seed: int, limit: float) -> Found:
    """OR-tools on one worker, one Boolean a vertex and a colour, those of a clique given; no
    conflicts or no answer."""
    from ortools.sat.python import cp_model

    model, colors = cp_model.CpModel(), range(problem.colors)
    picks = [[model.new_bool_var("") for _ in colors] for _ in problem.labels]
    for row in picks:
        model.add_exactly_one(row)
    for low, high in problem.edges.T.tolist():
        for color in colors:
            model.add_at_most_one([picks[low][color], picks[high][color]])
    for color, vertex in enumerate(problem.choices.clique):
        model.add(picks[vertex][color] == 1)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    return solver.wall_time, 0.0 if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else np.inf


def run(instance: Instance, solver: str, seed: int, limit: float) -> Found:
    """Seconds, and the objective."""
    if solver in PEERS:
        assert isinstance(instance.problem, Coloring)
        return PEERS[solver](instance.problem, seed, limit)
    return pbits(instance, solver, seed, limit)


PEERS: dict[str, Callable[[Coloring, int, float], Found]] = {
    "dsatur": lambda problem, seed, limit: dsatur(problem),
    "cp-sat": cp_sat,
}
_PACKAGES = {"dsatur": "networkx", "cp-sat": "ortools"}


def peers_there() -> tuple[list[str], list[str]]:
    """Names of the peers, and what to say of those not installed."""
    there = [peer for peer in PEERS if find_spec(_PACKAGES[peer]) is not None]
    return there, [f"{peer}: {_PACKAGES[peer]} is not installed, left out" for peer in PEERS
                   if peer not in there]  # fmt: skip
