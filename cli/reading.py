"""Problem files on the command line: the options they share, and errors with an exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.refusals import InputRefused, TooLarge
from pbit.cli.registered import FORMAT, PROBLEM
from pbit.cli.wording import in_options
from pbit.machine import memory_bytes

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.models.ising import IsingModel
    from pbit.models.polynomial import PolynomialModel
    from pbit.problems.core.problem import Problem

_SMALLEST = 1e-30  # the squares and float32 copies of weights must neither vanish nor overflow
_REMEDY = "divide all weights by a common factor"
_LIMITS = "pbit.limits"
_BYTES_A_VARIABLE, _BYTES_AN_ENTRY = 150, 100


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The file, and the options that say what it is."""
    return meaning_options(click.argument("file")(command))


def meaning_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say what a file is."""
    for option in (
        click.option(
            "--max-bytes",
            type=click.IntRange(min=1),
            callback=_keep,
            expose_value=False,
            help="Most bytes of FILE, after inflating.  [default: 4 GiB]",
        ),
        click.option(
            "--max-variables",
            type=click.IntRange(min=1),
            callback=_keep,
            expose_value=False,
            help="Most variables of FILE and p-bits of its problem.  [default: 10000000, and at "
            "most 100000 or 100 for each byte of FILE]",
        ),
        click.option(
            "--ising-sign",
            type=click.Choice(["minus", "plus"]),
            default="minus",
            show_default=True,
            help="A graph as Ising: E = -sum J s s - sum h s, or + (dimod's).",
        ),
        click.option(
            "--format",
            "format_",
            type=FORMAT,
            help="Of FILE, if not told by its content. FILE#NAME is one problem of several in it.",
        ),
        click.option(
            "--problem",
            type=PROBLEM,
            help="What the file is meant to be; a weighted graph has to be told.",
        ),
    ):
        command = option(command)
    return command


def _keep(context: click.Context, parameter: click.Parameter, value: int | None) -> None:
    """For `read_contents`, whatever the command passes on."""
    if value is not None:
        context.meta.setdefault(_LIMITS, {})[parameter.name] = value


def _limits() -> dict[str, int]:
    context = click.get_current_context(silent=True)
    return {} if context is None else context.meta.get(_LIMITS, {})


def colors_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """How many colours a graph may have."""
    count = click.IntRange(min=1)
    return click.option(
        "--colors",
        type=count,
        help="Of --problem coloring, max-k-cut, graph-partition: how many.",
    )(command)


def read_contents(file: str, format_: str | None, *, tell: bool = True) -> AnyContents:
    """Contents of the file; exit status 4 if it cannot be read, 5 if it is too large.

    What a reader notes goes to the standard error, unless the command tells it in its own place or
    is to be quiet; records have it in any case.
    """
    from pbit import formats

    if file == "-" and sys.stdin is None:
        raise InputRefused("<stdin>: is closed; pipe a file into it or name one")
    try:
        contents = formats.read(file, format=format_, **_limits())
    except formats.FormatError as error:
        raise InputRefused(in_options(str(error))) from error
    except OSError as error:
        raise InputRefused(f"{file}: {error.strerror or error}") from error
    _check_size(contents)
    contents = replace(contents, notes=tuple(map(in_options, contents.notes)))
    for note in contents.notes if tell and not _is_quiet() else ():
        click.echo(f"note: {note}", err=True)
    return contents


def _is_quiet() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.params.get("quiet"))


def meaning_of(
    contents: AnyContents,
    problem: str | None,
    ising_sign: str,
    *,
    colors: int | None = None,
    needs_model: Callable[[Problem], bool] = lambda problem: True,
) -> Problem:
    """Problem that the contents are meant to be, its model of p-bits built if it is needed.

    A meaning that does not fit is a usage error; weights that no model can hold, exit status 4; a
    model beyond the memory, exit status 5.
    """
    from pbit.formats import FormatError
    from pbit.formats.variables import MAX_VARIABLES
    from pbit.problems.core.reading import problem_of

    try:
        meaning = problem_of(contents, problem, ising_sign=ising_sign, colors=colors)
    except FormatError as error:
        raise InputRefused(in_options(str(error))) from error
    except ValueError as error:
        raise click.UsageError(in_options(str(error))) from error
    num_pbits, most = meaning.size[0], _limits().get("max_variables", MAX_VARIABLES)
    if num_pbits > most:
        raise TooLarge(
            f"{contents.name} as {meaning.name}: {num_pbits} p-bits, expected at most {most}; "
            f"allow more with --max-variables {num_pbits}"
        )
    if needs_model(meaning):
        check_pbits(f"{contents.name} as {meaning.name}", *meaning.size, what="p-bits")
        _check_model(contents, meaning)
    return meaning


def _check_model(contents: AnyContents, meaning: Problem) -> None:
    """Build the model; exit status 4 if there is none, or none that numbers can hold."""
    try:
        model = meaning.model
    except ValueError as error:
        remedy = "" if contents.kind in ("hubo", "hising") else f"; {_REMEDY}"
        raise InputRefused(f"{contents.name}: {error}{remedy}") from error
    largest = _largest_weight(model)
    if largest and not _SMALLEST <= largest <= 1 / _SMALLEST:
        raise InputRefused(
            f"{contents.name}: the largest coupling or field is {largest:.3g}, expected "
            f"{_SMALLEST:g} to {1 / _SMALLEST:g}; {_REMEDY}"
        )


def energy_of(contents: AnyContents, problem: str | None, ising_sign: str) -> Problem:
    """The same where energies are what matters: a weighted graph is Ising unless told otherwise."""
    if problem is None and contents.kind == "graph":
        problem = "ising"
    return meaning_of(contents, problem, ising_sign)


def pairwise(problem: Problem, taker: str) -> IsingModel:
    """The problem's model, if its terms are short enough for ``taker``."""
    from pbit.models.ising import IsingModel

    if not isinstance(problem.model, IsingModel):
        raise InputRefused(
            f"this {problem.name} problem has terms of {problem.model.degree} spins and {taker} "
            "takes at most 2; reduce it first: pbit compile FILE --output pairs.json"
        )
    return problem.model


def _largest_weight(model: IsingModel | PolynomialModel) -> float:
    from pbit.models.ising import IsingModel

    weights = (model.J.data, model.h) if isinstance(model, IsingModel) else (model.weights,)
    return max(float(abs(array).max(initial=0.0)) for array in weights)


def _check_size(contents: AnyContents) -> None:
    check_pbits(contents.name, contents.num_variables, _num_entries(contents), what="variables")


def check_pbits(name: str, variables: int, entries: float, *, what: str) -> None:
    """Refuse more p-bits and couplings than fit into the memory; exit status 5."""
    memory = memory_bytes()
    needed = variables * _BYTES_A_VARIABLE + entries * _BYTES_AN_ENTRY
    if needed > 0.8 * memory:
        raise TooLarge(
            f"{name}: {variables} {what} and {entries:.15g} "
            f"entries need about {needed / 2**30:.1f} GiB, this machine has "
            f"{memory / 2**30:.1f}; take a machine with more memory"
        )


def _num_entries(contents: AnyContents) -> float:
    """Entries that a model holds: products of bits multiply out, terms are listed by site."""
    from pbit.formats import CompiledContents, Contents, TermContents

    if isinstance(contents, Contents):
        return contents.values.size
    if not isinstance(contents, CompiledContents | TermContents):
        return 0.0  # the size of a specification's model is told by its problem
    if isinstance(contents, CompiledContents):
        members = sum(table.members.size for table in contents.votes)
        return contents.values.size + members + _num_entries(contents.source)
    if not isinstance(contents, TermContents):
        return contents.num_entries
    sizes = contents.pointers[1:] - contents.pointers[:-1]
    if contents.kind == "hubo":
        return float((2.0 ** sizes.clip(max=20)).sum())  # longer ones are refused by name
    return float((sizes * (1 + sizes / 6)).sum())
