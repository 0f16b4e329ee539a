"""Population annealing as a solver of `pbit solve`: effort, rounds, traces, early ends."""

import numpy as np
import pytest

from pbit import Control, Hardware
from pbit.exact import exact_ground_states
from pbit.solvers.effort import Effort
from pbit.solvers.population import solve_with_population
from pbit.solvers.solve import solve
from random_models import random_model, random_polynomial


@pytest.mark.parametrize("model", [random_model(14, seed=1), random_polynomial(12, seed=1)])
def test_ground_states(model):
    reads = solve_with_population(model, Effort(num_reads=100, num_sweeps=300), Control())
    assert reads.energies[reads.best] == pytest.approx(exact_ground_states(model)[0], rel=1e-12)
    assert reads.energies == pytest.approx(model.energy(reads.spins), rel=1e-12)
    assert len(reads.spins) in (100, 101)


@pytest.mark.parametrize("sweeps", [0, 1, 7, 300, 5000])
def test_effort_is_kept(sweeps):
    model = random_model(8, seed=1, integers=True)
    effort = Effort(num_reads=128, num_sweeps=sweeps, beta_range=(0.1, 1.5), traced=True)
    info = solve_with_population(model, effort, Control()).info
    assert sweeps - 10 < info["num_sweeps"] <= sweeps
    assert info["trace"].size == info["num_sweeps"]
    assert info["num_reads"] == 128
    assert info["beta_range"] == [0.0, 1.5 if sweeps else 0.0]
    extra = info["updates"] - 8 * 128 * info["num_sweeps"]
    assert extra % (8 * 64) == 0 and extra < 8 * 64 * 100


def test_reads_depend_on_the_seed_and_the_first_read():
    model = random_model(60, seed=1)
    effort = Effort(num_reads=20, num_sweeps=10, seed=3)
    one, two = (solve_with_population(model, effort, Control()).spins for _ in range(2))
    later = Effort(num_reads=20, num_sweeps=10, seed=3, first_read=20)
    assert np.array_equal(one, two)
    assert not np.array_equal(one[:20], solve_with_population(model, later, Control()).spins[:20])


def test_rounds_under_a_time_limit(stepped):
    model = random_model(30, seed=1)
    seen = []
    control = Control(time_limit_s=0.3, progress=seen.append)
    reads = solve(solve_with_population, model, Effort(traced=True), control)
    assert reads.info["stop_reason"] == "time_limit"
    assert reads.info["rounds"] == len(reads.energies) > 1
    assert reads.energies == pytest.approx(model.energy(reads.spins), rel=1e-12)
    assert 0.3e9 <= reads.info["timing"]["sampling_ns"] < 0.8e9
    assert np.all(np.isfinite(reads.info["trace"]))


def test_a_target_ends_it_even_among_the_pilots():
    model = random_model(14, seed=1)
    lowest, _ = exact_ground_states(model)
    for target in (0.0, lowest):
        reads = solve(solve_with_population, model, Effort(), Control(target=target))
        assert reads.info["stop_reason"] == "target"
        assert reads.energies.min() <= target + 1e-9
    stopped = solve(solve_with_population, model, Effort(), Control(interrupt=lambda: True))
    assert stopped.info["stop_reason"] == "interrupted"


def test_the_lowest_state_of_the_pilots_is_kept():
    """Where the large population is stopped before it has cooled, theirs is the best there is."""
    model = random_model(14, seed=1)
    lowest, _ = exact_ground_states(model)
    reads = solve_with_population(model, Effort(num_reads=1, num_sweeps=1, seed=3), Control())
    assert reads.energies.min() == pytest.approx(lowest)
    assert reads.energies == pytest.approx(model.energy(reads.spins), rel=1e-12)


def test_a_chip_is_refused():
    with pytest.raises(ValueError, match="hardware must be left out with solver 'population'"):
        solve_with_population(
            random_model(5, seed=1), Effort(num_reads=1, hardware=Hardware()), Control()
        )
