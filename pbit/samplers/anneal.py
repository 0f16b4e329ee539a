"""The p-bit run: every read a network of p-bits swept through a schedule of temperatures."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.engines.digits.registry import is_digit_model
from pbit.engines.words import Kernel, Order, Rule
from pbit.hardware.parameters import Hardware
from pbit.models.directed import DirectedModel
from pbit.models.polynomial import AnyModel
from pbit.models.taking import model_from
from pbit.run.control import Control, control_from
from pbit.run.program import run_model
from pbit.run.reads import Reads
from pbit.run.request import Request
from pbit.run.run import schedule_of
from pbit.schedules.schedule import Schedule

if TYPE_CHECKING:
    from pbit.engines.digits.family import DigitModel
    from pbit.samplers.digits.dit_reads import DitReads


@overload
def anneal(
    model: DigitModel,
    schedule: Schedule | npt.ArrayLike | None = None,
    *,
    num_sweeps: int | None = None,
    beta: float | None = None,
    num_reads: int | None = 1,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    order: Literal["auto", "sequential", "chromatic"] = "auto",
    initial_values: npt.ArrayLike | None = None,
    best_seen: bool = False,
    num_threads: int | None = None,
    max_num_samples: int = 1000,
    first_read: int = 0,
    traced: bool = False,
    control: Control | None = None,
    executor: Any = None,
) -> DitReads: ...


@overload
def anneal(
    model: AnyModel | DirectedModel,
    schedule: Schedule | npt.ArrayLike | None = None,
    *,
    num_sweeps: int | None = None,
    beta: float | None = None,
    num_reads: int | None = 1,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    order: Order | Literal["auto"] = "auto",
    update_fraction: float | None = None,
    initial_spins: npt.ArrayLike | None = None,
    held: npt.ArrayLike | None = None,
    best_seen: bool = False,
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    max_num_samples: int = 1000,
    first_read: int = 0,
    traced: bool = False,
    control: Control | None = None,
    executor: Any = None,
    hardware: Hardware | str | os.PathLike[str] | None = None,
) -> Reads: ...


def anneal(
    model: AnyModel | DirectedModel | DigitModel,
    schedule: Schedule | npt.ArrayLike | None = None,
    *,
    num_sweeps: int | None = None,
    beta: float | None = None,
    num_reads: int | None = 1,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    order: Order | Literal["auto"] = "auto",
    update_fraction: float | None = None,
    initial_spins: npt.ArrayLike | None = None,
    initial_values: npt.ArrayLike | None = None,
    held: npt.ArrayLike | None = None,
    best_seen: bool = False,
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    max_num_samples: int = 1000,
    first_read: int = 0,
    traced: bool = False,
    control: Control | None = None,
    executor: Any = None,
    hardware: Hardware | str | os.PathLike[str] | None = None,
) -> Reads | DitReads:
    r"""Independent reads of a p-bit network, each swept once through the schedule.

    Heat bath, the p-bit's own rule: ``m_i = sgn(tanh(beta I_i) - r)``, r uniform in (-1, 1), that
    is +1 with probability :math:`\sigma(2 \beta I_i)`. Metropolis flips with probability
    ``min(1, exp(-2 beta s_i I_i))``. At fixed beta both leave the Boltzmann law unchanged. Fields
    are summed in float32 where that moves no probability by more than 1e-3 relative, else in
    float64; probabilities are resolved to 2**-32.

    Parameters
    ----------
    model : IsingModel, PolynomialModel, DirectedModel or dimod.BQM
        Terms of more than two spins run with the kernels "bits", "lanes" and "reads", directed
        couplings with the last two. Directed couplings have no energy (NaN), so that
        ``best_seen``, ``traced`` and a target are refused. Or a model of digits, such as
        :class:`pbit.DitModel`: an update draws a digit's value from all its values (heat bath), or
        proposes one of the others (Metropolis). What only p-bits have (``kernel``,
        ``update_fraction``, ``held``, ``hardware``) is refused.
    schedule : Schedule or list of betas, optional
        :func:`pbit.schedules.schedule.default_schedule` by default; this or ``beta`` is required
        with directed couplings.
    num_sweeps : int, optional
        Instead of a schedule: sweeps of the default one, 1000 by default.
    beta : float, optional
        Instead of a schedule: all sweeps at this inverse temperature.
    num_reads : int or None
        None: as many as fit into ``control.time_limit_s`` (then required), of which the
        ``max_num_samples`` lowest are returned.
    seed : int, optional
        0 <= seed < 2**64; drawn when None and returned in ``info["seed"]``. With a named kernel
        read k depends on seed and k alone, not on num_reads; never on num_threads.
    rule : {"heat-bath", "metropolis"}
        "Gibbs" is the heat bath; case does not matter.
    order : str
        Order of the updates in a sweep: "sequential", the model's; "chromatic", colour after
        colour of the couplings' graph; "random", each spin drawn with replacement; "permutation",
        a fresh order each sweep. Not Boltzmann (``info["law"]`` says so): "synchronous", all
        spins at once from the state before; "random-subset", each with probability
        ``update_fraction``, at once. "auto": chromatic with the kernels that gain by it, else
        sequential; all of "auto", "sequential" and "chromatic" are exact. Of digits these three;
        "auto": chromatic for up to 4 reads of a :class:`pbit.DitModel` of 10^5 digits and more.
    update_fraction : float, optional
        0 < q <= 1, for order "random-subset".
    initial_spins : array of -1 and +1, shape (n,) or (num_reads, n), optional
        Fair coins by default. On a chip of telegraph junctions thresholds are drawn given these
        spins, so that they last for about tau; by default a read starts from what its first
        thresholds answer.
    initial_values : int array, shape (n,) or (num_reads, n), optional
        The same of digits.
    held : bool, shape (n,), optional
        Spins that stay as they start, read by read: the clamped phase of a learner. Kernels
        "lanes" and "reads".
    best_seen : bool
        Return the lowest state a read was in, at its start or at the end of a sweep, instead of
        its last one. The last states are samples; the lowest ones are not. Which of several
        states of equal energy it is may depend on the kernel.
    kernel : {"auto", "bits", "cached", "colors", "dense", "lanes", "reads"}
        "bits": one bit a read, for small whole-number weights, order sequential;
        "lanes": one vector lane a read, order sequential or chromatic; "colors": vectors and
        threads over the spins of one read, order chromatic; "dense": lanes with a full matrix,
        and kept fields where few spins flip; "cached": kept fields from the start, one read
        after the other; "reads": the same with sums, any order. In the same order "lanes",
        "colors" and "reads" give the same reads, "dense" and "cached" too but for the rounding of
        the fields (kept ones are summed anew every 4096 flips); the random words of "bits" are
        others. "auto" looks at model, rule and order, and takes "bits" from 32 reads on, "dense"
        from 24.
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
    executor : object, optional
        What runs the blocks of reads: anything with ``submit`` (concurrent.futures, dask) or
        ``map``. Threads of its own by default. The result is the same; read k depends on seed and
        k alone with a named kernel, so that shards with their ``first_read`` are one run, put
        together by :meth:`pbit.Reads.concatenate`.
    hardware : Hardware or name of a chip file, optional
        Run every read on this emulated chip, in continuous time: a sweep lasts ``tau_s``, the
        states are read out at the ends of sweeps. Rule, order and kernel are the chip's.
        ``info["hardware"]`` has physical seconds, flips and energies (assumed prices x counts).

    Returns
    -------
    Reads, or DitReads of digits

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
    if is_digit_model(model):
        from pbit.samplers.digits.anneal import anneal_digits
        from pbit.samplers.digits.refusals import refuse

        refuse(
            {
                "update_fraction": (update_fraction, None),
                "initial_spins": (initial_spins, None),
                "held": (held, None),
                "kernel": (kernel, "auto"),
                "hardware": (hardware, None),
            }
        )
        return anneal_digits(
            model,
            schedule,
            num_sweeps=num_sweeps,
            beta=beta,
            num_reads=num_reads,
            seed=seed,
            rule=rule,
            order=order,
            initial_values=initial_values,
            best_seen=best_seen,
            num_threads=num_threads,
            max_num_samples=max_num_samples,
            first_read=first_read,
            traced=traced,
            control=control,
            executor=executor,
        )
    if initial_values is not None:
        raise ArgumentError("initial_values", "must be left out for spins; give initial_spins")
    network: AnyModel | DirectedModel = model_from(model)
    chosen = schedule_of(network, schedule, num_sweeps=num_sweeps, beta=beta)
    request = Request(
        num_reads=num_reads,
        seed=seed,
        rule=rule,
        order=order,
        update_fraction=update_fraction,
        initial_spins=initial_spins,
        held=held,
        best_seen=best_seen,
        kernel=kernel,
        num_threads=num_threads,
        max_num_samples=max_num_samples,
        first_read=first_read,
        traced=traced,
        control=control_from(control),
        executor=executor,
        hardware=hardware,
    )
    return run_model(network, chosen, request).reads()
