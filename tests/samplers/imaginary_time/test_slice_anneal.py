"""Slices of imaginary time: against the slow reference, exact laws, and the classical kernel.

False alarms: each law is tested at a nominal alpha of 1e-6 / 20. Power, from the distance of the
laws: 2**19 reads catch a bond that is off by 2 % with probability 0.999 and more, whatever R.
"""

import numpy as np
import pytest

import naive_slices as naive
from cases import some
from clock import FakeClock, SteppedClock
from pbit import Control, IsingModel, PolynomialModel, Schedule, anneal
from pbit.exact import state_number
from pbit.samplers.imaginary_time.slice_anneal import anneal_slices
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6 / 20
READS = 2**19
STEPS = [(1.0, 1.5), (2.0, 0.5), (4.0, 0.1)]


def whole_model(n, *, seed, largest=1, fields=1, unit=1.0, density=0.7):
    """Random model with weights from -largest to largest, in units."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((n, n)) < density, k=1)
    sizes = rng.integers(1, largest + 1, (n, n)) * rng.choice([-1, 1], (n, n))
    J = unit * upper * sizes
    return IsingModel(unit * rng.integers(-fields, fields + 1, n), J + J.T, offset=0.25)


def schedule_of(steps):
    betas, gammas = np.transpose(steps)
    return Schedule(betas).with_columns(gamma=gammas)


def slices_of(model, steps, replicas, **options):
    """Slices at the end, (num_reads, R, n)."""
    reads = anneal_slices(
        model, schedule_of(steps), replicas=replicas, return_replicas=True, **options
    )
    return reads.info["replica_spins"]


def slow_slices(model, steps, replicas, read, seed):
    state = naive.start_slices(model.num_spins, replicas, read, seed)
    for sweep, step in enumerate(steps):
        naive.sweep_slices(model.h, model.J.toarray(), state, step, sweep, read, seed)
    return state


@pytest.mark.parametrize(
    ("replicas", "num_reads"),
    [
        *((1, 2), (2, 2), (3, 2), (4, 2), (6, 2), (8, 70), (50, 3), (64, 12), (7, 2)),
        pytest.param(130, 2, marks=pytest.mark.slow),  # the reference takes seconds
        pytest.param(8, 33, marks=pytest.mark.slow),  # words of 4, a kernel of their own
    ],
)
def test_slices_equal_the_slow_reference(replicas, num_reads):
    """Words of 2, 4 and 8; groups that fill a block and that do not, across its words."""
    model = whole_model(5, seed=1)
    first, seed = 3, 2**40 + 7
    found = slices_of(
        model, STEPS, replicas, num_reads=num_reads, first_read=first, seed=seed, num_threads=1
    )
    for read in {0, num_reads - 1}:
        assert np.array_equal(found[read], slow_slices(model, STEPS, replicas, first + read, seed))


@pytest.mark.parametrize(
    "kind", [{"largest": 3, "fields": 5}, {"largest": 9, "fields": 9}, {"unit": 1 / 16}]
)
def test_weights_equal_the_slow_reference(kind):
    model = whole_model(5, seed=6, **kind)
    (found,) = slices_of(model, STEPS, 6, seed=5)
    assert np.array_equal(found, slow_slices(model, STEPS, 6, 0, 5))


def test_frozen_classes_go_both_ways():
    """Bonds so strong that no random bit counts: the work against the field is negative."""
    model = whole_model(5, seed=1)
    steps = [(1e-6, 1e3), (50.0, 1e-200), (50.0, 1e-200)]
    (found,) = slices_of(model, steps, 4, seed=2)
    assert np.array_equal(found, slow_slices(model, steps, 4, 0, 2))
    assert np.array_equal(np.ptp(found, axis=0), np.zeros(5))


@pytest.mark.parametrize("best_seen", [False, True])
def test_the_lowest_slice_comes_back(best_seen):
    model = whole_model(8, seed=7, largest=2)
    steps = [(1.5, 0.8)] * 12
    reads = anneal_slices(
        model, schedule_of(steps), replicas=6, num_reads=41, seed=5, best_seen=best_seen,
        return_replicas=True,
    )  # fmt: skip
    found = reads.info["replica_energies"]
    assert np.array_equal(
        found, model.energy(reads.info["replica_spins"].reshape(-1, 8)).reshape(41, 6)
    )
    assert np.array_equal(model.energy(reads.spins), reads.energies)
    if not best_seen:
        assert np.array_equal(reads.energies, found.min(axis=1))
        return
    for read in (0, 40):
        state = naive.start_slices(8, 6, read, 5)
        lowest = model.energy(state).min()
        for sweep, step in enumerate(steps):
            naive.sweep_slices(model.h, model.J.toarray(), state, step, sweep, read, 5)
            lowest = min(lowest, model.energy(state).min())
        assert reads.energies[read] == lowest


def test_one_slice_is_a_classical_anneal():
    model = whole_model(5, seed=3)
    one = anneal_slices(model, schedule_of(STEPS), replicas=1, num_reads=300, seed=9)
    classical = anneal(model, [beta for beta, _ in STEPS], num_reads=300, seed=9, kernel="bits")
    assert np.array_equal(one.spins, classical.spins)


LAWS = {1: 6, 2: 4, 3: 3, 4: 2, 6: 1, 8: 1}  # spins that the reads tell apart, by R
WARM = (0.8, 1.2)


@pytest.mark.parametrize("replicas", some(LAWS, 1, 2, 3, 4))
def test_slices_follow_the_law_of_suzuki_and_trotter(replicas):
    """200 sweeps are enough: their own law is that one to 1e-9, which is checked first. The same
    reads do not follow laws with errors: K without the half, K 2 % off, R = 2 with one bond, open
    imaginary time."""
    model = whole_model(LAWS[replicas], seed=4)
    arrays = model.h, model.J.toarray(), WARM, replicas
    law = naive.exact_slices(*arrays)
    after = naive.exact_after(model.h, model.J.toarray(), [WARM] * 200, replicas)
    assert np.abs(after - law).max() < 1e-9
    seen = numbers(model, Schedule([WARM[0]], 200).with_columns(gamma=[WARM[1]]), replicas)
    assert chi_square_p_value(seen, law) > ALPHA
    K = naive.bond(*WARM, replicas)
    planted = {"half": {"K": 2 * K}, "larger": {"K": 1.02 * K}, "smaller": {"K": 0.98 * K}}
    planted |= {"open": {"is_open": True}} | ({"one": {"doubled": False}} if replicas == 2 else {})
    for name, wrong in (planted if replicas > 1 else {}).items():
        assert chi_square_p_value(seen, naive.exact_slices(*arrays, **wrong)) < ALPHA, name


@pytest.mark.parametrize(
    ("replicas", "n"), some([(3, 3), (4, 2), (6, 2), (8, 2), (4, 4)], (3, 3), (4, 2))
)
def test_anneals_follow_the_law_of_their_sweeps(replicas, n):
    """Up to 65536 states, the rare ones in one cell."""
    model = whole_model(n, seed=5)
    law = naive.exact_after(model.h, model.J.toarray(), STEPS, replicas)
    assert chi_square_p_value(numbers(model, schedule_of(STEPS), replicas), law) > ALPHA
    wrong = naive.exact_after(
        model.h, model.J.toarray(), [(b, 1.1 * g) for b, g in STEPS], replicas
    )
    assert chi_square_p_value(numbers(model, schedule_of(STEPS), replicas), wrong) < ALPHA


def numbers(model, schedule, replicas):
    """Of the states of all slices at the end."""
    reads = anneal_slices(
        model, schedule, replicas=replicas, num_reads=READS, seed=11, return_replicas=True
    )
    return state_number(reads.info["replica_spins"].reshape(READS, -1))


@pytest.mark.parametrize("replicas", [3, 12, 64])
def test_reads_do_not_depend_on_threads_pieces_or_later_reads(replicas):
    model = whole_model(120, seed=8, density=0.02)
    options = {"replicas": replicas, "seed": 3}
    whole = anneal_slices(model, schedule_of(STEPS * 30), num_reads=60, num_threads=1, **options)
    for threads, first, count in ((2, 0, 60), (3, 0, 31), (1, 0, 1), (1, 7, 30), (2, 50, 9)):
        part = anneal_slices(
            model, schedule_of(STEPS * 30), num_reads=count, num_threads=threads,
            first_read=first, **options,
        )  # fmt: skip
        assert np.array_equal(part.spins, whole.spins[first : first + count])


def test_initial_slices():
    model = whole_model(6, seed=9)
    spins = np.random.default_rng(1).choice([-1, 1], (5, 4, 6))
    for initial, expected in (
        (spins, spins),
        (spins[:, 0], np.repeat(spins[:, :1], 4, axis=1)),
        (spins[0, 0], np.tile(spins[0, 0], (5, 4, 1))),
    ):
        found = anneal_slices(
            model, Schedule([]).with_columns(gamma=[]), replicas=4, num_reads=5,
            initial_spins=initial, return_replicas=True,
        )  # fmt: skip
        assert np.array_equal(found.info["replica_spins"], expected)
        assert np.array_equal(found.energies, found.info["replica_energies"].min(axis=1))


def test_what_is_told_of_a_run():
    reported = []
    control = Control(progress=reported.append, clock=SteppedClock())
    model = whole_model(6, seed=9)
    schedule = Schedule([1.0, 2.0], sweeps_per_beta=3).with_columns(gamma=[2.0, 0.5])
    info = anneal_slices(model, schedule, replicas=4, num_reads=7, seed=1, control=control).info
    assert info["updates"] == 7 * 4 * 6 * 6 and info["num_sweeps"] == 6
    assert (info["beta_range"], info["gamma_range"]) == ([1.0, 2.0], [2.0, 0.5])
    assert (info["seed"], info["replicas"], info["stop_reason"]) == (1, 4, "completed")
    assert reported[-1].fraction == 1.0
    assert "replica_spins" not in info


def test_target_and_time_limit():
    """At the target all reads end; of those cut short by a limit the lowest comes back."""
    model = whole_model(200, seed=2, density=0.01)
    long = schedule_of([(8.0, 0.3)] * 10**5)
    options = {"replicas": 8, "num_reads": 40, "seed": 1}
    aim = anneal_slices(model, schedule_of([(8.0, 0.3)] * 40), **options).energies.min()
    found = anneal_slices(model, long, control=Control(target=aim), **options)
    assert found.info["stop_reason"] == "target" and found.energies.min() <= aim
    control = Control(time_limit_s=0.2, clock=FakeClock())
    cut = anneal_slices(model, long, control=control, **options)
    assert cut.info["stop_reason"] == "time_limit" and len(cut.energies) == 1
    assert np.array_equal(model.energy(cut.spins), cut.energies)


PAIR = IsingModel.from_edges([0], [1], [1.0])


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([(1.0, 2.0), (1.0, 0.0)], "gamma must be > 0 and finite for slices, got 0.0 at step 1; "
                                   "slices freeze into one another"),
        ([(1.0, -1.0)], "schedule must have gamma >= 0, got -1.0"),
        ([(0.0, 1.0)], "beta must be > 0 and finite for slices, got 0.0; imaginary time"),
        ([(np.inf, 1.0)], "schedule must have one finite beta a step"),
    ],
)  # fmt: skip
def test_fields_that_have_no_bond_are_refused(steps, message):
    with pytest.raises(ValueError, match=message):
        anneal_slices(PAIR, schedule_of(steps), replicas=4)


def test_schedules_without_a_field_are_refused():
    with pytest.raises(ValueError, match=r"a column 'gamma', .*, got the columns beta; add it by"):
        anneal_slices(PAIR, Schedule([1.0]), replicas=4)
    columns = Schedule([[1.0, 2.0]]).with_columns(gamma=[1.0])
    with pytest.raises(ValueError, match="one finite beta a step, the same for all reads"):
        anneal_slices(PAIR, columns, replicas=4)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"replicas": 0}, ValueError, "replicas must be >= 1, got 0"),
        ({"replicas": 2.5}, TypeError, "replicas must be an integer"),
        ({"num_reads": 0}, ValueError, "num_reads must be >= 1"),
        ({"num_reads": None}, TypeError, "num_reads must be an integer"),
        ({"num_threads": 0}, ValueError, "num_threads must be >= 1"),
        ({"first_read": 2**32}, ValueError, "first_read must be <="),
        ({"seed": -1}, ValueError, "seed must be >= 0"),
        ({"control": 3}, TypeError, "control must be of type Control"),
        ({"best_seen": "x"}, TypeError, "best_seen must be True or False"),
        ({"return_replicas": "x"}, TypeError, "return_replicas must be True or False"),
        ({"initial_spins": np.ones((1, 3, 2))}, ValueError, r"must have shape \(1, 4, 2\), or"),
        ({"initial_spins": np.zeros((1, 4, 2))}, ValueError, "must be -1 or \\+1"),
        ({"num_reads": 2**31}, MemoryError, "reads of 4 slices of 2 spins need about"),
    ],
)
def test_bad_options_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        anneal_slices(PAIR, schedule_of([(1.0, 1.0)]), **({"replicas": 4} | options))


def test_models_that_do_not_fit_are_refused():
    schedule = schedule_of([(1.0, 1.0)])
    real = IsingModel.from_edges([0, 1], [1, 2], [1.0, np.pi])
    with pytest.raises(ValueError, match=r"small whole multiples .* worldlines take any weights"):
        anneal_slices(real, schedule, replicas=4)
    with pytest.raises(TypeError, match="slices need an IsingModel, got PolynomialModel; reduce"):
        anneal_slices(PolynomialModel.from_terms({(0, 1, 2): 1.0}), schedule, replicas=4)
