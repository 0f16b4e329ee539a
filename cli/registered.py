"""Choices that are what registries hold: nothing is imported until a value or ``--help`` asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from pbit.registry import Record, Registry


class Registered(click.Choice):  # type: ignore[type-arg]  # no type argument before click 8.4
    """Names in a registry; the right name is found without looking at all of them.

    Parameters
    ----------
    registry : callable
        Gives the registry.
    fits : callable, optional
        Whether a record is a choice; all are by default.
    """

    def __init__(
        self,
        registry: Callable[[], Registry[Any]],
        fits: Callable[[Any], bool] = lambda record: True,
    ) -> None:
        self._registry, self._fits = registry, fits
        self.case_sensitive = True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names in the order of lists."""
        found = self._registry().all().items()
        return tuple(name for name, record in found if self._fits(record))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
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


FORMAT = Registered(_formats)
WRITTEN = Registered(_formats, lambda form: form.write is not None)
PROBLEM = Registered(_problems)
NETLIST = Registered(_netlists)
