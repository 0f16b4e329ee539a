"""Other samplers of the same models, each called as its documentation says.

A sampler is a function ``run(problem, task)`` that returns an :class:`Outcome`; None where it
cannot do the task. What is timed is the sampling alone: not the building of models, not the
conversion of results, where the sampler lets us tell them apart. All get the same list of betas,
one sweep at each, and the same number of reads, one after another in one thread:

- neal (dwave-neal, dwave-samplers): heat bath and Metropolis; its own clock.
- openjij: Metropolis (in higher order also heat bath); its own clocks. Its quadratic sampler
  starts every read from the same seed where one is given, so it is given none. In higher order it
  takes the ends of the range, not the list.
- ferrotherm: heat bath, colour by colour; betas set one by one; up to 10^6 couplings. Built once,
  not anew for each read: a read starts from fair coins and goes on with the generator. In higher
  order its ``anneal`` gives the lowest energy on the way instead of the last one, over its own
  ladder between the ends.
- thrml: :mod:`peer_thrml`.
"""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit import IsingModel, PBitSampler
from pbit.models.polynomial import AnyModel

_MOST_OBJECTS = 1_000_000  # couplings that peers take one Python object each


@dataclass(frozen=True, eq=False)
class Problem:
    """A named model, and its forms for others."""

    name: str
    model: AnyModel

    @cached_property
    def dimod(self) -> Any:
        """The dimod BQM or polynomial."""
        pairs = isinstance(self.model, IsingModel)
        return self.model.to_bqm() if pairs else self.model.to_polynomial()  # type: ignore[union-attr]

    @cached_property
    def prepared(self) -> dict[str, Any]:
        """What samplers built of it."""
        return {}


@dataclass(frozen=True, eq=False)
class Task:
    """How to sample: one sweep at each beta."""

    rule: str
    betas: npt.NDArray[np.float64]
    reads: int
    seed: int
    threads: int = 1


@dataclass(frozen=True, eq=False)
class Outcome:
    """Seconds of sampling and the energy of each read."""

    seconds: float
    energies: npt.NDArray[np.float64]
    kernel: str = "-"


def pbit(problem: Problem, task: Task) -> Outcome:
    """PBitSampler."""
    keywords = _dwave_keywords(task) | {"num_threads": task.threads}
    result = PBitSampler().sample(problem.dimod, **keywords)
    seconds = result.info["timing"]["sampling_ns"] / 1e9
    return Outcome(seconds, np.asarray(result.record.energy), result.info["kernel"])


def neal(problem: Problem, task: Task) -> Outcome | None:
    """D-Wave's simulated annealing."""
    from neal import SimulatedAnnealingSampler

    if not isinstance(problem.model, IsingModel) or task.threads > 1:
        return None
    result = SimulatedAnnealingSampler().sample(problem.dimod, **_dwave_keywords(task))
    return Outcome(result.info["timing"]["sampling_ns"] / 1e9, np.asarray(result.record.energy))


def _dwave_keywords(task: Task) -> dict[str, Any]:
    return {
        "num_reads": task.reads,
        "beta_schedule_type": "custom",
        "beta_schedule": task.betas,
        "seed": task.seed,
        "proposal_acceptance_criteria": task.rule,
    }


def openjij(problem: Problem, task: Task) -> Outcome | None:
    """OpenJij's simulated annealing, quadratic or of higher order."""
    oj = module("openjij")
    quadratic = isinstance(problem.model, IsingModel)
    if oj is None or task.threads > 1 or (quadratic and task.rule != "Metropolis"):
        return None
    if not quadratic:
        rule = {"Metropolis": "METROPOLIS", "Gibbs": "HEAT_BATH"}[task.rule]
        result = oj.SASampler().sample_hubo(
            {tuple(term): bias for term, bias in problem.dimod.items()},
            "SPIN",
            num_sweeps=task.betas.size,
            num_reads=task.reads,
            beta_min=task.betas[0],
            beta_max=task.betas[-1],
            updater=rule,
            seed=task.seed,
        )
        return Outcome(result.info["time"]["sample"], np.asarray(result.record.energy))
    if "openjij" not in problem.prepared:
        bqm = problem.dimod
        problem.prepared["openjij"] = oj.BinaryQuadraticModel(
            dict(bqm.linear), dict(bqm.quadratic), bqm.offset, "SPIN", sparse=True
        )
    result = oj.SASampler().sample(
        problem.prepared["openjij"],
        schedule=[(float(beta), 1) for beta in task.betas],
        num_reads=task.reads,
    )
    return Outcome(sum(result.info["list_exec_times"]) / 1e6, np.asarray(result.record.energy))


def ferrotherm(problem: Problem, task: Task) -> Outcome | None:
    """Ferrotherm's chromatic heat bath; in higher order its annealing, whatever the rule."""
    peer = module("ferrotherm")
    if peer is None or task.threads > 1 or task.rule != "Gibbs":
        return None
    if not isinstance(problem.model, IsingModel):
        return _ferrotherm_terms(peer, problem, task)
    if problem.model.num_couplings > _MOST_OBJECTS:
        return None
    if "ferrotherm" not in problem.prepared:
        model = peer.Model(problem.model.num_spins)
        for i, h in enumerate(problem.model.h.tolist()):
            model.bias(i, h)
        model.couple_many(zip(*(x.tolist() for x in problem.model.edges()), strict=True))
        problem.prepared["ferrotherm"] = model.build(1.0, task.seed)
    sim, rng = problem.prepared["ferrotherm"], np.random.default_rng(task.seed)
    energies, seconds, betas = np.empty(task.reads), 0.0, task.betas.tolist()
    for read in range(task.reads):
        sim.spins = rng.choice([-1, 1], problem.model.num_spins).tolist()
        start = time.perf_counter()
        for beta in betas:
            sim.beta = beta
            sim.sweep(1)
        seconds += time.perf_counter() - start
        energies[read] = sim.energy
    return Outcome(seconds, energies)


def _ferrotherm_terms(peer: Any, problem: Problem, task: Task) -> Outcome:
    hubo = peer.Hubo(problem.model.num_spins)
    for term, weight in problem.model.terms():  # type: ignore[union-attr]
        hubo.add(term, weight)
    ends, energies = (float(task.betas[0]), float(task.betas[-1])), np.empty(task.reads)
    start = time.perf_counter()
    for read in range(task.reads):
        seed = task.seed * task.reads + read
        energies[read] = hubo.anneal(*ends, task.betas.size, 1, seed)
    return Outcome(time.perf_counter() - start, energies)


def module(name: str) -> Any:
    """The peer, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
