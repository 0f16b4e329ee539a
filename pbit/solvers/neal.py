"""D-Wave's simulated annealing (dwave-neal, a shim over dwave-samplers) as the baseline solver."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control, Progress
from pbit.run.reads import Reads
from pbit.solvers.effort import Effort
from pbit.solvers.solver import Solver

_CALL_UPDATES = 10**7  # about 0.2 s; not measured, or the reads would depend on the time they take
_CRITERIA = {None: "Metropolis", "metropolis": "Metropolis", "heat-bath": "Gibbs"}


def solve_with_neal(model: AnyModel, effort: Effort, control: Control) -> Reads:
    """One round of neal with its own defaults; final states, its only ones.

    Neal can be stopped between reads alone and returns nothing before its call is over, so that
    it is called for about 0.2 s of reads at a time, with seed + number of the first read (modulo
    2**31), in a thread that is left to itself when the run has to end. A run stopped before its
    first read returns one state of fair coins.

    Raises
    ------
    ValueError
        A model with terms of more than two spins.
    """
    if not isinstance(model, IsingModel):
        raise ArgumentError(
            "solver",
            "'neal' takes terms of at most 2 spins",
            got=f"one of {model.degree}",
            remedy="use 'pbit', or reduce it with auxiliary variables (dimod.make_quadratic)",
        )
    start = time.perf_counter_ns()
    calls = _Calls(model, effort, control.target)
    ready = time.perf_counter_ns()
    finished = threading.Event()
    worker = threading.Thread(target=calls.run, args=(finished,), daemon=True)
    worker.start()
    reason = None
    try:
        with control.listening() as ctrl_c:
            reason = control.watch(finished, calls.report)
    finally:
        calls.stop = True
    if ctrl_c.pressed:
        reason = "interrupted"
    if calls.failure is not None:
        raise calls.failure
    sampled = time.perf_counter_ns()
    spins, energies, made = calls.rows()
    hit = control.target is not None and energies.min() <= calls.aim
    info: dict[str, Any] = {
        "seed": effort.seed,
        "stop_reason": "target" if hit else reason or "completed",
        "beta_range": calls.beta_range,
        "beta_schedule_type": effort.schedule_type,
        "num_reads": made,
        "num_sweeps": effort.num_sweeps,
        "rule": effort.rule or "metropolis",
        "order": "sequential",
        "updates": made * (effort.num_sweeps or 0) * model.num_spins,
        "num_threads": 1,
        "rng": "dwave-samplers",
        "timing": {
            "preprocessing_ns": ready - start,
            "sampling_ns": sampled - ready,
            "postprocessing_ns": max(1, time.perf_counter_ns() - sampled),
        },
    }
    return Reads(spins, energies, info)


class _Calls:
    """Calls of neal, one after the other, and what they returned so far."""

    def __init__(self, model: IsingModel, effort: Effort, target: float | None) -> None:
        from neal import SimulatedAnnealingSampler

        self.model, self.effort = model, effort
        self.sampler = SimulatedAnnealingSampler()
        self.bqm = model.to_bqm()
        self.bqm.relabel_variables(dict(zip(model.labels, range(model.num_spins), strict=True)))
        self.aim = -np.inf if target is None else target + 1e-12 * abs(target)
        self.stop = False
        self.beta_range: list[float] = list(effort.beta_range or ())
        self.failure: BaseException | None = None
        self._done: list[tuple[SpinArray, FloatArray]] = []

    def run(self, finished: threading.Event) -> None:
        """Call neal until the reads are made, the target is reached or ``stop`` is set."""
        made, wanted = 0, self.effort.num_reads or 1
        updates = max(1, self.model.num_spins * (self.effort.num_sweeps or 1))
        most = max(1, _CALL_UPDATES // updates)
        try:
            while made < wanted and not self.stop:
                size = min(most, wanted - made)
                energies = self._call(made, size)
                made += size
                if energies.min() <= self.aim:
                    break
        except BaseException as error:
            self.failure = error
        finished.set()

    def _call(self, made: int, size: int) -> FloatArray:
        effort = self.effort
        result = self.sampler.sample(
            self.bqm,
            beta_range=effort.beta_range,
            num_reads=size,
            num_sweeps=effort.num_sweeps,
            beta_schedule_type=effort.schedule_type,
            seed=(effort.seed + effort.first_read + made) % 2**31,
            proposal_acceptance_criteria=_CRITERIA[effort.rule],
            interrupt_function=lambda: self.stop,
        )
        order = np.argsort(np.array(list(result.variables), dtype=np.int64))
        spins = np.asarray(result.record.sample, dtype=np.int8)[:, order]
        energies = self.model.energy(spins)
        self.beta_range = [float(beta) for beta in result.info["beta_range"]]
        self._done.append((spins, energies))
        return energies

    def rows(self) -> tuple[SpinArray, FloatArray, int]:
        """States and energies that came back, and how many; one state of fair coins if none."""
        done = list(self._done)
        if not done:
            coins = np.random.default_rng(self.effort.seed).integers(0, 2, self.model.num_spins)
            spins = (2 * coins - 1).astype(np.int8)[None, :]
            return spins, self.model.energy(spins), 0
        energies = np.concatenate([e for _, e in done])
        return np.concatenate([s for s, _ in done]), energies, energies.size

    def report(self, elapsed_s: float) -> Progress:
        """How far the calls are."""
        done = list(self._done)
        made = sum(energies.size for _, energies in done)
        best = min((float(energies.min()) for _, energies in done), default=np.inf)
        return Progress(made / (self.effort.num_reads or 1), best, elapsed_s)


SOLVER = Solver(
    "neal",
    "D-Wave's simulated annealing",
    solve_with_neal,
    rank=50,
    fixed_length=True,
    side_by_side=False,
)
