"""What every command does around its own work: paths, errors, exit status, signals, progress."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import click

from pbit.checks import ArgumentError, TooLargeError
from pbit.cli.output import check_distinct
from pbit.cli.refusals import TooLarge
from pbit.cli.running import Bar, Interrupt, run_in_thread
from pbit.cli.values import OutputFile

T = TypeVar("T")
_READ = ("file", "files", "graph", "hardware", "machine", "targets", "test")


class Command(click.Command):
    """A command whose function returns the exit status; None for 0.

    Before it runs, no file may be written over another; what the library says about an argument
    is told about the option that fills it.
    """

    def invoke(self, ctx: click.Context) -> Any:
        _check_paths(ctx)
        try:
            status = super().invoke(ctx)
        except (ValueError, MemoryError) as error:
            refusal = _refusal(error, ctx)
            if refusal is None:
                raise
            raise refusal from error
        ctx.exit(status or 0)


def command(cls: type[click.Command] = Command) -> Callable[[Callable[..., Any]], click.Command]:
    """Decorator that makes a function a command."""
    return click.command(cls=cls)


def carry_out(
    work: Callable[[Interrupt, Bar], T], *, quiet: bool = False, patient: bool = True
) -> T:
    """Result of long work, signals taken and progress shown meanwhile; see ``run_in_thread``."""
    interrupt = Interrupt()
    with interrupt.listening(), Bar(quiet=quiet) as bar:
        return run_in_thread(lambda: work(interrupt, bar), interrupt, bar, patient=patient)


def _check_paths(ctx: click.Context) -> None:
    written: dict[str, Path] = {}
    read: dict[str, Path] = {}
    for param in ctx.command.params:
        value = ctx.params.get(param.name or "")
        if isinstance(param.type, OutputFile) and value is not None:
            written[param.opts[0]] = value
        elif param.name in _READ:
            read |= _paths(param, value)
    for what, path in read.items():
        check_distinct({what: path} | written)
    check_distinct(written)


def _paths(param: click.Parameter, value: Any) -> dict[str, Path]:
    """Files that a parameter names, under what they are called in a message."""
    if param.name == "files":
        return {f"FILE {file}": Path(file) for file in value if file != "-"}
    name = param.opts[0] if isinstance(param, click.Option) else param.metavar or "FILE"
    return {} if value is None or str(value) == "-" else {name: Path(value)}


def usage_error(error: Exception) -> click.UsageError:
    """The error of what the user gave, told about the option if there is one for it."""
    told = _named(error, click.get_current_context())
    return click.UsageError(str(error) if told is None else told)


def _refusal(error: Exception, ctx: click.Context) -> click.ClickException | None:
    """The error as the user of the command should see it; None for an error of our own."""
    told = _named(error, ctx)
    if isinstance(error, TooLargeError):
        return TooLarge(str(error) if told is None else told)
    return None if told is None else click.UsageError(told, ctx=ctx)


def _named(error: Exception, ctx: click.Context) -> str | None:
    """The error's sentence about an option; None where no option fills its argument."""
    if not isinstance(error, ArgumentError | TooLargeError):
        return None
    option = option_names(ctx.command).get(error.argument)
    return None if option is None else error.sentence(option)


def option_names(command: click.Command) -> dict[str, str]:
    """Names of options by the arguments that they fill."""
    return {
        param.name: param.opts[0]
        for param in command.params
        if isinstance(param, click.Option) and param.name is not None
    }


def told_options(options: dict[str, Any], *, changed: bool = False) -> dict[str, Any]:
    """Values under the options' own names, for a record; on demand those alone that were given."""
    ctx = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    return {
        option.removeprefix("--").replace("-", "_"): _plain(options[name])
        for name, option in option_names(ctx.command).items()
        if name in options and not (changed and ctx.get_parameter_source(name) is default)
    }


def _plain(value: Any) -> Any:
    """For JSON, which has neither paths nor infinity."""
    infinite = isinstance(value, float) and not isfinite(value)
    return str(value) if infinite or isinstance(value, Path) else value
