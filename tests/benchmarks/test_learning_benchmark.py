"""What benchmarks/learning.py compares: a machine of bits as one of spins, its rows; no times."""

import numpy as np
import pytest

from learning_data import as_spins, in_turn, spread_of_energies
from learning_likelihood import RATES, print_likelihood


@pytest.mark.parametrize("factor", [1, pytest.param(2, marks=pytest.mark.xfail(strict=True))])
def test_bits_as_spins_have_the_same_law(factor):
    rng = np.random.default_rng(1)
    parts = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=3)
    model = as_spins(factor * parts[0], *parts[1:])
    assert spread_of_energies(model, parts, seed=1) < 1e-5


def test_calls_take_turns():
    calls = []
    found = in_turn({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert calls == ["a", "b"] * 3  # the first of which are not timed
    assert set(found) == {"a", "b"} and all(t.wall >= 0 for t in found.values())


def test_both_are_tuned_alike():
    assert len(RATES["pbit"]) == len(RATES["BernoulliRBM"])


def test_a_line_a_machine(capsys):
    row = {"who": "pbit", "rate": 0.005, "wall": 40.0, "processors": 30.0, "epochs": 9.0}
    print_likelihood([{**row, "test": -105.25, "error": 0.5, "reverse": -106.0}])
    assert "-105.2 ±  0.5" in capsys.readouterr().out
