"""What was asked for of a run, and whether it can be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, flag, integer
from pbit.engines.observation import Observation
from pbit.engines.words import Kernel, Order, Rule, rule_named
from pbit.machine import check_memory, threads_of
from pbit.models.directed import DirectedModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.biases import checked_biases
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


class Request(NamedTuple):
    """The keywords of :func:`pbit.anneal`, explained there; what else is to be looked at.

    :meth:`checked` gives the same with the seed drawn, threads counted, spins as int8 and the rule
    by its name.
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
    control: Control = Control()
    executor: Any = None
    hardware: Hardware | str | os.PathLike[str] | None = None
    time_averages: TimeAverages | None = None
    observation: Observation = Observation()
    keeps_fields: bool = True
    biases: npt.ArrayLike | None = None

    def checked(self, model: AnyModel | DirectedModel, schedule: Schedule) -> Request:
        """The request, if the model can be run through the schedule so.

        Raises
        ------
        TypeError, ValueError, MemoryError
        """
        best_seen, traced = flag("best_seen", self.best_seen), flag("traced", self.traced)
        if isinstance(model, DirectedModel):
            _check_without_energy(self)
        _check_counts(self)
        _check_columns(schedule, self.num_reads)
        seed = seed_or_fresh(self.seed)
        threads = threads_of(self.num_threads)
        spins = checked_initial(self.initial_spins, model.num_spins, self.num_reads)
        check_memory(
            (self.num_reads or 0) * model.num_spins * (3 + best_seen),
            what=f"{self.num_reads} reads of {model.num_spins} spins",
            lower="num_reads",
        )
        integer("first_read", self.first_read, 0, _MAX_READ - (self.num_reads or 1))
        return self._replace(
            seed=seed,
            rule=rule_named(self.rule),
            best_seen=best_seen,
            traced=traced,
            num_threads=threads,
            initial_spins=spins,
            hardware=hardware_from(self.hardware),
            biases=checked_biases(self.biases, model.num_spins, self.num_reads),
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
        remedy = "; use pbit.Hardware(**parameters)" if isinstance(hardware, Mapping) else ""
        raise TypeError(
            "hardware must be a pbit.Hardware or the name of a chip file, got "
            f"{hardware!r:.60}{remedy}"
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
    if spins.shape not in ((n,), (rows, n)):
        raise ArgumentError(
            "initial_spins",
            f"must have shape ({rows}, {n}), one row a read, or ({n},) for all of them",
            spins.shape,
            remedy=f"np.full({n}, -1) starts with all spins down" if not spins.ndim else "",
        )
    return np.array(np.broadcast_to(checked_spins(spins), (rows, n)))


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
