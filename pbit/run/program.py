"""The program: a model compiled once, run often."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.engines.compiled_model import CompiledModel, Extremes, Rows, TermRows, precision, rows_of
from pbit.engines.engine import Ask, Engine, Plan
from pbit.engines.registry import choose, engine_named
from pbit.engines.task import Task
from pbit.engines.words import Order, Rule, order_code, rule_named
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel
from pbit.models.taking import model_from
from pbit.run.biases import extremes_with
from pbit.run.held import checked_held
from pbit.run.reads import Reads
from pbit.run.request import Request, checked_fraction, hardware_from
from pbit.run.run import Run, run_program, schedule_of
from pbit.run.stopwatch import Stopwatch
from pbit.schedules.schedule import Schedule

if TYPE_CHECKING:
    from pbit.hardware.chip import Chip
    from pbit.hardware.parameters import Hardware

_MANY = 2**31  # reads, where their number is not given
_SMALL_NS = 1e7  # of work, by a guess that is high where vectors are full


@dataclass(frozen=True, eq=False)
class Program(ByValue):
    """A model in the forms that its engine runs; made by :meth:`compile`.

    Examples
    --------
    >>> import pbit
    >>> ring = pbit.IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
    >>> program = Program.compile(ring)
    >>> cold = pbit.Schedule([2.0] * 50)
    >>> program.run(cold, num_reads=2, seed=1).energies.tolist()
    [-3.0, -3.0]
    >>> weaker = program.with_weights(weights=[0.5, 0.5, 0.5])
    >>> weaker.run(cold, num_reads=2, seed=1).energies.tolist()
    [-1.5, -1.5]
    """

    model: AnyModel | DirectedModel
    ask: Ask
    plan: Plan
    rows: Rows | TermRows
    extremes: Extremes
    held: npt.NDArray[np.bool_] | None = None
    chip: Chip | None = None
    _forms: dict[Any, CompiledModel] = field(default_factory=dict, repr=False)
    _edges: list[npt.NDArray[np.int64]] = field(default_factory=list, repr=False)

    @classmethod
    def compile(
        cls,
        model: AnyModel | DirectedModel,
        *,
        rule: Rule = "heat-bath",
        order: Order | str = "auto",
        kernel: str = "auto",
        num_reads: int | None = None,
        held: npt.ArrayLike | None = None,
        own_biases: bool = False,
        hardware: Hardware | str | os.PathLike[str] | None = None,
    ) -> Program:
        """Program of a model.

        Parameters
        ----------
        model : IsingModel, PolynomialModel or DirectedModel
        rule, order, kernel
            As for :func:`pbit.anneal`.
        num_reads : int, optional
            What it is for: few or many reads; many by default. It may run any number.
        held : bool, shape (n,), optional
            Spins that are never updated: they stay as the initial states have them, each read's
            its own. Taken by kernels "lanes" and "reads"; on a chip their outputs are tied to it,
            one read after the other, but for p-bits that are stuck.
        own_biases : bool
            :meth:`run` may be given ``biases``, a row a read. Taken by kernels "lanes" and "reads".
        hardware : Hardware or name of a chip file, optional
            The chip that is programmed; rule, order and kernel are the chip's.

        Raises
        ------
        TypeError, ValueError
            A kernel or order that does not take the model.
        """
        model, chosen = model_from(model), hardware_from(hardware)
        mask = checked_held(held, model.num_spins)
        ask = Ask(kernel, rule_named(rule), order, num_reads, mask is not None, own_biases)
        chip = None
        if chosen is None:
            plan = choose(model, ask)
        else:
            plan, chip = _on_chip(ask, chosen, model)
        rows = rows_of(model)
        return cls(model, ask, plan, rows, Extremes.of(rows), mask, chip)

    def with_weights(
        self, *, h: npt.ArrayLike | None = None, weights: npt.ArrayLike | None = None
    ) -> Program:
        """The same couplings with other strengths: nothing but numbers is compiled anew.

        A chip is the one that was made, programmed with the new numbers: each has the errors of its
        synapse, rounded to bits of the new full scale.

        Parameters
        ----------
        h : float64, shape (n,), optional
            Biases; those that are there by default.
        weights : float64, shape (num_couplings,), optional
            In the order of :meth:`IsingModel.edges`; those that are there by default. Zeros stay
            in the program.

        Raises
        ------
        TypeError, ValueError
            A program of terms of many spins or of directed couplings; a wrong shape, NaN or
            infinity.
        """
        if not isinstance(self.model, IsingModel):
            raise TypeError(
                "with_weights needs a program of an IsingModel, got "
                f"{type(self.model).__name__}; compile the new model"
            )
        if weights is not None and not self._edges:
            self._edges.append(_edge_of_entry(self.model))
        model = _reweighted(self.model, h, weights, self._edges)
        rows = Rows.of(model)
        # Kernel "bits" takes small whole multiples of one weight only: others may not be such.
        plan = self.plan if self.plan.bits is None else choose(model, self.ask)
        program = replace(
            self,
            model=model,
            plan=plan,
            rows=rows,
            extremes=Extremes.of(rows),
            chip=None if self.chip is None else self.chip.reprogrammed(model),
            _forms={},
        )
        for key, form in self._forms.items():
            if form.form == "sparse":
                program._forms[key] = replace(form, size=program.extremes.total).reweighted(rows)
        return program

    def run(
        self,
        schedule: Schedule | None = None,
        *,
        num_sweeps: int | None = None,
        beta: float | None = None,
        **options: Any,
    ) -> Reads:
        """Reads of the program; keywords as for :func:`pbit.anneal`, but for those compiled in.

        Parameters
        ----------
        biases : float64, shape (num_reads, n), optional
            Of each read, in place of the model's: what a learner's data do to its chains. Energies
            are those with them; the default schedule is the model's. Needs ``own_biases``.

        Raises
        ------
        TypeError, ValueError, MemoryError
            As for :func:`pbit.anneal`; biases of another shape, NaN or infinity, or where they
            were not compiled in.

        Examples
        --------
        >>> import pbit
        >>> free = pbit.IsingModel.from_edges([0], [1], [0.0], num_spins=2)
        >>> program = Program.compile(free, own_biases=True)
        >>> program.run(beta=9.0, num_reads=2, biases=[[1, -1], [-2, 2]]).spins.tolist()
        [[1, -1], [-1, 1]]
        """
        schedule = schedule_of(self.model, schedule, num_sweeps=num_sweeps, beta=beta)
        request = Request(kernel=self.ask.kernel, rule=self.ask.rule, held=self.held, **options)
        return self.run_request(schedule, request).reads()

    def run_request(self, schedule: Schedule | None, request: Request) -> Run:
        """A run that is over, with what was observed."""
        watch = Stopwatch()
        schedule = schedule_of(self.model, schedule)
        return run_program(self, schedule, request.checked(self.model, schedule), watch)

    def engine(self, num_reads: int | None, threads: int, *, best_seen: bool) -> Engine:
        """The engine for so many reads.

        Which of several states of equal energy was best is up to rounding, and so to the kernel:
        it may not depend on the number of threads then.
        """
        share = -(-(num_reads or _MANY) // (1 if best_seen else threads))
        named = self.ask.kernel != "auto" or self.ask.biases  # which not all take
        return engine_named(self.plan.for_share(share, named=named))

    def is_small(self, schedule: Schedule, request: Request) -> bool:
        """Whether starting threads would cost as much as the work."""
        if request.num_reads is None:
            return False
        sums = (self.rows.h.size + self.rows.by_site[1].size) * self.plan.engine.update_ns
        return bool(sums * schedule.num_sweeps * request.num_reads < _SMALL_NS)

    def compiled(
        self, schedule: Schedule, engine: Engine, biases: FloatArray | None = None
    ) -> CompiledModel:
        """Arrays for this schedule and the reads' biases, in float32 where that is good enough."""
        if biases is not None:
            extremes = extremes_with(self.rows, biases)
            form = self._form(engine.form, precision(extremes, schedule))
            return replace(form, size=extremes.total)
        return self._form(engine.form, precision(self.extremes, schedule))

    def _form(self, *key: Any) -> CompiledModel:
        if key not in self._forms:
            self._forms[key] = CompiledModel.of(
                self.rows,
                key[1],
                form=key[0],
                coloring=self.plan.coloring,
                held=None if self.chip is not None else self.held,  # which keeps its own order
                offset=getattr(self.model, "offset", 0.0),
                size=self.extremes.total,
            )
        return self._forms[key]

    def task(self, schedule: Schedule, request: Request) -> Task:
        """What the blocks of a run have in common; the request is checked."""
        biases: Any = request.biases
        if biases is not None and not self.ask.biases:
            raise ArgumentError(
                "biases",
                "must go with a program that was compiled for them",
                remedy="Program.compile(model, own_biases=True)",
            )
        threads = 1 if self.is_small(schedule, request) else request.num_threads or 1
        engine = self.engine(request.num_reads, threads, best_seen=request.best_seen)
        model = self.compiled(schedule, engine, biases)
        betas = schedule.columns
        return Task(
            engine=engine,
            model=model,
            bits=self.plan.bits,
            betas=betas,
            scales=model.scales(betas),
            sweeps_per_beta=schedule.sweeps_per_beta,
            seed=request.seed or 0,
            metropolis=request.rule == "metropolis",
            best_seen=request.best_seen,
            num_reads=request.num_reads,
            max_num_samples=request.max_num_samples,
            order=order_code(self.plan.order),
            fraction=checked_fraction(request.update_fraction, self.plan.order),
            initial=request.initial_spins,  # type: ignore[arg-type]
            first_read=request.first_read,
            traced=request.traced,
            observation=request.observation,
            parts=engine.parts(model.num_spins, request.num_reads, threads),
            has_energy=not isinstance(self.model, DirectedModel),
            chipped=None if self.chip is None else _chipped(self.chip, self.held, request),
            keeps_fields=request.keeps_fields,
            biases=biases,
        )


def run_model(model: AnyModel | DirectedModel, schedule: Schedule | None, request: Request) -> Run:
    """A run of a model that is compiled for it alone."""
    watch = Stopwatch()
    model = model_from(model)
    schedule = schedule_of(model, schedule)
    request = request.checked(model, schedule)
    program = Program.compile(
        model,
        rule=request.rule,
        order=request.order,
        kernel=request.kernel,
        num_reads=request.num_reads,
        held=request.held,
        own_biases=request.biases is not None,
        hardware=request.hardware,
    )
    return run_program(program, schedule, request, watch)


def _on_chip(ask: Ask, hardware: Hardware, model: Any) -> tuple[Plan, Chip]:
    """The only plan there is with hardware, which has a rule and a clock of its own."""
    from pbit.hardware.chip import Chip

    for name, usual in (("kernel", "auto"), ("order", "auto"), ("rule", "heat-bath")):
        value = getattr(ask, name)
        if value != usual:
            raise ArgumentError(name, f"must be {usual!r} with hardware", value)
    if ask.biases:
        raise ArgumentError(
            "own_biases", "must be left out with hardware", remedy="run a chip for each row"
        )
    return Plan(engine_named("events"), "sequential"), Chip.of(hardware, model)


def _chipped(chip: Chip, held: npt.NDArray[np.bool_] | None, request: Request) -> Any:
    from pbit.engines.chipped import Chipped

    averages = request.time_averages
    chipped = Chipped(chip) if averages is None else Chipped(chip, *averages)
    return chipped._replace(held=held)


def _reweighted(
    model: IsingModel, h: npt.ArrayLike | None, weights: npt.ArrayLike | None, edges: list[Any]
) -> IsingModel:
    biases = model.h if h is None else _numbers("h", h, model.num_spins)
    if weights is None:
        return model.with_entries(biases, model.J.data)
    values = _numbers("weights", weights, model.num_couplings)
    return model.with_entries(biases, values[edges[0]])


def _edge_of_entry(model: IsingModel) -> npt.NDArray[np.int64]:
    """Position in :meth:`IsingModel.edges` of each entry of J."""
    rows, cols, _ = model.edges()
    numbers = np.arange(1, rows.size + 1)
    upper = sparse.coo_array((numbers, (rows, cols)), shape=model.J.shape).tocsr()
    both = sparse.csr_array(upper + upper.T)
    both.sort_indices()
    return np.asarray(both.data - 1)


def _numbers(name: str, values: npt.ArrayLike, count: int) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (count,):
        raise ArgumentError(
            name,
            f"must have shape ({count},)",
            array.shape,
            remedy="compile another model for other couplings",
        )
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise ArgumentError(name, "must be finite", got=f"{array[bad[0]]} (entry {bad[0]})")
    return array
