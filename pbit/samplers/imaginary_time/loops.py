"""Exchange models (XXZ, Heisenberg) measured by loops of worldlines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.graphs.balance import Signs, balancing_signs, frustrated_cycle
from pbit.machine import check_memory
from pbit.models.ising import IsingModel
from pbit.run.control import Control, control_from
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.imaginary_time.looked import Kernel, check_looks, found_in, numbers, run_reads
from pbit.samplers.imaginary_time.loop_run import LOOP_COLUMNS, LoopTask, exchanges_of, warm_up
from pbit.samplers.imaginary_time.quantities import checked_beta, checked_sweeps
from pbit.samplers.imaginary_time.series import ImaginaryTimeSeries
from pbit.samplers.imaginary_time.worldline_run import Looks
from pbit.samplers.moments import ends_of
from pbit.seeds import seed_or_fresh

_KERNEL = Kernel("loops", warm_up)
_MOST_BREAKUPS = 2.0**28
_BREAKUP_BYTES = 68  # of scratch and kinks, in each read that runs
_MOST_NAMED = 12  # sites of a cycle in a message


def measure_loops(
    xy: IsingModel,
    z: IsingModel,
    beta: float,
    *,
    sublattices: npt.ArrayLike | None = None,
    num_sweeps: int = 1000,
    burn_in: int | None = None,
    every: int = 1,
    num_reads: int = 16,
    pairs: npt.ArrayLike | None = None,
    seed: int | None = None,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> ImaginaryTimeSeries:
    r"""An exchange model at one temperature, its worldlines turned over loop by loop.

    :math:`H = -\sum_{i<j} J^{xy}_{ij} (\sigma^x_i \sigma^x_j + \sigma^y_i \sigma^y_j) +
    E_z(\sigma^z)`, exact in continuous imaginary time.

    Parameters
    ----------
    xy : IsingModel
        Its J are :math:`J^{xy}`; it has no biases.
    z : IsingModel
        The diagonal part :math:`E_z`: couplings, fields, offset. Fields against the couplings make
        sweeps slow to forget: loops of opposite spins feel none, and those that do seldom turn.
    beta : float
        Inverse temperature, > 0 and finite.
    sublattices : int array of +1 and -1, shape (n,), optional
        Signs of the staggered magnetisation; all +1 by default.
    num_sweeps, burn_in, every, num_reads, pairs
        As for :func:`measure_worldlines`; a sweep breaks all worldlines up once.
    seed, num_threads, first_read, control
        As for :func:`pbit.anneal`. Reads cut short are left out, unless there are no others.

    Returns
    -------
    ImaginaryTimeSeries
        "transverse" is the sum of :math:`J^{xy} (\sigma^x \sigma^x + \sigma^y \sigma^y)`, ``gamma``
        0. More columns: "staggered_m2", "staggered_path_m2", as "m2" and "path_m2" of the
        staggered magnetisation :math:`\sum_i e_i \sigma^z_i / n`, and ``apart[:, :, 1]`` is its
        correlation in imaginary time: m itself does not change in time. ``states``: 64 evenly
        spaced times of each read at its end.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range; a sign problem; a run that was ended before
        its first look.
    MemoryError
        What is measured would not fit into memory.

    References
    ----------
    Beard, Wiese, Phys. Rev. Lett. 77, 5130 (1996); Evertz, Adv. Phys. 52, 1 (2003).

    Examples
    --------
    >>> pair = IsingModel([0.0, 0.0], [[0.0, 1.0], [1.0, 0.0]])
    >>> series = measure_loops(pair, pair, 1.0, num_sweeps=2000, seed=1)
    >>> energy = (series["energy"] - series["transverse"]).mean()
    >>> exact = (3 * np.exp(-3) - 3 * np.exp(1)) / (np.exp(-3) + 3 * np.exp(1))  # singlet, triplet
    >>> bool(abs(energy - exact) < 0.02)
    True
    """
    watch = Stopwatch()
    n, beta = z.num_spins, checked_beta(beta)
    _check_parts(xy, n)
    check_signs(xy)
    sweeps, burn = checked_sweeps(num_sweeps, burn_in)
    ends = ends_of(pairs, n)
    looks = Looks(integer("every", every, 1), burn, ends)
    exchanges = exchanges_of(xy, z)
    _check_breakups(beta / exchanges.gap)
    sides = _checked_sublattices(sublattices, n)
    task = LoopTask(exchanges, beta, (sweeps, sweeps), seed_or_fresh(seed), looks, sides)
    reads = numbers(num_reads, first_read)
    check_looks(task, len(reads), len(LOOP_COLUMNS))
    run, info = run_reads(
        task, reads, control_from(control), kernel=_KERNEL, num_threads=num_threads, watch=watch
    )
    info |= {"replicas": None, "num_sweeps": sweeps, "burn_in": burn, "every": every}
    values, bins, (spins, kinks, products, apart), states = found_in(run.whole, task, z.offset)
    info["num_reads"] = values.shape[1]
    info["timing"] = watch.timing()
    return ImaginaryTimeSeries(
        LOOP_COLUMNS,
        values,
        bins,
        spins,
        kinks,
        products,
        ends,
        beta,
        0.0,
        None,
        states,
        info,
        apart,
    )


def check_signs(xy: IsingModel) -> None:
    """Refuse exchange couplings whose signs no rotation of spins about z makes all positive.

    Raises
    ------
    ValueError
    """
    if balancing_signs(xy.J) is None:
        remedy = (
            "that is a sign problem: worldlines would have negative weights, which no p-bits have; "
            "pbit.exact_quantum.xxz_levels solves up to 14 spins"
        )
        got = f"an odd number around the sites {named_cycle(frustrated_cycle(xy.J))}"
        raise ArgumentError(
            "j_xy", "must have an even number of negative couplings around every cycle", got=got,
            remedy=remedy,
        )  # fmt: skip


def named_cycle(cycle: list[int]) -> str:
    """Sites of a cycle in words."""
    shown = [str(site) for site in cycle[:_MOST_NAMED]]
    return "-".join([*shown, "..."] if len(cycle) > _MOST_NAMED else shown)


def _check_parts(xy: IsingModel, n: int) -> None:
    if not n:
        raise ArgumentError("z", "must have at least one spin", got="none")
    if xy.num_spins != n:
        raise ArgumentError("xy", f"must have the {n} spins of z", got=f"{xy.num_spins}")
    if np.any(xy.h):
        raise ArgumentError("xy", "must have no biases", xy.h, remedy="those along z belong to z")


def _check_breakups(mean: float) -> None:
    if mean > _MOST_BREAKUPS:
        rule = f"must leave at most {_MOST_BREAKUPS:g} breakups of worldlines in a sweep"
        raise ArgumentError("beta", rule, got=f"{mean:g}", remedy="lower it, or the couplings")
    what = f"{mean:g} breakups of worldlines in a sweep"
    check_memory(_BREAKUP_BYTES * mean, what=what, lower="beta")


def _checked_sublattices(values: npt.ArrayLike | None, n: int) -> Signs:
    if values is None:
        return np.ones(n, np.int8)
    signs = np.asarray(values)
    if signs.shape != (n,) or not np.isin(signs, (-1, 1)).all():
        got = f"{signs.dtype} of shape {signs.shape}"
        raise ArgumentError("sublattices", f"must be +1 or -1 for each of {n} spins", got=got)
    return signs.astype(np.int8)
