"""The p-bit run: every read a network of p-bits swept through a schedule of temperatures."""

from __future__ import annotations

import secrets
import time
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.machine import available_threads, memory_bytes
from pbit.model import SpinArray
from pbit.polynomial import AnyModel
from pbit.result import Reads
from pbit.samplers.block_kernels import FORMS, Kernel, Task
from pbit.samplers.compiled import CompiledModel
from pbit.samplers.control import Control
from pbit.samplers.plan import (
    RULES,
    Order,
    Rule,
    choose,
    law_of,
    num_parts,
    order_code,
)
from pbit.samplers.run import Run
from pbit.schedule import Schedule, default_schedule

_MAX_SEED = 2**64
_MAX_READ = 2**32  # counter word 2 of the random stream
_MANY = 2**31  # reads, where their number is not given


def anneal(
    model: AnyModel,
    schedule: Schedule | None = None,
    *,
    num_reads: int | None = 1,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    order: Order | Literal["auto"] = "auto",
    update_fraction: float | None = None,
    initial_spins: npt.ArrayLike | None = None,
    best_seen: bool = False,
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    max_num_samples: int = 1000,
    first_read: int = 0,
    traced: bool = False,
    control: Control | None = None,
) -> Reads:
    r"""Independent reads of a p-bit network, each swept once through the schedule.

    Heat bath, the p-bit's own rule: ``m_i = sgn(tanh(beta I_i) - r)``, r uniform in (-1, 1), that
    is +1 with probability :math:`\sigma(2 \beta I_i)`. Metropolis flips with probability
    ``min(1, exp(-2 beta s_i I_i))``. At fixed beta both leave the Boltzmann law unchanged. Fields
    are summed in float32 where that moves no probability by more than 1e-3 relative, else in
    float64; probabilities are resolved to 2**-32.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        Terms of more than two spins run with the kernels "lanes" and "reads".
    schedule : Schedule, optional
        :func:`pbit.schedule.default_schedule` by default.
    num_reads : int or None
        None: as many as fit into ``control.time_limit_s`` (then required), of which the
        ``max_num_samples`` lowest are returned.
    seed : int, optional
        0 <= seed < 2**64; drawn when None and returned in ``info["seed"]``. Read k depends on
        seed, k and the kernel alone: not on num_reads, nor on num_threads.
    rule : {"heat-bath", "metropolis"}
    order : str
        Order of the updates in a sweep: "sequential", the model's; "chromatic", colour after
        colour of the couplings' graph; "random", each spin drawn with replacement; "permutation",
        a fresh order each sweep. Not Boltzmann (``info["law"]`` says so): "synchronous", all
        spins at once from the state before; "random-subset", each with probability
        ``update_fraction``, at once. "auto": chromatic with the kernels that gain by it, else
        sequential; all of "auto", "sequential" and "chromatic" are exact.
    update_fraction : float, optional
        0 < q <= 1, for order "random-subset".
    initial_spins : array of -1 and +1, shape (num_reads, n), optional
        Fair coins by default.
    best_seen : bool
        Return the lowest state a read was in at the end of a sweep instead of its last one. The
        last states are samples; the lowest ones are not.
    kernel : {"auto", "bits", "colors", "dense", "lanes", "reads"}
        "bits": one bit a read, for small whole-number weights, heat bath, order sequential;
        "lanes": one vector lane a read, order sequential or chromatic; "colors": vectors and
        threads over the spins of one read, order chromatic; "dense": lanes with a full matrix;
        "reads": one read after the other, any order. In the same order "lanes", "colors" and
        "reads" give the same reads, "dense" too but for the rounding of the fields; the random
        words of "bits" are others. "auto" looks at model, rule and order, and takes "bits" from
        32 reads on.
    num_threads : int, optional
        All processors this process may use by default. No effect on the result of a run that
        ends with its schedule.
    first_read : int
        Number of the first read: continues an earlier run with reads of its own.
    traced : bool
        Record ``info["trace"]``, the lowest energy of any read after each sweep.
    control : Control, optional
        Time limit, target, interrupt, progress. A read cut short is dropped, unless it is the
        lowest of all.

    Returns
    -------
    Reads

    Raises
    ------
    ValueError
        An argument out of range.
    MemoryError
        Reads that cannot fit into memory.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017), eqs. 1-2.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> anneal(chain, num_reads=4, seed=1).energies.tolist()
    [-2.0, -2.0, -2.0, -2.0]
    """
    start = time.perf_counter_ns()
    control = control or Control()
    schedule = schedule or default_schedule(model)
    _check_options(num_reads, rule, control)
    integer("max_num_samples", max_num_samples, 1)
    _check_columns(schedule, num_reads)
    seed = secrets.randbelow(_MAX_SEED) if seed is None else check_seed(seed)
    threads = _check_threads(num_threads)
    spins0 = _check_initial(initial_spins, model.num_spins, num_reads)
    _check_memory(model.num_spins, num_reads, best_seen)
    integer("first_read", first_read, 0, _MAX_READ - (num_reads or 1))
    plan = choose(model, kernel=kernel, rule=rule, order=order, num_reads=num_reads)
    fraction = _check_fraction(update_fraction, plan.order)
    share = -(-(num_reads or _MANY) // threads)
    chosen = plan.for_share(share, named=kernel != "auto")
    task = Task(
        model=CompiledModel.of(model, schedule, form=FORMS[chosen], coloring=plan.coloring),
        bits=plan.bits,
        betas=schedule.columns,
        sweeps_per_beta=schedule.sweeps_per_beta,
        seed=seed,
        kernel=chosen,
        metropolis=rule == "metropolis",
        order=order_code(plan.order),
        fraction=fraction,
        best_seen=best_seen,
        num_reads=num_reads,
        max_num_samples=max_num_samples,
        initial=spins0,
        first_read=first_read,
        traced=traced,
        parts=num_parts(chosen, model.num_spins, num_reads, threads),
    )
    run = Run(task, control)
    prepared = time.perf_counter_ns()
    run.warm_up(threads)
    warm = time.perf_counter_ns()
    run.go(threads)
    sampled = time.perf_counter_ns()
    rows = run.collect()
    info: dict[str, Any] = {
        "seed": seed,
        "stop_reason": run.stop_reason,
        "beta_range": _ends(schedule),
        "beta_schedule_type": schedule.kind,
        "num_reads": run.reads_begun,
        "num_sweeps": schedule.num_sweeps,
        "rule": rule,
        "order": plan.order,
        "law": law_of(plan.order, directed=False),
        "kernel": chosen,
        "updates": run.updates,
        "num_threads": threads,
        "rng": "philox4x32-10, layout 1",
        "timing": {
            "preprocessing_ns": prepared - start,
            "compile_ns": warm - prepared,
            "sampling_ns": sampled - warm,
            "postprocessing_ns": max(1, time.perf_counter_ns() - sampled),
        },
    }
    if traced:
        info["trace"] = run.trace
    return Reads(rows.spins, rows.energies, info)


def check_seed(seed: Any) -> int:
    """The seed as int, if 0 <= seed < 2**64.

    Raises
    ------
    TypeError, ValueError
    """
    return integer("seed", seed, 0, _MAX_SEED - 1)


def _ends(schedule: Schedule) -> list[float]:
    betas = schedule.columns
    return [float(betas[0].min()), float(betas[-1].max())] if betas.size else []


def _check_options(num_reads: int | None, rule: str, control: Control) -> None:
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}, got {rule!r}")
    if num_reads is None and control.time_limit_s is None:
        raise ValueError("num_reads must be given unless a time limit is")
    if num_reads is not None:
        integer("num_reads", num_reads, 1)


def _check_columns(schedule: Schedule, num_reads: int | None) -> None:
    if schedule.columns.shape[1] not in (1, num_reads):
        raise ValueError(
            f"schedule must have one column of betas, or one for each of {num_reads} reads, "
            f"got {schedule.columns.shape[1]}"
        )


def _check_fraction(fraction: float | None, order: Order) -> float:
    if order != "random-subset":
        if fraction is not None:
            raise ValueError(f"update_fraction must go with order 'random-subset', not {order!r}")
        return 1.0
    if fraction is None or not 0 < fraction <= 1:
        raise ValueError(
            f"update_fraction must be > 0 and <= 1 for order 'random-subset', got {fraction}"
        )
    return float(fraction)


def _check_threads(num_threads: int | None) -> int:
    if num_threads is None:
        return available_threads()
    return integer("num_threads", num_threads, 1)


def _check_initial(
    initial: npt.ArrayLike | None, n: int, num_reads: int | None
) -> SpinArray | None:
    if initial is None:
        return None
    spins = np.asarray(initial)
    if spins.shape != (num_reads, n):
        raise ValueError(
            f"initial_spins must have shape ({num_reads}, {n}), one row a read, got {spins.shape}"
        )
    if not np.all((spins == 1) | (spins == -1)):
        raise ValueError("initial_spins must be -1 or +1; for bits x in {0, 1} pass 2*x - 1")
    return spins.astype(np.int8)


def _check_memory(n: int, num_reads: int | None, best_seen: bool) -> None:
    memory, needed = memory_bytes(), (num_reads or 0) * n * (3 + best_seen)
    if needed > 0.8 * memory:
        raise MemoryError(
            f"{num_reads} reads of {n} spins need about {needed / 2**30:.1f} GiB, this machine "
            f"has {memory / 2**30:.1f}; lower num_reads"
        )
