"""Order reduction: the least energy over the ancillas is the source's energy, state by state."""

from itertools import combinations

import numpy as np
import pytest

from cases import some
from pbit import PolynomialModel
from pbit.exact import exact_energies, exact_ground_states, states
from pbit.graphs import reduce_order
from random_models import random_polynomial

METHODS = ("terms", "pairs", "auto")


def least_over_ancillas(compiled):
    """Referee: enumeration; the first n spins are the source's, so ancillas are the high bits."""
    n = compiled.source.num_spins
    return exact_energies(compiled.model).reshape(-1, 2**n).min(axis=0)


def is_exact(compiled):
    return np.allclose(
        least_over_ancillas(compiled), exact_energies(compiled.source), rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("k", range(3, 11))
@pytest.mark.parametrize("weight", [1.0, -1.0, 2.5, -0.3])
def test_one_term(k, weight):
    model = PolynomialModel.from_terms({tuple(range(k)): weight}, offset=0.5)
    compiled = reduce_order(model, method="terms")
    assert compiled.report == {"method": "terms", "degree": k, "ancillas": (k - 1) // 2}
    assert is_exact(compiled)
    sizes = np.abs(compiled.model.J.data) / abs(weight)
    assert set(sizes.round(9)) <= {1.0, 2.0}


def test_three_bodies_are_the_gadget_of_the_reference():
    """Parity of three: -1 on pairs, 2 to the ancilla, h 1, 1, 1; the ancilla there is turned."""
    compiled = reduce_order(PolynomialModel.from_terms({(0, 1, 2): 1.0}))
    expected = [[0, -1, -1, 2], [-1, 0, -1, 2], [-1, -1, 0, 2], [2, 2, 2, 0]]
    assert compiled.model.J.toarray().tolist() == expected
    assert compiled.model.h.tolist() == [1, 1, 1, -2]
    assert compiled.model.offset == 3.0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", some(range(12), *range(4)))
def test_random_polynomials(method, seed):
    n = 5 + seed % 2
    model = random_polynomial(n, seed=seed, degree=5, num_terms=3, integers=seed % 3 == 0)
    compiled = reduce_order(model, method=method)
    assert compiled.model.num_spins <= 24
    assert is_exact(compiled)
    every = states(n)
    encoded = compiled.encode(every)
    assert np.array_equal(compiled.decode(encoded), every)
    np.testing.assert_allclose(compiled.model.energy(encoded), model.energy(every), atol=1e-9)
    lowest, ground = exact_ground_states(model)
    found, spins = exact_ground_states(compiled.model)
    assert abs(lowest - found) < 1e-9
    assert {tuple(s) for s in compiled.decode(spins)} == {tuple(s) for s in ground}


def sharing(weights):
    """Terms that all have the pair (0, 1)."""
    return PolynomialModel.from_terms({(0, 1, i + 2): w for i, w in enumerate(weights)})


def test_a_shared_pair_costs_two_pbits():
    model = sharing([1.0, -2.0, 0.5, 1.0])
    assert reduce_order(model, method="pairs").report["ancillas"] == 2
    assert reduce_order(model, method="terms").report["ancillas"] == 4
    assert reduce_order(model).report["method"] == "pairs"
    assert reduce_order(sharing([1.0, 1.0])).report["method"] == "terms"


def test_a_weaker_penalty_fails_the_same_check():
    compiled = reduce_order(sharing([1.0, -2.0, 0.5, 1.0]), method="pairs")
    assert is_exact(compiled)
    z, a, b = compiled.products[0].tolist()
    held = PolynomialModel.from_terms({(a, b, z): 4.5}, num_spins=z + 1, offset=4.5)
    penalty = reduce_order(held).model
    assert penalty.num_spins == compiled.model.num_spins
    weaker = type(compiled.model)(
        compiled.model.h - 0.3 * penalty.h,
        compiled.model.J - 0.3 * penalty.J,
        compiled.model.offset - 0.3 * penalty.offset,
    )
    broken = type(compiled)("weaker", compiled.source, weaker, compiled.votes)
    assert not is_exact(broken)


def test_dense_quartics_share_their_pairs():
    terms = {body: 1.0 for k in (2, 3, 4) for body in combinations(range(9), k)}
    model = PolynomialModel.from_terms(terms)
    auto, plain = reduce_order(model), reduce_order(model, method="terms")
    assert auto.report["method"] == "pairs"
    assert auto.model.num_spins < 0.5 * plain.model.num_spins
    rng = np.random.default_rng(0)
    spins = rng.choice([-1, 1], (200, 9))
    for compiled in (auto, plain):
        energies = compiled.model.energy(compiled.encode(spins))
        np.testing.assert_allclose(energies, model.energy(spins), atol=1e-9)


def test_short_models_stay():
    model = PolynomialModel.from_terms({(0, 1): 2.0, (1,): 0.5}, num_spins=3, offset=1.0)
    compiled = reduce_order(model)
    assert compiled.report["ancillas"] == 0
    assert np.array_equal(exact_energies(compiled.model), exact_energies(model))
    nothing = reduce_order(PolynomialModel.from_terms({}, num_spins=2, offset=1.5))
    assert exact_energies(nothing.model).tolist() == [1.5] * 4


def test_refusals():
    with pytest.raises(ValueError, match="method must be one of auto, terms, pairs, got 'best'"):
        reduce_order(sharing([1.0]), method="best")
