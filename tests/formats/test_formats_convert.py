"""Conversions: exact weights, offset and labels through every pair of formats, or a refusal."""

import dataclasses
import itertools
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pbit import formats
from pbit.formats import read, write
from pbit.formats.contents import Contents, TermContents
from pbit.formats.converting import Orders, converted
from pbit.formats.cqm import CqmContents
from pbit.formats.matrix import dense

MEANT = Orders(problem="ising", ising_sign="plus")
LOSSY = MEANT._replace(drop_offset=True, drop_labels=True)
NAMED = ("biqmac", "qubo-matrix", "edge-list")
MODELS = [name for name in formats.WRITABLE if name != "compiled"]


def states(n: int) -> Any:
    return np.array(list(itertools.product((0, 1), repeat=n)))


def exact_energies(contents: Any) -> list[Fraction]:
    """Energies of all states in rational numbers; a graph is an Ising model of dimod's sign."""
    if isinstance(contents, CqmContents):
        return _of_cqm(contents)
    spins = contents.kind in ("graph", "ising", "hising")
    numbers = [Fraction(v) for v in (contents.offset, *contents.values.tolist())]
    unit = math.lcm(*(number.denominator for number in numbers))
    offset, *values = (int(number * unit) for number in numbers)
    bodies = list(_bodies(contents))
    found = []
    for bits in states(contents.num_variables).tolist():
        x = [2 * b - 1 for b in bits] if spins else bits
        total = offset
        for body, value in zip(bodies, values, strict=True):
            product = 1
            for k in body:
                product *= x[k]
            total += value * product
        found.append(Fraction(total, unit))
    return found


def _bodies(contents: Any) -> Any:
    if isinstance(contents, TermContents):
        for first, last in itertools.pairwise(contents.pointers.tolist()):
            yield contents.members[first:last].tolist()
        return
    for row, col in zip(contents.rows.tolist(), contents.cols.tolist(), strict=True):
        yield [row] if row == col else [row, col]


def _of_cqm(contents: CqmContents) -> list[Fraction]:
    objective = contents.cqm.objective
    labels = sorted(contents.cqm.variables, key=lambda v: int(str(v).lstrip("x")))
    spin = {str(contents.cqm.vartype(v).name) for v in labels} == {"SPIN"}
    found = []
    for bits in states(len(labels)).tolist():
        x = dict(zip(labels, [2 * b - 1 for b in bits] if spin else bits, strict=True))
        total = Fraction(float(objective.offset))
        total += sum(Fraction(float(objective.get_linear(v))) * x[v] for v in labels)
        total += sum(Fraction(float(b)) * x[u] * x[v] for u, v, b in objective.iter_quadratic())
        found.append(total)
    return found


def random_contents(kind: str, rng: np.random.Generator) -> Any:
    """Repeated entries, isolated variables, weights of few binary digits (sums stay exact)."""
    n, m = int(rng.integers(2, 5)), int(rng.integers(0, 7))
    values = rng.integers(-40, 41, m) / 8.0
    offset = float(rng.integers(0, 3)) / 2
    if kind in ("hubo", "hising"):
        bodies = [rng.choice(n, int(rng.integers(1, n + 1)), replace=False) for _ in range(m)]
        return TermContents(
            kind=kind,  # type: ignore[arg-type]
            num_variables=n,
            pointers=np.cumsum([0, *map(len, bodies)]),
            members=np.concatenate([np.zeros(0, np.int64), *bodies]),
            values=values,
            offset=offset,
        )
    rows, cols = rng.integers(0, n, (2, m))
    if kind == "graph":
        cols, offset = np.where(rows == cols, (rows + 1) % n, cols), 0.0
    return Contents(
        kind=kind,  # type: ignore[arg-type]
        num_variables=n,
        rows=rows,
        cols=cols,
        values=values,
        offset=offset,
    )


def through(contents: Any, form: str, folder: Path, orders: Orders = MEANT) -> Any:
    fitted = converted(contents, form, orders)
    path = folder / ("a.qh" if form == "qh" else "a.txt")
    write(fitted, path, form)
    return read(path, format=form if form in NAMED else None)


@pytest.mark.parametrize("second", MODELS)
@pytest.mark.parametrize("first", MODELS)
def test_every_pair_of_formats(first: str, second: str, tmp_path: Path) -> None:
    """What two formats in a row do not refuse has the energies of the first, bit by bit."""
    # Of few models with a bqm's 0 and 1 all may have linear parts, for which there is no place.
    linear_parts = first in (*LINEAR, "bqm") and second in PLACELESS
    assert kept_of_pair(first, second, 2, tmp_path) or linear_parts or ANYTHING & {first, second}


@pytest.mark.slow
@pytest.mark.parametrize("first", MODELS)
def test_every_pair_of_formats_in_more_models(first: str, tmp_path: Path) -> None:
    for second in MODELS:
        linear_parts = first in LINEAR and second in PLACELESS
        kept = kept_of_pair(first, second, 4, tmp_path)
        assert kept or linear_parts or ANYTHING & {first, second}


LINEAR, PLACELESS = ("qbsolv", "biqmac", "qubo-matrix"), ("rudy", "matrix")
ANYTHING = {"cqm", "lp", "mps"}


def kept_of_pair(first: str, second: str, count: int, folder: Path) -> int:
    """How many of so many models of each kind come through both, with their energies."""
    rng = np.random.default_rng([MODELS.index(first), MODELS.index(second)])
    kept, orders = 0, MEANT._replace(drop_offset=True)
    for kind in ("graph", "ising", "qubo", "hubo", "hising"):
        for _ in range(count):
            contents = random_contents(kind, rng)
            expected = exact_energies(contents)
            try:
                middle = through(contents, first, folder, orders)
                last = through(middle, second, folder, orders)
            except ValueError as error:
                assert any(word in str(error) for word in REASONS), error
                continue
            for found in map(exact_energies, (middle, last)):
                # Up to a constant here; the offset itself is the matter of the next test.
                assert [e - found[0] for e in found] == [e - expected[0] for e in expected]
            kept += 1
    return kept


REASONS = (
    "has no place for the fields",
    "cannot hold products",
    "constraints need lp or cqm",
    "SPIN variables not supported in LP",
)


@pytest.mark.parametrize("form", MODELS)
def test_the_offset_is_kept_exactly_or_refused(form: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(MODELS.index(form))
    kept = refused = 0
    for kind in ("ising", "qubo", "hubo", "hising") * 8:
        contents = random_contents(kind, rng)
        try:
            back = through(contents, form, tmp_path)
        except ValueError as error:
            assert any(word in str(error) for word in (*REASONS, "has no place for the offset"))
            refused += 1
            continue
        assert exact_energies(back) == exact_energies(contents)
        kept += 1
    assert kept
    assert refused or form in ("hubo", "hubo-json")


@pytest.mark.parametrize("form", MODELS)
def test_labels_and_offset_are_kept_or_refused(form: str, tmp_path: Path) -> None:
    contents = Contents(
        kind="qubo", num_variables=2, rows=np.array([0, 0]), cols=np.array([0, 1]),
        values=np.array([1.5, -2.0]), offset=0.25, labels=("b", "a"),
    )  # fmt: skip
    try:
        back = through(contents, form, tmp_path)
    except ValueError as error:
        assert "has no place for" in str(error) or "has no names" in str(error)
        back = through(contents, form, tmp_path, LOSSY) if form not in ("rudy", "matrix") else None
        if back is None:
            return
        assert list(back.labels) in ([0, 1], [1, 2])
        return
    if isinstance(back, CqmContents):
        assert list(back.cqm.variables) == ["b", "a"]
        assert float(back.cqm.objective.offset) == 0.25
        return
    assert list(back.labels) == ["b", "a"]
    assert exact_energies(back) == exact_energies(contents)


def test_dimod_reads_what_is_written(tmp_path: Path) -> None:
    dimod = pytest.importorskip("dimod")
    contents = Contents(
        kind="ising", num_variables=3, rows=np.array([0, 0, 1]), cols=np.array([0, 1, 0]),
        values=np.array([0.5, -2.0, 1.0]), offset=0.25, labels=("b", ("a", 1), 7),
    )  # fmt: skip
    write(contents, tmp_path / "a.json", "bqm")
    bqm = dimod.BQM.from_serializable(json.loads((tmp_path / "a.json").read_text()))
    expected = dimod.BQM({"b": 0.5, ("a", 1): 0, 7: 0}, {("b", ("a", 1)): -1.0}, 0.25, "SPIN")
    assert bqm == expected
    write(converted(contents, "cqm"), tmp_path / "a.cqm", "cqm")
    cqm = dimod.CQM.from_file((tmp_path / "a.cqm").read_bytes())
    assert cqm.objective.energy({"b": 1, ("a", 1): -1, 7: 1}) == bqm.energy(
        {"b": 1, ("a", 1): -1, 7: 1}
    )


def test_a_cut_is_a_maximisation(tmp_path: Path) -> None:
    graph = Contents(
        kind="graph", num_variables=3, rows=np.array([0, 1]), cols=np.array([1, 2]),
        values=np.array([3.0, -1.0]),
    )  # fmt: skip
    back = through(graph, "qplib", tmp_path, Orders(problem="maxcut"))
    assert back.maximise
    energies = [float(e) for e in exact_energies(back)]
    cuts = [3 * (x[0] != x[1]) - (x[1] != x[2]) for x in states(3).tolist()]
    assert energies == [-cut for cut in cuts]
    lp = through(back, "lp", tmp_path)
    assert lp.maximise and exact_energies(lp) == exact_energies(back)
    json_ = converted(back, "hubo-json")
    assert "written as the minimisation of the negative" in json_.notes[-1]


def test_sums_that_do_not_fit_are_refused() -> None:
    contents = Contents(
        kind="ising", num_variables=3, rows=np.array([0, 0]), cols=np.array([1, 2]),
        values=np.array([1e17, 1.0]),
    )  # fmt: skip
    with pytest.raises(ValueError, match="float64 does not hold exactly; give round_weights=True"):
        converted(contents, "qplib")
    assert converted(contents, "qplib", Orders(round_weights=True)).kind == "qubo"
    huge = dataclasses.replace(contents, values=np.array([1e308, 1e308]))
    with pytest.raises(ValueError, match="float64"):
        converted(huge, "qplib")
    largest = dataclasses.replace(contents, cols=np.array([1, 1]), values=np.full(2, 1.7e308))
    with pytest.raises(ValueError, match="added up exceed float64"):
        converted(largest, "bqm")
    tiny = TermContents(
        kind="hubo", num_variables=2, pointers=np.array([0, 2]), members=np.array([0, 1]),
        values=np.array([5e-324]),
    )  # fmt: skip
    with pytest.raises(ValueError, match="must stay within float64"):
        converted(tiny, "qh")


@pytest.mark.parametrize(
    "change, form, orders, part",
    [
        ({}, "xml", MEANT, "format must be one of"),
        ({}, "coo", Orders(), "say what it is meant to be with problem='maxcut', 'ising' or"),
        ({"format": "rudy"}, "coo", Orders(problem="qubo"), "counts pairs twice"),
        ({"kind": "ising", "offset": 1.0}, "qh", MEANT, "qh has no place for the offset 1.0"),
        ({"kind": "ising", "labels": ("a", "b")}, "coo", MEANT, "coo has no names for variables"),
        ({"cols": np.array([0])}, "rudy", MEANT, "rudy has no place for the fields"),
        ({"cols": np.array([0])}, "coo", Orders(problem="maxcut"), "no vertex fields"),
        ({"kind": "ising"}, "compiled", MEANT, "compiled"),
    ],
)
def test_refusals(change: Any, form: str, orders: Orders, part: str) -> None:
    graph = Contents(
        kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]),
        values=np.array([1.0]),
    )  # fmt: skip
    with pytest.raises(ValueError, match=part):
        converted(dataclasses.replace(graph, **change), form, orders)


def test_an_edge_list_as_a_qubo(tmp_path: Path) -> None:
    graph = Contents(
        kind="graph", num_variables=2, rows=np.array([0, 0]), cols=np.array([0, 1]),
        values=np.array([1.0, 2.0]), format="edge-list",
    )  # fmt: skip
    back = through(graph, "qbsolv", tmp_path, Orders(problem="qubo"))
    assert [float(e) for e in exact_energies(back)] == [0, 0, 1, 3]


def test_a_maximisation_is_minimised_elsewhere(tmp_path: Path) -> None:
    contents = Contents(
        kind="qubo", num_variables=1, rows=np.array([0]), cols=np.array([0]),
        values=np.array([1.0]), maximise=True,
    )  # fmt: skip
    found = converted(contents, "coo")
    assert isinstance(found, Contents) and not found.maximise
    assert "a maximisation: written as the minimisation of the negative" in found.notes


def test_compiled_files_and_constraints_stay_what_they_are(tmp_path: Path) -> None:
    pytest.importorskip("dimod")
    (tmp_path / "a.lp").write_text("Minimize\n obj: x\nSubject To\n c: x >= 1\nBinary\n x\nEnd\n")
    with pytest.raises(ValueError, match="coo holds ising or qubo, got cqm; constraints need lp"):
        converted(read(tmp_path / "a.lp"), "coo")  # type: ignore[arg-type]
    from pbit.formats.contents import CompiledContents

    empty: Any = np.zeros(0)
    network = CompiledContents(
        num_variables=1, rows=empty, cols=empty, values=empty, h=np.zeros(1), offset=0.0,
        votes=(), source=random_contents("ising", np.random.default_rng(1)),
    )  # fmt: skip
    assert converted(network, "compiled") is network
    with pytest.raises(ValueError, match="convert the file it was compiled from"):
        converted(network, "coo")


def test_long_products_are_refused() -> None:
    body = np.arange(20)
    terms = TermContents(
        kind="hubo", num_variables=20, pointers=np.array([0, 20]), members=body,
        values=np.array([1.0]),
    )  # fmt: skip
    with pytest.raises(ValueError, match="a format of pairs cannot hold products of 20"):
        converted(terms, "coo")
    with pytest.raises(ValueError, match=r"multiply out to 2\^20 others"):
        converted(terms, "rudy")


def test_writers_refuse_what_they_cannot_hold(tmp_path: Path) -> None:
    def one(**fields: Any) -> Contents:
        plain = dict(kind="qubo", num_variables=2, rows=np.array([0]), cols=np.array([1]))
        return Contents(**plain | {"values": np.array([1.0])} | fields)  # type: ignore[arg-type]

    for form, contents, part in (
        ("biqmac", one(values=np.array([5e-324])), "must not be below 1e-307"),
        ("qplib", one(values=np.array([1e308])), "must be below 8.9e307"),
        ("matrix", one(kind="graph", cols=np.array([0])), "matrix has no vertex fields"),
        ("matrix", one(kind="graph", num_variables=30_000), "holds at most 20000 variables"),
        ("qubo-matrix", one(num_variables=1, cols=np.array([0])), "at least 2 variables, got 1"),
        ("lp", one(kind="graph"), "kind must be qubo or ising for a CQM, got graph"),
        ("lp", one(labels=("a b", "c")), "cannot be output to an LP file"),
    ):
        with pytest.raises(ValueError, match=part):
            write(contents, tmp_path / "a", form)
        assert not (tmp_path / "a").exists()


def test_dense_adds_up() -> None:
    twice = Contents(
        kind="graph", num_variables=2, rows=np.array([0, 1]), cols=np.array([1, 0]),
        values=np.array([1.0, 2.0]),
    )  # fmt: skip
    assert dense(twice, symmetric=True).tolist() == [[0, 3], [3, 0]]


def test_any_weights_survive(tmp_path: Path) -> None:
    """Formats of the same kind of variables: every float64, however long."""
    hypothesis = pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    number = st.floats(allow_nan=False, allow_infinity=False, width=64).map(lambda v: v + 0.0)

    @hypothesis.settings(max_examples=60, deadline=None)
    @hypothesis.given(
        st.lists(number, min_size=3, max_size=3), number, st.sampled_from(["ising", "qubo"])
    )
    def check(values: list[float], offset: float, kind: Any) -> None:
        contents = Contents(
            kind=kind, num_variables=3, rows=np.array([0, 0, 1]), cols=np.array([0, 1, 2]),
            values=np.array(values), offset=offset,
        )  # fmt: skip
        for form in ("coo", "bqm", "hubo", "hubo-json"):
            back = through(contents, form, tmp_path)
            found = dict(zip(map(tuple, map(sorted, _bodies(back))), back.values, strict=True))
            wanted = dict(zip([(0,), (0, 1), (1, 2)], values, strict=True))
            assert {k: v for k, v in found.items() if v} == {k: v for k, v in wanted.items() if v}
            assert back.offset == offset

    check()


def test_writable_formats_are_those_of_the_converter() -> None:
    from pbit.cli.registered import WRITTEN

    assert WRITTEN.choices == formats.WRITABLE
