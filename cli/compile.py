"""``pbit compile``: fit a problem to a chip."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from pbit.cli.compile_report import facts_of, table_of
from pbit.cli.output import check_distinct, check_writable, write_text, write_whole
from pbit.cli.reading import file_options, meaning_of, read_contents
from pbit.cli.refusals import InputRefused

if TYPE_CHECKING:
    import networkx as nx

    from pbit.formats import ClauseContents, Contents, TermContents
    from pbit.graphs import Compilation, Compiled
    from pbit.models.ising import IsingModel
    from pbit.models.polynomial import AnyModel
    from pbit.problems.core.problem import Problem

NOT_FOUND = 3


@click.command()
@file_options
@click.option("--max-degree", type=int, metavar="K", help="Most couplings of a p-bit, >= 3.")
@click.option(
    "--embed", metavar="TARGET",
    help="king:16, chimera:8, pegasus:6, zephyr:4 or a file of edges.",
)  # fmt: skip
@click.option("--bits", type=int, metavar="B", help="Signed weights of so many bits, 2 to 32.")
@click.option(
    "--fix", type=click.Choice(["all", "one"]),
    help="Leave out spins that are plain: keep all ground states, or at least one.",
)  # fmt: skip
@click.option("--reorder", "ordered", is_flag=True, help="Neighbours close in memory.")
@click.option("--colors", is_flag=True, help="Count the colours (DSATUR).")
@click.option("--chain-strength", type=float, metavar="F", help="Of all chains; exact if left out.")
@click.option(
    "--chain-scale", type=float, default=1.0, show_default=True, metavar="X",
    help="Factor on exact chains; below 1 no guarantee, faster mixing.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), help="Drawn if not given.")
@click.option(
    "--time-limit", type=float, default=60.0, show_default=True, metavar="SECONDS",
    help="To find an embedding.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--output", type=click.Path(path_type=Path), help="File for pbit solve to run.")
@click.option("--quiet", is_flag=True, help="Nothing on stderr.")
def compile(**options: Any) -> None:
    """Fit the problem in FILE (- for standard input) to a chip, and say what became of it.

    In this order: products of many spins become pairs, --fix, --max-degree, --embed, --bits,
    --reorder. All but --bits and chains that are too weak keep the ground states.
    `pbit solve` runs the --output file; answers are read off the chains, and their energies come
    from the problem itself.

    Exit status: 0 done, 2 usage, 3 no embedding found, 4 file refused, 5 too large for this
    machine.
    """
    from pbit.formats import ClauseContents, CompiledContents, Contents, TermContents

    _check(options)
    contents = read_contents(options["file"], options["format_"])
    if isinstance(contents, CompiledContents):
        raise InputRefused(
            f"{contents.name}: is compiled already; compile the problem it came from"
        )
    problem = meaning_of(contents, options["problem"], options["ising_sign"])
    target = _target(options["embed"])
    if not options["quiet"]:
        click.echo(f"{contents.name}: {problem.name} ({contents.format})", err=True)
    compilation = _compiled(problem.model, target, options)
    before = facts_of(problem.model, colors=options["colors"])
    after = facts_of(compilation.model, colors=options["colors"])
    passes = [[step.name, _plain(step.report)] for step in compilation.steps]
    if options["output"] is not None:
        if not isinstance(contents, Contents | TermContents | ClauseContents):
            raise InputRefused(
                f"{contents.name}: a compiled file cannot hold a {contents.format} problem; leave "
                "--output out"
            )
        _write(contents, problem, compilation, passes, options)
    if options["as_json"]:
        record = {"schema": 1, "file": contents.name, "problem": problem.name,
                  "before": before, "after": after, "passes": passes}  # fmt: skip
        click.echo(json.dumps(record, indent=2))
    else:
        click.echo(table_of(before, after, passes))
        if options["output"] is not None:
            click.echo(f"output       {options['output']}")


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before the file is read."""
    if options["max_degree"] is not None and options["max_degree"] < 3:
        raise click.UsageError(
            f"--max-degree must be >= 3, got {options['max_degree']}: with 2 there are only paths "
            "and rings"
        )
    if options["bits"] is not None and not 2 <= options["bits"] <= 32:
        raise click.UsageError(f"--bits must be 2 to 32, got {options['bits']}")
    if not options["time_limit"] > 0:
        raise click.UsageError(f"--time-limit must be > 0 seconds, got {options['time_limit']}")
    strength, scale = options["chain_strength"], options["chain_scale"]
    for name, value in (("--chain-strength", strength), ("--chain-scale", scale)):
        if value is not None and not 0 < value < float("inf"):
            raise click.UsageError(f"{name} must be > 0 and finite, got {value}")
    if strength is not None and scale != 1.0:
        raise click.UsageError("--chain-strength and --chain-scale exclude each other")
    if options["file"] == options["embed"] == "-":
        raise click.UsageError("FILE and --embed cannot both be standard input; name one of them")
    check_writable("--output", options["output"])
    named = {"FILE": options["file"], "--output": options["output"]}
    if options["embed"] and Path(options["embed"]).exists():
        named["--embed"] = options["embed"]
    if named.get("--embed") == options["file"]:
        del named["--embed"]  # both are read; neither may be written over
    check_distinct({what: Path(path) for what, path in named.items() if path not in (None, "-")})
    if options["seed"] is None:
        options["seed"] = secrets.randbelow(2**32)


def _target(text: str | None) -> nx.Graph | None:
    if text is None:
        return None
    from pbit.graphs.targets import FAMILIES, target_graph

    family, _, size = text.partition(":")
    if family not in FAMILIES:
        return _target_in_file(text)
    try:
        return target_graph(family, int(size) if size.isdecimal() else _no_size(text))
    except ImportError as error:
        raise click.UsageError(f"--embed {text}: {error}") from error
    except ValueError as error:
        raise click.UsageError(f"--embed {text}: {error}") from error


def _no_size(text: str) -> int:
    raise ValueError(f"expected a family and a size, as in {text.partition(':')[0]}:4")


def _target_in_file(path: str) -> nx.Graph:
    import networkx as nx

    from pbit.formats import Contents
    from pbit.graphs.targets import FAMILIES

    if path != "-" and not Path(path).exists():
        raise InputRefused(
            f"--embed {path}: no such file, and no family of graphs; families are "
            f"{', '.join(FAMILIES)}, with a size as in king:8"
        )
    contents = read_contents(path, None)
    if not isinstance(contents, Contents) or contents.kind != "graph":
        raise InputRefused(
            f"{contents.name}: a {contents.format} file with a problem of kind {contents.kind}, "
            "expected a graph: lines 'i j' or 'i j weight'"
        )
    labels = contents.labels
    graph = nx.Graph()
    graph.add_nodes_from(labels)
    pairs = zip(contents.rows.tolist(), contents.cols.tolist(), strict=True)
    graph.add_edges_from((labels[i], labels[j]) for i, j in pairs if i != j)
    return graph


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
            time_limit_s=options["time_limit"],
        )
    except ImportError as error:
        raise click.UsageError(f"--embed {options['embed']}: {error}") from error
    except NoEmbedding as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(NOT_FOUND) from error
    except ValueError as error:
        raise click.UsageError(f"--embed {options['embed']}: {error}") from error


def _plain(report: dict[str, Any]) -> dict[str, Any]:
    """What JSON takes; the embedding is in the votes."""
    return {key: value for key, value in report.items() if key != "embedding"}


def _write(
    contents: Contents | TermContents | ClauseContents,
    problem: Problem,
    compilation: Compilation,
    passes: list[Any],
    options: dict[str, Any],
) -> None:
    from pbit import formats
    from pbit.formats.compiled import render
    from pbit.formats.contents import VoteTable

    model = cast("IsingModel", compilation.model)
    if not model.num_spins:
        raise InputRefused(
            f"{contents.name}: no p-bit is left, --fix has solved it (energy {model.offset:.10g}); "
            "leave --output out, or --fix"
        )
    rows, cols, weights = model.edges()
    tables = (
        VoteTable(step.name, step.votes.pointers, step.votes.members, step.votes.signs)
        for step in compilation.steps
    )
    meant = problem.name if contents.kind in ("graph", "cnf", "wcnf") else None
    compiled = formats.CompiledContents(
        num_variables=model.num_spins,
        rows=rows,
        cols=cols,
        values=weights,
        h=model.h,
        offset=model.offset,
        labels=model.labels,
        votes=tuple(tables),
        source=contents,
        problem=meant,
        ising_sign=options["ising_sign"],
        report=passes,
    )
    path = options["output"]
    if path.suffix == ".gz":
        write_whole(path, lambda temporary: formats.write(compiled, temporary, "compiled"))
    else:
        write_text(path, "".join(render(compiled)))
