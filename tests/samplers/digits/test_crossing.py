"""Children have classes of their parents; populations reach what is known; who is crossed."""

import numpy as np
import pytest

import pbit
from pbit.engines.digits.registry import digit_program
from pbit.engines.digits.sites import SiteProgram
from pbit.run.control import Control
from pbit.samplers.digits import crossing
from pbit.samplers.digits.crossing import Crossing, cross, is_crossable, pinned_values
from pbit.samplers.digits.mixed import MixedSearch
from random_dits import random_dits, random_potts

RING = np.arange(40), (np.arange(40) + 1) % 40


def states(count, n=60, seed=1):
    return np.random.default_rng(seed).integers(count, size=(2, n)).astype(np.int16)


def classes(state):
    return {frozenset(np.flatnonzero(state == value).tolist()) for value in np.unique(state)}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [3, 7, 20])
def test_a_child_of_equal_parents_is_the_parent_but_for_names(count, seed):
    one, _ = states(count)
    names = np.random.default_rng(seed).permutation(count).astype(np.int16)
    child = cross(one, names[one], np.zeros(count, bool), np.random.default_rng(seed))
    assert classes(child) == classes(one)


@pytest.mark.parametrize("seed", range(5))
def test_pinned_classes_keep_their_values(seed):
    one, _ = states(6)
    pinned = np.array([True, False, True, False, False, True])
    child = cross(one, one, pinned, np.random.default_rng(seed))
    assert all(((child == value) == (one == value)).all() for value in np.flatnonzero(pinned))
    assert classes(child) == classes(one)


@pytest.mark.parametrize("seed", range(5))
def test_the_largest_classes_come_by_turns(seed):
    """Followed by hand: sizes are those of what is left; the first parent is drawn."""
    one, other = states(5, n=23, seed=seed)
    child = cross(one, other, np.zeros(5, bool), np.random.default_rng(seed))
    taken = [np.flatnonzero(child == value) for value in (4, 3, 2, 1, 0)]  # as they are given out
    parents = (other, one) if np.random.default_rng(seed).integers(2) else (one, other)
    left = np.ones(23, bool)
    for k, sites in enumerate(taken[:4]):
        sizes = np.bincount(parents[k % 2][left], minlength=5)
        value = parents[k % 2][sites[left[sites]][0]]
        expected = np.flatnonzero(left & (parents[k % 2] == value))
        assert set(expected) <= set(sites) and sizes[value] == sizes.max()
        left[expected] = False


@pytest.mark.parametrize(
    ("model", "crossed"),
    [
        (pbit.DitModel.potts(*RING, num_values=6), True),
        (pbit.DitModel.potts(*RING, 0.3, num_values=6), True),
        (pbit.DitModel.potts(*RING, num_values=5), False),
        (pbit.DitModel.potts(*RING, -1.0, num_values=6), False),
        (pbit.DitModel.potts([], [], num_values=6, num_digits=4), False),
        (random_potts([3, 4], seed=1), False),
        (random_dits(seed=1), False),
        (pbit.TourModel(np.ones((5, 5)) - np.eye(5)), False),
    ],
)
def test_who_is_crossed(model, crossed):
    assert is_crossable(digit_program(model)) is crossed


def test_values_with_fields_are_pinned():
    model = pbit.DitModel.potts(*RING, num_values=6, h=np.tile([0.0, 0.0, 2.0] * 2, 40))
    assert pinned_values(SiteProgram(model)).tolist() == [False, False, True] * 2


@pytest.mark.parametrize("threads", [1, 2])
def test_members_do_not_become_worse(threads, monkeypatch):
    monkeypatch.setattr(crossing, "_SWEEPS", 20)
    model = random_potts([6] * 30, seed=1, density=0.9)
    search = Crossing(
        SiteProgram(pbit.DitModel.potts(*model_edges(model), num_values=6)), seed=1,
        num_threads=threads,
    )  # fmt: skip
    before = None
    for _ in range(10):
        assert search.go_on(Control()) == "completed"
        energies = search._energies.copy()
        assert energies.shape == (16 * threads,)
        assert before is None or (energies <= before).all()
        assert search.lowest == energies.min() == search.program.model.energy(search.best)
        before = energies
    assert search.generations == 10 and search.reads == 160 * threads


def model_edges(model):
    i, j = model.ends()
    return i[i < j], j[i < j]


def test_others_begin_where_nothing_becomes_lower(monkeypatch):
    monkeypatch.setattr(crossing, "_PATIENCE", 3)
    search = Crossing(SiteProgram(pbit.DitModel.potts(*RING, num_values=6)), seed=1, num_threads=1)
    for _ in range(4):
        search.go_on(Control())
    assert search.lowest == 0.0 and search._members is None and search.restarts == 1
    search.go_on(Control())
    assert search._sweeps == 2 * crossing._SWEEPS and search._members is not None


def test_large_models_have_short_generations():
    i = np.arange(10_000)
    model = pbit.DitModel.potts(i[:-1], i[1:], num_values=6)
    assert Crossing(SiteProgram(model), seed=1, num_threads=1)._sweeps == 125


def test_the_search_crosses_colourings_and_an_end_ends_it():
    program = SiteProgram(pbit.DitModel.potts(*RING, 0.5, num_values=6))
    found = MixedSearch(program, Control(time_limit_s=1.0), seed=1, num_threads=1)
    reads = found.run()
    assert reads.info["seconds_by"]["crossing"] > 0.0 and found._crossing.generations
    assert reads.energies == pytest.approx(program.model.energy(reads.values))
    assert "no samples" in reads.info["law"]
    fixed = MixedSearch(
        program, Control(time_limit_s=0.1), seed=1, num_threads=1, beta_range=(0.1, 5.0)
    )
    assert set(fixed.run().info["seconds_by"]) == {"anneal", "tempering"}
    nothing = Control(interrupt=lambda: True)
    assert Crossing(program, seed=1, num_threads=1).go_on(nothing) == "interrupted"


@pytest.mark.parametrize(
    ("restarts", "generations", "energy", "parts"),
    [
        (0, 12, 2.0, (1.0, 4.0)),
        (0, 12, 2.5, (4.0, 1.0)),
        (0, 11, 2.5, (1.0, 4.0)),
        (1, 50, 2.0, (4.0, 1.0)),
        (1, 50, 1.0, (2.0, 2.0)),
    ],
)
def test_the_first_population_has_time_unless_far_behind(restarts, generations, energy, parts):
    search = MixedSearch(
        SiteProgram(pbit.DitModel.potts(*RING, num_values=6)), Control(time_limit_s=1.0), seed=1,
        num_threads=1,
    )  # fmt: skip
    found = {"anneal": 3.0, "tempering": 1.0, "crossing": energy}
    search._lowest = lambda: found
    search._crossing.restarts, search._crossing.generations = restarts, generations
    shares = search._shares()
    assert (shares["tempering"], shares["crossing"]) == parts
