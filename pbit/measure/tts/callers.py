"""Solvers and dimod samplers called alike: timed, and their energies computed anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import dimod
import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.dimod_samplers.pbit_sampler import PBitSampler
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.numbers import check_squares
from pbit.models.polynomial import AnyModel, PolynomialModel
from pbit.run.control import Control
from pbit.solvers.effort import Effort
from pbit.solvers.registry import KNOWN, solver_names
from pbit.solvers.solve import solve

Clock = Literal["wall", "cpu", "sampling"]
Kind = Literal["reads", "first-hit"]

SIDE_BY_SIDE = 64  # reads that fill the vectors of the p-bit kernels
_AIMS = (("target", "time_limit", 1.0), ("energy_threshold", "timeout", 1000.0))
_SAME = 1e-6  # of the energy scale, between a sampler's energies and the model's


@dataclass(frozen=True, eq=False)
class Call(ByValue):
    """One call: states and energies of its reads, seconds by the clock, and of the processors."""

    spins: SpinArray
    energies: FloatArray
    seconds: float
    cpu_s: float
    wall_s: float
    interrupted: bool = False


class Caller(Protocol):
    """A solver or sampler bound to a model."""

    name: str
    kind: Kind
    reads_at_once: int

    def reads(self, num_sweeps: int, num_reads: int, seed: int) -> Call:
        """Independent reads of a fixed length."""
        ...

    def first_hit(self, target: float, limit_s: float, seed: int) -> Call:
        """One run until the target or the limit."""
        ...


@dataclass(frozen=True, eq=False)
class Calling(ByValue):
    """How samplers are called, whatever the model."""

    clock: Clock = "wall"
    reads_at_once: int | None = None
    num_threads: int | None = 1
    interrupt: Callable[[], bool] | None = None
    keywords: Mapping[str, Any] = field(default_factory=dict)


def caller_of(sampler: Any, model: Any, calling: Calling) -> Caller:
    """The solver of this name, or the dimod sampler, bound to the model.

    Raises
    ------
    TypeError
        Neither a name nor an object with ``sample``.
    ValueError
        An unknown name, or keywords for a solver that is named.
    """
    if isinstance(sampler, str):
        if sampler not in solver_names():
            raise ArgumentError("sampler", f"must be one of {', '.join(solver_names())}", sampler)
        return SolverCaller(sampler, as_model(model), calling)
    if isinstance(sampler, type) or not callable(getattr(sampler, "sample", None)):
        raise TypeError(
            f"sampler must be a dimod sampler or one of {', '.join(solver_names())}, "
            f"got {sampler!r}" + ("; call the class" if isinstance(sampler, type) else "")
        )
    return SamplerCaller(sampler, model, calling)


def as_model(model: Any) -> AnyModel:
    """The model of a BQM or polynomial, labels kept; models as they are.

    Raises
    ------
    TypeError
        Anything else.
    ValueError
        A model without spins, or with weights whose squares float64 cannot hold.
    """
    if isinstance(model, IsingModel | PolynomialModel):
        found: AnyModel = model
    elif isinstance(model, dimod.BinaryPolynomial):
        found = PolynomialModel.from_polynomial(model)
    elif isinstance(model, dimod.BinaryQuadraticModel):
        found = IsingModel.from_bqm(model)
    else:
        what = type(model).__name__
        raise TypeError(
            f"model must be an IsingModel, a PolynomialModel or a dimod BQM, got {what}"
        )
    if not found.num_spins:
        raise ArgumentError(
            "model", "must have one spin or more", got="none", remedy="there is nothing to solve"
        )
    check_squares(found)
    return found


class SolverCaller:
    """One of our solvers, by name."""

    def __init__(self, name: str, model: AnyModel, calling: Calling) -> None:
        self.name, self._model, self._calling = name, model, calling
        entry = KNOWN.find(name)  # "auto" is none of them and is timed until it hits
        self.kind: Kind = "reads" if entry and entry.fixed_length else "first-hit"
        at_once = SIDE_BY_SIDE if entry is None or entry.side_by_side else 1
        self.reads_at_once = calling.reads_at_once or at_once
        try:
            self._effort = Effort(num_threads=calling.num_threads, **calling.keywords)
        except TypeError as error:
            raise TypeError(f"keywords must be those of an Effort: {error}") from error

    def reads(self, num_sweeps: int, num_reads: int, seed: int) -> Call:
        """Independent reads of a fixed length."""
        effort = replace(self._effort, num_reads=num_reads, num_sweeps=num_sweeps, seed=seed)
        return self._timed(effort, Control(interrupt=self._calling.interrupt))

    def first_hit(self, target: float, limit_s: float, seed: int) -> Call:
        """One run until the target or the limit."""
        control = Control(limit_s, target, self._calling.interrupt)
        return self._timed(replace(self._effort, seed=seed), control)

    def _timed(self, effort: Effort, control: Control) -> Call:
        with _Stopwatch() as watch:
            reads = solve(self.name, self._model, effort, control)
        energies = checked_energies(self.name, self._model, reads.spins, reads.energies)
        interrupted = reads.info["stop_reason"] == "interrupted"
        return watch.call((reads.spins, energies), reads.info, self._calling.clock, interrupted)


class SamplerCaller:
    """A dimod sampler."""

    def __init__(self, sampler: Any, model: Any, calling: Calling) -> None:
        self.name = type(sampler).__name__
        self._sampler, self._calling = sampler, calling
        self._model = as_model(model)
        self._form = _dimod_form(model)
        self._parameters = getattr(sampler, "parameters", None) or {}
        self._aim = next((aim for aim in _AIMS if set(aim[:2]) <= set(self._parameters)), None)
        self._shift = 0.0
        if self._aim is not None and self._aim[0] == "energy_threshold":
            self._form, self._shift = _without_offset(self._form)
        ours = isinstance(sampler, PBitSampler)
        self.kind: Kind = "reads" if self._aim is None or ours else "first-hit"
        self.reads_at_once = calling.reads_at_once or (SIDE_BY_SIDE if ours else 1)

    def reads(self, num_sweeps: int, num_reads: int, seed: int) -> Call:
        """Independent reads of a fixed length."""
        for name in ("num_sweeps", "num_reads"):
            if name not in self._parameters:
                raise ArgumentError(
                    "sampler",
                    f"must take {name} to be measured by reads of a fixed length, {self.name} "
                    "does not",
                    remedy="measure='first-hit' needs a target instead",
                )
        return self._timed({"num_sweeps": num_sweeps, "num_reads": num_reads}, seed)

    def first_hit(self, target: float, limit_s: float, seed: int) -> Call:
        """One run until the target or the limit."""
        if self._aim is None:
            raise ArgumentError(
                "sampler",
                "must take target and time_limit, or energy_threshold and timeout, to be "
                f"measured by first hits, {self.name} does not",
                remedy="give num_sweeps",
            )
        aim, limit, unit = self._aim
        return self._timed({aim: target - self._shift, limit: limit_s * unit}, seed)

    def _timed(self, keywords: dict[str, Any], seed: int) -> Call:
        known = {"seed": seed % 2**31, "interrupt_function": self._calling.interrupt}
        known |= {"num_threads": self._calling.num_threads}
        extra = {k: v for k, v in known.items() if k in self._parameters and v is not None}
        keywords = keywords | extra | dict(self._calling.keywords)
        if "timeout" in keywords:
            keywords["timeout"] = max(1, round(keywords["timeout"]))  # whole milliseconds
        poly = isinstance(self._form, dimod.BinaryPolynomial)
        run = self._sampler.sample_poly if poly else self._sampler.sample
        with _Stopwatch() as watch:
            found = run(self._form, **keywords)
            found.resolve()
        spins, energies = _rows(found, self._model)
        if not len(spins) and self._told_to_end():
            return watch.call((spins, energies), found.info, "wall", True)
        told = energies + self._shift
        energies = checked_energies(self.name, self._model, spins, told)
        interrupted = found.info.get("stop_reason") == "interrupted" or self._told_to_end()
        return watch.call((spins, energies), found.info, self._calling.clock, interrupted)

    def _told_to_end(self) -> bool:
        return self._calling.interrupt is not None and bool(self._calling.interrupt())


def _dimod_form(model: Any) -> Any:
    if isinstance(model, IsingModel):
        return model.to_bqm()
    return model.to_polynomial() if isinstance(model, PolynomialModel) else model


def _without_offset(form: Any) -> tuple[Any, float]:
    """The BQM over bits without its offset, and the offset.

    Tabu of dwave-samplers 1.8 compares its threshold with this energy, whatever it is given, and
    so stops far above the target of a BQM over spins.
    """
    if not isinstance(form, dimod.BinaryQuadraticModel):
        return form, 0.0
    bits = form.change_vartype(dimod.BINARY, inplace=False)
    offset = float(bits.offset)
    bits.offset = 0.0
    return bits, offset


def _rows(found: dimod.SampleSet, model: AnyModel) -> tuple[SpinArray, FloatArray]:
    """Spins in the model's order and the energies told, one row a read."""
    place = {label: k for k, label in enumerate(found.variables)}
    order = [place[label] for label in model.labels]
    times = np.asarray(found.record.num_occurrences)
    spins = np.asarray(found.record.sample)[:, order].astype(np.int8)
    if found.vartype is dimod.BINARY:
        spins = (2 * spins - 1).astype(np.int8)
    energies = np.asarray(found.record.energy, dtype=np.float64)
    return np.repeat(spins, times, axis=0), np.repeat(energies, times)


def checked_energies(name: str, model: AnyModel, spins: SpinArray, told: FloatArray) -> FloatArray:
    """Energies of the states from the model.

    Raises
    ------
    ValueError
        No states, or energies told that are not theirs.
    """
    if not len(spins):
        raise ArgumentError("sampler", f"must return one sample or more, {name} returned none")
    energies = np.asarray(model.energy(spins))
    scale = max(1.0, float(np.abs(energies).max()), abs(model.offset))
    wrong = np.flatnonzero(~(np.abs(energies - told) <= _SAME * scale))
    if wrong.size:
        k = wrong[0]
        raise ArgumentError(
            "sampler",
            f"must return the energies of its samples, {name} returned {told[k]:.12g} "
            f"for a state of energy {energies[k]:.12g}",
            remedy="its times would mean nothing",
        )
    return energies


class _Stopwatch:
    """Seconds of the wall and of the processors."""

    def __enter__(self) -> _Stopwatch:
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        self.wall_s = time.perf_counter() - self._wall
        self.cpu_s = time.process_time() - self._cpu

    def call(
        self,
        rows: tuple[SpinArray, FloatArray],
        info: Mapping[str, Any],
        clock: Clock,
        interrupted: bool,
    ) -> Call:
        seconds = self.cpu_s if clock == "cpu" else self.wall_s
        if clock == "sampling":
            told = (info.get("timing") or {}).get("sampling_ns")
            if told is None or not 0 < told <= 1.01e9 * self.wall_s + 1e6:
                raise ArgumentError(
                    "clock",
                    "must be 'wall' for a sampler that does not say in info['timing'] "
                    "['sampling_ns'] how long it sampled",
                    got=f"{told} in {self.wall_s:.3g} s",
                )
            seconds = told / 1e9
        return Call(*rows, max(seconds, 1e-9), self.cpu_s, self.wall_s, interrupted)
