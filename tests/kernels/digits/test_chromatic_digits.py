"""Digits colour after colour are a plain sweep in that order, bit for bit, on any threads."""

import numpy as np
import pytest

import naive_digits
import pbit
from pbit.engines.digits.chromatic import ChromaticSites
from pbit.engines.digits.sites import SiteProgram
from pbit.graphs.colors import first_fit_of
from random_dits import random_dits, random_potts

RULES = ("heat-bath", "metropolis")
UNLIKE = [3, 1, 4, 2, 9, 5, 3, 17, 2, 3]
BETAS = [0.0, 0.2, 0.5, 0.5, 1.0, 0.3, 2.0, 8.0, np.inf, np.inf, 0.7]
MODELS = {
    "whole Potts": lambda: random_potts([3] * 14, seed=1, integers=True, density=0.3),
    "wide whole Potts": lambda: random_potts([11] * 9, seed=2, integers=True, density=0.4),
    "whole Potts, unlike": lambda: random_potts(UNLIKE, seed=3, integers=True, density=0.5),
    "real Potts, unlike": lambda: random_potts(UNLIKE, seed=4, density=0.5),
    "whole tables": lambda: random_dits(UNLIKE, seed=5, integers=True, density=0.5),
    "real tables": lambda: random_dits(UNLIKE, seed=6, density=0.5),
    "no pairs": lambda: random_potts([4] * 5, seed=7, density=0.0),
}


def lattice(side, *, integers=True):
    """±J or Gaussian Potts on a cubic lattice: classes of many chunks."""
    site, rng = np.arange(side**3).reshape(side, side, side), np.random.default_rng(side)
    ends = [np.concatenate([np.roll(site, -s, k).ravel() for k in range(3)]) for s in (0, 1)]
    weights = rng.choice([-1.0, 1.0], ends[0].size) if integers else rng.normal(size=ends[0].size)
    return pbit.DitModel.potts(*ends, weights, num_values=[3] * side**3)


def class_order(model):
    return first_fit_of(model.pointers, model.neighbours).order


def sorted_by_color(model):
    """The same model with its digits renumbered, by its edges."""
    order = class_order(model)
    place = np.argsort(order)
    i, j = model.ends()
    once = i < j
    return order, pbit.DitModel.potts(
        place[i[once]], place[j[once]], model.weights[once], num_values=model.num_values[order]
    )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", MODELS)
def test_reads_are_those_of_the_slow_reference(kind, rule):
    model = MODELS[kind]()
    order = class_order(model)
    options = {"order": "chromatic", "num_reads": 4, "first_read": 3, "seed": 2**40 + 7}
    reads = pbit.anneal(model, BETAS, rule=rule, **options)
    for row, values in enumerate(reads.values):
        state = np.array(naive_digits.random_values(model, 3 + row, seed=2**40 + 7), np.int16)
        for number, beta in enumerate(BETAS):
            naive_digits.sweep(
                model, state, beta, rule, number=number, read=3 + row, seed=2**40 + 7, order=order
            )
        assert values.tolist() == state.tolist()
    assert np.allclose(reads.energies, model.energy(reads.values), rtol=1e-12)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("integers", [True, False])
def test_threads_change_nothing_and_the_other_kernel_agrees(integers, rule):
    model = lattice(16, integers=integers)
    order, moved = sorted_by_color(model)
    start = model.random(seed=1, rows=1)
    betas = np.concatenate([np.geomspace(0.1, 4.0, 150), [0.5, 1.0, 1.0, 0.2] * 5])
    options = {"seed": 3, "rule": rule, "traced": True, "best_seen": True}
    plain = pbit.anneal(moved, betas, initial_values=start[:, order], order="sequential", **options)
    for threads in (1, 2, 3):
        reads = pbit.anneal(
            model, betas, initial_values=start, order="chromatic", num_threads=threads, **options
        )
        assert (reads.values[:, order] == plain.values).all()
        assert np.allclose(reads.info["trace"], plain.info["trace"], rtol=1e-9)
        if threads == 1:
            one = reads
        assert (reads.info["trace"] == one.info["trace"]).all()
        assert (reads.energies == one.energies).all()


def test_limits_are_kept_and_wake_whoever_may_move():
    """Many sweeps at rest: a limit that were too low would be a move left out."""
    model = lattice(12)
    order, moved = sorted_by_color(model)
    for betas in (np.linspace(0.5, 3.0, 3000), [0.6] * 3000, [1.5, 1.4] * 1500):
        start = model.random(seed=1, rows=1)
        one = pbit.anneal(model, betas, order="chromatic", seed=5, initial_values=start)
        other = pbit.anneal(
            moved, betas, order="sequential", seed=5, initial_values=start[:, order]
        )
        assert (one.values[:, order] == other.values).all()


def test_classes_have_no_edges_inside():
    program = SiteProgram(lattice(8))
    classes = program.chromatic.classes
    of_site = np.repeat(np.arange(classes.starts.size - 1), np.diff(classes.starts))
    rows = np.repeat(np.arange(of_site.size), np.diff(classes.model.pointers))
    assert (of_site[rows] != of_site[classes.model.neighbours]).all()
    assert not program.chromatic.is_worth_it
    assert ChromaticSites(SiteProgram(lattice(16)).record).is_worth_it
