"""dimod's discrete and constrained models through the sampler: energies, laws, feasibility."""

import itertools

import dimod
import numpy as np
import pytest

import pbit
from pbit import DiscreteSampler, DitModel
from pbit.exact import digits
from pbit.statistics.laws import chi_square_p_value

LABELS = ["a", 7, ("b", 1), "d"]
COUNTS = [3, 2, 4, 3]
SHORT = {"num_sweeps": 60, "seed": 1}


def random_dqm(*, seed, counts=COUNTS):
    rng = np.random.default_rng(seed)
    dqm = dimod.DiscreteQuadraticModel()
    for label, count in zip(LABELS, counts, strict=False):
        dqm.add_variable(count, label=label)
        dqm.set_linear(label, rng.normal(size=count))
    for u, v in itertools.combinations(range(len(counts)), 2):
        dqm.set_quadratic(LABELS[u], LABELS[v], rng.normal(size=(counts[u], counts[v])))
    dqm.offset = 0.5
    return dqm


# --- sample_dqm


@pytest.mark.parametrize("method", ["tempering", "annealing"])
@pytest.mark.parametrize("best_seen", [True, False])
def test_energies_and_labels_are_those_of_the_dqm(method, best_seen):
    dqm = random_dqm(seed=2)
    found = DiscreteSampler().sample_dqm(
        dqm, method=method, best_seen=best_seen, num_reads=6, label="mine", **SHORT
    )
    assert set(found.variables) == set(LABELS) and len(found) == 6
    assert found.record.energy == pytest.approx(dqm.energies(found), abs=1e-9)
    assert found.info["problem_label"] == "mine" and found.info["seed"] == 1
    assert "Boltzmann over all values" in found.info["law"]
    assert found.info["timing"]["preprocessing_ns"] > 0
    if best_seen:
        exact = dimod.ExactDQMSolver().sample_dqm(dqm).first.energy
        assert found.first.energy == pytest.approx(exact)


def test_it_is_temper_and_anneal():
    dqm = random_dqm(seed=3)
    model = DitModel.from_dqm(dqm)
    found = DiscreteSampler().sample_dqm(dqm, num_reads=2, **SHORT)
    same = pbit.temper(model, num_reads=2, **SHORT)
    columns = [list(found.variables).index(v) for v in LABELS]
    assert np.array_equal(found.record.sample[:, columns], same.values)
    found = DiscreteSampler().sample_dqm(
        dqm, method="annealing", num_reads=3, beta_range=(0.1, 4.0), best_seen=False,
        proposal_acceptance_criteria="Metropolis", **SHORT,
    )  # fmt: skip
    schedule = pbit.Schedule.geometric(0.1, 4.0, num_betas=60)
    same = pbit.anneal(model, schedule, num_reads=3, rule="metropolis", seed=1)
    assert np.array_equal(found.record.sample[:, columns], same.values)


def test_a_population_gives_its_lowest_state_or_its_members():
    dqm = random_dqm(seed=3)
    model, options = DitModel.from_dqm(dqm), {"beta_range": (0.1, 1.5), "seed": 1}
    same = pbit.population_anneal(model, beta=1.5, seed=1, population_size=200)
    lowest = DiscreteSampler().sample_dqm(dqm, method="population", num_reads=200, **options)
    assert lowest.record.energy == pytest.approx(same.best_energies)
    found = DiscreteSampler().sample_dqm(
        dqm, method="population", num_reads=200, best_seen=False, **options
    )
    columns = [list(found.variables).index(v) for v in LABELS]
    assert np.array_equal(found.record.sample[:, columns], same.values)
    assert found.info["log_z"] == same.log_z


def test_last_states_follow_the_boltzmann_law():
    dqm = random_dqm(seed=4, counts=[3, 2, 3])
    model = DitModel.from_dqm(dqm)
    options = {"num_reads": 4000, "num_sweeps": 200, "seed": 3, "best_seen": False}
    found = DiscreteSampler().sample_dqm(dqm, method="annealing", beta_range=(0.9, 0.9), **options)
    columns = [list(found.variables).index(v) for v in model.labels]
    numbers = digits.state_number(found.record.sample[:, columns], model.num_values)
    assert chi_square_p_value(numbers, digits.boltzmann(model, 0.9)) > 1e-6
    assert chi_square_p_value(numbers, digits.boltzmann(model, 0.75)) < 1e-6  # control


def test_names_of_cases_by_dimods_own_map():
    dqm = dimod.CaseLabelDQM()
    for v in "uv":
        dqm.add_variable(["red", "green"], label=v, shared_labels=True)
    dqm.set_quadratic_case("u", "red", "v", "red", 1.0)
    dqm.set_quadratic_case("u", "green", "v", "green", 1.0)
    dqm.set_linear_case("u", "green", -0.5)
    found = DiscreteSampler().sample_dqm(dqm, **SHORT)
    assert dqm.map_sample(found.first.sample) == {"u": "green", "v": "red"}


def test_target_and_time_limit():
    dqm = random_dqm(seed=5)
    lowest = digits.ground_states(DitModel.from_dqm(dqm))[0]
    reached = DiscreteSampler().sample_dqm(dqm, target=lowest + 1e-6, seed=1)
    assert reached.info["stop_reason"] == "target"
    for method in ("tempering", "annealing"):
        timed = DiscreteSampler().sample_dqm(dqm, 0.05, method=method, seed=1)
        assert timed.info["stop_reason"] == "time_limit" and len(timed) >= 1


# --- sample_cqm


def assignment(n, *, seed):
    rng = np.random.default_rng(seed)
    costs = rng.integers(1, 9, (n, n))
    x = [[dimod.Binary((i, j)) for j in range(n)] for i in range(n)]
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.set_objective(sum(int(costs[i, j]) * x[i][j] for i in range(n) for j in range(n)))
    for i in range(n):
        cqm.add_discrete([(i, j) for j in range(n)], label=f"row {i}")
    for j in range(n):
        cqm.add_constraint(sum(line[j] for line in x) == 1, label=f"column {j}")
    best = min(sum(costs[i, p[i]] for i in range(n)) for p in itertools.permutations(range(n)))
    return cqm, best


@pytest.mark.parametrize("method", ["tempering", "annealing"])
def test_an_assignment_is_solved_and_says_what_it_satisfies(method):
    cqm, best = assignment(4, seed=2)
    found = DiscreteSampler().sample_cqm(
        cqm, method=method, num_reads=10, num_sweeps=200, seed=1, label="rows"
    )
    assert found.first.energy == best and found.info["problem_label"] == "rows"
    assert found.record.is_feasible.all() and found.info["num_feasible"] == 10
    assert found.info["groups"] == list(cqm.constraints)
    assert "Boltzmann over all permutations" in found.info["law"]
    assert found.record.energy == pytest.approx(cqm.objective.energies(found))


@pytest.mark.parametrize("method", ["tempering", "annealing"])
def test_rows_hold_by_themselves_and_the_rest_at_a_price(method):
    cqm, _ = assignment(4, seed=2)
    cqm.add_constraint(dimod.Binary((0, 0)) + dimod.Binary((1, 1)) <= 1, label="more")
    best = dimod.ExactCQMSolver().sample_cqm(cqm).filter(lambda row: row.is_feasible).first.energy
    found = DiscreteSampler().sample_cqm(cqm, method=method, num_reads=10, num_sweeps=200, seed=1)
    feasible = found.filter(lambda row: row.is_feasible)
    assert feasible.first.energy == best
    assert found.info["num_feasible"] == len(feasible)
    assert found.info["groups"] == [f"row {i}" for i in range(4)]
    rows = [list(cqm.constraints).index(f"row {i}") for i in range(4)]
    assert found.record.is_satisfied[:, rows].all()
    assert found.record.energy == pytest.approx(cqm.objective.energies(found))


def test_groups_alone_are_always_feasible():
    cqm = dimod.CQM.from_dqm(random_dqm(seed=6))
    found = DiscreteSampler().sample_cqm(cqm, num_reads=5, best_seen=False, **SHORT)
    assert found.record.is_feasible.all() and found.info["num_feasible"] == 5


def test_integers_spins_and_inequalities():
    i, s = dimod.Integer("i", upper_bound=6), dimod.Spin("s")
    x, y = dimod.Binaries("xy")
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.set_objective(-3 * i + 2 * s * i + x - 4 * y)
    cqm.add_constraint(i + 2 * y <= 5, label="most")
    cqm.add_constraint(x + y == 1, label="one")
    found = DiscreteSampler().sample_cqm(cqm, num_reads=8, num_sweeps=300, seed=2)
    best = min(
        cqm.objective.energy(sample)
        for sample in (
            dict(zip("isxy", values, strict=True))
            for values in itertools.product(range(7), (-1, 1), (0, 1), (0, 1))
        )
        if cqm.check_feasible(sample)
    )
    feasible = found.filter(lambda row: row.is_feasible)
    assert feasible.first.energy == best


def test_what_cannot_be_met_is_told():
    x = list(dimod.Binaries("abc"))
    cqm = dimod.ConstrainedQuadraticModel()
    cqm.add_discrete("abc", label="one")
    cqm.add_constraint(x[0] + x[1] == 2, label="two")
    found = DiscreteSampler().sample_cqm(cqm, num_reads=3, **SHORT)
    assert found.info["num_feasible"] == 0 and not found.record.is_feasible.any()
    cqm.add_constraint(x[0] + x[1] <= -1, label="none")
    with pytest.raises(ValueError, match=r"constraint 'none' cannot be met, .* infeasible"):
        DiscreteSampler().sample_cqm(cqm, **SHORT)


def test_models_without_variables_and_groups_of_one():
    assert len(DiscreteSampler().sample_dqm(dimod.DQM(), **SHORT)) == 1
    cqm = dimod.ConstrainedQuadraticModel()
    assert DiscreteSampler().sample_cqm(cqm, **SHORT).record.is_feasible.all()
    cqm.set_objective(2 * dimod.Binary("a"))
    cqm.add_discrete("a", label="one")
    assert DiscreteSampler().sample_cqm(cqm, **SHORT).first.energy == 2.0
    cqm.add_discrete([], label="none")
    assert DiscreteSampler().sample_cqm(cqm, **SHORT).info["num_feasible"] == 0


def test_other_samplers_name_this_one():
    with pytest.raises(TypeError, match=r"use DiscreteSampler\(\).sample_dqm\(dqm\)"):
        pbit.PBitSampler().sample(dimod.DQM())
    with pytest.raises(TypeError, match=r"use pbit.solve\(cqm\), DiscreteSampler\(\).sample_cqm"):
        pbit.PBitSampler().sample(dimod.CQM())


# --- keywords


def test_properties_and_parameters():
    sampler = DiscreteSampler()
    assert sampler.parameters["method"] == ["methods"]
    assert sampler.properties["methods"] == ("tempering", "annealing", "population")
    assert {"time_limit", "label", "lagrange_multiplier", "target"} <= set(sampler.parameters)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s, d: s.sample_dqm(d, method="x"), "method must be one of tempering, annealing"),
        (lambda s, d: s.sample_dqm(d, beta_range=3), "beta_range"),
        (lambda s, d: s.sample_dqm(d, proposal_acceptance_criteria="x"), "proposal_acceptance"),
        (lambda s, d: s.sample_dqm(d, num_reads=-1), "num_reads must be >= 1, got -1"),
        (lambda s, d: s.sample_dqm(d, num_reads=0), "num_reads must be >= 1, got 0"),
        (lambda s, d: s.sample_dqm(d, method="population", num_reads=0),
         "num_reads must be >= 1, got 0"),
        (lambda s, d: s.sample_dqm(d, method="population", num_sweeps=9),
         "num_sweeps must be left out with method 'population'"),
        (lambda s, d: s.sample_dqm(3), "dqm must be of type DiscreteQuadraticModel"),
        (lambda s, d: s.sample_cqm(d), "cqm must be of type ConstrainedQuadraticModel.*sample_dqm"),
        (lambda s, d: s.sample_cqm(assignment(2, seed=1)[0], lagrange_multiplier=-1.0),
         "lagrange_multiplier must be a number > 0, got -1.0"),
    ],
)  # fmt: skip
def test_refused(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call(DiscreteSampler(), random_dqm(seed=1))
