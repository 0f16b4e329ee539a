"""The higher-order model: energies, fields, canonical form, incidence, conversions, refusals."""

import itertools
import subprocess
import sys

import dimod
import numpy as np
import pytest

from cases import some
from pbit import IsingModel, PolynomialModel, exact
from pbit.exact import states
from pbit.models.conventions.hubo import spin_terms
from pbit.models.terms import Terms
from random_models import random_model, random_polynomial

LABELS = ["a", 0, ("b", 1), 2.5, (("d",),), "e"]


def random_dimod(vartype, *, seed, labels=LABELS, degree=4):
    """Every term of up to ``degree`` labels, by the notation of dimod, and a constant."""
    rng = np.random.default_rng(seed)
    return dimod.BinaryPolynomial(
        {
            body: float(rng.normal())
            for k in range(degree + 1)
            for body in itertools.combinations(labels, k)
        },
        vartype,
    )


def naive_energy(model, s):
    return model.offset - sum(w * np.prod([s[i] for i in body]) for body, w in model.terms())


def naive_field(model, s, i):
    others = (([j for j in body if j != i], w) for body, w in model.terms() if i in body)
    return sum(w * np.prod([s[j] for j in rest]) for rest, w in others)


# --- energy and field


def test_energy_and_field_are_the_formula():
    model = random_polynomial(7, seed=1, degree=6)
    assert (model.num_spins, model.degree) == (7, 6)
    all_states = states(7)
    energies, fields = model.energy(all_states), model.field(all_states)
    assert energies.dtype == fields.dtype == np.float64 and fields.shape == (128, 7)
    for s, energy, on_spins in zip(all_states.tolist(), energies, fields, strict=True):
        assert energy == pytest.approx(naive_energy(model, s), abs=1e-12)
        assert on_spins == pytest.approx([naive_field(model, s, i) for i in range(7)], abs=1e-12)


def test_a_flip_costs_two_s_f():
    model = random_polynomial(8, seed=2, degree=5)
    all_states = states(8)
    for i in range(8):
        flipped = all_states.copy()
        flipped[:, i] *= -1
        cost = model.energy(flipped) - model.energy(all_states)
        assert np.allclose(cost, 2 * all_states[:, i] * model.field(all_states)[:, i])


def test_one_and_two_bodies_have_the_signs_of_the_ising_model():
    model = PolynomialModel.from_terms({(0, 1): 2.0, (1,): 0.5})
    ising = IsingModel.from_edges([0], [1], [2.0], h=[0.0, 0.5])
    assert np.array_equal(model.energy(states(2)), ising.energy(states(2)))
    assert np.array_equal(model.field(states(2)), ising.field(states(2)))
    assert model.h.tolist() == [0.0, 0.5]


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32])
def test_any_shape_and_type_of_states(dtype):
    model = random_polynomial(5, seed=3)
    s = np.tile(states(5), (100, 1)).reshape(2, 16, 100, 5).astype(dtype)
    assert model.energy(s).shape == (2, 16, 100) and model.field(s).shape == s.shape
    assert np.allclose(model.energy(s).ravel(), np.tile(model.energy(states(5)), 100))
    assert model.energy(s[0, 0, 0]).shape == () and model.field(s[0, 0, 0]).shape == (5,)
    assert model.energy(s[:, :0]).shape == (2, 0, 100)


def test_many_terms_and_states_go_in_blocks(monkeypatch):
    model = random_polynomial(9, seed=4, degree=5, num_terms=40)
    energies, fields = model.energy(states(9)), model.field(states(9))
    monkeypatch.setattr("pbit.models.terms._BLOCK", 64)
    monkeypatch.setattr("pbit.models.polynomial._BLOCK", 64)
    assert np.allclose(model.energy(states(9)), energies)
    assert np.allclose(model.field(states(9)), fields)


def test_models_without_spins_or_without_terms():
    none = PolynomialModel.from_terms({}, offset=1.5)
    assert (none.num_spins, none.num_terms, none.degree) == (0, 0, 0)
    assert none.energy(np.zeros((3, 0))).tolist() == [1.5] * 3
    free = PolynomialModel.from_terms({}, num_spins=2, offset=-1.0)
    assert free.energy(states(2)).tolist() == [-1.0] * 4
    assert free.field([1, 1]).tolist() == [0.0, 0.0]
    assert [part.tolist() for part in free.incidence()] == [[0, 0, 0], [], [0], []]


def test_exact_laws_take_it():
    model = random_polynomial(5, seed=5, degree=4)
    energies = exact.exact_energies(model)
    assert np.allclose(energies, model.energy(states(5)))
    lowest, spins = exact.exact_ground_states(model)
    assert lowest == energies.min() and np.allclose(model.energy(spins), lowest)
    law = exact.exact_law(model, [0.6] * 2000)
    assert np.allclose(law, exact.exact_boltzmann(model, 0.6))


# --- the canonical form


def test_terms_are_sorted_by_size_then_by_members():
    model = PolynomialModel.from_terms({(3, 1, 0): 1.0, (2,): 2.0, (3, 0): 3.0, (2, 0): 4.0})
    assert list(model.terms()) == [((2,), 2.0), ((0, 2), 4.0), ((0, 3), 3.0), ((0, 1, 3), 1.0)]
    assert model.pointers.dtype == np.int64 and model.members.dtype == np.int32
    assert model.weights.dtype == np.float64


def test_equal_terms_add_up_and_zeros_go():
    terms = [((0, 1, 2), 1.0), ((2, 0, 1), 2.0), ((0, 1), 1.0), ((1, 0), -1.0), ((3,), 0.0)]
    model = PolynomialModel.from_terms(terms)
    assert list(model.terms()) == [((0, 1, 2), 3.0)]
    assert model.num_spins == 4


def test_squares_are_one_and_empty_terms_go_to_the_offset():
    terms = [((0, 1, 0), 1.0), ((1, 1), 2.0), ((), 0.5), ((2, 2, 2, 0, 1), 4.0)]
    model = PolynomialModel.from_terms(terms, offset=10.0)
    assert list(model.terms()) == [((1,), 1.0), ((0, 1, 2), 4.0)]
    assert model.offset == 10.0 - 2.0 - 0.5


def test_random_terms_keep_their_energies():
    rng = np.random.default_rng(6)
    for _ in range(50):
        n = int(rng.integers(1, 6))
        terms = [
            (rng.integers(0, n, rng.integers(0, 7)).tolist(), float(rng.integers(-2, 3)))
            for _ in range(int(rng.integers(0, 30)))
        ]
        model = PolynomialModel.from_terms(terms, num_spins=n)
        bodies = [body for body, _ in model.terms()]
        assert bodies == sorted(set(bodies), key=lambda body: (len(body), body))
        assert all(body == tuple(sorted(set(body))) for body in bodies) and model.weights.all()
        for s in states(n).tolist():
            energy = -sum(w * np.prod([s[i] for i in body]) for body, w in terms)
            assert model.energy(s) == energy


def test_long_terms_over_many_spins_are_told_apart():
    """62 bits a word: rows of several words, that differ in the first or in the last."""
    last = 2**31 - 2
    bodies = [(*range(k, k + 40), last - k % 3) for k in (5, 5, 4, 6, 5)] + [(5, *range(7, 47))]
    model = PolynomialModel.from_terms([(body, 1.0) for body in bodies])
    expected = sorted(set(bodies))
    assert [body for body, _ in model.terms()] == expected
    assert model.weights.tolist() == [3.0 if body == bodies[0] else 1.0 for body in expected]


def test_the_model_shares_nothing_with_its_input():
    pointers, members, weights = np.array([0, 2]), np.array([0, 1], np.int32), np.array([1.0])
    model = PolynomialModel(pointers, members, weights)
    pointers[1], members[0], weights[0] = 0, 1, 7.0
    assert list(model.terms()) == [((0, 1), 1.0)]


def test_small_integer_types_do_not_overflow():
    model = PolynomialModel.from_arrays(
        np.array([0, 2, 4], np.uint8), np.array([255, 0, 254, 255], np.uint8), [1, 2]
    )
    assert list(model.terms()) == [((0, 255), 1.0), ((254, 255), 2.0)]


# --- incidence


def test_incidence_is_the_list_of_each_sites_terms():
    model = random_polynomial(9, seed=7, degree=6)
    site_ptr, weights, member_ptr, members = model.incidence()
    types = (site_ptr.dtype, weights.dtype, member_ptr.dtype, members.dtype)
    assert types == (np.int64, np.float64, np.int64, np.int32)
    assert site_ptr.size == 10 and member_ptr.size == weights.size + 1
    for i in range(9):
        found = [
            (members[member_ptr[t] : member_ptr[t + 1]].tolist(), weights[t])
            for t in range(site_ptr[i], site_ptr[i + 1])
        ]
        expected = [
            ([j for j in body if j != i], w)
            for body, w in model.terms()
            if i in body and len(body) > 1
        ]
        assert found == expected


def test_incidence_and_biases_give_the_field():
    model = random_polynomial(6, seed=8)
    site_ptr, weights, member_ptr, members = model.incidence()
    for s in states(6):
        for i in range(6):
            total = model.h[i] + sum(
                weights[t] * np.prod(s[members[member_ptr[t] : member_ptr[t + 1]]])
                for t in range(site_ptr[i], site_ptr[i + 1])
            )
            assert total == pytest.approx(model.field(s)[i], abs=1e-12)


# --- conversions


@pytest.mark.parametrize("back", ["SPIN", "BINARY"])
@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_dimod_polynomials_keep_every_energy(vartype, back):
    polynomial = random_dimod(vartype, seed=9)
    model = PolynomialModel.from_polynomial(polynomial)
    assert set(model.labels) == set(LABELS) and model.degree == 4
    names, s = list(model.labels), states(6)
    value = {"SPIN": s, "BINARY": (s + 1) // 2}
    expected = polynomial.energies((value[vartype], names))
    assert np.allclose(model.energy(s), expected)
    again = model.to_polynomial(back)
    assert again.vartype is dimod.as_vartype(back)
    assert np.allclose(again.energies((value[back], names)), expected)
    assert np.allclose(PolynomialModel.from_polynomial(again).energy(s), expected)


def test_a_spin_polynomial_comes_back_equal():
    polynomial = random_dimod("SPIN", seed=10)
    assert PolynomialModel.from_polynomial(polynomial).to_polynomial() == polynomial


def test_variables_without_a_term_are_not_lost():
    polynomial = dimod.BinaryPolynomial({(0,): 0.0, (1, 2): 1.0}, "SPIN")
    model = PolynomialModel.from_polynomial(polynomial)
    assert model.labels == range(3)
    for vartype in ("SPIN", "BINARY"):
        assert model.to_polynomial(vartype).variables == {0, 1, 2}


def test_labels_of_a_polynomial_do_not_depend_on_the_process():
    """dimod keeps variables in sets, whose order changes with the hash seed."""
    code = (
        "import dimod, pbit; "
        "p = dimod.BinaryPolynomial({('b', 'a', 1): 1, ('c', ('d',)): 2}, 'SPIN'); "
        "print(pbit.PolynomialModel.from_polynomial(p).labels)"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }
    assert printed == {"[1, 'a', 'b', 'c', ('d',)]\n"}


@pytest.mark.parametrize("seed", range(5))
def test_hubo_dictionaries_keep_every_energy(seed):
    polynomial = random_dimod("BINARY", seed=seed, degree=6)
    H = {tuple(body): bias for body, bias in polynomial.items()}
    model = PolynomialModel.from_hubo(H, offset=0.25)
    s = states(6)
    expected = polynomial.energies(((s + 1) // 2, list(model.labels))) + 0.25
    assert np.allclose(model.energy(s), expected)
    again, offset = model.to_hubo()
    assert np.allclose(PolynomialModel.from_hubo(again, offset).energy(s), expected)


def test_hubo_squares_are_themselves():
    model = PolynomialModel.from_hubo({("x", "x", "y"): 4.0, (): 1.0}, offset=0.5)
    assert model.energy([1, 1]) == 5.5 and model.energy([1, -1]) == 1.5
    assert model.labels == ["x", "y"]


def test_whole_number_coefficients_come_back_exactly():
    H = {(0, 1, 2): 3.0, (0, 2): -5.0, (1,): 7.0}
    assert PolynomialModel.from_hubo(H, 2.0).to_hubo() == (dict(reversed(H.items())), 2.0)


def test_multiplying_out_goes_in_pieces(monkeypatch):
    rng = np.random.default_rng(11)
    members = rng.integers(0, 6, 5 * 30).astype(np.int32)
    terms = Terms(np.arange(31) * 5, members, rng.normal(size=30))
    expected = PolynomialModel(*spin_terms(terms, labels=range(6)))
    monkeypatch.setattr("pbit.models.conventions.hubo._PRODUCTS_A_PIECE", 64)
    model = PolynomialModel(*spin_terms(terms, labels=range(6)))
    assert np.allclose(model.energy(states(6)), expected.energy(states(6)))


@pytest.mark.parametrize("count", some([16, 20], 16))
def test_a_product_of_many_bits_multiplies_out(count):
    model = PolynomialModel.from_hubo({tuple(range(count)): 2.0**count})
    assert model.num_terms == 2**count - 1
    assert set(model.weights.tolist()) == {-1.0}
    assert model.energy(np.ones(count)) == 2.0**count


def test_ising_models_there_and_back():
    ising = random_model(7, seed=12)
    model = PolynomialModel.from_ising_model(ising)
    assert model.degree == 2 and model.labels == ising.labels
    assert np.allclose(model.energy(states(7)), ising.energy(states(7)))
    assert np.allclose(model.field(states(7)), ising.field(states(7)))
    again = model.to_ising_model()
    assert np.array_equal(again.J.toarray(), ising.J.toarray())
    assert np.array_equal(again.h, ising.h) and again.offset == ising.offset


def test_labels_are_names_of_members():
    model = PolynomialModel.from_terms({"bca": 2.0, "c": 1.0}, labels=["c", "b", "a", "z"])
    assert list(model.terms()) == [((0,), 1.0), ((0, 1, 2), 2.0)]
    assert model.to_polynomial() == dimod.BinaryPolynomial({"abc": -2, "c": -1}, "SPIN")
    assert model.to_polynomial().variables == set("abcz")


def test_terms_may_be_sets_and_numpy_integers():
    model = PolynomialModel.from_terms([({0, 1}, 1), (frozenset([2]), 2), ([np.int64(1)], 3)])
    assert list(model.terms()) == [((1,), 3.0), ((2,), 2.0), ((0, 1), 1.0)]


@pytest.mark.slow
def test_large_models_take_a_second_or_two():
    """A loop over terms in Python would show: the limit is ten times what was measured."""
    rng = np.random.default_rng(13)
    m = 10**6
    members = rng.integers(0, 10**5, 3 * m)
    model = PolynomialModel.from_arrays(np.arange(m + 1) * 3, members, rng.normal(size=m))
    assert model.incidence().weights.size == int(np.diff(model.pointers).sum()) - np.count_nonzero(
        model.h
    )


# --- refusals


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 2], [0, 5], [1.0], 0.0, range(3)), "spin index 5 is out of range: indices go from 0"),
        (([0, 2], [0, -1], [1.0]), "spin index -1 is out of range"),
        (([0, 1], [2**31 - 1], [1.0]), r"at most 2147483647 spins, got 2147483648; number"),
        (([0, 1], [0], [np.nan]), r"weights must be finite, got nan \(term 0\); remove"),
        (([0, 1], [0], [-np.inf]), "weights must be finite, got -inf"),
        (([0, 1], [0], [1.0], np.nan), "offset must be finite, got nan"),
        (([0, 1], [0.5], [1.0]), "members must be a row of integers, got shape .* of float64"),
        (([0, 1], [[0]], [1.0]), r"members must be a row of integers, got shape \(1, 1\)"),
        (([0.0, 1.0], [0], [1.0]), "pointers must be a row of integers"),
        (([0, 1, 2], [0, 1], [1.0]), "pointers must have one entry more than weights, got 3 for 1"),
        (([], [], []), "pointers must have one entry more than weights, got 0 for 0"),
        (
            ([0, 1], [0, 1], [1.0]),
            r"pointers must rise from 0 to the number of members, 2, got 0..1",
        ),
        (([1, 2], [0, 1], [1.0]), "pointers must rise from 0"),
        (([0, 3, 2], [0, 1], [1.0, 1.0]), "pointers must rise from 0"),
        (([0, 1], [0], [1.0], 0.0, ["a", "b", "a"]), "labels must be distinct, got 'a' twice"),
    ],
)
def test_bad_arrays_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        PolynomialModel(*arguments)


@pytest.mark.parametrize(
    ("terms", "options", "message"),
    [
        ({("a", "b"): 1.0}, {}, "members must be spin indices, got 'a'; give labels"),
        ({(0, 0.5): 1.0}, {}, r"members must be spin indices, got 0.5"),
        ({(True,): 1.0}, {}, "members must be spin indices, got True"),
        ({(1, -(2**70)): 1.0}, {}, f"members must be spin indices, got {-(2**70)}"),
        ({((0, 1), 2): 1.0}, {}, r"members must be spin indices, got \(0, 1\); give labels"),
        ({"az": 1.0}, {"labels": "abc"}, "members must be among the labels, got 'z'; add it"),
        ({(0, 3): 1.0}, {"num_spins": 3}, "spin index 3 is out of range: indices go from 0 to 2"),
        ({(0,): 1.0}, {"num_spins": 0}, "spin index 0 is out of range: there are no spins"),
        ({}, {"num_spins": -1}, "num_spins must be 0..2147483647, got -1"),
        ({}, {"num_spins": 2**31}, "num_spins must be 0..2147483647, got 2147483648"),
        ({}, {"num_spins": 2, "labels": "abc"}, "labels must name each of the 2 spins once, got 3"),
        (
            [((0, 1), 1e308), ((1, 0), 1e308)],
            {},
            r"weights of equal terms must add up to a finite number, got inf for \(0, 1\); divide",
        ),
        ([((), 1e308), ((), 1e308)], {}, "offset must be finite, got -inf with the empty terms"),
        (
            [(range(20), 1e308), (range(20), 1e308)],
            {},
            r"got inf for \(0, 1, 2, 3, 4, 5, 6, 7, \.\.\.\); divide",
        ),
    ],
)
def test_bad_terms_are_refused(terms, options, message):
    with pytest.raises(ValueError, match=message):
        PolynomialModel.from_terms(terms, **options)


def test_other_refusals(monkeypatch):
    cubic = PolynomialModel.from_terms({"abc": 1.0, "ab": 1.0}, labels="abc")
    with pytest.raises(ValueError, match=r"at most 2 spins, got term \('a', 'b', 'c'\) of 3; keep"):
        cubic.to_ising_model()
    for method in (cubic.energy, cubic.field):
        with pytest.raises(ValueError, match="last axis 3"):
            method([1, 1])
        with pytest.raises(ValueError, match="for bits x"):
            method([0, 1, 1])
    with pytest.raises(ValueError, match=r"coefficients must be finite, got nan \(term 1\)"):
        PolynomialModel.from_hubo({(0,): 1.0, (1,): np.nan})
    with pytest.raises(ValueError, match=r"21 variables multiplies out to 2\*\*21 products"):
        PolynomialModel.from_hubo({tuple(range(21)): 1.0})
    with pytest.raises(ValueError, match=r"100 variables multiplies out to 2\*\*100 products"):
        PolynomialModel.from_terms({tuple(range(100)): 1.0}).to_polynomial("BINARY")
    monkeypatch.setattr("pbit.models.conventions.hubo.MAX_PRODUCTS", 15)
    with pytest.raises(ValueError, match=r"the terms multiply out to 16 products .* at most 15"):
        PolynomialModel.from_hubo({(0, 1, 2): 1.0, (1, 2, 3): 1.0})
