"""Choices that are what registries hold: nothing is imported until a value or ``--help`` asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from pbit.cli.refusals import extras
from pbit.registry import Record, Registry


class Registered(click.Choice):  # type: ignore[type-arg]  # no type argument before click 8.4
    """Names in a registry; the right name is found without looking at all of them.

    Parameters
    ----------
    registry : callable
        Gives the registry.
    fits : callable, optional
        Whether a record is a choice; all are by default.
    before, after : str
        Choices that are no records.
    """

    def __init__(
        self,
        registry: Callable[[], Registry[Any]],
        fits: Callable[[Any], bool] = lambda record: True,
        *,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
    ) -> None:
        self._registry, self._fits = registry, fits
        self._before, self._after = before, after
        self.case_sensitive = True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names in the order of lists."""
        found = self._registry().all().items()
        names = (name for name, record in found if self._fits(record))
        return (*self._before, *names, *self._after)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value in (*self._before, *self._after):
            return value
        with extras():
            record: Record | None = self._registry().find(value)
        if record is not None and self._fits(record):
            return value
        return super().convert(value, param, ctx)


def _formats() -> Registry[Any]:
    from pbit.formats.registry import KNOWN

    return KNOWN


def _problems() -> Registry[Any]:
    from pbit.problems.core.registry import KNOWN

    return KNOWN


def _netlists() -> Registry[Any]:
    from pbit.problems.logic.netlists.registry import KNOWN

    return KNOWN


def _solvers() -> Registry[Any]:
    from pbit.solvers.registry import KNOWN

    return KNOWN


def _engines() -> Registry[Any]:
    from pbit.engines.registry import KNOWN

    return KNOWN


def _machines() -> Registry[Any]:
    from pbit.problems.machines.kinds import KNOWN

    return KNOWN


def _storage_rules() -> Registry[Any]:
    from pbit.problems.hopfield.storage import KNOWN

    return KNOWN


def _synapses() -> Registry[Any]:
    from pbit.devices.synapses.registry import KNOWN

    return KNOWN


def _reservoirs() -> Registry[Any]:
    from pbit.networks.reservoir.kinds import KNOWN
    from pbit.samplers.driven import KIND

    if KNOWN.find(KIND.name) is None:
        KNOWN.register(KIND)  # of a layer above
    return KNOWN


def _published() -> Registry[Any]:
    from pbit.published.registry import KNOWN

    return KNOWN


class SolverOption(click.Option):
    """Tells in its help what each solver is, when somebody asks."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        from pbit.solvers.registry import descriptions

        told = "; ".join(f"{name}: {what}" for name, what in descriptions().items())
        self.help = f"{told}."
        return super().get_help_record(ctx)


SOLVER = Registered(_solvers, after=("auto",))
KERNEL = Registered(_engines, lambda engine: not engine.chip, before=("auto",))
FORMAT = Registered(_formats)
WRITTEN = Registered(_formats, lambda form: form.write is not None)
PROBLEM = Registered(_problems)
NETLIST = Registered(_netlists)
MACHINE = Registered(_machines)
STORAGE_RULE = Registered(_storage_rules)
SYNAPSE = Registered(_synapses)
RESERVOIR = Registered(_reservoirs)
PUBLISHED = Registered(_published)
