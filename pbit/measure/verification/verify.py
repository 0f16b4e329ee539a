"""Does a sampler follow the Boltzmann law of this very model? A statistical certificate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.engines.engine import Ask
from pbit.engines.registry import choose
from pbit.engines.words import Kernel, Order, Rule, law_of, rule_named
from pbit.exact.elimination import Elimination, TooWide
from pbit.measure.verification.burn_in import BurnIn, burn_in, drifting, remembered
from pbit.measure.verification.law_check import Deviation, LawCheck, check_law
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.numbers import check_squares
from pbit.models.patch import patch, spins_around
from pbit.models.taking import model_from
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.samplers.anneal import anneal
from pbit.schedules.schedule import Schedule, default_beta_range
from pbit.seeds import seed_or_fresh

DEFAULT_READS = 10_000
DEFAULT_SWEEPS = 200
DEFAULT_ALPHA = 1e-6
DEFAULT_PATCH = 20
_MAX_WIDTH = 23
_WHOLE_SPINS, _WHOLE_NUMBERS = 1000, 2**25
_SUSPECTS = 1000  # failed tests that are looked at for a reason

Cause = Literal["", "law", "burn-in"]


@dataclass(frozen=True, eq=False)
class Certificate(ByValue):
    """Outcome of :func:`verify`.

    Parameters
    ----------
    passed : bool
    cause : {"", "law", "burn-in"}
        Of a failure: "burn-in" if the statistics that failed still remember their values half the
        sweeps ago or still move, so that the reads are no samples yet; "law" if they have settled,
        in the wrong place.
    spins : int64
        Indices of the spins that were tested: all, or those of a patch.
    centre : int or None
        Spin the patch was grown around; None where the whole model was tested.
    beta : float
    width : int
        Of the elimination that gave the exact law.
    law : LawCheck
        Its spins are numbered within ``spins``.
    burn_in : BurnIn
    info : dict
        ``seed``, ``rule``, ``order``, ``kernel`` and ``num_sweeps`` of the reads; ``updates``.
    """

    passed: bool
    cause: Cause
    spins: npt.NDArray[np.int64]
    centre: int | None
    beta: float
    width: int
    law: LawCheck
    burn_in: BurnIn
    info: dict[str, Any]


def verify(
    model: IsingModel,
    beta: float | None = None,
    *,
    num_reads: int = DEFAULT_READS,
    num_sweeps: int = DEFAULT_SWEEPS,
    seed: int | None = None,
    alpha: float = DEFAULT_ALPHA,
    rule: Rule = "heat-bath",
    order: Order | Literal["auto"] = "auto",
    kernel: Kernel | Literal["auto"] = "auto",
    num_threads: int | None = None,
    centre: int | None = None,
    patch_size: int | None = None,
    control: Control | None = None,
) -> Certificate:
    """Sample the model at fixed beta and test the reads against its exact law.

    A model of up to 1000 spins and low treewidth is tested whole. Of any other a patch of spins is:
    one read of the whole model gives the state at which the others are held, and given these the
    law of the patch is exact. The patch is sampled by the kernel the whole model takes, where that
    takes the patch. Reads are independent, start from fair coins and are looked at twice, half-way
    and at the end: the end is tested, both tell whether the burn-in was long enough.

    Parameters
    ----------
    model : IsingModel
        n >= 1.
    beta : float, optional
        Finite, >= 0; by default the hot end of :func:`pbit.default_beta_range`, where the spin with
        the widest fields follows them three times out of four.
    num_reads : int
        Sample size. What z-tests resolve grows as its square root.
    num_sweeps : int
        Burn-in of every read, >= 2.
    seed : int, optional
        Drawn if None, and returned in ``info``.
    alpha : float
        Chance that sound, settled reads fail; all tests together.
    rule, order, kernel, num_threads
        As in :func:`pbit.anneal`.
    centre : int, optional
        Test a patch around this spin; drawn among the coupled spins by default.
    patch_size : int, optional
        Spins of the patch, 20 by default; n or more for the whole model.
    control : Control, optional
        ``interrupt`` and ``progress``; targets and time limits are refused.

    Returns
    -------
    Certificate

    Raises
    ------
    TypeError, ValueError
        An argument out of range, no spins, a patch whose treewidth is above 23 (:class:`TooWide`).
    MemoryError
        Reads or tables that do not fit into memory.
    KeyboardInterrupt
        Interrupted: half a run is no evidence.

    Examples
    --------
    >>> import numpy as np
    >>> sites = np.arange(64)
    >>> ring = IsingModel.from_edges(sites, np.roll(sites, -1), np.ones(64))
    >>> certificate = verify(ring, 0.5, num_reads=2000, seed=1)
    >>> certificate.passed, certificate.law.num_tests
    (True, 129)
    """
    model, rule = model_from(model), rule_named(rule)
    check_squares(model)
    beta = default_beta_range(model)[0] if beta is None else float(beta)
    _check_arguments(model, beta, num_sweeps, alpha, control)
    seed = seed_or_fresh(seed, bits=63)
    plan = choose(model, Ask(kernel, rule, order, num_reads))
    if law_of(plan.order, directed=False) != "Boltzmann":
        raise ArgumentError(
            "order", f"{order!r} has no Boltzmann law to be tested for", remedy="choose another"
        )
    run = _Run(beta, num_reads, rule, plan.order, num_threads, control)
    seeds = [int(word) for word in np.random.SeedSequence(seed).generate_state(4, np.uint64)]
    model = IsingModel(model.h, model.J)  # the law does not depend on the offset
    whole = _whole(model, centre, patch_size)
    if whole is not None:
        spins, tested, exact = np.arange(model.num_spins), model, whole
    else:
        centre = _drawn(model, seeds[0]) if centre is None else centre
        spins = spins_around(model, centre, DEFAULT_PATCH if patch_size is None else patch_size)
        around = run.reads(model, num_sweeps, seeds[1], kernel, num_reads=1)
        held = patch(model, spins, around.spins[0]).model
        tested = IsingModel(held.h, held.J)
        exact = Elimination(tested, max_width=_MAX_WIDTH)
        kernel = run.usable(tested, kernel, plan.engine.name)
    half = num_sweeps // 2
    early = run.reads(tested, half, seeds[2], kernel)
    late = run.reads(tested, num_sweeps - half, seeds[3], kernel, early.spins)
    law = check_law(tested, beta, late.spins, alpha=alpha, elimination=exact)
    settled = burn_in(
        early.spins,
        late.spins,
        (early.energies, late.energies),
        sweeps=num_sweeps,
        lag=num_sweeps - half,
    )
    info = {
        "seed": seed,
        "rule": rule,
        "order": plan.order,
        "kernel": late.info["kernel"],
        "num_reads": num_reads,
        "num_sweeps": num_sweeps,
        "updates": early.info["updates"] + late.info["updates"],
    }
    return Certificate(
        law.passed,
        _cause(tested, law, early, late),
        spins,
        None if whole is not None else centre,
        beta,
        exact.width,
        law,
        settled,
        info,
    )


@dataclass(frozen=True)
class _Run:
    """What all runs of a verification have in common."""

    beta: float
    num_reads: int
    rule: Rule
    order: Order | Literal["auto"]
    num_threads: int | None
    control: Control | None

    def reads(
        self,
        model: IsingModel,
        sweeps: int,
        seed: int,
        kernel: Kernel | Literal["auto"],
        initial: SpinArray | None = None,
        *,
        num_reads: int | None = None,
    ) -> Reads:
        reads = anneal(
            model,
            Schedule(np.array([self.beta]), sweeps),
            num_reads=self.num_reads if num_reads is None else num_reads,
            seed=seed,
            rule=self.rule,
            order=self.order,
            initial_spins=initial,
            kernel=kernel,
            num_threads=self.num_threads,
            control=self.control,
        )
        if reads.info["stop_reason"] == "interrupted":
            raise KeyboardInterrupt
        return reads

    def usable(
        self, model: IsingModel, asked: Kernel | Literal["auto"], taken: Kernel
    ) -> Kernel | Literal["auto"]:
        """The kernel of the whole model if it takes the patch, whose fields differ."""
        if asked != "auto":
            return asked
        try:
            self.reads(model, 1, 0, taken, num_reads=1)
        except ValueError:
            return "auto"
        return taken


def _check_arguments(
    model: IsingModel, beta: float, num_sweeps: int, alpha: float, control: Control | None
) -> None:
    if not model.num_spins:
        raise ArgumentError("model", "must have at least one spin to verify", got="none")
    if not 0 <= beta < math.inf:
        raise ArgumentError(
            "beta", "must be finite and >= 0", beta, remedy="at infinity there is no law"
        )
    integer("num_sweeps", num_sweeps, 2)
    if not 0 < alpha < 1:
        raise ArgumentError("alpha", "must be a probability between 0 and 1", alpha)
    if control and (control.time_limit_s is not None or control.target is not None):
        raise ArgumentError(
            "control",
            "must have no time limit and no target: reads that were cut short by what "
            "they found are no samples",
            remedy="lower num_reads or num_sweeps",
        )


def _whole(model: IsingModel, centre: int | None, patch_size: int | None) -> Elimination | None:
    """Exact sums of the whole model, if that is asked for, or is cheap and nothing else asked."""
    if centre is not None:
        integer("centre", centre, 0, model.num_spins - 1)
    if patch_size is not None and integer("patch_size", patch_size, 1) >= model.num_spins:
        return Elimination(model, max_width=_MAX_WIDTH)
    if patch_size is not None or centre is not None or model.num_spins > _WHOLE_SPINS:
        return None
    try:
        exact = Elimination(model, max_width=_MAX_WIDTH)
    except TooWide:
        return None
    return exact if exact.numbers <= _WHOLE_NUMBERS else None


def _drawn(model: IsingModel, seed: int) -> int:
    """A random spin, coupled to another if any is."""
    coupled = np.flatnonzero(np.diff(model.J.indptr))
    choice = coupled if coupled.size else np.arange(model.num_spins)
    return int(np.random.default_rng(seed).choice(choice))


def _cause(model: IsingModel, law: LawCheck, early: Reads, late: Reads) -> Cause:
    """Why reads fail: their start, or the sampler."""
    if law.passed:
        return ""
    failed = law.deviations(min(_SUSPECTS, int(law.rejected.sum())))
    middle = float(np.median(np.concatenate([early.energies, late.energies])))
    before, after = (_values(model, failed, reads, middle) for reads in (early, late))
    return "burn-in" if remembered(before, after) or drifting(before, after) else "law"


def _values(
    model: IsingModel, failed: list[Deviation], reads: Reads, middle: float
) -> npt.NDArray[np.int8]:
    """The failed statistics of each read, shape (num_reads, k), as -1 and +1.

    Energies by the side of ``middle``; whole states by all spins and all pairs.
    """
    spins = reads.spins
    columns = [np.prod(spins[:, list(one.spins)], axis=1) for one in failed if one.spins]
    kinds = {one.kind for one in failed}
    if "energy" in kinds:
        columns.append(np.where(reads.energies > middle, 1, -1))
    if "states" in kinds:
        rows, cols, _ = model.edges()
        columns += [*spins.T, *(spins[:, rows] * spins[:, cols]).T]
    return np.stack(columns, axis=1).astype(np.int8)
