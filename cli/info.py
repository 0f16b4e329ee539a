"""``pbit info``: what is in a problem file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pbit.cli import options as shared
from pbit.cli.command import command
from pbit.cli.reading import energy_of, file_options, pairwise, read_contents
from pbit.cli.record import to_indented_json

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.models.ising import IsingModel
    from pbit.models.polynomial import PolynomialModel
    from pbit.problems.core.problem import Problem


@command()
@file_options
@shared.count_colors
@shared.as_json
def info(
    file: str,
    problem: str | None,
    format_: str | None,
    ising_sign: str,
    colors: bool,
    as_json: bool,
) -> None:
    """Describe the problem in FILE (- for standard input) without solving it.

    Exit status: 0 done, 2 usage, 4 file refused, 5 too large for this machine.
    """
    contents = read_contents(file, format_, tell=False)
    meaning = energy_of(contents, problem, ising_sign)
    facts = _facts(contents, meaning)
    if colors:
        facts["colours"] = _colors(meaning)
    if as_json:
        click.echo(to_indented_json(facts))
        return
    for name, value in facts.items():
        text = ("\n" + 19 * " ").join(value) if name == "notes" and value else _shown(value)
        click.echo(f"{name:<18} {text}")


def _facts(contents: AnyContents, problem: Problem) -> dict[str, Any]:
    from pbit.formats.contents import Contents
    from pbit.formats.repeats import summed
    from pbit.models.ising import IsingModel

    model = problem.model
    weights = getattr(contents, "values", None)  # specifications have none
    if isinstance(contents, Contents):
        weights = summed(contents)
    if weights is None:
        weights = model.edges()[2] if isinstance(model, IsingModel) else model.weights
    if isinstance(model, IsingModel):
        described = _pairwise(model, weights)
    else:
        described = _higher_order(model, weights)
    return {
        "file": contents.name,
        "format": contents.format,
        "kind": contents.kind,
        "variables": model.num_spins,
        **described,
        "notes": list(contents.notes),
    }


def _colors(problem: Problem) -> int:
    from pbit.graphs import dsatur_coloring

    return dsatur_coloring(pairwise(problem, "--colors")).num_colors


def _pairwise(model: IsingModel, weights: Any) -> dict[str, Any]:
    import numpy as np
    from scipy.sparse import csgraph

    from pbit.schedules.schedule import default_beta_range

    hot, cold = default_beta_range(model)
    n = model.num_spins
    return {
        "couplings": model.num_couplings,
        "fields": int(np.count_nonzero(model.h)),
        "offset": model.offset,
        "density": model.num_couplings / (n * (n - 1) / 2) if n > 1 else 0.0,
        "degree": _spread(np.diff(model.J.indptr)),
        "weights": _weights(weights),
        "components": int(csgraph.connected_components(model.J, directed=False)[0]) if n else 0,
        "beta range": [hot, cold],
    }


def _higher_order(model: PolynomialModel, weights: Any) -> dict[str, Any]:
    """Facts about the terms over spins, which are what a sampler meets, and the weights given."""
    import numpy as np

    from pbit.schedules.schedule import default_beta_range

    sizes, counts = np.unique(np.diff(model.pointers), return_counts=True)
    by_degree = zip(map(str, sizes.tolist()), counts.tolist(), strict=True)
    return {
        "terms": model.num_terms,
        "terms by degree": dict(by_degree),
        "offset": model.offset,
        "terms of a spin": _spread(np.bincount(model.members, minlength=model.num_spins)),
        "weights": _weights(weights),
        "spin weights": _weights(model.weights),
        "beta range": list(default_beta_range(model)),
    }


def _weights(values: Any) -> dict[str, Any]:
    return _spread(values) | {"whole numbers": bool((values == values.round()).all())}


def _spread(values: Any) -> dict[str, Any]:
    if not values.size:
        return {"min": None, "mean": None, "max": None}
    low, high = values.min().item(), values.max().item()
    return {"min": low, "mean": float(values.mean()), "max": high}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part)}" for name, part in value.items())
    if isinstance(value, list):
        return " ".join(_shown(part) for part in value) if value else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
