"""Equal records compare equal, unequal ones unequal, and nothing raises, whatever they hold."""

import copy
import dataclasses
import importlib
import pickle
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import dimod
import numpy as np
import pytest
from scipy import sparse

import pbit
from pbit import formats
from pbit.by_value import ByValue, same
from pbit.exact.elimination import exact_marginals
from pbit.problems.core.evaluation import evaluate
from pbit.problems.max_cut import MaxCut

ARRAYS = re.compile(r"Array|Floats|Ints\b|Spins\b|sparse\.|npt\.|np\.|\bAny\b|\bobject\b")


def public_dataclasses() -> Iterator[type]:
    for module in pkgutil.walk_packages(pbit.__path__, "pbit."):
        if not module.name.endswith("__main__"):
            found = importlib.import_module(module.name)
            for name, kind in sorted(vars(found).items()):
                is_ours = isinstance(kind, type) and kind.__module__ == module.name
                if is_ours and dataclasses.is_dataclass(kind) and not name.startswith("_"):
                    yield kind


FROZEN = [kind for kind in public_dataclasses() if kind.__dataclass_params__.frozen]  # type: ignore[attr-defined]
VALUES = [kind for kind in FROZEN if issubclass(kind, ByValue)]
OTHERS = [kind for kind in FROZEN if not issubclass(kind, ByValue)]


def filled(kind: type, value: Any) -> Any:
    """A record with something of its own in each field."""
    record = object.__new__(kind)
    for k, field in enumerate(dataclasses.fields(kind)):
        object.__setattr__(record, field.name, value(k))
    return record


def test_there_are_records_to_compare() -> None:
    assert len(VALUES) > 80
    assert {pbit.IsingModel, pbit.PolynomialModel, pbit.Schedule, MaxCut} < set(VALUES)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__qualname__)
def test_records_of_arrays_compare_by_value(kind: type) -> None:
    one, other = (filled(kind, lambda k: np.array([k, np.nan, 2.0])) for _ in range(2))
    assert one == other and hash(one) == hash(other) and not one != other
    names = [field.name for field in dataclasses.fields(kind) if field.compare]
    for k, name in enumerate(names):
        changed = filled(kind, lambda k: np.array([k, np.nan, 2.0]))
        object.__setattr__(changed, name, np.array([k, np.nan, 3.0]))
        assert one != changed
        object.__setattr__(changed, name, np.zeros((2, 2)))
        assert one != changed
    assert one != "a text" and one != filled(kind, lambda k: None)


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.__qualname__)
def test_records_without_arrays_may_compare_as_dataclasses_do(kind: type) -> None:
    assert kind.__dataclass_params__.eq, "neither by value nor by fields"  # type: ignore[attr-defined]
    held = [f.name for f in dataclasses.fields(kind) if f.compare and ARRAYS.search(str(f.type))]
    assert not held, f"{held} may be arrays, on which == of tuples raises"


def instances() -> dict[str, Any]:
    edges = pbit.IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, -1.0, 0.5], h=[0.5, 0, 0])
    cubic = pbit.PolynomialModel.from_terms({(0, 1, 2): 1.0, (0,): -1.0})
    chip = pbit.Hardware(weight_bits=4, gain_spread=0.1)
    reads = pbit.anneal(edges, num_reads=3, num_sweeps=4, seed=1)
    cut = MaxCut([0], [1], [1.0], range(2))
    return {
        "ising": edges,
        "polynomial": cubic,
        "directed": pbit.DirectedModel.from_edges([0], [1], [1.0]),
        "schedule": pbit.Schedule(np.array([0.1, 1.0]), 3),
        "chip": chip,
        "reads": reads,
        "moments": pbit.moments(edges, 1.0, num_sweeps=8, burn_in=2, num_reads=1, seed=1),
        "tempered": pbit.temper(edges, num_sweeps=8, seed=1),
        "population": pbit.population_anneal(edges, beta=1.0, population_size=20, seed=1),
        "marginals": exact_marginals(edges, 1.0),
        "calibrated": pbit.calibrate(chip, num_pbits=3, num_samples=40, seed=1),
        "problem": cut,
        "evaluation": evaluate(cut, pbit.anneal(cut.model, num_reads=2, num_sweeps=2, seed=1)),
        "solution": pbit.solve(edges, num_reads=2, num_sweeps=2, seed=1),
        "cqm": formats.cqm.CqmContents(
            cqm=dimod.CQM.from_bqm(dimod.BQM({"a": 1.0}, {}, 0.0, "BINARY"))
        ),
    }


@pytest.mark.parametrize("name", instances())
def test_copies_of_what_users_hold_are_equal(name: str) -> None:
    one = instances()[name]
    copies = [copy.deepcopy(one)]
    if name != "cqm":  # dimod's cannot be pickled
        copies.append(pickle.loads(pickle.dumps(one)))
    for other in copies:
        assert one == other and hash(one) == hash(other) and not one != other
        assert len({one, other}) == 1


def test_models_are_equal_however_they_were_made() -> None:
    one = pbit.IsingModel([0.0, 0.0], [[0, 1], [1, 0]])
    assert one == pbit.IsingModel.from_edges([1], [0], np.array([1.0], np.float32), labels=[0, 1])
    assert hash(one) == hash(pbit.IsingModel.from_edges([0], [1], [1.0]))
    assert one != pbit.IsingModel([0.0, 0.0], [[0, 1], [1, 0]], offset=1.0)
    assert one != pbit.IsingModel([0.0, 0.0], [[0, 1], [1, 0]], labels="ab")
    assert one != pbit.IsingModel([0.0, 1.0], [[0, 1], [1, 0]])


@pytest.mark.parametrize(
    "one, other",
    [
        (np.array([1.0]), 1.0),
        (np.zeros(2), sparse.csr_array((1, 2))),
        (np.array([None, 1]), np.array([None, 2])),
        (sparse.csr_array([[0, 1.0]]), sparse.csr_array([[0, 2.0]])),
        (sparse.csr_array([[0, 1.0]]), np.array([[0, 1.0]])),
        ({"a": 1}, {"b": 1}),
        ([1, 2], [1, 2, 3]),
        ("ab", ["a", "b"]),
        (range(3), range(4)),
        (object(), object()),
    ],
)
def test_what_is_not_the_same(one: Any, other: Any) -> None:
    assert not same(one, other) and not same(other, one)


@pytest.mark.parametrize(
    "one, other",
    [
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.array([None, "a"]), np.array([None, "a"])),
        (sparse.csr_array([[0, np.nan]]), sparse.coo_array([[0, np.nan]])),
        (sparse.csr_array([[0, 1.0]]), sparse.csc_array([[0, 1.0]])),
        (float("nan"), np.float64("nan")),
        (range(2), (0, 1)),
        (np.array(["a"]), np.array(["a"])),
    ],
)
def test_what_is_the_same(one: Any, other: Any) -> None:
    assert same(one, other) and same(other, one)
