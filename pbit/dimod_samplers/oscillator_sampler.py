"""OscillatorSampler: an Ising machine of oscillators behind dimod's sampler interface."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import dimod

from pbit.dimod_samplers.keywords import bqm_from, control_of, model_of, to_sampleset
from pbit.dimod_samplers.takes_polynomials import keywords_of
from pbit.run.control import Progress
from pbit.samplers.oscillators.hardware import OscillatorHardware
from pbit.samplers.oscillators.phases import DEFAULT_HARMONIC, DEFAULT_NOISE, oscillate
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS


class OscillatorSampler(dimod.Sampler):  # type: ignore[misc]
    """Minimise a BQM by oscillators that lock to twice their frequency.

    A row is one run of the machine: phases that couplings pull together or apart, noise that goes
    away and a second harmonic that grows until they are at 0 or pi; see
    :func:`pbit.samplers.oscillators.phases.oscillate`.

    Examples
    --------
    >>> import dimod
    >>> bqm = dimod.BQM.from_ising({}, {("a", "b"): 1.0, ("b", "c"): 1.0, ("a", "c"): 1.0})
    >>> float(OscillatorSampler().sample(bqm, num_reads=10, num_sweeps=100, seed=1).first.energy)
    -1.0
    """

    @property
    def properties(self) -> dict[str, Any]:
        """None."""
        return {}

    @property
    def parameters(self) -> dict[str, Any]:
        """Keywords of :meth:`sample`, as dimod wants them."""
        kind: Any = type(self)
        return dict(keywords_of(kind))

    def sample(
        self,
        bqm: dimod.BinaryQuadraticModel,
        num_reads: int = 1,
        num_sweeps: int = DEFAULT_NUM_SWEEPS,
        second_harmonic: Sequence[float] = DEFAULT_HARMONIC,
        noise: Sequence[float] = DEFAULT_NOISE,
        coupling: float = 1.0,
        time_step: float | None = None,
        hardware: OscillatorHardware | None = None,
        seed: int | None = None,
        interrupt_function: Callable[[], bool] | None = None,
        time_limit: float | None = None,
        target: float | None = None,
        num_threads: int | None = None,
        best_seen: bool = False,
        descent: bool = True,
        progress: Callable[[Progress], object] | bool | None = None,
        on_interrupt: Literal["raise", "return"] = "raise",
        **kwargs: Any,
    ) -> dimod.SampleSet:
        """Where the oscillators of each read end.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            Spin or binary, any labels; make_quadratic of dimod makes one of a polynomial.
        num_reads : int
        num_sweeps : int
            Steps of all phases in a read.
        second_harmonic, noise : (float, float)
            First and last strength, in units of the rate of the couplings.
        coupling : float
            That rate, in place of 1.
        time_step : float, optional
            In units of its inverse.
        hardware : OscillatorHardware, optional
            What the oscillators are like: their spread and their own noise are added.
        seed : int, optional
            0 <= seed < 2**64.
        interrupt_function, time_limit, target, num_threads, progress, on_interrupt
            As for :meth:`pbit.PBitSampler.sample`.
        best_seen : bool
            The lowest state looked at, every 16 sweeps, instead of the last.
        descent : bool
            Lower each to a local minimum at the end; said in ``info``.

        Returns
        -------
        dimod.SampleSet
            ``info`` as that of :func:`pbit.samplers.oscillators.phases.oscillate`.

        Raises
        ------
        TypeError, ValueError
            A polynomial of higher order, an argument of the wrong type or out of range.
        """
        start = time.perf_counter_ns()
        bqm = bqm_from(bqm)
        self.remove_unknown_kwargs(**kwargs)
        model, _ = model_of(bqm)
        reads = oscillate(
            model,
            num_sweeps=num_sweeps,
            second_harmonic=second_harmonic,
            noise=noise,
            coupling=coupling,
            time_step=time_step,
            hardware=hardware,
            num_reads=num_reads,
            seed=seed,
            best_seen=best_seen,
            descent=descent,
            num_threads=num_threads,
            control=control_of(time_limit, target, interrupt_function, progress, on_interrupt),
        )
        return to_sampleset(model, reads, bqm.vartype, start)
