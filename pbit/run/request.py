"""What was asked for of a run, and whether it can be."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.engines.engine import Ask
from pbit.engines.observation import Observation
from pbit.engines.words import Kernel, Order, Rule, rule_named
from pbit.machine import available_threads, check_memory
from pbit.models.directed import DirectedModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_or_fresh

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware

_MAX_READ = 2**32  # counter word 2 of the random stream


class TimeAverages(NamedTuple):
    """What is averaged over time on a chip: from ``burn_in`` on, p-bits and whole states."""

    burn_in: float = 0.0
    ups: bool = True
    states: bool = False


@dataclass(frozen=True, eq=False)
class Request(ByValue):
    """The keywords of :func:`pbit.anneal`, explained there; what else is to be looked at.

    :meth:`checked` gives the same with the seed drawn, threads counted and spins as int8.
    """

    num_reads: int | None = 1
    seed: int | None = None
    rule: Rule = "heat-bath"
    order: Order | Literal["auto"] = "auto"
    update_fraction: float | None = None
    initial_spins: npt.ArrayLike | None = None
    held: npt.ArrayLike | None = None
    best_seen: bool = False
    kernel: Kernel | Literal["auto"] = "auto"
    num_threads: int | None = None
    max_num_samples: int = 1000
    first_read: int = 0
    traced: bool = False
    control: Control = field(default_factory=Control)
    executor: Any = None
    hardware: Hardware | str | os.PathLike[str] | None = None
    time_averages: TimeAverages | None = None
    observation: Observation = field(default_factory=Observation)
    keeps_fields: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "rule", rule_named(self.rule))

    @property
    def ask(self) -> Ask:
        """What decides which engine runs it."""
        return Ask(self.kernel, self.rule, self.order, self.num_reads, self.held is not None)

    def checked(self, model: AnyModel | DirectedModel, schedule: Schedule) -> Request:
        """The request, if the model can be run through the schedule so.

        Raises
        ------
        TypeError, ValueError, MemoryError
        """
        if isinstance(model, DirectedModel):
            _check_without_energy(self)
        _check_counts(self)
        _check_columns(schedule, self.num_reads)
        seed = seed_or_fresh(self.seed)
        threads = available_threads()
        if self.num_threads is not None:
            threads = integer("num_threads", self.num_threads, 1)
        spins = checked_initial(self.initial_spins, model.num_spins, self.num_reads)
        check_memory(
            (self.num_reads or 0) * model.num_spins * (3 + self.best_seen),
            what=f"{self.num_reads} reads of {model.num_spins} spins",
            lower="num_reads",
        )
        integer("first_read", self.first_read, 0, _MAX_READ - (self.num_reads or 1))
        return replace(
            self,
            seed=seed,
            num_threads=threads,
            initial_spins=spins,
            hardware=hardware_from(self.hardware),
        )


def hardware_from(hardware: Any) -> Hardware | None:
    """The chip, or the one in a file; None for none.

    Raises
    ------
    TypeError
        Something else.
    ValueError, OSError
        The file does not describe a chip, or cannot be read.
    """
    if hardware is None:
        return None
    from pbit.hardware.parameters import Hardware

    if isinstance(hardware, str | os.PathLike):
        return Hardware.load(hardware)
    if not isinstance(hardware, Hardware):
        raise TypeError(
            f"hardware must be a pbit.Hardware or the name of a chip file, got {hardware!r:.60}"
        )
    return hardware


def checked_fraction(fraction: float | None, order: Order) -> float:
    """Part of the spins that are updated at once.

    Raises
    ------
    ValueError
    """
    if order != "random-subset":
        if fraction is not None:
            raise ArgumentError(
                "update_fraction", f"must go with order 'random-subset', not {order!r}"
            )
        return 1.0
    if fraction is None or not 2.0**-32 <= fraction <= 1:
        raise ArgumentError(
            "update_fraction",
            "must be > 0 and <= 1 for order 'random-subset'",
            fraction,
            remedy="the least is 2**-32",
        )
    return float(fraction)


def checked_initial(initial: npt.ArrayLike | None, n: int, rows: int | None) -> SpinArray | None:
    """Initial spins as int8 (rows, n).

    Raises
    ------
    ValueError
    """
    if initial is None:
        return None
    if rows is None:
        raise ArgumentError("num_reads", "must be given with initial_spins, one row a read")
    spins = np.asarray(initial)
    if spins.shape != (rows, n):
        raise ArgumentError(
            "initial_spins", f"must have shape ({rows}, {n}), one row a read", spins.shape
        )
    return checked_spins(spins)


def checked_spins(spins: npt.NDArray[Any]) -> SpinArray:
    """Initial spins as int8.

    Raises
    ------
    ValueError
    """
    if not np.all((spins == 1) | (spins == -1)):
        raise ArgumentError(
            "initial_spins", "must be -1 or +1", remedy="for bits x in {0, 1} pass 2*x - 1"
        )
    return spins.astype(np.int8)


def _check_counts(request: Request) -> None:
    if request.num_reads is None and request.control.time_limit_s is None:
        raise ArgumentError("num_reads", "must be given unless a time limit is")
    if request.num_reads is not None:
        integer("num_reads", request.num_reads, 1)
    integer("max_num_samples", request.max_num_samples, 1)


def _check_columns(schedule: Schedule, num_reads: int | None) -> None:
    if schedule.columns.shape[1] not in (1, num_reads):
        raise ArgumentError(
            "schedule",
            f"must have one column of betas, or one for each of {num_reads} reads",
            schedule.columns.shape[1],
        )


def _check_without_energy(request: Request) -> None:
    if request.num_reads is None:
        raise ArgumentError(
            "num_reads",
            "must be given for directed couplings, which have no energy by which to keep "
            "some of the reads",
        )
    if request.best_seen or request.traced or request.control.target is not None:
        raise ValueError(
            "best_seen, traced and target need an energy, which directed couplings do not have; "
            "leave them out"
        )
