"""Options that commands share, each declared once.

An option fills the parameter that is called like the library's argument, ``--reads`` fills
``num_reads``: so the library's errors can be told with the option's name (``command.py``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.registered import KERNEL
from pbit.cli.values import BETA, FINITE, NUMBER, SECONDS, OutputFile, PlotFile

if TYPE_CHECKING:
    Type = click.ParamType[Any]
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*options: Decorator) -> Decorator:
    """Several options as one decorator; ``--help`` lists them in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _drawn(ctx: click.Context, param: click.Parameter, value: int | None) -> int:
    return secrets.randbelow(2**63) if value is None else value


# --- of every run

seed = click.option(
    "--seed", type=click.IntRange(0, 2**64 - 1), callback=_drawn, help="Drawn if not given."
)
# Eager: callbacks of other options look at it.
quiet = click.option("--quiet", is_flag=True, is_eager=True, help="Nothing on stderr.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print the rows as CSV.")


def threads(default: int | None = None) -> Decorator:
    """Threads, all processors unless told otherwise."""
    text = "All processors by default." if default is None else None
    count = click.IntRange(1, 1024)
    return click.option(
        "--threads",
        "num_threads",
        type=count,
        default=default,
        help=text,
        show_default=True,
    )


def output(text: str = "Write the JSON to a file.", type: OutputFile | None = None) -> Decorator:
    """The file that takes the result."""
    return click.option("--output", type=type or OutputFile(), help=text)


def plot(
    text: str = "Draw to .png, .pdf, .svg.", *, unnamed: str | None = None, **attributes: Any
) -> Decorator:
    """The picture of the result; ``unnamed``: the file of ``--plot`` without a name."""
    if unnamed is not None:
        text = f"{text}  [without a name: {unnamed}]"
        attributes |= {"is_flag": False, "flag_value": unnamed, "metavar": "[FILE]"}
    return click.option("--plot", type=PlotFile(), help=text, **attributes)


run_options = together(seed, threads(), quiet)
output_options = together(as_json, output())


def time_limit(text: str, default: float | None = 60.0, type: Type = SECONDS) -> Decorator:
    """Seconds that a run may take."""
    return click.option(
        "--time-limit",
        "time_limit_s",
        type=type,
        default=default,
        help=text,
        show_default=True,
        metavar="SECONDS",
    )


# --- how long, how cold, how updated


def reads(text: str, type: Type, default: int | None = None) -> Decorator:
    """Independent runs."""
    return click.option(
        "--reads",
        "num_reads",
        type=type,
        default=default,
        help=text,
        show_default=True,
    )


def sweeps(text: str, type: Type, default: int | None = None) -> Decorator:
    """Sweeps of a read."""
    return click.option(
        "--sweeps",
        "num_sweeps",
        type=type,
        default=default,
        help=text,
        show_default=True,
    )


def beta(text: str, type: Type = BETA, **attributes: Any) -> Decorator:
    """A fixed inverse temperature, or some."""
    return click.option("--beta", type=type, help=text, **attributes)


def beta_range(text: str = "Inverse temperatures.", *, turned: bool = True) -> Decorator:
    """The ends of an anneal; those that come cold end first are ``turned`` round, with a note."""
    return click.option(
        "--beta-range",
        type=(float, float),
        metavar="HOT COLD",
        help=text,
        callback=_hot_first if turned else None,
    )


def _hot_first(
    ctx: click.Context, param: click.Parameter, value: tuple[float, float] | None
) -> tuple[float, float] | None:
    if value is None or not value[0] > value[1]:
        return value
    if not ctx.params.get("quiet"):
        told = f"{param.opts[0]} {value[0]:g} {value[1]:g}"
        click.echo(f"note: {told} has its cold end first and was turned round", err=True)
    return value[1], value[0]


def target(text: str, type: Type = NUMBER) -> Decorator:
    """The objective to reach."""
    return click.option("--target", type=type, help=text)


_UPDATE_RULES = click.Choice(["heat-bath", "metropolis"])


def rule(
    default: str | None = None, *, type: Type = _UPDATE_RULES, text: str = "Update rule."
) -> Decorator:
    """How a spin is drawn, or patterns are stored."""
    return click.option("--rule", type=type, default=default, help=text, show_default=True)


def order(*more: str) -> Decorator:
    """In which order spins are updated; ``more`` orders move several at once."""
    orders = ("auto", "sequential", "chromatic", "random", "permutation", *more)
    return click.option(
        "--order",
        type=click.Choice(orders),
        default="auto",
        show_default=True,
        help="Of the updates in a sweep; see pbit.anneal.",
    )


def method(text: str, *words: str) -> Decorator:
    """Which way, of these and the one that is chosen if nothing is said."""
    kinds = click.Choice(["auto", *words])
    return click.option("--method", type=kinds, default="auto", show_default=True, help=text)


kernel = click.option(
    "--kernel",
    type=KERNEL,
    default="auto",
    show_default=True,
    help="How reads are computed; see pbit.anneal.",
)

# --- models and chips

count_colors = click.option("--colors", is_flag=True, help="Count the colours (DSATUR).")


def native(text: str) -> Decorator:
    """Products of many spins in the place of auxiliary p-bits."""
    return click.option("--native", is_flag=True, help=text)


def hardware(text: str) -> Decorator:
    """The file of a chip."""
    path = click.Path(path_type=Path)
    return click.option("--hardware", type=path, metavar="CHIP", help=text)


def device(text: str, **attributes: Any) -> Decorator:
    """What is driven, or words of what is listed."""
    return click.option("--device", help=text, **attributes)


def task(text: str, **attributes: Any) -> Decorator:
    """What it is for, or words of what is listed."""
    return click.option("--task", help=text, **attributes)


# --- junctions

junction_options = together(
    click.option(
        "--phi0",
        "attempt_frequency_Hz",
        type=float,
        metavar="HZ",
        help="Attempt frequency.  [default: 1e9]",
    ),
    click.option(
        "--n", "barrier_exponent", type=float, help="Exponent of the barrier, 1 to 2.  [default: 1]"
    ),
    click.option(
        "--resistance",
        "resistance_P_ohm",
        type=float,
        metavar="OHM",
        help="Of the P state.  [default: 5000]",
    ),
    click.option("--tmr", type=float, help="Magnetoresistance, 1 for 100 %.  [default: 1]"),
)


def temperature(text: str) -> Decorator:
    """Of a junction."""
    return click.option("--temperature", "temperature_K", type=float, metavar="K", help=text)


# --- data sets and machines


def machine(metavar: str = "MODEL") -> Decorator:
    """A trained machine in a file."""
    return click.argument("machine", metavar=metavar)


def data(metavar: str = "DATA") -> Decorator:
    """A data set: a file, a folder of images, or - for standard input."""
    return click.argument("file", metavar=metavar)


threshold = click.option(
    "--threshold",
    type=FINITE,
    help="Values above it are 1, others 0.  [default: that of the training, or none: binary data]",
)
labels = click.option(
    "--labels",
    metavar="NAME",
    help="Their column, array or file; none leaves them out.  [default: found by usual names]",
)


def steps(text: str) -> Decorator:
    """Steps of Gibbs sampling."""
    return click.option("--steps", "n_steps", type=click.IntRange(1), help=text)


# --- measured files

columns = click.option(
    "--columns",
    metavar="HEADER",
    help="What the columns are, in place of a header: current_uA,dwell_P_us,...",
)
force = click.option("--force", is_flag=True, help="Write the chip although the fit does not hold.")


def chip_output(text: str) -> Decorator:
    """The file of a chip to be written."""
    return click.option("--chip", type=OutputFile(), help=text)
