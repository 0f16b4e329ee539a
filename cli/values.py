"""Values of options: numbers under a rule, and files to write."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

import click

from pbit.cli.model_file import check_model_suffix
from pbit.cli.output import check_writable
from pbit.cli.plot import check_plot
from pbit.cli.rows_file import check_rows_suffix

_MOST_REPLICAS = 2**20  # MOST_REPLICAS of the samplers, which import NumPy


class Number(click.ParamType):  # type: ignore[type-arg]
    """A number under a rule, refused in the words of the library's errors."""

    def __init__(
        self,
        rule: str,
        holds: Callable[[Any], bool],
        *,
        whole: bool = False,
        remedy: str = "",
    ) -> None:
        self.name = "integer" if whole else "float"
        self._kind = click.INT if whole else click.FLOAT
        self._rule, self._holds, self._remedy = rule, holds, remedy

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = self._kind.convert(value, param, ctx)
        if not self._holds(number):
            remedy = f"; {self._remedy}" if self._remedy else ""
            raise click.UsageError(f"{_named(param)} must be {self._rule}, got {number}{remedy}")
        return number


NUMBER = Number("a number", lambda number: number == number)
FINITE = Number("a finite number", isfinite)
BETA = Number("a finite number >= 0", lambda beta: 0 <= beta < float("inf"))
SECONDS = Number("> 0 seconds", lambda seconds: seconds > 0)
FINITE_SECONDS = Number("finite and > 0 seconds", lambda seconds: 0 < seconds < float("inf"))
PROBABILITY = Number("between 0 and 1", lambda share: 0 < share < 1)


class Several(click.ParamType):  # type: ignore[type-arg]
    """Numbers between commas, one alone as it is, more as a tuple."""

    def __init__(self, kind: click.ParamType[Any], *, at_most: int | None = None) -> None:
        self.name = f"{kind.name}[,{kind.name}]"
        self._kind, self._at_most = kind, at_most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        numbers = tuple(self._kind.convert(part, param, ctx) for part in value.split(","))
        if self._at_most is not None and len(numbers) > self._at_most:
            raise click.UsageError(
                f"{_named(param)} must be at most {self._at_most} numbers, got {len(numbers)}"
            )
        return numbers[0] if len(numbers) == 1 else numbers


class Listed(click.ParamType):  # type: ignore[type-arg]
    """Numbers listed in one word, ``0:2:9`` or ``0.5,1``, each under a rule."""

    def __init__(self, kind: Number) -> None:
        self.name = "values"
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        from pbit.schedules.listings import numbers

        try:
            listed = numbers(_named(param), value)
        except ValueError as error:
            raise click.UsageError(_about(param, str(error))) from error
        for number in listed.values:
            self._kind.convert(number, param, ctx)
        return listed


class Replicas(click.ParamType):  # type: ignore[type-arg]
    """Slices of imaginary time: a number, "auto", or "inf", which is None as in the library."""

    name = "auto|inf|R"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str) or value == "auto":
            return value
        if value == "inf":
            return None
        if value.isascii() and value.isdigit() and 1 <= int(value[:12]) <= _MOST_REPLICAS:
            return int(value)
        rule = f"must be auto, inf or a whole number from 1 to {_MOST_REPLICAS}"
        raise click.UsageError(f"{_named(param)} {rule}, got {value:.60}")


REPLICAS = Replicas()


class OutputFile(click.Path):
    """A file to write; refused before any work is done if it cannot be."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        self.check(_named(param), path)
        check_writable(_named(param), path)
        return path

    def check(self, option: str, path: Path) -> None:
        """Refuse a name that says no format (usage error)."""


class PlotFile(OutputFile):
    """A picture to draw."""

    def check(self, option: str, path: Path) -> None:
        check_plot(path)


class RowsFile(OutputFile):
    """Rows of a data set to write."""

    def check(self, option: str, path: Path) -> None:
        check_rows_suffix(option, path)


class ModelFile(OutputFile):
    """A model to write, for ``pbit solve`` and the other commands."""

    def check(self, option: str, path: Path) -> None:
        check_model_suffix(option, path)


def _about(param: click.Parameter | None, sentence: str) -> str:
    """The sentence with the option before it, unless that is where it begins."""
    option = _named(param)
    return sentence if sentence.startswith(option) else f"{option}: {sentence}"


def _named(param: click.Parameter | None) -> str:
    return param.opts[0] if param is not None else "the value"
