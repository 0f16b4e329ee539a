"""Parallel tempering: replicas at many temperatures that exchange places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, flag, integer, positive
from pbit.engines.digits.registry import is_digit_model
from pbit.engines.words import Rule, rule_named
from pbit.machine import threads_of
from pbit.models.labels import SpinArray
from pbit.models.numbers import check_squares
from pbit.models.polynomial import AnyModel
from pbit.models.taking import energetic
from pbit.run.control import Control, control_from
from pbit.run.request import checked_spins
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.orders import Orders, checked_clusters, checked_sweeps
from pbit.samplers.tempering.replicas import Kernel, TemperingProgram
from pbit.samplers.tempering.tempered import Tempered
from pbit.samplers.tempering.tempering_run import TemperingRun
from pbit.schedules.ladder import Ladder
from pbit.seeds import seed_or_fresh

if TYPE_CHECKING:
    from pbit.engines.digits.family import DigitModel
    from pbit.samplers.digits.dit_reads import TemperedDits

_MOST_READS = 2**20


@overload
def temper(
    model: DigitModel,
    ladder: Ladder | LadderSearch | npt.ArrayLike | None = None,
    *,
    num_reads: int = 1,
    num_sweeps: int | None = 1000,
    num_replicas: int | None = None,
    patience: float | None = None,
    cluster_moves: bool | int | Literal["auto"] = "auto",
    initial_values: npt.ArrayLike | None = None,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    num_threads: int | None = None,
    first_read: int = 0,
    executor: Any = None,
    keep_states: bool = False,
    traced: bool = False,
    control: Control | None = None,
) -> TemperedDits: ...


@overload
def temper(
    model: AnyModel,
    ladder: Ladder | LadderSearch | npt.ArrayLike | None = None,
    *,
    num_reads: int = 1,
    num_sweeps: int | None = 1000,
    num_replicas: int | None = None,
    patience: float | None = None,
    cluster_moves: bool | int | Literal["auto"] = "auto",
    initial_spins: npt.ArrayLike | None = None,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    first_read: int = 0,
    executor: Any = None,
    keep_states: bool = False,
    traced: bool = False,
    control: Control | None = None,
) -> Tempered: ...


def temper(
    model: AnyModel | DigitModel,
    ladder: Ladder | LadderSearch | npt.ArrayLike | None = None,
    *,
    num_reads: int = 1,
    num_sweeps: int | None = 1000,
    num_replicas: int | None = None,
    patience: float | None = None,
    cluster_moves: bool | int | Literal["auto"] = "auto",
    initial_spins: npt.ArrayLike | None = None,
    initial_values: npt.ArrayLike | None = None,
    seed: int | None = None,
    rule: Rule = "heat-bath",
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    first_read: int = 0,
    executor: Any = None,
    keep_states: bool = False,
    traced: bool = False,
    control: Control | None = None,
) -> Tempered | TemperedDits:
    r"""Parallel tempering runs with swaps and cluster moves, each on a ladder of temperatures.

    A sweep is one sweep of every replica by its rule, a cluster move of every pair of replicas (see
    ``cluster_moves``), and swaps of neighbours in temperature, even pairs after one sweep and odd
    ones after the next, accepted with probability :math:`\min(1, e^{(\beta' - \beta)(E' - E)})`.
    On a given ladder all of it leaves the product of the Boltzmann laws at all betas unchanged.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
        Or a model of digits, such as :class:`pbit.DitModel`, with two replicas at each temperature
        by default. ``kernel`` is refused there.
    ladder : Ladder, list of betas or LadderSearch, optional
        None, or a :class:`LadderSearch` that says how: found by the first run, in its first
        sweeps. The other runs start anew on the ladder that was found.
    num_reads : int
        Independent runs.
    num_sweeps : int, optional
        Of each; None: until the control ends the run (it needs a time limit or a target).
    num_replicas : int, optional
        R at each temperature; by default what fills the kernel's vectors, at least 2.
    patience : float, optional
        Begin a run again from fair coins, on the same ladder, once it has gone without a lower
        state for 1000 sweeps and ``patience`` times as many as it took to find its lowest one: in
        rugged models the replicas end up alike, and then cluster moves find nothing new. The
        lowest state of all is returned. None: never; last states are samples only then.
    cluster_moves : bool, int or "auto"
        After every so many sweeps (True: each), flip a connected cluster of spins, in which two
        replicas at one temperature differ, in both (Houdayer 2001; Zhu, Ochoa, Katzgraber 2015).
        The sum of the two energies is conserved, with biases and many-spin terms too (spins
        that share a term are neighbours). "auto": where spins have 8 neighbours or fewer on
        average, with kernel "bits" each sweep, else every fifth, because there a move costs more
        than a sweep; in denser graphs a cluster is nearly everything and nothing is gained. Pairs
        of replicas of a :class:`pbit.DitModel` exchange the values of a cluster; "auto": never.
    initial_spins : array of -1 and +1, shape (n,) or (num_reads, n), optional
        Where all replicas of a run start; fair coins by default.
    initial_values : int array, shape (n,) or (num_reads, n), optional
        The same of digits; random values by default.
    seed : int, optional
        0 <= seed < 2**64; drawn when None and returned in ``info["seed"]``.
    rule : {"heat-bath", "metropolis"}
        Of single updates, see :func:`pbit.anneal`.
    kernel : {"auto", "bits", "lanes", "dense"}
        "bits": one bit a replica, for small whole-number weights; "lanes": one vector lane a
        replica; "dense": lanes with a full matrix.
    num_threads : int, optional
        Runs side by side. No effect on the result of runs that end with their sweeps.
    first_read : int
        Number of the first run: continues an earlier call with runs of its own. A ladder that is
        not given is found by run 0 in every call.
    executor : object, optional
        What the runs are handed to, as for :func:`pbit.anneal`.
    keep_states : bool
        Return the last states of all replicas.
    traced : bool
        Record ``info["trace"]``, the lowest energy of any replica after each sweep, shape
        (num_reads, num_sweeps); NaN where a run was stopped before.
    control : Control, optional
        Time limit, target, interrupt, progress.

    Returns
    -------
    Tempered, or TemperedDits of digits
        ``info`` has ``betas``, ``num_replicas``, ``swap_rates``, ``flow``, ``round_trips``,
        ``energies`` and ``energy_spreads`` (see
        :func:`pbit.samplers.tempering.exchange_books.summary`; counted on the final ladder),
        ``num_sweeps`` (of each run), ``ladder_sweeps`` (spent on the ladder), ``best_sweep``,
        ``kernel``, ``updates``, ``seed``, ``stop_reason``, ``timing``.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range.
    MemoryError
        Replicas that cannot fit into memory.

    References
    ----------
    Hukushima, Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996). Houdayer, Eur. Phys. J. B 22, 479
    (2001). Zhu, Ochoa, Katzgraber, Phys. Rev. Lett. 115, 077201 (2015). Chowdhury et al., Nat.
    Commun. 16, 9193 (2025).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> ring = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 0], [1.0, 1.0, 1.0, -1.0])
    >>> temper(ring, Ladder([0.2, 0.5, 1.0]), num_sweeps=20, seed=1).energies.tolist()
    [-2.0]
    """
    control, rungs = control_from(control), _ladder(ladder)
    if is_digit_model(model):
        from pbit.samplers.digits.refusals import refuse
        from pbit.samplers.digits.temper import temper_digits

        refuse(
            {
                "initial_spins": (initial_spins, None),
                "kernel": (kernel, "auto"),
            }
        )
        _check_search(rungs, first_read, initial_values)
        return temper_digits(
            model,
            rungs,
            num_reads=num_reads,
            num_sweeps=num_sweeps,
            num_replicas=num_replicas,
            patience=patience,
            cluster_moves=cluster_moves,
            initial_values=initial_values,
            seed=seed,
            rule=rule,
            num_threads=num_threads,
            first_read=first_read,
            executor=executor,
            keep_states=keep_states,
            traced=traced,
            control=control,
        )
    if initial_values is not None:
        raise ArgumentError("initial_values", "must be left out for spins; give initial_spins")
    watch = Stopwatch()
    network = energetic(model, to="temper")
    check_squares(network)
    ends = _ends(rungs, network)
    program = TemperingProgram.of(network, kernel, ends[1], rule=rule_named(rule))
    every = checked_clusters(cluster_moves, program.usual_clusters)
    orders = Orders(
        num_reads=integer("num_reads", num_reads, 1, _MOST_READS),
        first_read=integer("first_read", first_read, 0, _MOST_READS),
        num_sweeps=checked_sweeps(num_sweeps, control, traced),
        replicas=None if num_replicas is None else integer("num_replicas", num_replicas, 1),
        cluster_every=every if program.num_spins else 0,
        patience=0.0 if patience is None else positive("patience", patience),
        initial=_check_initial(initial_spins, num_reads, network.num_spins),
        seed=seed_or_fresh(seed),
        traced=flag("traced", traced),
        keep_states=flag("keep_states", keep_states),
        ends=ends,
    )
    _check_search(rungs, first_read, initial_spins)
    threads = threads_of(num_threads)
    run = TemperingRun(program, rungs, orders, control, executor=executor)
    watch.mark()
    run.begin(threads)
    watch.mark()
    run.go(threads)
    watch.mark()
    found: Tempered = run.result(watch, num_threads=threads)
    return found


def _ladder(given: Any) -> Ladder | LadderSearch:
    if given is None:
        return LadderSearch()
    return given if isinstance(given, LadderSearch) else Ladder.of(given)


def _check_initial(initial: npt.ArrayLike | None, num_reads: int, n: int) -> SpinArray | None:
    """One row a run."""
    if initial is None:
        return None
    spins = np.asarray(initial)
    if spins.shape not in ((n,), (num_reads, n)):
        raise ArgumentError(
            "initial_spins",
            f"must have shape ({n},) or ({num_reads}, {n}), one row a run",
            spins.shape,
        )
    return np.broadcast_to(checked_spins(spins), (num_reads, n))


def _ends(ladder: Ladder | LadderSearch, model: AnyModel) -> tuple[float, float]:
    if isinstance(ladder, LadderSearch):
        return ladder.ends(model)
    return float(ladder.values[0]), float(ladder.values[-1])


def _check_search(
    ladder: Ladder | LadderSearch, first_read: int, initial: npt.ArrayLike | None
) -> None:
    found = isinstance(ladder, LadderSearch)
    if found and first_read and initial is not None and np.ndim(initial) > 1:
        raise ArgumentError(
            "ladder",
            f"must be given with first_read = {first_read} and initial_spins of each "
            "run: run 0, which would find it, starts from spins that are not among them",
        )
