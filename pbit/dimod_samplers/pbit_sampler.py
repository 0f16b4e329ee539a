"""PBitSampler: the p-bit network behind dimod's sampler interface."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import dimod
import numpy.typing as npt

from pbit.dimod_samplers.keywords import (
    SCHEDULE_TYPES,
    bqm_from,
    control_of,
    initial_of,
    model_of,
    order_of,
    rule_of,
    schedule_from_keywords,
    to_sampleset,
)
from pbit.dimod_samplers.takes_polynomials import TakesPolynomials
from pbit.engines.registry import kernels
from pbit.engines.words import ORDERS, Kernel, Order
from pbit.hardware.parameters import Hardware
from pbit.run.control import Progress
from pbit.samplers.anneal import anneal
from pbit.seeds import seed_or_fresh


class PBitSampler(  # type: ignore[misc]
    TakesPolynomials, dimod.Sampler, dimod.Initialized
):
    """Sample or minimise a BQM, or a polynomial of higher order, with a network of p-bits.

    Takes the keywords of D-Wave's ``SimulatedAnnealingSampler``, with the p-bit's heat bath
    ("Gibbs") as the default rule; ``time_limit``, ``target``, ``num_threads``, ``best_seen``,
    ``progress`` and ``on_interrupt`` are new. Reads run side by side: many reads cost little more
    than one.

    Examples
    --------
    >>> import dimod
    >>> bqm = dimod.BQM.from_ising({}, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0})
    >>> float(PBitSampler().sample(bqm, num_reads=100, seed=1).first.energy)
    -1.0
    >>> parity = dimod.BinaryPolynomial({"abc": -1.0, "a": -0.5}, "SPIN")
    >>> float(PBitSampler().sample_poly(parity, num_reads=20, seed=1).first.energy)
    -1.5
    """

    @property
    def properties(self) -> dict[str, Any]:
        """Values that keywords may have."""
        return {
            "beta_schedule_options": SCHEDULE_TYPES,
            "kernels": ("auto", *kernels()),
            "orders": ("auto", *ORDERS),
        }

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel | dimod.BinaryPolynomial,
        beta_range: Sequence[float] | None = None,
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        num_sweeps_per_beta: int = 1,
        beta_schedule_type: str = "geometric",
        seed: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        beta_schedule: npt.ArrayLike | None = None,
        initial_states: Any = None,
        initial_states_generator: str = "random",
        randomize_order: bool = False,
        proposal_acceptance_criteria: str = "Gibbs",
        time_limit: float | None = None,
        target: float | None = None,
        num_threads: int | None = None,
        best_seen: bool = False,
        kernel: Kernel | Literal["auto"] = "auto",
        order: Order | Literal["auto"] = "auto",
        update_fraction: float | None = None,
        hardware: Hardware | None = None,
        max_num_samples: int = 1000,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """Samples of a binary quadratic model, one row a read.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            Spin or binary, any labels. :meth:`sample_poly` takes polynomials.
        beta_range : (float, float), optional
            Hot and cold inverse temperature; :func:`pbit.default_beta_range` by default.
        num_reads : int, optional
            By default the number of initial states, else 1, or with ``time_limit`` as many as
            fit into it.
        num_sweeps, num_sweeps_per_beta : int
            Sweeps of a read (default 1000) and how many of them at each beta.
        beta_schedule_type : {"geometric", "linear", "custom"}
        seed : int, optional
            0 <= seed < 2**64. With a named kernel read k depends on seed and k alone.
        interrupt_function : callable, optional
            Polled about twenty times a second; a true value or an exception stops the run
            between two sweeps.
        beta_schedule : array of float, optional
            The betas of a "custom" schedule, >= 0; infinity is zero temperature.
        initial_states : samples-like, optional
            Where reads start; ``initial_states_generator`` ("random", "tile", "none") says how
            too few are made up for.
        randomize_order : bool
            Draw each spin at random, with replacement, instead of sweeping in a fixed order.
        proposal_acceptance_criteria : {"Gibbs", "Metropolis"}
            Heat bath (the p-bit) or Metropolis.
        time_limit : float, optional
            Seconds of sampling; a normal end.
        target : float, optional
            Stop once a read has this energy or less.
        num_threads : int, optional
            All available processors by default; no influence on the samples.
        best_seen : bool
            Return the lowest state each read was in, at its start or at the end of a sweep, not
            its last.
        kernel : {"auto", "bits", "cached", "colors", "dense", "lanes", "reads"}
            See :func:`pbit.anneal`; ``info["kernel"]`` names the one taken.
        order, update_fraction
            Order of the updates, see :func:`pbit.anneal`; ``randomize_order=True`` is
            ``order="random"``.
        hardware : pbit.Hardware, optional
            Run on this emulated chip, see :func:`pbit.anneal`; ``info["hardware"]`` has seconds,
            flips and energies.
        max_num_samples : int
            Rows kept, lowest first, of a run with ``time_limit`` and no ``num_reads``.
        progress : bool or callable, optional
            True: a bar, in terminals and notebooks. A callable is called with a
            :class:`pbit.Progress` about twenty times a second.
        on_interrupt : {"raise", "return"}
            What Ctrl-C does: raise KeyboardInterrupt, or return the best so far with a warning.

        Returns
        -------
        dimod.SampleSet
            Rows as reads, not aggregated; ``info`` has ``beta_range``, ``beta_schedule_type``,
            ``seed``, ``stop_reason``, ``kernel``, ``order``, ``law`` (Boltzmann, or why not),
            ``updates`` and ``timing`` (ns).

        Raises
        ------
        TypeError, ValueError
            An argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        bqm = bqm_from(bqm)
        self.remove_unknown_kwargs(**kwargs)
        rule = rule_of(proposal_acceptance_criteria)
        control = control_of(time_limit, target, interrupt_function, progress, on_interrupt)
        seed = seed_or_fresh(seed, bits=32)
        states, labels, reads = initial_of(
            bqm, initial_states, initial_states_generator, num_reads, seed
        )
        if reads is None and time_limit is None:
            reads = 1
        model, states = model_of(bqm, labels, states)
        schedule = schedule_from_keywords(
            model, beta_range, num_sweeps, num_sweeps_per_beta, beta_schedule_type, beta_schedule
        )
        result = anneal(
            model,
            schedule,
            num_reads=reads,
            seed=seed,
            rule=rule,
            order=order_of(order, randomize_order),
            update_fraction=update_fraction,
            hardware=hardware,
            initial_spins=states,
            best_seen=best_seen,
            kernel=kernel,
            num_threads=num_threads,
            max_num_samples=max_num_samples,
            control=control,
        )
        return to_sampleset(model, result, bqm.vartype, start)
