"""What the rules store: energies as they are defined, fixed points, and what is refused."""

import importlib
import subprocess
import sys

import numpy as np
import pytest

from brute_force import all_states
from fresh_registry import fresh
from naive_memories import couplings_of, energies_of, model_of
from pbit import IsingModel
from pbit.problems.hopfield import (
    DenseRule,
    PairRule,
    Recall,
    register_rule,
    storage,
    storage_rules,
    store,
)

RULES = ("hebb", "pseudo-inverse", "storkey", "polynomial", "exponential")
PAIRS = RULES[:3]
LETTERS = {"I": ("xxx", ".x.", "xxx"), "C": ("xxx", "x..", "xxx"), "T": ("xxx", ".x.", ".x.")}


def letters():
    """The 3 x 3 letters of Borders et al., Appl. Phys. Express 10, 013007 (2017)."""
    return np.array([[1 if c == "x" else -1 for c in "".join(rows)] for rows in LETTERS.values()])


def patterns_of(count, n, seed=1):
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (count, n))


def test_every_rule_is_tested():
    assert tuple(storage_rules()) == RULES


@pytest.mark.parametrize("rule", PAIRS)
def test_couplings_are_those_of_the_formula(rule):
    patterns = patterns_of(4, 9)
    J = store(patterns, rule).model.J.toarray()
    assert pytest.approx(couplings_of(patterns, rule), abs=1e-14) == J
    assert np.array_equal(J, J.T)
    assert not J.diagonal().any()


@pytest.mark.parametrize("degree", [2, 3, 4, 5])
@pytest.mark.parametrize("rule", RULES)
def test_energies_are_those_of_all_states(rule, degree):
    patterns, states = patterns_of(3, 7), all_states(7)
    memory = store(patterns, rule, degree=degree)
    exact = energies_of(patterns, states, rule, degree)
    assert memory.energy(states) == pytest.approx(exact, abs=1e-12)
    assert memory.energy(states.reshape(2, 64, 7)).shape == (2, 64)


@pytest.mark.parametrize("degree", [2, 3, 4, 6])
def test_a_polynomial_memory_is_a_polynomial_model(degree):
    patterns, states = patterns_of(3, 7), all_states(7)
    memory = store(patterns, "polynomial", degree=degree)
    model = memory.to_polynomial()
    assert np.diff(model.pointers).max() <= degree
    assert model.energy(states) == pytest.approx(memory.energy(states), abs=1e-12)


def test_control_a_wrong_degree_has_other_energies():
    patterns, states = patterns_of(3, 7), all_states(7)
    memory = store(patterns, "polynomial", degree=3)
    assert (
        np.abs(memory.energy(states) - energies_of(patterns, states, "polynomial", 4)).max() > 0.1
    )


def test_degree_two_is_hebb():
    patterns, states = patterns_of(5, 8), all_states(8)
    square = store(patterns, "polynomial", degree=2).energy(states)
    assert square == pytest.approx(store(patterns, "hebb").energy(states) - 5 / 2)


def test_energies_of_large_overlaps_do_not_overflow():
    patterns = patterns_of(3, 2000)
    memory = store(patterns, "exponential")
    assert memory.energy(patterns) == pytest.approx(-2000.0)


@pytest.mark.parametrize("rule", RULES)
def test_letters_are_fixed_points(rule):
    """All rules store the I, the C and the T of 3 x 3 pixels."""
    memory = store(letters(), rule)
    assert np.array_equal(memory.recall(letters()), letters())
    if rule in PAIRS:
        assert memory.model.num_couplings <= 36


@pytest.mark.parametrize("count", [1, 10, 30, 59])
def test_the_pseudo_inverse_stores_exactly(count):
    """Every pattern is an eigenvector of the projector: fields of pixel i are 1 - P_ii."""
    patterns = patterns_of(count, 60)
    memory = store(patterns, "pseudo-inverse")
    fields = memory.model.field(patterns)
    assert np.array_equal(memory.recall(patterns), patterns)
    share = 1 - (patterns * fields)[0]
    assert fields == pytest.approx(patterns * (1 - share), abs=1e-9)
    assert share.sum() == pytest.approx(count)


def test_dependent_patterns_are_stored_as_well():
    patterns = patterns_of(5, 30)
    again = np.concatenate([patterns, patterns[:2], -patterns[3:4]])
    alone, more = (store(each, "pseudo-inverse").model.J.toarray() for each in (patterns, again))
    assert more == pytest.approx(alone, abs=1e-12)


def test_patterns_that_span_all_pixels_are_told():
    with pytest.warns(UserWarning, match="span all 6 pixels"):
        memory = store(patterns_of(40, 6), "pseudo-inverse")
    assert not memory.model.num_couplings


@pytest.mark.parametrize("rule", RULES)
def test_patterns_may_come_one_after_the_other(rule):
    patterns = patterns_of(12, 40)
    memory = store(patterns[:5], rule)
    for first in (5, 6, 9):
        last = {5: 6, 6: 9, 9: 12}[first]
        memory = store(patterns[first:last], rule, before=memory)
    at_once = store(patterns, rule)
    assert np.array_equal(memory.patterns, patterns)
    if rule in PAIRS:
        assert np.array_equal(memory.model.J.toarray(), at_once.model.J.toarray())
    probes = patterns_of(20, 40, seed=2)
    assert np.array_equal(memory.recall(probes), at_once.recall(probes))


@pytest.fixture
def registry():
    """Rules that are registered are forgotten afterwards."""
    with fresh(storage.KNOWN, importlib.import_module("pbit.problems.hopfield.rules")):
        yield


def test_a_new_rule_is_one_function(registry):
    register_rule(PairRule("only-the-last", "forgets", couplings=forgetful))
    memory = store(patterns_of(3, 12), "only-the-last")
    assert np.array_equal(memory.recall(memory.patterns[2:]), memory.patterns[2:])
    with pytest.raises(ValueError, match="name must be new, got 'only-the-last'"):
        register_rule(PairRule("only-the-last", "another", couplings=forgetful))


def forgetful(patterns, first, J):
    last = patterns[-1].astype(float)
    return np.outer(last, last) / last.size - np.eye(last.size) / last.size


def test_a_new_dense_rule_is_its_energies_and_its_table(registry):
    """The fourth power with a factor 2."""
    fourth = storage_rules()["polynomial"]
    register_rule(
        DenseRule(
            "doubled",
            "twice the fourth power",
            energies=lambda k, n, degree: 2 * fourth.energies(k, n, 4),
            table=lambda n, degree: 2 * fourth.table(n, 4),
        )
    )
    patterns, states = patterns_of(3, 7), all_states(7)
    memory, single = store(patterns, "doubled"), store(patterns, "polynomial", degree=4)
    assert memory.energy(states) == pytest.approx(2 * single.energy(states))
    colder, warmer = Recall(beta=2.0, seed=1), Recall(beta=1.0, seed=1)
    assert np.array_equal(memory.recall(states, warmer), single.recall(states, colder))


def test_what_is_refused():
    patterns = patterns_of(3, 8)
    for bad in (np.ones((0, 8)), np.ones((3, 0)), np.ones(8)):
        with pytest.raises(ValueError, match="patterns must be rows of pixels"):
            store(bad)
    with pytest.raises(ValueError, match="patterns must be -1 or \\+1; for bits"):
        store([[0, 1]])
    with pytest.raises(ValueError, match="patterns must be -1 or"):
        store([[np.nan, 1]])
    with pytest.raises(ValueError, match=r"rule must be one of hebb, .*got 'hebbian'"):
        store(patterns, "hebbian")
    with pytest.raises(ValueError, match="degree must be >= 2, got 1"):
        store(patterns, "polynomial", degree=1)
    with pytest.raises(TypeError, match="degree must be an integer"):
        store(patterns, "polynomial", degree=2.5)
    with pytest.raises(ValueError, match="patterns must have 8 pixels as before, got 7"):
        store(patterns_of(1, 7), before=store(patterns))
    with pytest.raises(ValueError, match="rule must be 'polynomial' for products"):
        store(patterns, "exponential").to_polynomial()
    with pytest.raises(ValueError, match="degree must leave at most 2097152 products"):
        store(patterns_of(2, 400), "polynomial", degree=5).to_polynomial()


@pytest.mark.parametrize(
    ("rule", "needs"), [("hebb", "couplings of"), ("exponential", "patterns of")]
)
def test_what_cannot_fit_is_refused_before_it_is_made(rule, needs, monkeypatch):
    monkeypatch.setattr("pbit.machine.memory_bytes", lambda: 1000.0)
    with pytest.raises(MemoryError, match=f"{needs}.* pixels need about .*lower their number"):
        store(patterns_of(3, 50), rule)


def test_the_walsh_sums_of_the_referee():
    """An Ising model comes out of its energies as it went in."""
    model = IsingModel([0.5, 0.0, -1.0], [[0, 1, 2], [1, 0, 0], [2, 0, 0]])
    found = model_of(model.energy, 3)
    assert found.energy(all_states(3)) == pytest.approx(model.energy(all_states(3)))


def test_names_of_the_package():
    package = importlib.import_module("pbit.problems.hopfield")
    assert {getattr(package, name) is not None for name in dir(package)} == {True}
    with pytest.raises(AttributeError, match="has no attribute 'Hopfield'"):
        _ = package.Hopfield


def test_storing_needs_no_scikit_learn():
    code = """
import sys
sys.modules['sklearn'] = None
from pbit.problems.hopfield import store
store([[1, -1]])
try:
    from pbit.problems.hopfield import HopfieldMemory
except ImportError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'pbit-emulator[learn]'" in run.stdout
