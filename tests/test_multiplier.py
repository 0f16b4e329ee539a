"""The multiplier: certificate, ground states, Boltzmann law and decoding."""

from itertools import product

import numpy as np
import pytest

from pbit.clamping import clamp
from pbit.problems.logic.gates import AND, HALF_ADDER
from pbit.problems.logic.multiplier import Cells, build_multiplier, read_number, read_numbers


def all_states(n: int) -> np.ndarray:
    return np.array(list(product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


def test_two_by_two_by_enumeration():
    multiplier = build_multiplier(2, 2)
    states = all_states(12)
    energies = multiplier.model.energy(states)
    assert multiplier.model.num_spins == 12
    assert energies.min() == multiplier.ground_energy == -20
    assert np.unique(energies)[1] == -18
    ground = states[energies == -20]
    answers = {tuple(read_number(s, nets) for nets in (multiplier.x, multiplier.y)) for s in ground}
    assert len(ground) == 16 and answers == set(product(range(4), repeat=2))
    assert all(
        read_number(s, multiplier.product)
        == read_number(s, multiplier.x) * read_number(s, multiplier.y)
        for s in ground
    )


def probability_of_factors(n: int, beta: float, *, error: float = 1.0) -> float:
    multiplier = build_multiplier(2, 2)
    clamped = clamp(multiplier.model, multiplier.constants(n))
    states = all_states(clamped.model.num_spins)
    weights = np.exp(-error * beta * (clamped.model.energy(states) + 20))
    full = clamped.expand(states)
    x, y = (np.array(read_numbers(full, nets)) for nets in (multiplier.x, multiplier.y))
    return float(weights[x * y == n].sum() / weights.sum())


@pytest.mark.parametrize(
    ("n", "expected"),
    [(6, (0.388, 0.756, 0.972)), (9, (0.555, 0.947, 0.9993)), (4, (0.146, 0.368, 0.830))],
)
def test_boltzmann_law_of_the_clamped_multiplier(n, expected):
    found = [probability_of_factors(n, beta) for beta in (0.5, 1, 2)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=6e-4)
    wrong = [probability_of_factors(n, beta, error=1.2) for beta in (0.5, 1)]
    assert np.all(np.abs(np.array(wrong) - expected[:2]) > 0.01)


@pytest.mark.parametrize("n", range(2, 17))
def test_number_of_nets_and_gates(n):
    multiplier = build_multiplier(n, n)
    kinds = [gate.name for gate, _ in multiplier.circuit.gates]
    assert multiplier.model.num_spins == 3 * n**2
    assert kinds.count("AND") == n**2
    assert kinds.count("half adder") == n
    assert kinds.count("full adder") == n * (n - 2)
    assert multiplier.ground_energy == -3 * n**2 - 4 * n * (n - 1)


def check_products(multiplier, x, y):
    states = multiplier.evaluate(x, y)
    assert np.all(multiplier.model.energy(states) == multiplier.ground_energy)
    assert read_numbers(states, multiplier.x) == [int(value) for value in x]
    assert read_numbers(states, multiplier.y) == [int(value) for value in y]
    expected = [int(a) * int(b) for a, b in zip(x, y, strict=True)]
    assert read_numbers(states, multiplier.product) == expected


@pytest.mark.parametrize(("p", "q"), [(2, 2), (3, 2), (2, 3), (3, 3), (4, 2), (5, 4)])
def test_every_product(p, q):
    x, y = np.meshgrid(np.arange(2**p), np.arange(2**q))
    check_products(build_multiplier(p, q), x.ravel(), y.ravel())


@pytest.mark.parametrize(("p", "q"), [(8, 9), (9, 8), (16, 16)])
def test_random_products(p, q):
    rng = np.random.default_rng(5)
    x, y = rng.integers(2**p, size=50), rng.integers(2**q, size=50)
    check_products(build_multiplier(p, q), np.append(x, 2**p - 1), np.append(y, 2**q - 1))


@pytest.mark.parametrize(("p", "q"), [(2, 2), (2, 3), (3, 3), (3, 5), (8, 9), (16, 16)])
def test_ends_wired_to_one(p, q):
    rng = np.random.default_rng(6)
    x = rng.integers(2**p, size=50) | 1 | 1 << (p - 1)
    y = rng.integers(2**q, size=50) | 1 | 1 << (q - 1)
    cells = Cells(product=AND.scaled(0.5), half_adder=HALF_ADDER.scaled(2))
    wired = build_multiplier(p, q, cells=cells, ends_are_one=True)
    check_products(wired, x, y)
    assert wired.model.num_spins < build_multiplier(p, q).model.num_spins


def test_wired_ends_have_the_right_ground_states_and_no_others():
    wired = build_multiplier(3, 3, ends_are_one=True)
    clamped = clamp(wired.model, {wired.model.labels[wired.one]: 1})
    states = all_states(clamped.model.num_spins)
    energies = clamped.model.energy(states)
    assert energies.min() == wired.ground_energy
    ground = clamped.expand(states[energies == energies.min()])
    found = sorted(zip(*(read_numbers(ground, nets) for nets in (wired.x, wired.y)), strict=True))
    assert found == [(5, 5), (5, 7), (7, 5), (7, 7)]


def test_constants_name_the_bits_of_the_product():
    multiplier = build_multiplier(2, 3)
    held = multiplier.constants(0b01101)
    names = multiplier.model.labels
    assert [held[names[net]] for net in multiplier.product] == [1, -1, 1, 1, -1]
    wired = build_multiplier(2, 2, ends_are_one=True)
    assert wired.constants(9)[wired.model.labels[0]] == 1


def test_numbers_are_read_at_any_width():
    spins = np.ones(100, dtype=np.int8)
    assert read_number(spins, tuple(range(100))) == 2**100 - 1


@pytest.mark.parametrize(("p", "q", "name"), [(1, 4, "width_x"), (4, 0, "width_y")])
def test_widths_start_at_two(p, q, name):
    with pytest.raises(ValueError, match=f"{name} must be >= 2, got {min(p, q)}"):
        build_multiplier(p, q)
