"""Models of digits: energies, layout, scales, equality, random states, refusals."""

import copy
import itertools
import pickle

import numpy as np
import pytest

from pbit import DitModel
from pbit.checks import TooLargeError
from pbit.models.digits.scales import mean_energy, mean_fields, spreads
from random_dits import COUNTS, naive_energy, random_dits, random_potts

MAKERS = [random_dits, random_potts]
PAIR = {"num_values": [2, 3], "h": None, "rows": [0], "cols": [1], "tables": [np.ones((2, 3))]}
ARRAYS = {
    "num_values": [2, 3],
    "h": np.zeros(5),
    "pointers": [0, 1, 2],
    "neighbours": [1, 0],
    "tables": np.r_[np.arange(6.0), np.arange(6.0).reshape(2, 3).T.ravel()],
    "table_of": [0, 6],
}


def all_values(counts):
    states = list(itertools.product(*map(range, counts)))
    return np.array(states, dtype=int).reshape(len(states), len(counts))


# --- energies and layout


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("seed", range(5))
def test_energy_is_the_sum_of_its_terms(make, seed):
    model = make(seed=seed)
    states = all_values(COUNTS)
    energies = model.energy(states)
    assert energies.dtype == np.float64 and energies.shape == (72,) == (model.num_states,)
    assert energies == pytest.approx([naive_energy(model, x) for x in states], abs=1e-12)
    assert model.energy(states.reshape(2, 36, 4)).shape == (2, 36)
    assert model.energy(states[5]).item() == energies[5]


def test_energy_of_tables_given_in_any_direction():
    rng = np.random.default_rng(1)
    a, b, c = rng.normal(size=(3, 2)), rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
    model = DitModel.from_pairs([3, 2, 2], None, [0, 1, 2], [1, 0, 1], [a, b, c])
    assert model.num_edges == 2
    for x in all_values([3, 2, 2]):
        want = a[x[0], x[1]] + b[x[1], x[0]] + c[x[2], x[1]]
        assert model.energy(x).item() == pytest.approx(want)


def test_energy_in_pieces(monkeypatch):
    model = random_dits(seed=3)
    states = model.random(seed=1, rows=50)
    whole = model.energy(states)
    monkeypatch.setattr("pbit.models.digits.dit_model._BLOCK", 30)
    assert np.array_equal(model.energy(states), whole)


def test_rows_have_each_edge_from_both_ends():
    model = DitModel.potts([2, 0, 1], [0, 1, 0], [3.0, 1.0, 1.5], num_values=[2, 3, 4])
    assert model.pointers.tolist() == [0, 2, 3, 4] and model.neighbours.tolist() == [1, 2, 0, 0]
    assert model.weights.tolist() == [2.5, 3.0, 2.5, 3.0]
    assert model.starts.tolist() == [0, 2, 5, 9] and model.is_potts
    assert model.num_values.dtype == np.int32 and model.neighbours.dtype == np.int32
    assert model.pointers.dtype == np.int64 == model.starts.dtype


def test_tables_are_stored_once_for_each_way_they_are_seen():
    apart, skew = np.eye(3), np.arange(9.0).reshape(3, 3)
    model = DitModel.from_pairs(
        [3] * 4, None, [0, 1, 3, 2], [1, 2, 2, 0], [apart, apart.copy(), skew, skew]
    )
    assert model.tables.size == 27 and model.table_of.dtype == np.int64
    assert not model.is_potts
    for entry, (i, j) in enumerate(zip(*model.ends(), strict=True)):
        given = {(0, 1): apart, (1, 2): apart, (2, 3): skew.T, (0, 2): skew.T}
        want = given[min(i, j), max(i, j)]
        assert np.array_equal(model.table(entry), want if i < j else want.T)


def test_one_table_for_all_edges():
    cost = np.arange(4.0).reshape(2, 2)
    model = DitModel.from_pairs([2] * 3, None, [0, 1], [1, 2], cost)
    assert model.energy([1, 0, 1]).item() == cost[1, 0] + cost[0, 1]
    assert model.tables.size == 8


def test_zeros_are_no_edges():
    assert DitModel.from_pairs([2, 2], None, [0], [1], [np.zeros((2, 2))]).num_edges == 0
    assert DitModel.potts([0, 1], [1, 0], [1.0, -1.0], num_values=2).num_edges == 0


@pytest.mark.parametrize("counts", [[], [1], [1, 4]])
def test_models_without_edges(counts):
    model = DitModel.from_pairs(counts, None, [], [], [], offset=1.5)
    assert model.energy(all_values(counts)).tolist() == [1.5] * model.num_states
    assert model.bounds == (1.5, 1.5) and model.spread == 0.0
    assert model.random(seed=1, rows=2).shape == (2, len(counts))
    bare = DitModel(counts, np.zeros(sum(counts)), np.zeros(len(counts) + 1, int), [])
    assert bare.is_potts and bare.num_edges == 0


def test_potts_counts_its_digits():
    assert DitModel.potts([0], [1], num_values=3).num_digits == 2
    assert DitModel.potts([0], [1], num_values=3, num_digits=5).num_digits == 5
    assert DitModel.potts([0], [1], num_values=[3, 2, 2]).num_values.tolist() == [3, 2, 2]
    assert DitModel.potts([], [], num_values=3).num_digits == 0


def test_fields_come_flat_or_a_row_a_digit():
    flat = DitModel.from_pairs([2, 3], [1, 2, 3, 4, 5], [], [], [])
    rows = DitModel.from_pairs([2, 3], [[1, 2], [3, 4, 5]], [], [], [])
    assert flat == rows and flat.energy([1, 2]).item() == 7.0
    square = DitModel.potts([], [], num_values=2, num_digits=2, h=np.array([[1, 2], [3, 4]]))
    assert square.h.tolist() == [1.0, 2.0, 3.0, 4.0]


# --- names, equality, states


def test_labels_and_cases():
    plain = DitModel.from_pairs(**PAIR)
    assert list(plain.labels) == [0, 1] and [list(c) for c in plain.cases] == [[0, 1], [0, 1, 2]]
    named = DitModel.from_pairs(**PAIR, labels=["a", "b"], cases=[["x", "y"], "uvw"])
    assert named.labels == ["a", "b"] and named.cases[1] == "uvw"


@pytest.mark.parametrize("make", MAKERS)
def test_equal_by_value(make):
    model = make(seed=1)
    other = pickle.loads(pickle.dumps(model))
    assert model == copy.deepcopy(model) == other and hash(model) == hash(other)
    assert np.array_equal(model.starts, other.starts)
    assert model != make(seed=2) and random_dits(seed=1) != random_potts(seed=1)


def test_random_states_are_even_and_follow_the_seed():
    model = random_dits(seed=1)
    states = model.random(seed=5, rows=20000)
    assert states.dtype == np.int16 and model.is_valid(states).all()
    assert np.array_equal(states, model.random(seed=5, rows=20000))
    for i, count in enumerate(COUNTS):
        seen = np.bincount(states[:, i], minlength=count) / 20000
        assert seen == pytest.approx(1 / count, abs=0.02)  # six standard deviations
    most = DitModel.potts([], [], num_values=2**15, num_digits=40).random(seed=1, rows=4000)
    assert most.min() == 0 and most.max() == 2**15 - 1


def test_valid_states():
    model = DitModel.from_pairs(**PAIR)
    assert model.is_valid([[1, 2], [2, 0], [0, -1]]).tolist() == [True, False, False]
    assert model.is_valid([[1.0, 2.0], [0.5, 0.0]]).tolist() == [True, False]
    assert model.check([[1, 2]]).dtype == np.int16


# --- scales


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("seed", range(4))
def test_scales_are_those_of_all_states(make, seed):
    model = make(seed=seed)
    states = all_values(COUNTS)
    energies = model.energy(states)
    least, most = model.bounds
    assert least <= energies.min() + 1e-12 and energies.max() - 1e-12 <= most
    assert mean_energy(model) == pytest.approx(energies.mean())
    assert model.spread == pytest.approx(energies.std())
    cube = energies.reshape(COUNTS)
    for i, spread in enumerate(spreads(model)):
        assert spread == pytest.approx(np.sqrt(cube.var(axis=i).mean()))
        others = tuple(k for k in range(4) if k != i)
        found = mean_fields(model)[model.starts[i] : model.starts[i + 1]]
        means = cube.mean(axis=others)
        assert found - found.mean() == pytest.approx(means - means.mean())


def test_bounds_are_reached_by_one_pair():
    model = DitModel.from_pairs(
        [2, 3], [[0, 0], [0, 0, 0]], [0], [1], [np.arange(6.0).reshape(2, 3)], offset=1.0
    )
    assert model.bounds == (1.0, 6.0)


def test_scales_in_pieces(monkeypatch):
    model = random_dits([3] * 6, seed=1)
    whole = spreads(model)
    monkeypatch.setattr("pbit.models.digits.groups._PIECE", 20)
    assert spreads(model) == pytest.approx(whole)


# --- refusals


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_values": [0, 3]}, "num_values must be 1..32768, got 0 for digit 0; leave out"),
        ({"num_values": [2, 2**15 + 1]}, "got 32769 for digit 1"),
        ({"num_values": 2}, "num_values must be one number a digit, got shape .*; give num_digits"),
        ({"num_values": [2.0, 3.0]}, "num_values must be integers"),
        ({"num_values": [[1], [1, 2]]}, "num_values must be integers"),
        ({"h": np.zeros(4)}, "h must have 5 numbers, one a case of each digit, or 2 rows"),
        ({"h": [[0, 0]]}, "h must have a row for each of the 2 digits, got 1 rows"),
        ({"h": [[0, 0], [0, 0]]}, "h must have 3 numbers for digit 1, one a value, got 2"),
        ({"h": [0, 0, 0, np.nan, 0]}, "h must be finite, got nan for digit 1"),
        ({"h": 3}, "h must be a list of numbers"),
        ({"rows": [2]}, r"edges must join digits from 0 to 1, got 2 \(edge 0\); count from 0"),
        ({"cols": [-1]}, r"got -1 \(edge 0\)"),
        ({"cols": [0]}, r"edges must join two digits, got \(0, 0\), edge 0; .* belongs into h"),
        ({"cols": [1, 1]}, r"rows and cols must be lists of one length, got \(1,\) and \(2,\)"),
        ({"cols": [1.0]}, "cols must be integers, got"),
        ({"tables": []}, "tables must be 1, one an edge, or one array of two axes for all, got 0"),
        ({"tables": 3}, "tables must be a list of arrays, one an edge"),
        ({"tables": [np.ones((3, 2))]}, r"tables must have shape \(2, 3\) for edge 0"),
        ({"tables": [np.full((2, 3), np.inf)]}, "tables must be finite, got inf in the table of"),
        ({"labels": ["a"]}, "labels must name each of the 2 digits once, got 1 labels"),
        ({"labels": ["a", "a"]}, "got 2 labels, 1 of them distinct"),
        ({"cases": [[0, 1]]}, "cases must have a list for each of the 2 digits, got 1"),
        ({"cases": [[0, 1], "uuv"]}, "name each of the 3 values of digit 1 once, got 3 names, 2"),
        ({"offset": np.inf}, "offset must be finite, got inf"),
        ({"h": [1e308, 0, 1e308, 0, 0]}, "weights must have a finite sum of absolute values"),
    ],
)
def test_refused(changes, message):
    with pytest.raises((ValueError, TypeError), match=message):
        DitModel.from_pairs(**{**PAIR, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weights": [1.0, 2.0]}, r"weights must be 1, one an edge, got shape \(2,\)"),
        ({"weights": [np.nan]}, "weights must be finite, got nan for edge 0"),
        ({"num_digits": 1}, "edges must join digits from 0 to 0, got 1"),
        ({"num_digits": -1}, "num_digits must be >= 0"),
        ({"num_values": [2, 2], "num_digits": 3}, "num_values must be a number, or 3 of them"),
    ],
)
def test_refused_potts(changes, message):
    with pytest.raises(ValueError, match=message):
        DitModel.potts(**{"rows": [0], "cols": [1], "weights": [1.0], "num_values": 2, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pointers": [0, 2]}, "pointers must be 3 integers that rise from 0 to the 2 neighbours"),
        ({"pointers": [0, 1, 1]}, "pointers must be 3 integers"),
        ({"neighbours": [1, 1]}, "edges must join two digits"),
        ({"neighbours": [2, 0]}, "edges must join digits from 0 to 1, got 2"),
        ({"pointers": [0, 2, 2], "neighbours": [1, 1]}, "neighbours must rise within each row"),
        ({"pointers": [0, 1, 1], "neighbours": [1], "table_of": [0]},
         "each edge from both ends, got 1 in row 0 and not 0 in row 1"),
        ({"table_of": None}, "weights of Potts pairs, or tables and table_of"),
        ({"weights": [1.0, 1.0]}, "weights of Potts pairs, or tables and table_of"),
        ({"table_of": [0]}, "table_of must be 2 integers, one an entry of neighbours"),
        ({"table_of": [0.0, 6.0]}, "table_of must be 2 integers"),
        ({"table_of": [0, 7]}, "table_of must begin tables .* within the 12 of tables, got 0 to 1"),
        ({"table_of": [0, 0]}, "tables must be the same from both ends of an edge, got others for"),
        ({"tables": np.full(12, np.nan)}, "tables must be finite, got nan"),
        ({"tables": None, "weights": [1.0]}, "weights must be 2, one an entry of neighbours"),
        ({"tables": None, "weights": [1.0, 2.0]}, "weights must be the same from both ends"),
        ({"tables": None, "weights": [np.inf] * 2}, "weights must be finite, got inf"),
    ],
)  # fmt: skip
def test_refused_rows(changes, message):
    assert DitModel(**ARRAYS).energy([1, 2]).item() == 5.0
    with pytest.raises(ValueError, match=message):
        DitModel(**{**ARRAYS, **changes})


def test_refused_values():
    model = DitModel.from_pairs(**PAIR)
    with pytest.raises(ValueError, match=r"values of digit 1 must be 0..2, got 3; values are nu"):
        model.energy([0, 3])
    with pytest.raises(ValueError, match="values must have last axis 2, one entry a digit"):
        model.energy([0, 1, 1])
    with pytest.raises(TypeError, match="values must be integers"):
        model.energy([0.0, 1.0])


def test_too_large(monkeypatch):
    monkeypatch.setattr("pbit.machine.memory_bytes", lambda: 100.0)
    with pytest.raises(TooLargeError, match=r"tables of pairs need about .*lower num_values, or"):
        DitModel.from_pairs(**PAIR)
    with pytest.raises(TooLargeError, match=r"states need about .*; lower rows"):
        DitModel.potts([0], [1], num_values=2).random(rows=1000)
