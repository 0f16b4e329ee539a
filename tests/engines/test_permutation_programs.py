"""Programs of permutations: energies kept exactly, ladders, temperatures, limits of beta."""

import numpy as np
import pytest

import pbit
from pbit.checks import TooLargeError
from pbit.engines.digits.assignments import COLD, HOT, AssignmentProgram
from pbit.engines.digits.temperatures import even_ladder, quenched
from pbit.engines.digits.tours import TourProgram
from pbit.run.control import Control
from pbit.samplers.digits.mixed import MixedSearch
from pbit.schedules.freezing import beta_of


def assignment(n=14, seed=1, *, symmetric=(True, True), linear=False):
    rng = np.random.default_rng(seed)
    parts = [rng.integers(0, 20, (n, n)) for _ in range(3)]
    flows, distances = (
        part + part.T if alike else part for part, alike in zip(parts, symmetric, strict=False)
    )
    return pbit.AssignmentModel(flows, distances, parts[2] if linear else None, offset=1.0)


def tour(n=30, seed=1, *, symmetric=True):
    points = np.random.default_rng(seed).uniform(0, 100, (n, 2))
    distances = np.rint(np.hypot(*(points[:, None] - points).T))
    return pbit.TourModel(distances if symmetric else distances + np.triu(distances, 3))


MODELS = {
    "symmetric": assignment,
    "flows by direction": lambda: assignment(symmetric=(False, True)),
    "distances by direction": lambda: assignment(symmetric=(True, False)),
    "both by direction": lambda: assignment(17, symmetric=(False, False), linear=True),
    "tour": tour,
    "tour by direction": lambda: tour(symmetric=False),
    "tour of three": lambda: tour(3),
    "tour of two": lambda: tour(2),
    "one": lambda: assignment(1),
    "two": lambda: assignment(2, symmetric=(False, False)),
}


@pytest.mark.parametrize("rule", ["heat-bath", "metropolis"])
@pytest.mark.parametrize("kind", MODELS)
def test_energies_are_exact_after_thousands_of_moves(kind, rule):
    model = MODELS[kind]()
    for betas in ([0.0] * 100, [0.003] * 300, np.geomspace(1e-4, 1.0, 400), [np.inf] * 50):
        reads = pbit.anneal(model, betas, num_reads=6, seed=3, rule=rule)
        assert (model.energy(reads.values) == reads.energies).all()  # which checks them, too


def test_at_infinite_beta_nothing_rises():
    for model in (assignment(), tour(), tour(symmetric=False)):
        start = model.random(1)[0]
        reads = pbit.anneal(model, [np.inf] * 300, num_reads=4, seed=1, initial_values=start)
        assert (reads.energies < model.energy(start)).all()
        again = pbit.anneal(model, [np.inf] * 9, num_reads=1, seed=2,
                            initial_values=reads.values[0])  # fmt: skip
        assert again.energies[0] <= reads.energies[0]


def test_at_beta_0_all_permutations_are_as_likely():
    reads = pbit.anneal(assignment(3), [0.0] * 5, num_reads=60000, seed=1, rule="heat-bath")
    counts = np.unique(reads.values, axis=0, return_counts=True)[1]
    assert counts.size == 6
    assert np.abs(counts - 10000).max() < 600  # six standard deviations


def test_threads_change_nothing():
    for model in (assignment(), tour()):
        one, other = (
            pbit.anneal(model, num_sweeps=50, num_reads=40, seed=1, num_threads=threads)
            for threads in (1, 3)
        )
        assert (one.values == other.values).all()


def test_ends_leave_local_minima_as_often_as_they_say():
    program = AssignmentProgram(assignment(12))
    states = quenched(program)
    costs = np.array([program.model.swap_changes(state) for state in states])
    assert (costs >= 0).all()  # minima
    costs = costs[:, *np.triu_indices(12, 1)]
    for beta, rate in zip(program.beta_range, (HOT, COLD), strict=True):
        rises = np.where(costs > 0, np.exp(-beta * costs), 0.0)
        assert 12 * rises.mean() == pytest.approx(rate, rel=1e-6)


def test_betas_are_in_the_units_of_energies():
    for model, scaled in (
        (assignment(), pbit.AssignmentModel(8.0 * assignment().flows, assignment().distances)),
        (tour(), pbit.TourModel(8.0 * tour().distances)),
    ):
        program = AssignmentProgram if hasattr(model, "flows") else TourProgram
        ends, others = program(model).beta_range, program(scaled).beta_range
        assert np.allclose(ends, 8.0 * np.array(others), rtol=1e-9)


def test_betas_of_models_without_a_scale():
    flat = pbit.AssignmentModel(np.zeros((5, 5)), np.ones((5, 5)))
    assert AssignmentProgram(flat).beta_range == (0.1, 1.0)
    assert TourProgram(pbit.TourModel(np.zeros((5, 5)))).beta_range == (0.1, 1.0)
    assert AssignmentProgram(assignment(1)).beta_range == (0.1, 1.0)


def test_distances_that_do_not_fit_into_memory(monkeypatch):
    monkeypatch.setattr("pbit.machine.memory_bytes", lambda: 20000.0)
    assert TourProgram(tour(20)).updates == 20
    with pytest.raises(
        TooLargeError, match=r"ways between 30 cities need about .* lower distances"
    ):
        TourProgram(tour(30))


def test_rates_are_solved_for():
    costs = np.array([0.5, 1.0, 2.0])
    beta = beta_of(costs, 0.4 / 3.0, between=(1e-6, 1e6), steps=60)
    assert 3.0 * np.exp(-beta * costs).sum() == pytest.approx(0.4)


def test_ladders_grow_with_the_root_of_n():
    assert even_ladder((0.1, 1.0), 25).size == 1 + 1 + int(5 * np.log(10))
    assert even_ladder((0.1, 1.0), 10**6).size == 256
    assert even_ladder((0.1, 1.0), 25)[[0, -1]] == pytest.approx([0.1, 1.0])


def test_tempering_takes_the_ladder_of_the_model():
    model = tour()
    result = pbit.temper(model, num_sweeps=20, seed=1, keep_states=True)
    betas = TourProgram(model).usual_betas
    assert (result.ladder.values == betas).all()
    assert result.states.shape == (1, betas.size, 1, 30)
    searched = pbit.temper(model, pbit.LadderSearch((0.01, 1.0)), num_sweeps=20, seed=1)
    assert searched.ladder.values[0] != betas[0]


def test_a_search_tempers_on_the_ladder_of_the_model():
    search = MixedSearch(TourProgram(tour()), Control(time_limit_s=0.2), seed=1, num_threads=1)
    found = search.run()
    assert search._tempering.updates > 0
    assert search._tempering.lowest >= found.energies.min()
    assert (search._tempering.job.ladder.values == TourProgram(tour()).usual_betas).all()


def test_laws_name_their_space():
    assert pbit.anneal(tour(), num_sweeps=1).info["law"].startswith("Boltzmann over all tours")
    law = pbit.anneal(assignment(), num_sweeps=1).info["law"]
    assert law.startswith("Boltzmann over all permutations")
