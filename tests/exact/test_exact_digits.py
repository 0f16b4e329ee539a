"""Exact laws of digits: enumeration, Boltzmann, sweeps, against matrices made state by state."""

import numpy as np
import pytest

import digit_laws
from pbit import DitModel, IsingModel, exact
from pbit.exact import digits
from random_dits import COUNTS, random_dits, random_potts
from random_models import random_model

MAKERS = [random_dits, random_potts]


def in_order(law, counts=COUNTS):
    """A law of the referee in the order of the state numbers."""
    numbers = digits.state_number(digit_laws.all_values(counts), counts)
    found = np.empty(len(law))
    found[numbers] = law
    return found


def test_states_are_all_of_them_in_order():
    states = digits.states(COUNTS)
    assert states.dtype == np.int16 and states.shape == (72, 4)
    assert set(map(tuple, states.tolist())) == set(digit_laws.all_values(COUNTS))
    assert digits.state_number(states, COUNTS).tolist() == list(range(72))
    assert np.array_equal(2 * digits.states([2] * 5) - 1, exact.states(5))
    assert digits.states([]).shape == (1, 0)


@pytest.mark.parametrize("make", MAKERS)
def test_energies_and_boltzmann_are_those_of_the_referee(make, monkeypatch):
    model = make(seed=7)
    levels = digit_laws.energies_of(digit_laws.all_values(COUNTS), model.energy)
    monkeypatch.setattr("pbit.exact.digits._BLOCK", 7)
    assert np.array_equal(digits.energies(model), in_order(levels))
    law = digit_laws.boltzmann(digit_laws.all_values(COUNTS), model.energy, 0.8)
    assert digits.boltzmann(model, 0.8) == pytest.approx(in_order(law), abs=1e-14)
    assert digits.log_z(model, 0.8) == pytest.approx(np.log(np.exp(-0.8 * levels).sum()))
    lowest, found = digits.ground_states(model)
    assert lowest == levels.min() and model.energy(found).tolist() == [lowest] * len(found)
    assert digits.boltzmann(model, np.inf) == pytest.approx((digits.energies(model) == lowest) * 1)


def test_two_values_are_spins():
    spins = random_model(4, seed=3)
    i, j, J = spins.edges()
    h = np.stack([spins.h, -spins.h], axis=1)
    sign = np.array([[-1, 1], [1, -1]])
    model = DitModel.from_pairs([2] * 4, h, i, j, [w * sign for w in J], offset=spins.offset)
    assert isinstance(spins, IsingModel)
    assert digits.energies(model) == pytest.approx(exact.exact_energies(spins))
    for rule in ("heat-bath", "metropolis"):
        betas = [0.3, 0.9, np.inf]
        want = exact.exact_law(spins, betas, start=[1, -1, 1, 1], rule=rule)
        assert digits.law(model, betas, start=[1, 0, 1, 1], rule=rule) == pytest.approx(want)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("start", [None, (2, 0, 3, 1)])
def test_sweeps_are_products_of_site_matrices(make, rule, start):
    model, space = make(seed=11), digit_laws.all_values(COUNTS)
    row = digit_laws.start_row(space, start)
    for beta in (0.4, 1.1):
        row = row @ digit_laws.sweep_matrix(model.energy, COUNTS, beta, rule=rule)
    assert digits.law(model, [0.4, 1.1], start=start, rule=rule) == pytest.approx(
        in_order(row), abs=1e-14
    )


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis", "metropolis among all"])
def test_rules_keep_the_boltzmann_law(rule):
    model, space = random_dits(seed=5), digit_laws.all_values(COUNTS)
    law = digit_laws.boltzmann(space, model.energy, 0.9)
    for site, count in enumerate(COUNTS):
        matrix = digit_laws.site_matrix(space, model.energy, site, count=count, beta=0.9, rule=rule)
        assert digit_laws.balance_error(matrix, law) < 1e-15
        hot = digit_laws.site_matrix(space, model.energy, site, count=count, beta=0.81, rule=rule)
        assert digit_laws.balance_error(hot, law) > 1e-4  # control: beta 10 % off
    sweep = digit_laws.sweep_matrix(model.energy, COUNTS, 0.9, rule=rule)
    assert digit_laws.stationary_error(sweep, law) < 1e-15
    late = digit_laws.law_after(digit_laws.start_row(space, space[3]), sweep, 200)
    assert late == pytest.approx(law, abs=1e-9)


def test_a_digit_of_one_value_stays():
    model = random_dits([1, 3], seed=1, density=1.0)
    assert digits.law(model, [1.0], start=[0, 2], rule="metropolis").sum() == pytest.approx(1)


def test_law_at_infinite_beta_is_greedy():
    model = random_potts(seed=2)
    law = digits.law(model, [np.inf] * 20, start=[0, 0, 0, 0])
    (reached,) = np.flatnonzero(law)
    levels, values = digits.energies(model), digits.states(COUNTS)
    near = (values != values[reached]).sum(axis=1) == 1
    assert (levels[near] > levels[reached]).all()


# --- spaces and moves of the referee


def test_swaps_keep_boltzmann_on_permutations_and_histograms():
    for space in (digit_laws.all_permutations(4), digit_laws.all_of_histogram([2, 1, 2])):
        levels = dict(zip(space, np.random.default_rng(1).normal(size=len(space)), strict=True))

        def energy(x, levels=levels):
            return levels[tuple(x.tolist())]

        law = digit_laws.boltzmann(space, energy, 1.3)
        for accept in ("metropolis", "heat-bath"):
            matrix = digit_laws.move_matrix(
                space, energy, digit_laws.swaps, beta=1.3, accept=accept
            )
            assert digit_laws.balance_error(matrix, law) < 1e-15
            assert matrix.sum(axis=1) == pytest.approx(1)
    assert len(digit_laws.all_of_histogram([2, 1, 2])) == 30
    assert digit_laws.numbers_of([(0, 1), (1, 0)], [[1, 0], [0, 1]]).tolist() == [1, 0]


def test_unequal_proposals_need_their_correction():
    space = digit_laws.all_values([3])

    def lopsided(x):  # 0 proposes 1 alone, 1 and 2 propose both others
        others = [1] if x[0] == 0 else [y for y in range(3) if y != x[0]]
        return [((y,), 1 / len(others)) for y in others]

    def energy(x):
        return float(x[0])

    law = digit_laws.boltzmann(space, energy, 0.7)
    found = [
        digit_laws.balance_error(
            digit_laws.move_matrix(space, energy, lopsided, beta=0.7, corrected=corrected), law
        )
        for corrected in (True, False)
    ]
    assert found[0] < 1e-15 and found[1] > 0.01  # control: the wrong proposal count


# --- refusals


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: digits.states([2] * 25), r"25 digits needs 3.36e\+07 states; at most 16777216"),
        (lambda m: digits.energies(DitModel.potts([], [], num_values=[40] * 9)), "9 digits needs"),
        (lambda m: digits.boltzmann(m, -1.0), "beta must be >= 0, got -1.0"),
        (lambda m: digits.boltzmann(m, np.nan), "beta must be >= 0, got nan"),
        (lambda m: digits.log_z(m, np.inf), "beta must be finite, got inf; ground_states"),
        (lambda m: digits.law(m, [1.0], rule="x"), "rule must be one of heat-bath, metropolis"),
        (lambda m: digits.law(m, [1.0], start=[3, 0, 0, 0]), r"digit 0 must be 0\.\.2, got 3"),
        (lambda m: digits.states([0]), "num_values must be 1"),
    ],
)
def test_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(random_dits(seed=1))
