"""``pbit convert``: a problem file in another format, with the same energies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from pbit.cli.output import check_distinct, check_writable, write_contents
from pbit.cli.reading import colors_option, file_options, meaning_of, read_contents
from pbit.cli.refusals import InputRefused
from pbit.cli.registered import WRITTEN
from pbit.cli.wording import in_options

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.formats.converting import Convertible

_OTHER_WAYS = {
    "cqm": ", or give --model for penalties instead",
    "compiled": ", or give --model for the network",
}


@click.command()
@file_options
@colors_option
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--to", type=WRITTEN, help="Format of OUTPUT.  [default: its ending]")
@click.option("--model", is_flag=True, help="The network that runs: constraints as penalties.")
@click.option("--drop-offset", is_flag=True, help="Leave out a constant that has no place.")
@click.option("--drop-labels", is_flag=True, help="Numbers for names that have no place.")
@click.option("--round", "rounding", is_flag=True, help="Allow weights that float64 rounds.")
def convert(file: str, output: Path, **options: Any) -> None:
    """Write the problem in FILE (- for standard input) to OUTPUT in another format.

    All weights, the offset and the names of the variables are kept exactly; what the format of
    OUTPUT cannot hold is refused, and the message names the option that lets it go. Between bits
    and spins weights are added up, exactly or not at all. A name that ends with .gz gives a gzip
    file. FILE#NAME takes one problem of a set or an archive.

    Exit status: 0 done, 1 OUTPUT cannot be written, 2 usage, 4 FILE refused or OUTPUT cannot hold
    it, 5 too large for this machine.
    """
    form = options["to"] or _format_of(output)
    check_writable("OUTPUT", output)
    check_distinct({"FILE": Path(file), "OUTPUT": output} if file != "-" else {"OUTPUT": output})
    contents = read_contents(file, options["format_"], tell=False)
    given = _given(contents, options)
    found = _converted(given, form, options)
    _write(found, output, form)
    click.echo(f"{contents.name}: {contents.format}, {contents.kind}")
    click.echo(f"{output}: {form}, {found.kind}, {found.num_variables} variables")
    for note in found.notes:
        click.echo(f"note: {in_options(note)}")


def _format_of(output: Path) -> str:
    from pbit.formats.registry import writable

    ending = output.with_suffix("").suffix if output.suffix == ".gz" else output.suffix
    for name, form in writable().items():
        if ending.lower() in form.endings:
            return name
    raise click.UsageError(
        f"the ending of {output} says no format; give --to, one of {', '.join(writable())}"
    )


def _given(contents: AnyContents, options: dict[str, Any]) -> Convertible:
    from pbit.formats import CompiledContents, Contents, TermContents
    from pbit.formats.cqm import CqmContents

    if options["model"]:
        from pbit.formats.models import contents_of

        problem = meaning_of(
            contents, options["problem"], options["ising_sign"], colors=options["colors"]
        )
        return cast("Contents | TermContents", contents_of(problem.model))
    if isinstance(contents, Contents | TermContents | CompiledContents | CqmContents):
        return contents
    raise InputRefused(
        f"{contents.name}: a problem of kind {contents.kind} has constraints or terms of its own, "
        "which no other format holds; give --model for the network that runs"
    )


def _converted(contents: Convertible, form: str, options: dict[str, Any]) -> Convertible:
    from pbit.formats.converting import Orders, converted

    orders = Orders(
        problem=options["problem"],
        ising_sign=options["ising_sign"],
        drop_offset=options["drop_offset"],
        drop_labels=options["drop_labels"],
        round_weights=options["rounding"],
    )
    try:
        return converted(contents, form, orders)
    except ValueError as error:
        refusal = in_options(str(error)) + _other_way(contents)
        raise InputRefused(f"{contents.name}: {refusal}") from error


def _other_way(contents: Convertible) -> str:
    """What else this command offers for contents that are only ever written as they are."""
    return _OTHER_WAYS.get(contents.kind, "")


def _write(contents: Convertible, output: Path, form: str) -> None:
    try:
        write_contents(output, contents, form)
    except ValueError as error:
        raise InputRefused(f"{output}: {error}") from error
