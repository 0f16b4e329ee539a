"""One call that measures the time to solution of a solver or of any dimod sampler."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from pbit.checks import ArgumentError
from pbit.measure.tts.callers import Clock
from pbit.measure.tts.comparison import Instance, Measure, compare_solvers
from pbit.measure.tts.time_to_solution import TimeToSolution
from pbit.run.control import Progress
from pbit.statistics.tuning import Per


def time_to_solution(
    sampler: Any,
    model: Any,
    target: float | Sequence[float],
    *,
    num_sweeps: int | Sequence[int] | None = None,
    measure: Measure = "auto",
    num_reads: int = 128,
    reads_at_once: int | None = None,
    num_runs: int = 20,
    time_limit: float = 10.0,
    budget: float | None = None,
    probability: float = 0.99,
    confidence: float = 0.95,
    per: Per = "set",
    clock: Clock = "wall",
    num_threads: int | None = 1,
    seed: int | None = None,
    names: Iterable[str] | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Callable[[], bool] | None = None,
    **keywords: Any,
) -> TimeToSolution:
    r"""Time after which a sampler has reached the target with a probability, with its interval.

    Two ways, told apart in ``measured_by``. *Reads*: independent reads of a fixed length, of which
    a part p_s succeeds, :math:`t_\mathrm{read} \ln(1-p) / \ln(1-p_s)`; of several ``num_sweeps``
    the best is chosen on one half of the reads and reported from the other
    (:func:`pbit.statistics.tuned_tts`). *First hits*: runs that stop at the target or at
    ``time_limit``, taken as reads up to a cutoff, the best of which is chosen in the same way for
    each instance (:func:`pbit.statistics.cutoff_tts`).
    The time of a read is that of its call over the reads in it. Each instance is warmed up, so
    that no compilation is timed. Energies are computed anew from the model.

    Parameters
    ----------
    sampler : str or dimod sampler
        A name of :func:`pbit.solvers.registry.solver_names`, or an object with ``sample``.
    model : IsingModel, PolynomialModel, dimod BQM or BinaryPolynomial, or a list of them
    target : float or list of float
        Energy to reach, of each model.
    num_sweeps : int or list of int, optional
        Of reads; 100 to 10000 in five steps by default.
    measure : {"auto", "reads", "first-hit"}
        "auto": reads where ``num_sweeps`` is given, for samplers that cannot stop at a target,
        and for "pbit", "neal" and PBitSampler.
    num_reads : int
        Reads at each number of sweeps, on each instance; one call in each half at least.
    reads_at_once : int, optional
        Reads of a call that run side by side: the time is never less than that of one call. 1:
        one after the other, calls of about 0.25 s. By default 64 for our own samplers and 1 for
        neal and other dimod samplers: say so if yours runs them side by side.
    num_runs : int
        First hits: runs on each instance, 2 or more; 50 tell the far end better than 20.
    time_limit : float
        First hits: seconds after which a run is stopped.
    budget : float, optional
        Seconds of all measuring, shared out equally among instances and numbers of sweeps; two
        calls or runs of each are made at least.
    probability : float
        p.
    confidence : float
        Of the intervals.
    per : {"set", "instance"}
        One best number of sweeps for all instances, or one for each.
    clock : {"wall", "cpu", "sampling"}
        Seconds of the whole call, or of all processors during it (the better one for a single
        thread on a busy machine), or what the sampler says in ``info["timing"]["sampling_ns"]``.
    num_threads : int, optional
        For samplers that take it.
    seed : int, optional
        Drawn when None and returned.
    names : iterable of str, optional
        Of the instances.
    progress : callable, optional
        Called with a :class:`pbit.Progress` of everything.
    interrupt : callable, optional
        A true value ends the measurement with what there is.
    **keywords
        For ``sampler.sample``; for a named solver, fields of its ``Effort``.

    Returns
    -------
    TimeToSolution
        ``print`` shows its table.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range; a sampler that cannot be measured so, or
        whose energies are not those of its samples.
    KeyboardInterrupt
        An interrupt before anything could be told.

    Examples
    --------
    >>> import pbit
    >>> ring = pbit.IsingModel.from_edges(range(30), [*range(1, 30), 0], [1.0] * 30)
    >>> result = time_to_solution("pbit", ring, -30.0, num_sweeps=[10, 100], seed=1)
    >>> result.solved, result.tts.low <= result.tts.value <= result.tts.high
    (1, True)
    """
    models = list(model) if isinstance(model, list | tuple) else [model]
    targets = _targets(target, len(models))
    labels = _names(names, len(models))
    instances = [Instance(*each) for each in zip(models, targets, labels, strict=True)]
    (result,) = compare_solvers(
        {"sampler": sampler},
        instances,
        num_sweeps=num_sweeps,
        measure="reads" if measure == "auto" and num_sweeps is not None else measure,
        num_reads=num_reads,
        reads_at_once=reads_at_once,
        num_runs=num_runs,
        time_limit=time_limit,
        budget=budget,
        probability=probability,
        confidence=confidence,
        per=per,
        clock=clock,
        num_threads=num_threads,
        seed=seed,
        progress=progress,
        interrupt=interrupt,
        keywords={"sampler": keywords},
    ).values()
    return result


def _targets(target: Any, count: int) -> list[float]:
    if not count:
        raise ArgumentError("model", "must be one model or more", got="none")
    try:
        array = np.asarray(target, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty((0, 0))
    if array.ndim > 1:
        raise TypeError(f"target must be an energy or a list of them, got {target!r:.60}")
    several = array.ndim > 0
    given = [float(each) for each in array] if several else [float(array)] * count
    if len(given) != count or (not several and count > 1):
        raise ArgumentError(
            "target",
            "must be one energy for each model",
            got=f"{len(given) if several else 1} for {count} models",
        )
    bad = next((each for each in given if not math.isfinite(each)), None)
    if bad is not None:
        raise ArgumentError("target", "must be a finite energy", bad)
    return given


def _names(names: Iterable[str] | None, count: int) -> list[str]:
    if names is None:
        return [str(k) for k in range(count)]
    found = [str(name) for name in names]
    if len(found) != count:
        raise ArgumentError(
            "names", "must be one for each model", got=f"{len(found)} for {count} models"
        )
    return found
