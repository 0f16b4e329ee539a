"""Do our conversions, readers, writers and samplers give the energies that dimod gives?

    python benchmarks/against_dimod.py [--models 12000] [--seed 1] [--json FILE]

Random models: bits or spins, up to 12 variables with names of several kinds, couplings, fields and
an offset of whole numbers, normal ones, or ones of 24 decades; every fourth a polynomial of up to
four variables a term. Each goes every way that there is: our models and back, dictionaries and
matrices, each format that holds it, written and read, and every 20th through a sampler of each
kind. A row is the energy of one state. Errors are told in units of the sum of all absolute weights,
which bounds the energy; one beyond 1e-12 makes the exit status 1.
"""

from __future__ import annotations

import io
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import dimod
import numpy as np
import numpy.typing as npt

import pbit
from pbit import IsingModel, PolynomialModel
from pbit.formats import Contents, TermContents, read, write
from pbit.formats.converting import Orders, converted
from pbit.formats.registry import writable
from pbit.models.polynomial import AnyModel
from pbit.problems.core.reading import problem_of
from record import headline
from record import write as write_record

MOST = 1e-12
_MOST_VARIABLES, _MOST_STATES, _EVERY = 12, 32, 20
_GRAPHS = ("rudy", "edge-list", "matrix")
_LOSSES = Orders(drop_labels=True, round_weights=True)
_SAMPLERS: dict[str, Callable[[], Any]] = {
    "annealing": pbit.AnnealingSampler,
    "p-bits": pbit.PBitSampler,
    "tempering": pbit.TemperingSampler,
    "population": pbit.PopulationSampler,
}

Given = Any  # a BQM or a polynomial of dimod, which has no types
States = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Way = tuple[str, Floats, Floats]
"""What was done, dimod's energies, and ours."""


class Case:
    """A model of dimod, states in its own values, and the scale of its energies."""

    def __init__(self, given: Given, rng: np.random.Generator) -> None:
        self.given, self.labels = given, list(given.variables)
        self.is_spin = given.vartype is dimod.SPIN
        number = min(_MOST_STATES, 2 ** len(self.labels))
        self.bits: States = rng.integers(0, 2, (number, len(self.labels)), np.int8)
        values = 2 * self.bits - 1 if self.is_spin else self.bits
        self.energies: Floats = np.asarray(given.energies((values, self.labels)), np.float64)
        if isinstance(given, dimod.BinaryPolynomial):
            weights = list(given.values())
        else:
            weights = [*given.linear.values(), *given.quadratic.values(), given.offset]
        self.scale = float(np.abs(weights).sum()) or 1.0

    def ours(self, model: AnyModel, labels: list[Any] | None = None) -> Floats:
        """Energies of a model of ours, whose labels are those given or `labels` in our order."""
        order = list(model.labels) if labels is None else labels
        position = {label: k for k, label in enumerate(self.labels)}
        return model.energy(2 * self.bits[:, [position[label] for label in order]] - 1)

    def theirs(self, model: Given) -> Floats:
        """Energies of another model of dimod with the same names."""
        spins = model.vartype is dimod.SPIN
        values = 2 * self.bits - 1 if spins else self.bits
        return np.asarray(model.energies((values, self.labels)), np.float64)


def quadratic(rng: np.random.Generator) -> dimod.BinaryQuadraticModel:
    """Random couplings, fields and offset; some of them without fields or offset."""
    n = int(rng.integers(1, _MOST_VARIABLES + 1))
    labels, weights = _labels(rng, n), _weights(rng)
    density = rng.random()
    pairs = [(i, j) for i in range(n) for j in range(i) if rng.random() < density]
    couplings = {
        (labels[i], labels[j]): w for (i, j), w in zip(pairs, weights(len(pairs)), strict=True)
    }
    fields = weights(n) if rng.random() < 0.7 else [0.0] * n
    offset = weights(1)[0] if rng.random() < 0.5 else 0.0
    kind = rng.choice(["SPIN", "BINARY"])
    return dimod.BQM(dict(zip(labels, fields, strict=True)), couplings, offset, kind)


def higher(rng: np.random.Generator) -> dimod.BinaryPolynomial:
    """Random products of up to four variables."""
    n = int(rng.integers(1, 9))
    labels, weights = _labels(rng, n), _weights(rng)
    terms = {}
    for weight in weights(int(rng.integers(1, 12))):
        size = int(rng.integers(0, min(n, 4) + 1))
        terms[tuple(labels[i] for i in rng.permutation(n)[:size])] = weight
    terms.update({(label,): weight for label, weight in zip(labels, weights(n), strict=True)})
    return dimod.BinaryPolynomial(terms, rng.choice(["SPIN", "BINARY"]))


def _labels(rng: np.random.Generator, n: int) -> list[Any]:
    kind = int(rng.integers(3))
    if kind == 0:
        return list(range(n))
    return [f"x{k}" if kind == 1 else f"v[{k},{k + 1}]" for k in rng.permutation(n)]


def _weights(rng: np.random.Generator) -> Callable[[int], list[float]]:
    kind = int(rng.integers(3))
    if kind == 0:
        return lambda count: rng.integers(-9, 10, count).astype(float).tolist()
    if kind == 1:
        return lambda count: rng.normal(size=count).tolist()
    return lambda count: (rng.normal(size=count) * 10.0 ** rng.uniform(-12, 12, count)).tolist()


def ways(case: Case, sampled: bool) -> Iterator[Way]:
    """Every way that the model can go."""
    if isinstance(case.given, dimod.BinaryPolynomial):
        yield from _polynomial_ways(case, case.given)
        return
    yield from _pairwise_ways(case, case.given)
    yield from _file_ways(case, case.given)
    yield from _graph_ways(case, case.given)
    if sampled:
        yield from _sampled_ways(case.given)


def _pairwise_ways(case: Case, bqm: dimod.BinaryQuadraticModel) -> Iterator[Way]:
    model = IsingModel.from_bqm(bqm)
    h, J, spin_offset = bqm.to_ising()
    entries, offset = bqm.to_qubo()
    Q, matrix_offset = model.to_qubo()
    back_h, back_J, back_offset = model.to_ising()
    x = case.bits.astype(float)
    named = {(model.labels[i], model.labels[j]): w for (i, j), w in Q.todok().items()}
    for name, energies in {
        "from_bqm": case.ours(model),
        "from_ising": case.ours(IsingModel.from_ising(h, J, spin_offset)),
        "from_qubo, dict": case.ours(IsingModel.from_qubo(entries, offset)),
        "from_qubo, matrix": case.ours(IsingModel.from_qubo(Q, matrix_offset), case.labels),
        "to_bqm": case.theirs(model.to_bqm()),
        "to_ising": case.theirs(dimod.BQM.from_ising(back_h, back_J, back_offset)),
        "to_qubo, matrix": np.einsum("ij,ij->i", x @ Q.toarray(), x) + matrix_offset,
        "polynomial": case.ours(PolynomialModel.from_ising_model(model)),
        "and back": case.ours(PolynomialModel.from_ising_model(model).to_ising_model()),
        "to_qubo, dict": _of_dict(case, named, matrix_offset),
        "networkx": case.ours(IsingModel.from_networkx(model.to_networkx())),
    }.items():
        yield name, case.energies, energies


def _of_dict(case: Case, Q: Mapping[tuple[Any, Any], float], offset: float) -> Floats:
    bqm = dimod.BQM.from_qubo(Q, offset)
    for label in case.labels:
        bqm.add_variable(label)
    return case.theirs(bqm)


def _polynomial_ways(case: Case, given: dimod.BinaryPolynomial) -> Iterator[Way]:
    model = PolynomialModel.from_polynomial(given)
    yield "from_polynomial", case.energies, case.ours(model)
    for kind in ("SPIN", "BINARY"):
        back = model.to_polynomial(kind)
        yield f"to_polynomial, {kind}", case.energies, _full(case, back)
    H, offset = model.to_hubo()
    yield "from_hubo", case.energies, _named(case, PolynomialModel.from_hubo(H, offset))
    contents = _terms(model)
    for name in ("hubo", "hubo-json"):
        data = _written(contents, name)
        yield f"file {name}", case.energies, _read_back(case, data, name, list(model.labels))


def _full(case: Case, given: dimod.BinaryPolynomial) -> Floats:
    """Energies of a polynomial that may lack variables."""
    absent = {(label,): 0.0 for label in case.labels if label not in given.variables}
    return case.theirs(dimod.BinaryPolynomial({**given, **absent}, given.vartype))


def _named(case: Case, model: PolynomialModel) -> Floats:
    """Energies of a model that may lack variables."""
    return case.ours(model, list(model.labels))


def _terms(model: PolynomialModel) -> TermContents:
    from pbit.formats.models import contents_of

    contents = contents_of(model)
    assert isinstance(contents, TermContents)
    return contents


def _file_ways(case: Case, bqm: dimod.BinaryQuadraticModel) -> Iterator[Way]:
    given = read(bqm.to_file())
    assert isinstance(given, Contents)
    for name in writable():
        if name in _GRAPHS or name == "compiled":
            continue
        try:
            data = _written(given, name)
        except ValueError:  # a constant, or too few variables: the format has no place for it
            continue
        yield f"file {name}", case.energies, _read_back(case, data, name, case.labels)


def _written(contents: Any, name: str) -> bytes:
    stream = io.BytesIO()
    write(converted(contents, name, _LOSSES), stream, name)
    return stream.getvalue()


def _read_back(case: Case, data: bytes, name: str, labels: list[Any]) -> Floats:
    """Energies by the model that is read; positions stand for names that the format has not."""
    problem = problem_of(read(io.BytesIO(data), format=name))
    found = {str(label): label for label in labels}
    read_labels = [str(label) for label in problem.labels]
    if writable()[name].holds.labels and found.keys() == set(read_labels):
        return case.ours(problem.model, [found[label] for label in read_labels])
    return case.ours(problem.model, labels[: problem.model.num_spins])


def _graph_ways(case: Case, bqm: dimod.BinaryQuadraticModel) -> Iterator[Way]:
    """Couplings alone, where the variables of the last edge are the last ones of all."""
    n = len(case.labels)
    position = {label: k for k, label in enumerate(case.labels)}
    pairs = [(position[u], position[v], w) for (u, v), w in bqm.quadratic.items() if w]
    if not case.is_spin or bqm.offset or any(bqm.linear.values()) or not pairs:
        return
    rows, cols, values = (np.array(part) for part in zip(*pairs, strict=True))
    if max(rows.max(), cols.max()) + 1 < n:
        return
    graph = Contents(kind="graph", num_variables=n, rows=rows, cols=cols, values=values)
    for name in _GRAPHS:
        try:
            contents = read(io.BytesIO(_written(graph, name)), format=name)
        except ValueError:  # one vertex is no matrix
            continue
        model = problem_of(contents, "ising", ising_sign="plus").model
        yield f"file {name}", case.energies, case.ours(model, case.labels)


def _sampled_ways(bqm: dimod.BinaryQuadraticModel) -> Iterator[Way]:
    for name, sampler in _SAMPLERS.items():
        found = sampler().sample(bqm, seed=1)
        yield f"sampler {name}", np.asarray(bqm.energies(found)), found.record.energy


def compare(models: int, seed: int) -> dict[str, list[float]]:
    """Rows and the worst error by way."""
    rng = np.random.default_rng(seed)
    found: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for k in range(models):
        case = Case(higher(rng) if k % 4 == 3 else quadratic(rng), rng)
        for name, theirs, ours in ways(case, sampled=k % _EVERY == 0):
            errors = np.abs(theirs - ours) / case.scale
            worst = float(errors.max()) if np.isfinite(errors).all() else np.inf
            found[name][0] += errors.size
            found[name][1] = max(found[name][1], worst)
    return dict(found)


@click.command()
@click.option("--models", default=12_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False))
def main(models: int, seed: int, json_file: Path | None) -> None:
    """Compare energies of random models with dimod's."""
    click.echo(headline(f"{models} models, seed {seed}, dimod {dimod.__version__}"))
    began = time.perf_counter()
    found = compare(models, seed)
    click.echo(f"{'way':<22} {'rows':>9} {'worst error':>12}")
    for name, (rows, worst) in sorted(found.items()):
        click.echo(f"{name:<22} {rows:>9} {worst:>12.2g}")
    total, worst = sum(int(rows) for rows, _ in found.values()), max(w for _, w in found.values())
    click.echo(
        f"{models} models, {total} rows, worst error {worst:.2g} of the scale, "
        f"{time.perf_counter() - began:.0f} s"
    )
    if json_file is not None:
        told = [{"way": name, "rows": n, "worst": w} for name, (n, w) in sorted(found.items())]
        write_record(json_file, "against_dimod", told, seed=seed)
    sys.exit(0 if worst <= MOST else 1)


if __name__ == "__main__":
    main()
