"""``pbit compile``: fit a problem to a chip."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import command
from pbit.cli.graph_file import read_graph
from pbit.cli.output import check_distinct, write_contents
from pbit.cli.reading import file_options, meaning_of, read_contents
from pbit.cli.record import to_indented_json
from pbit.cli.refusals import InputRefused
from pbit.cli.reports.compile_report import facts_of, table_of

if TYPE_CHECKING:
    import networkx as nx

    from pbit.formats import AnyContents, ClauseContents, CompiledContents, Contents, TermContents
    from pbit.graphs import Compilation, Compiled
    from pbit.models.ising import IsingModel
    from pbit.models.polynomial import AnyModel
    from pbit.problems.core.problem import Problem

NOT_FOUND = 3
_BITS = values.Number("2 to 32", lambda bits: 2 <= bits <= 32, whole=True)
_STRENGTH = values.Number("> 0 and finite", lambda value: 0 < value < float("inf"))
_DEGREE = values.Number(
    ">= 3",
    lambda degree: degree >= 3,
    whole=True,
    remedy="with 2 there are only paths and rings",
)


@command()
@file_options
@click.option("--max-degree", type=_DEGREE, metavar="K", help="Most couplings of a p-bit, >= 3.")
@click.option(
    "--embed",
    metavar="TARGET",
    help="king:16, chimera:8, pegasus:6, zephyr:4 or a file of edges.",
)
@click.option("--bits", type=_BITS, metavar="B", help="Signed weights of so many bits, 2 to 32.")
@click.option(
    "--fix",
    type=click.Choice(["all", "one"]),
    help="Leave out spins that are plain: keep all ground states, or at least one.",
)
@click.option("--reorder", "ordered", is_flag=True, help="Neighbours close in memory.")
@shared.count_colors
@click.option(
    "--chain-strength",
    type=_STRENGTH,
    metavar="F",
    help="Of all chains; exact if left out.",
)
@click.option(
    "--chain-scale",
    type=_STRENGTH,
    default=1.0,
    show_default=True,
    metavar="X",
    help="Factor on exact chains; below 1 no guarantee, faster mixing.",
)
@shared.time_limit("To find an embedding.")
@shared.seed
@shared.quiet
@shared.as_json
@shared.output("File for pbit solve to run.")
def compile(**options: Any) -> None:
    """Fit the problem in FILE (- for standard input) to a chip, and say what became of it.

    In this order: products of many spins become pairs, --fix, --max-degree, --embed, --bits,
    --reorder. All but --bits and chains that are too weak keep the ground states.
    `pbit solve` runs the --output file; answers are read off the chains, and their energies come
    from the problem itself.

    Exit status: 0 done, 2 usage, 3 no embedding found, 4 file refused, 5 too large for this
    machine.
    """
    _check(options)
    contents = _contents(options)
    problem = meaning_of(contents, options["problem"], options["ising_sign"])
    target = _target(options["embed"])
    if not options["quiet"]:
        click.echo(f"{contents.name}: {problem.name} ({contents.format})", err=True)
    compilation = _compiled(problem.model, target, options)
    before, after = (
        facts_of(model, colors=options["colors"]) for model in (problem.model, compilation.model)
    )
    passes = [[step.name, _plain(step.report)] for step in compilation.steps]
    if options["output"] is not None:
        _write(contents, problem, compilation, passes, options)
    if options["as_json"]:
        record = {
            "schema": 1,
            "file": contents.name,
            "problem": problem.name,
            "notes": list(contents.notes),
            "before": before,
            "after": after,
            "passes": passes,
        }
        click.echo(to_indented_json(record))
        return
    click.echo(table_of(before, after, passes))
    if options["output"] is not None:
        click.echo(f"output       {options['output']}")


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before the file is read."""
    if options["chain_strength"] is not None and options["chain_scale"] != 1.0:
        raise click.UsageError("--chain-strength and --chain-scale exclude each other")
    embed, output = options["embed"], options["output"]
    if options["file"] == embed == "-":
        raise click.UsageError("FILE and --embed cannot both be standard input; name one of them")
    if output is not None and embed not in (None, "-") and Path(embed).exists():
        check_distinct({"--embed": Path(embed), "--output": output})


def _contents(options: dict[str, Any]) -> AnyContents:
    from pbit.formats import ClauseContents, CompiledContents, Contents, TermContents

    contents = read_contents(options["file"], options["format_"])
    if isinstance(contents, CompiledContents):
        raise InputRefused(
            f"{contents.name}: is compiled already; compile the problem it came from"
        )
    if options["output"] is not None and not isinstance(
        contents, Contents | TermContents | ClauseContents
    ):
        raise InputRefused(
            f"{contents.name}: a compiled file cannot hold a {contents.format} problem; leave "
            "--output out"
        )
    return contents


def _target(text: str | None) -> nx.Graph | None:
    if text is None:
        return None
    from pbit.graphs.targets import FAMILIES, target_graph

    family, _, size = text.partition(":")
    if family not in FAMILIES:
        return _target_in_file(text)
    try:
        if not size.isdecimal():
            raise ValueError(f"expected a family and a size, as in {family}:4")
        return target_graph(family, int(size))
    except (ImportError, ValueError) as error:
        raise click.UsageError(f"--embed {text}: {error}") from error


def _target_in_file(path: str) -> nx.Graph:
    from pbit.graphs.targets import FAMILIES

    if path != "-" and not Path(path).exists():
        raise InputRefused(
            f"--embed {path}: no such file, and no family of graphs; families are "
            f"{', '.join(FAMILIES)}, with a size as in king:8"
        )
    return read_graph(path)


def _compiled(model: AnyModel, target: nx.Graph | None, options: dict[str, Any]) -> Compilation:
    from pbit import graphs
    from pbit.models.ising import IsingModel

    compilation = graphs.Compilation(model)

    def run(step: Compiled) -> IsingModel:
        nonlocal compilation
        compilation = compilation.then(step)
        return step.model

    network = model if isinstance(model, IsingModel) else run(graphs.reduce_order(model))
    strengths = {key: options[key] for key in ("chain_strength", "chain_scale")}
    if options["fix"] is not None:
        network = run(graphs.merge_fixed(network, keep=options["fix"]))
    if options["max_degree"] is not None:
        network = run(graphs.sparsify(network, options["max_degree"], **strengths))
    if target is not None:
        network = run(_embedded(network, target, options))
    if options["bits"] is not None:
        network = run(graphs.quantise(network, options["bits"]))
    if options["ordered"]:
        run(graphs.reorder(network))
    return compilation


def _embedded(network: Any, target: nx.Graph, options: dict[str, Any]) -> Compiled:
    from pbit.graphs.embedding import NoEmbedding, embed

    try:
        return embed(
            network,
            target,
            chain_strength=options["chain_strength"],
            chain_scale=options["chain_scale"],
            seed=options["seed"],
            time_limit_s=options["time_limit_s"],
        )
    except NoEmbedding as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(NOT_FOUND) from error
    except (ImportError, ValueError) as error:
        raise click.UsageError(f"--embed {options['embed']}: {error}") from error


def _plain(report: dict[str, Any]) -> dict[str, Any]:
    """What JSON takes; the embedding is in the votes."""
    return {key: value for key, value in report.items() if key != "embedding"}


def _write(
    contents: AnyContents,
    problem: Problem,
    compilation: Compilation,
    passes: list[Any],
    options: dict[str, Any],
) -> None:
    compiled = _file_of(contents, problem, compilation, passes, options)
    write_contents(options["output"], compiled, "compiled")


def _file_of(
    contents: AnyContents,
    problem: Problem,
    compilation: Compilation,
    passes: list[Any],
    options: dict[str, Any],
) -> CompiledContents:
    """The network that runs, and how answers are read off it."""
    from pbit.formats import CompiledContents
    from pbit.formats.contents import VoteTable

    model = cast("IsingModel", compilation.model)
    if not model.num_spins:
        raise InputRefused(
            f"{contents.name}: no p-bit is left, --fix has solved it (energy {model.offset:.10g}); "
            "leave --output out, or --fix"
        )
    rows, cols, weights = model.edges()
    return CompiledContents(
        num_variables=model.num_spins,
        rows=rows,
        cols=cols,
        values=weights,
        h=model.h,
        offset=model.offset,
        labels=model.labels,
        votes=tuple(
            VoteTable(step.name, step.votes.pointers, step.votes.members, step.votes.signs)
            for step in compilation.steps
        ),
        source=cast("Contents | TermContents | ClauseContents", contents),
        problem=problem.name if contents.kind in ("graph", "cnf", "wcnf") else None,
        ising_sign=options["ising_sign"],
        report=passes,
    )
