"""The multiplier: certificate, ground states, Boltzmann law and decoding."""

from itertools import product

import numpy as np
import pytest

from pbit import exact
from pbit.problems.logic.circuits.inverse import LogicProblem
from pbit.problems.logic.circuits.multiplier import multiplier_circuit


def ground_answers(problem):
    energies = exact.exact_energies(problem.model)
    assert energies.min() == problem.ground_energy
    ground = exact.states(problem.model.num_spins)[energies == energies.min()]
    return [problem.decode(state) for state in ground]


def test_two_by_two_by_enumeration():
    problem = LogicProblem(multiplier_circuit(2, 2))
    energies = exact.exact_energies(problem.model)
    assert problem.model.num_spins == 12
    assert energies.min() == problem.ground_energy == -20
    assert np.unique(energies)[1] == -18
    answers = ground_answers(problem)
    assert len(answers) == 16
    assert {(each["x"], each["y"]) for each in answers} == set(product(range(4), repeat=2))
    assert all(each["product"] == each["x"] * each["y"] for each in answers)


def probability_of_factors(n: int, beta: float, *, error: float = 1.0) -> float:
    problem = LogicProblem(multiplier_circuit(2, 2), {"product": n}, propagate=False)
    law = exact.exact_boltzmann(problem.model, beta * error)
    says = problem.decode(exact.states(problem.model.num_spins))
    return float(law[says["x"] * says["y"] == n].sum())


@pytest.mark.parametrize(
    ("n", "expected"),
    [(6, (0.388, 0.756, 0.972)), (9, (0.555, 0.947, 0.9993)), (4, (0.146, 0.368, 0.830))],
)
def test_boltzmann_law_of_the_clamped_multiplier(n, expected):
    found = [probability_of_factors(n, beta) for beta in (0.5, 1, 2)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=6e-4)
    wrong = [probability_of_factors(n, beta, error=1.2) for beta in (0.5, 1)]
    assert np.all(np.abs(np.array(wrong) - expected[:2]) > 0.01)


@pytest.mark.parametrize("method", ["array", "wallace"])
@pytest.mark.parametrize(("p", "q"), [(2, 2), (2, 3), (3, 3), (3, 5), (8, 9), (16, 16)])
def test_ends_are_one(p, q, method):
    rng = np.random.default_rng(6)
    circuit = multiplier_circuit(p, q, ends_are_one=True, method=method)
    inner = {
        name: rng.integers(2 ** (width - 2), size=50)
        for name, width in (("x_inner", p), ("y_inner", q))
        if width > 2
    }
    x = 2 * inner.get("x_inner", 0) + 1 + 2 ** (p - 1)
    y = 2 * inner.get("y_inner", 0) + 1 + 2 ** (q - 1)
    found = circuit.evaluate(inner)
    assert np.all(found["product"] == x * y) and np.all(found["x"] == x) and np.all(found["y"] == y)
    whole = LogicProblem(multiplier_circuit(p, q, method=method))
    assert LogicProblem(circuit).model.num_spins < whole.model.num_spins


def test_ends_that_are_one_have_the_right_ground_states_and_no_others():
    answers = ground_answers(LogicProblem(multiplier_circuit(3, 3, ends_are_one=True)))
    assert sorted((each["x"], each["y"]) for each in answers) == [(5, 5), (5, 7), (7, 5), (7, 7)]


@pytest.mark.parametrize(("p", "q", "name"), [(1, 4, "width_x"), (4, 0, "width_y")])
def test_widths_start_at_two(p, q, name):
    with pytest.raises(ValueError, match=f"{name} must be >= 2, got {min(p, q)}"):
        multiplier_circuit(p, q)
