"""From a file, a model or a problem to its best answer: ``pbit.read`` and ``pbit.solve``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from pbit import formats
from pbit.checks import ArgumentError
from pbit.engines.words import rule_named
from pbit.formats.cqm import CqmContents
from pbit.formats.models import contents_of
from pbit.formats.source import Source
from pbit.models.digits.dit_model import DitModel
from pbit.models.ising import IsingModel
from pbit.models.polynomial import AnyModel
from pbit.models.taking import energetic
from pbit.problems.core.compiled_problem import read_out
from pbit.problems.core.evaluation import BestAnswer, evaluate, worth_of
from pbit.problems.core.problem import Problem
from pbit.problems.core.reading import problem_of
from pbit.problems.core.running import reads_of
from pbit.problems.dqm import DiscreteModel
from pbit.problems.pairwise import ISING_SIGNS, Qubo, Spins
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.run.request import hardware_from
from pbit.schedules.schedule import hot_and_cold
from pbit.seeds import seed_or_fresh
from pbit.solvers.effort import Effort


@dataclass(frozen=True, eq=False, kw_only=True)
class Solution(BestAnswer):
    """The best answer that was found.

    Parameters
    ----------
    answer, objective, energy, found_by, violations
        As for :class:`pbit.problems.core.evaluation.BestAnswer`.
    problem : Problem
        What was solved; ``problem.model`` is the network.
    reads : Reads
        What the solver returned, with its ``info``.
    """

    problem: Problem
    reads: Reads

    @property
    def feasible(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None

    @property
    def assignment(self) -> dict[Any, int]:
        """The answer by label; empty without one."""
        if self.answer is None:
            return {}
        return dict(zip(self.problem.labels, self.answer.tolist(), strict=True))

    def __repr__(self) -> str:
        found = "no feasible answer" if self.answer is None else f"objective {self.objective:.10g}"
        return f"<Solution of {self.problem.name}: {found}, {self.found_by} reads found it>"


def read(
    source: Source,
    *,
    problem: str | None = None,
    format: str | None = None,
    ising_sign: Literal["minus", "plus"] = "minus",
    colors: int | None = None,
) -> Problem:
    """The problem in a file; ``.model`` is its network.

    Parameters
    ----------
    source : path, "-" or binary stream
        Plain or gzip; see :func:`pbit.formats.read`, which gives the bare contents.
    problem : str, optional
        What it is meant to be; a weighted graph has to be told: "maxcut", "ising", "qubo" ...
    format : str, optional
        Told by the content if left out.
    ising_sign : {"minus", "plus"}
        For a graph meant as Ising: ``E = -sum J s s - sum h s``, or ``+``.
    colors : int, optional
        For a graph to be coloured.

    Raises
    ------
    FormatError, ValueError
        The file does not hold what its format asks for, or is not such a problem.
    OSError
        It cannot be opened.

    Examples
    --------
    >>> import io
    >>> problem = read(io.BytesIO(b"0 1\\n1 2\\n2 0\\n"), problem="maxcut")
    >>> problem.name, problem.model.num_spins
    ('maxcut', 3)
    """
    contents = formats.read(source, format=format)
    return problem_of(contents, problem, ising_sign=ising_sign, colors=colors)


def solve(
    source: Any,
    *,
    problem: str | None = None,
    format: str | None = None,
    ising_sign: Literal["minus", "plus"] = "minus",
    colors: int | None = None,
    solver: str = "auto",
    num_reads: int | None = None,
    num_sweeps: int | None = None,
    beta_range: tuple[float, float] | None = None,
    rule: str | None = None,
    seed: int | None = None,
    num_threads: int | None = None,
    time_limit: float | None = None,
    target: float | None = None,
    hardware: Any = None,
    progress: Any = None,
    on_interrupt: Literal["raise", "return"] = "raise",
) -> Solution:
    """The best answer to a problem, as ``pbit solve`` finds it.

    Parameters
    ----------
    source : path, stream, Problem, model, or dimod BQM, polynomial, CQM or DQM
        What to minimise, or to maximise where the problem says so. A model is an IsingModel, a
        PolynomialModel or a DitModel.
    problem, format, ising_sign, colors
        Of a file: see :func:`read`.
    solver : str
        "auto", or a name of :func:`pbit.solvers.registry.solver_names`.
    num_reads, num_sweeps : int, optional
        64 reads (tempering: 2) of 1000 sweeps by default; with a time limit, as many as fit.
    beta_range : (float, float), optional
        Hot and cold inverse temperature; the solver's own by default.
    rule : {"heat-bath", "metropolis"}, optional
    seed : int, optional
        Drawn when None; ``solution.reads.info["seed"]``.
    num_threads : int, optional
        All processors by default.
    time_limit : float, optional
        Seconds of sampling; a normal end.
    target : float, optional
        Stop at this objective.
    hardware : Hardware or name of a chip file, optional
        Solve on this emulated chip (solver "pbit").
    progress : bool or callable, optional
    on_interrupt : {"raise", "return"}
        See :class:`pbit.Control`.

    Raises
    ------
    TypeError, ValueError, OSError
        An argument of the wrong type or out of range; a file that cannot be read.

    Examples
    --------
    >>> import io
    >>> triangle = io.BytesIO(b"0 1\\n1 2\\n2 0\\n")
    >>> solve(triangle, problem="maxcut", seed=1).objective
    2.0
    """
    what = _problem(source, problem, format, ising_sign, colors)
    effort = Effort(
        num_reads=num_reads,
        num_sweeps=num_sweeps,
        seed=seed_or_fresh(seed),
        beta_range=None if beta_range is None else hot_and_cold(beta_range),
        rule=None if rule is None else rule_named(rule),
        num_threads=num_threads,
        hardware=hardware_from(hardware),
        worth=worth_of(what),
    )
    goal = what.bound if target is None else target
    control = Control(
        time_limit_s=time_limit,
        target=None if goal is None else what.energy_of(goal),
        progress=progress,
        on_interrupt=on_interrupt,
    )
    what, reads = read_out(what, reads_of(what, solver, effort, control))
    return Solution(problem=what, reads=reads, **evaluate(what, reads).best)


def _problem(
    source: Any,
    problem: str | None,
    format: str | None,
    ising_sign: Literal["minus", "plus"],
    colors: int | None,
) -> Problem:
    if isinstance(source, str | os.PathLike) or hasattr(source, "read"):
        return read(source, problem=problem, format=format, ising_sign=ising_sign, colors=colors)
    for name, value in (("problem", problem), ("format", format), ("colors", colors)):
        if value is not None:
            raise ArgumentError(name, "must be left out unless a file is read", value)
    if hasattr(source, "decode") and hasattr(source, "energy_of"):
        what: Problem = source
        return what
    if hasattr(source, "constraints") and hasattr(source, "objective"):
        return problem_of(CqmContents(cqm=source, format="cqm", name="the CQM"))
    if isinstance(source, DitModel):
        return DiscreteModel(source)
    if hasattr(source, "num_case_interactions"):
        return DiscreteModel(DitModel.from_dqm(source))
    if hasattr(source, "to_numpy_vectors") and hasattr(source, "vartype"):
        return _of_bqm(source)
    return _of_model(energetic(source, to="lower", name="source"))


def _of_bqm(bqm: Any) -> Problem:
    """In the BQM's own values, bits or spins."""
    labels = list(bqm.variables)
    vectors = bqm.to_numpy_vectors(variable_order=labels)
    sites, pairs = np.arange(len(labels)), vectors.quadratic
    rows = np.concatenate([sites, pairs.row_indices]).astype(np.int64)
    cols = np.concatenate([sites, pairs.col_indices]).astype(np.int64)
    entries = np.concatenate([vectors.linear_biases, pairs.biases]).astype(np.float64)
    offset = float(vectors.offset)
    if bqm.vartype.name == "BINARY":
        return Qubo(rows, cols, entries, labels, offset)
    return Spins(rows, cols, entries, labels, ISING_SIGNS["plus"], offset)


def _of_model(model: AnyModel) -> Problem:
    if not isinstance(model, IsingModel):
        return problem_of(contents_of(model))
    rows, cols, weights = model.edges()
    sites = np.arange(model.num_spins)
    return Spins(
        np.concatenate([sites, rows]).astype(np.int64),
        np.concatenate([sites, cols]).astype(np.int64),
        np.concatenate([model.h, weights]).astype(np.float64),
        model.labels,
        ISING_SIGNS["minus"],
        model.offset,
    )
