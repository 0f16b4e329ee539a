"""Colour after colour reads follow the exact k-sweep law of that order; planted errors do not.

Each case at alpha = 1e-6 / 100. A class that holds two neighbours is caught, as is a beta off by
a tenth.
"""

import numpy as np
import pytest

import pbit
from digit_laws import all_values, law_of, numbers_of
from pbit.engines.digits import chromatic
from pbit.graphs.colors import Coloring, first_fit_of
from pbit.statistics import chi_square_p_value
from random_dits import random_dits, random_potts

ALPHA = 1e-6 / 100
READS = 20_000
RULES = ("heat-bath", "metropolis")
BETAS = [0.2, 0.6, 1.2]
RING = [0, 1, 2, 3], [2, 3, 1, 0]  # edges 0-2, 1-3, 2-1, 3-0: the classes are {0, 1} and {2, 3}
MODELS = {
    "Potts": lambda: random_potts([3, 3, 2, 4], seed=3, density=0.6),
    "whole Potts of one K": lambda: pbit.DitModel.potts(*RING, num_values=3),
    "real tables": lambda: random_dits(seed=1, density=0.6),
    "five": lambda: random_potts([2, 3, 2, 3, 2], seed=9, density=0.5, integers=True),
}


def p_value(model, law, betas, rule):
    reads = pbit.anneal(
        model, betas, num_reads=READS, seed=11, rule=rule, order="chromatic", num_threads=1
    )
    return chi_square_p_value(numbers_of(all_values(model.num_values), reads.values), law)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", MODELS)
def test_reads_follow_the_law_in_the_order_of_colors(kind, rule):
    model = MODELS[kind]()
    order = first_fit_of(model.pointers, model.neighbours).order
    law = law_of(model, BETAS, rule, order=order)
    assert p_value(model, law, BETAS, rule) > ALPHA
    assert p_value(model, law, [1.15 * beta for beta in BETAS], rule) < ALPHA


def test_a_class_that_holds_neighbours_is_caught(monkeypatch):
    """The second sleeps by the limit it had before the first moved."""
    pair, betas = pbit.DitModel.potts([0], [1], num_values=2), [2.0] * 6
    law = law_of(pair, betas, "heat-bath", order=range(2))
    assert p_value(pair, law, betas, "heat-bath") > ALPHA

    def one_class(pointers, neighbours):
        order = np.arange(2, dtype=np.int32)
        return Coloring(np.zeros_like(order), order, np.array([0, 2]))

    monkeypatch.setattr(chromatic, "first_fit_of", one_class)
    assert p_value(pair, law, betas, "heat-bath") < ALPHA
