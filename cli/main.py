"""The ``pbit`` command: a group of commands."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import click

from pbit.cli.lazy import LazyGroup
from pbit.cli.status import INTERRUPTED

_COMMANDS = {
    "solve": "Minimise an Ising, QUBO or max-cut problem from a file.",
    "tts": "Time in which solvers reach a target, with intervals.",
    "factor": "Factor an integer with a network of p-bits.",
    "logic": "Run a circuit of gates in any direction.",
    "gate": "Find the p-bits of a Boolean expression: J, h and the gap.",
    "info": "Describe a problem file without solving it.",
    "convert": "Write a problem file in another format, exactly.",
    "compile": "Fit a problem to a chip: degrees, couplers, bits.",
    "check": "Recompute the result of a run from its problem file.",
    "sweep": "Run a problem on chips that differ in one parameter.",
    "tfim": "Measure a quantum Ising model in a transverse field.",
    "chip": "Print or check the file that describes a chip of p-bits.",
    "verify": "Test samples of a model against its exact Boltzmann law.",
    "device": "Simulate a single device.",
    "network": "Measure published networks of devices.",
    "reservoir": "Forecast or follow a series by a driven device.",
    "train": "Have a machine learn from data, or store patterns.",
    "generate": "Draw samples of what a machine has learnt.",
    "complete": "Draw what is missing in rows of data.",
    "classify": "Tell the classes of rows of data.",
    "recall": "Recall stored patterns from noisy ones.",
    "doctor": "Print versions and test this installation.",
    "warm-up": "Compile the kernels ahead.",
}


_PIPE_CLOSED = 141  # what shells say of a command whose reader has left, as in `pbit ... | head`


class _Group(LazyGroup):
    """The commands; a reader of their output that leaves early ends them, and is no error."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Parse; ``--help`` prints here."""
        with _reader_may_leave():
            return super().make_context(*arguments, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _reader_may_leave():
            return super().invoke(ctx)


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """End quietly when nobody reads on; click would say that this is exit status 1."""
    try:
        yield
    except BrokenPipeError:
        os._exit(_PIPE_CLOSED)  # without flushing what cannot be printed


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib import metadata

        click.echo(f"pbit {metadata.version('pbit-emulator')}")
        ctx.exit()


@click.group(cls=_Group, lines=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
def cli() -> None:
    """Networks of p-bits, emulated: solve, sample and factor.

    Exit status: 0 done, 1 internal error, 2 usage, 3 target not reached, nothing found or check
    failed, 4 input refused, 5 too large for this machine, 130 interrupted by Ctrl-C or SIGTERM
    (the best found so far is written), 141 the reader of a pipe has left.
    """


def main() -> NoReturn:
    """Run the command that the arguments name, and end the process with its status."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # None where the caller closed them
    sys.stderr = sys.stderr or open(os.devnull, "w")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # libraries warn programmers, not users
    try:
        status = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt) as error:
        if isinstance(error.__cause__, EOFError):  # an error of ours, which click takes for Ctrl-C
            raise error.__cause__ from None
        click.echo("interrupted", err=True)
        status = INTERRUPTED
    except OSError as error:
        _give_up(error)
    except MemoryError as error:
        click.echo(f"Error: out of memory: {error}", err=True)
        sys.exit(5)
    if status == INTERRUPTED:
        # At once: a thread may still be compiling, which takes a while to tear down.
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(INTERRUPTED)
    sys.exit(status or 0)


def _give_up(error: OSError) -> NoReturn:
    """End after a failure to print; failures with files have been told by name before."""
    with suppress(OSError):
        if not isinstance(error, BrokenPipeError):
            click.echo(f"Error: {error.strerror or error}", err=True)
    os._exit(_PIPE_CLOSED if isinstance(error, BrokenPipeError) else 1)  # without flushing
