"""Parallel tempering: the slow reference, exact laws at every temperature, what is conserved.

Law tests start from the exact product of the Boltzmann laws, which sweeps, cluster moves and swaps
must all leave as it is: no burn-in is guessed, and every slot of every run is an independent draw.
False alarms: a nominal alpha of 1e-6 / 100 a test. Power: the controls, each a small error.
"""

from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from cases import some
from clock import FakeClock
from compiled_parts import cluster_move, move_clusters
from naive_tempering import temper as naive_temper
from pbit import Control, IsingModel, LadderSearch, PolynomialModel, machine
from pbit.exact import exact_boltzmann, exact_energies, exact_ground_states, state_number, states
from pbit.kernels.sweeps import bitsliced
from pbit.kernels.tempering.records import Clusters, Graph
from pbit.samplers.tempering import ladder_search, tempering_run
from pbit.samplers.tempering.replicas import TemperingProgram, Watch
from pbit.samplers.tempering.temper import temper
from pbit.samplers.tempering.tempering_run import TemperingRun
from pbit.schedules.ladder import Ladder
from pbit.statistics import chi_square_p_value
from random_models import random_model, random_polynomial

ALPHA = 1e-6 / 100
BETAS = np.array([0.2, 0.5, 0.9, 1.4])
REPLICAS = 6
RUNS = 1500


def whole(n, *, seed, fields=False):
    """Small whole numbers on a ring with chords: clusters are neither nothing nor everything."""
    rng = np.random.default_rng(seed)
    rows, cols = np.arange(n), (np.arange(n) + 1) % n
    rows, cols = np.append(rows, [0, 1]), np.append(cols, [n // 2, n // 2 + 2])
    h = rng.choice([-1.0, 1.0], n) * (rng.random(n) < 0.5) if fields else None
    return IsingModel.from_edges(rows, cols, rng.choice([-1.0, 1.0], rows.size), h=h, num_spins=n)


def even_terms(n):
    """Pairs of neighbours on a ring and products of four."""
    rng = np.random.default_rng(4)
    spans = [(i, i + 1) for i in range(n)] + [(i, i + 1, i + 3, i + 4) for i in range(0, n, 2)]
    return PolynomialModel.from_terms(
        (tuple(j % n for j in span), float(rng.choice([-1, 1]))) for span in spans
    )


class Case(NamedTuple):
    """A model, the kernel that runs it, and its rule."""

    model: Any
    kernel: str
    rule: str = "heat-bath"


MODELS = {
    "bits": Case(whole(8, seed=1), "bits"),
    "bits with fields": Case(whole(8, seed=2, fields=True), "bits"),
    "bits, Metropolis": Case(whole(8, seed=2, fields=True), "bits", "metropolis"),
    "bits, terms": Case(random_polynomial(6, seed=3, degree=3, integers=True), "bits"),
    "bits, terms of even order": Case(even_terms(8), "bits", "metropolis"),
    "lanes": Case(whole(8, seed=1), "lanes"),
    "lanes, real with fields": Case(random_model(6, seed=7), "lanes"),
    "lanes, Metropolis": Case(random_model(6, seed=7), "lanes", "metropolis"),
    "dense": Case(random_model(6, seed=8), "dense"),
    "terms": Case(random_polynomial(6, seed=3, degree=3), "lanes"),
}


def program_of(case):
    """A model in the form that its kernel wants."""
    return TemperingProgram.of(case.model, case.kernel, BETAS[-1], rule=case.rule)


def exact_starts(model, rng):
    """Independent draws from the exact laws, int8 (T, R, n) each."""
    table = states(model.num_spins).astype(np.int8)
    laws = [exact_boltzmann(model, beta) for beta in BETAS]
    while True:
        yield table[[rng.choice(len(table), REPLICAS, p=law) for law in laws]]


def after(case, *, sweeps=3, cluster_every=1, runs=RUNS, spoil=None):
    """States after some sweeps from the exact product law, (runs, T, R, n)."""
    model = case.model
    starts = exact_starts(model, np.random.default_rng(5))
    ladder = Ladder(BETAS)
    program = program_of(case)
    found = np.empty((runs, BETAS.size, REPLICAS, model.num_spins), np.int8)
    for read in range(runs):
        engine = program.start(ladder, REPLICAS, seed=11, read=read)
        engine.put(next(starts))
        if spoil is not None:
            spoil(engine)
        engine.advance(sweeps, cluster_every, Watch(-np.inf))
        found[read] = engine.states()
    return found


@cache
def sound(name):
    """States after sound sweeps."""
    return after(MODELS[name])


def p_values(model, found):
    """Of the law at each temperature, all replicas of all runs."""
    return [
        chi_square_p_value(
            state_number(found[:, t].reshape(-1, model.num_spins)), exact_boltzmann(model, beta)
        )
        for t, beta in enumerate(BETAS)
    ]


@pytest.mark.parametrize("name", MODELS)
def test_the_exact_law_at_every_temperature_stays(name):
    assert min(p_values(MODELS[name][0], sound(name))) > ALPHA


@pytest.mark.parametrize("name", MODELS)
def test_two_replicas_stay_independent_of_each_other(name):
    """Cluster moves act on pairs: their joint law, at the coldest temperature but one."""
    model = MODELS[name].model
    found = sound(name)[:, 2]
    law = exact_boltzmann(model, BETAS[2])
    order = np.argsort(-law)
    common = np.full(law.size, 7)
    common[order[:7]] = np.arange(7)  # seven likely states and the rest
    cells = common[state_number(found)]
    weights = np.bincount(common, weights=law)
    for partner in (1, 2, 3):
        joint = (8 * cells[:, 0] + cells[:, partner]).ravel()
        assert chi_square_p_value(joint, np.outer(weights, weights).ravel()) > ALPHA


@pytest.mark.parametrize(
    "name", some(["bits with fields", "lanes, real with fields"], "bits with fields")
)
def test_control_wrong_swaps_are_caught(name):
    """Swaps that take the betas for 20 % more than they are."""
    case = MODELS[name]

    def spoil(engine):
        engine.ladder = Ladder(1.2 * BETAS)

    found = after(case, sweeps=6, runs=4 * RUNS, spoil=spoil)
    assert min(p_values(case.model, found)) < ALPHA


@pytest.mark.parametrize(
    "name", ["bits with fields", "bits, terms", "lanes, real with fields", "terms"]
)
def test_control_clusters_of_agreement_in_a_field_are_caught(name):
    """Without regard to the fields, or to terms of odd order, E_a + E_b changes."""
    case = MODELS[name]

    def spoil(engine):
        engine._graph = engine._graph._replace(has_fields=False)

    assert min(p_values(case.model, after(case, spoil=spoil))) < ALPHA


@pytest.mark.parametrize("name", sorted(MODELS.keys() - {"dense"}))
def test_states_equal_the_slow_reference(name):
    case = MODELS[name]
    program = program_of(case)
    for read, replicas in ((0, 4), (3, 5)):
        engine = program.start(Ladder(BETAS), replicas, seed=2**40 + 3, read=read)
        start = engine.states()
        engine.advance(5, 2, Watch(-np.inf))
        expected, walker = naive_temper(
            case.model,
            BETAS,
            start,
            seed=2**40 + 3,
            read=read,
            sweeps=5,
            cluster_every=2,
            kind=case.kernel,
            rule=case.rule,
            width=128 if case.kernel == "bits" else 32 if replicas == 5 else 16,
        )
        assert np.array_equal(engine.states(), expected)
        assert np.array_equal(engine.books.arrays[5], walker)


@pytest.mark.parametrize("has_fields", [False, True])
@pytest.mark.parametrize("name", ["bits", "bits with fields"])
def test_bit_sliced_cluster_moves_conserve_the_sum_of_energies(name, has_fields):
    """Where agreement counts as a cluster although there are fields, they do not: the control."""
    model = MODELS[name].model
    graph = TemperingProgram.of(model, "bits", 1.0).graph
    rng = np.random.default_rng(1)
    spins = rng.choice(np.array([-1, 1], np.int8), (8, 128))
    words = np.empty((9, 2), np.uint64)
    bitsliced.pack(spins, words)
    lower = np.array([0x0F0F0F0F0F0F0F0F] * 2, np.uint64)  # lanes l and l + 4 are paired
    clusters = Clusters.of(8, 2)._replace(mask=lower, polled=rng.integers(8, size=31))
    before = spins.copy()
    move = (words, Graph(*graph, has_fields), 4, clusters, (0, 0))
    cluster_move(*move)
    bitsliced.unpack(words, spins)
    pairs = [(lane, lane + 4) for lane in range(128) if lane % 8 < 4]
    sums = np.array([model.energy(spins[:, [a, b]].T).sum() for a, b in pairs])
    old = np.array([model.energy(before[:, [a, b]].T).sum() for a, b in pairs])
    assert (spins != before).any(axis=0).mean() > 0.9
    assert np.array_equal(sums, old) == (has_fields or not model.h.any())
    if np.array_equal(sums, old):
        cluster_move(*move)
        bitsliced.unpack(words, spins)
        assert np.array_equal(spins, before)  # its own inverse


@pytest.mark.parametrize("name", ["lanes", "lanes, real with fields", "dense", "terms"])
def test_cluster_moves_of_lanes_conserve_the_sum_of_energies(name):
    model = MODELS[name].model
    engine = program_of(MODELS[name]).start(Ladder(BETAS), REPLICAS, seed=1, read=0)
    before = engine.states()
    n = model.num_spins
    move_clusters(engine, np.random.default_rng(2).integers(n, size=31))
    after_move = engine.states()
    assert (before != after_move).any()
    sums = [
        model.energy(s.reshape(-1, n)).reshape(4, 3, 2).sum(axis=2) for s in (before, after_move)
    ]
    assert np.allclose(*sums, atol=1e-9)
    tracked = engine.energies[engine._slots.ravel()] + model.offset
    assert np.allclose(tracked, model.energy(after_move.reshape(-1, n)), atol=1e-9)


def test_tracked_energies_are_those_of_the_states():
    for case in MODELS.values():
        if case.kernel == "bits":
            continue
        model, engine = case.model, program_of(case).start(Ladder(BETAS), 4, seed=1, read=0)
        engine.advance(50, 1, Watch(-np.inf))
        exact = np.asarray(model.energy(engine.states().reshape(-1, model.num_spins)))
        tracked = engine.energies[engine._slots.ravel()] + model.offset
        assert np.allclose(tracked, exact, atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_runs_from_coins_find_ground_states_and_their_energy(name):
    model, kernel, rule = MODELS[name]
    lowest, _ = exact_ground_states(model)
    result = temper(model, num_reads=3, num_sweeps=200, seed=4, kernel=kernel, rule=rule)
    assert result.energies == pytest.approx([lowest] * 3)
    assert np.allclose(model.energy(result.spins), result.energies)
    assert (result.info["kernel"], result.info["rule"]) == (kernel, rule)
    assert result.info["num_sweeps"] == 200


def test_round_trips_flow_and_swap_rates():
    model = MODELS["bits"].model
    ladder = Ladder([0.3, 0.300001, 0.300002])
    info = temper(model, ladder, num_replicas=4, num_sweeps=3000, seed=1).info
    assert info["swap_rates"] == pytest.approx([1.0, 1.0], abs=1e-3)
    # All swaps accepted: a walker crosses three levels and comes back in six sweeps.
    assert info["round_trips"] == pytest.approx(12 * 3000 / 6, rel=0.01)
    assert info["flow"][0] == 1.0 and info["flow"][-1] == 0.0
    assert info["energies"] == pytest.approx(
        [float(exact_boltzmann(model, 0.3) @ exact_energies(model))] * 3, abs=0.2
    )


def test_the_same_for_any_number_of_threads():
    model = whole(30, seed=3)
    one, two = (temper(model, num_reads=5, num_sweeps=150, seed=9, num_threads=k,
                       keep_states=True) for k in (1, 2))  # fmt: skip
    assert np.array_equal(one.spins, two.spins)
    assert np.array_equal(one.states, two.states)
    assert one.info["betas"] == two.info["betas"]
    assert one.states.shape == (5, len(one.info["betas"]), one.info["num_replicas"], 30)


def test_target_time_limit_and_interrupt():
    model = whole(40, seed=4)
    lowest = temper(model, num_sweeps=500, seed=1).energies[0]
    hit = temper(model, num_sweeps=None, seed=2, control=Control(target=lowest))
    assert hit.info["stop_reason"] == "target" and hit.energies.min() == lowest
    hasty = Control(target=lowest - 1, time_limit_s=0.2, clock=FakeClock())
    missed = temper(model, num_sweeps=None, seed=2, control=hasty)
    assert missed.info["stop_reason"] == "time_limit" and missed.energies.min() >= lowest
    asked = temper(model, num_sweeps=None, seed=2,
                   control=Control(time_limit_s=60, interrupt=lambda: True))  # fmt: skip
    assert asked.info["stop_reason"] == "interrupted" and asked.spins.shape == (1, 40)


def test_a_target_that_was_reached_is_why_it_ended():
    """By the states it began with, or while another reason came up; with an offset."""
    model = replace(whole(8, seed=1), offset=-100.0)
    lowest = exact_ground_states(model)[0]
    start = temper(model, num_sweeps=100, seed=1).spins[0]
    for more in ({}, {"interrupt": lambda: True}):
        result = temper(model, num_sweeps=0, seed=1, initial_spins=start,
                        control=Control(target=lowest, **more))  # fmt: skip
        assert result.info["stop_reason"] == "target" and result.energies.min() == lowest
    for target, reason in ((lowest, "target"), (lowest - 0.5, "completed")):
        result = temper(model, num_sweeps=100, seed=1, control=Control(target=target), traced=True)
        assert result.info["stop_reason"] == reason and result.energies.min() == lowest
        assert np.nanmin(result.info["trace"]) == lowest


def test_traces_and_initial_spins():
    model = whole(20, seed=5)
    start = np.ones(20, dtype=np.int8)
    result = temper(
        model, Ladder([1.0, 2.0]), num_sweeps=30, seed=1, traced=True, initial_spins=start
    )
    assert result.info["trace"].shape == (1, 30)
    assert result.info["trace"].min() == result.energies[0]
    assert result.info["best_sweep"] == [int(result.info["trace"][0].argmin()) + 1]


def test_traces_are_in_the_order_of_the_runs():
    model = whole(30, seed=7)
    options = {"num_reads": 6, "num_sweeps": 40, "seed": 2, "traced": True}
    one, four = (temper(model, num_threads=k, **options) for k in (1, 4))
    assert np.array_equal(one.info["trace"], four.info["trace"])
    assert np.array_equal(one.info["trace"].min(axis=1), one.energies)


@pytest.mark.parametrize("kernel", ["bits", "lanes"])
def test_patience_begins_again_and_keeps_the_lowest(kernel):
    model = whole(24, seed=8)
    options = {"num_sweeps": 6000, "seed": 3, "kernel": kernel}
    plain = temper(model, **options)
    patient = temper(model, patience=2.0, traced=True, **options)
    assert plain.info["restarts"] == 0
    assert 2 <= patient.info["restarts"] <= 5  # each 1000 sweeps and what it took, times three
    assert patient.energies[0] == patient.info["trace"].min() == plain.energies[0]
    assert patient.info["best_sweep"][0] == int(patient.info["trace"][0].argmin()) + 1
    again = temper(model, patience=2.0, num_threads=1, **options)
    assert np.array_equal(again.spins, patient.spins)


def test_restarts_begin_from_other_coins():
    program = TemperingProgram.of(whole(64, seed=9), "bits", 1.0)
    engine = program.start(Ladder(BETAS), 8, seed=1, read=0)
    starts = [engine.states()]
    for _ in range(2):
        engine.restart()
        starts.append(engine.states())
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert abs(np.mean(starts[a] * starts[b])) < 5 / np.sqrt(starts[0].size)


def test_each_trace_is_that_of_its_run():
    """Threads take the runs in any order; the rows are in that of the runs."""
    model = whole(20, seed=5)
    for seed in range(20):
        result = temper(
            model, Ladder([0.2, 0.4]), num_replicas=1, num_reads=12, num_sweeps=5, num_threads=4,
            seed=seed, traced=True,
        )  # fmt: skip
        assert result.info["trace"].min(axis=1).tolist() == result.energies.tolist()


def test_the_ladder_is_found_from_swap_rates(monkeypatch):
    """The search for the hot end, between, begins the books anew."""
    seen = []

    def fitting(ladder, rates, means, *rest):
        seen.append(rates)
        return fitted(ladder, rates, means, *rest)

    fitted = ladder_search._fitting
    monkeypatch.setattr(ladder_search, "_fitting", fitting)
    temper(whole(30, seed=3), num_sweeps=2000, seed=1)
    assert len(seen) == 4
    assert all(np.isfinite(rates).all() for rates in seen)


def test_the_hot_end_is_the_coldest_that_forgets():
    """Pairs of spins turn over at a rate of about exp(-2 beta): not at 5 and 9 in 16 sweeps."""
    pairs = np.arange(0, 64, 2)
    model = IsingModel.from_edges(pairs, pairs + 1, np.ones(32))
    ladder = Ladder([0.01, 0.02, 0.1, 0.2, 5.0, 9.0])
    engine = TemperingProgram.of(model, "bits", 9.0).start(ladder, 16, seed=1, read=0)
    engine.advance(5, 0, Watch(-np.inf))
    assert ladder_search._hot_end(engine, Watch(-np.inf), 16) == 3
    info = temper(model, LadderSearch((0.01, 9.0)), num_sweeps=2000, seed=1).info
    assert info["betas"][0] == 0.01  # a given one stays


def test_given_replicas_leave_room_for_a_ladder():
    """One of two betas, without a swap, was made of 64 replicas on lanes."""
    model = whole(200, seed=3)
    info = temper(model, num_replicas=64, kernel="lanes", num_sweeps=300, seed=1).info
    assert info["num_replicas"] == 64 and len(info["betas"]) > 4
    assert min(info["swap_rates"]) > 0.05


def test_long_ladders_have_one_replica_at_each_beta():
    model = whole(8, seed=1)
    info = temper(model, Ladder(np.linspace(0.1, 2, 300)), num_sweeps=5, seed=1, kernel="bits").info
    assert info["num_replicas"] == 1 and len(info["betas"]) == 300
    with pytest.raises(ValueError, match="or take fewer betas"):
        temper(model, Ladder(np.linspace(0.1, 2, 600)), num_sweeps=5, seed=1, kernel="bits")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_energies_whose_squares_are_no_numbers_are_refused(scale):
    model = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [scale, -scale, scale])
    with pytest.raises(ValueError, match="whose squares are numbers"):
        temper(model, num_sweeps=200, seed=1)
    near = IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1e130, -1e130, 1e130])
    found = temper(near, num_sweeps=200, seed=1)
    assert found.energies.tolist() == [-1e130] and np.isfinite(found.info["energy_spreads"]).all()


def test_one_temperature_has_no_round_trips():
    info = temper(whole(8, seed=1), Ladder([1.0]), num_replicas=3, num_sweeps=20, seed=1).info
    assert info["round_trips"] == 0 and info["swap_rates"] == []


def test_states_of_ended_runs_are_forgotten_unless_asked_for(monkeypatch):
    """Many runs must not hold all their replicas at once."""
    held = []
    monkeypatch.setattr(TemperingRun, "result", lambda run, *_, **__: held.append(run))
    for keep in (False, True):
        temper(whole(8, seed=1), num_reads=5, num_sweeps=5, seed=1, keep_states=keep)
        assert held[-1]._first.spins.size == 0 and len(held[-1]._done) == 5
        assert all((done.states is not None) == keep for done in held[-1]._done)


def test_memory_of_kept_states_is_counted(monkeypatch):
    monkeypatch.setattr(machine, "memory_bytes", lambda: 10**5)
    temper(whole(8, seed=1), num_reads=50, num_sweeps=5, seed=1, num_threads=1)
    for more in ({"keep_states": True}, {"num_threads": 50}):
        with pytest.raises(MemoryError, match="lower num_replicas"):
            temper(whole(8, seed=1), num_reads=50, num_sweeps=5, seed=1, **more)


def test_reads_start_from_coins_of_their_own():
    """Also with as many slots as lanes take."""
    program = TemperingProgram.of(whole(8, seed=1), "lanes", 1.0)
    one, two = (program.start(Ladder(np.arange(32.0)), 32, seed=1, read=r).states() for r in (0, 1))
    assert not np.array_equal(one[16:], two[:16])


def test_an_error_in_the_first_run_is_the_one_that_is_told(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the first run broke")

    monkeypatch.setattr(tempering_run, "find_ladder", broken)
    for seed in range(20):
        with pytest.raises(RuntimeError, match="the first run broke"):
            temper(whole(8, seed=1), num_reads=4, num_threads=4, num_sweeps=5, seed=seed)


def test_no_couplings_and_no_sweeps():
    free = IsingModel.from_edges([], [], [], num_spins=3)
    assert temper(free, num_sweeps=5, seed=1).energies.tolist() == [0.0]
    none = temper(whole(8, seed=1), num_reads=3, num_sweeps=0, seed=1, keep_states=True)
    assert none.spins.shape == (3, 8) and len(none.states) == 3
    assert np.array_equal(none.states[:, -1, 0], none.spins)
    empty = IsingModel.from_edges([], [], [], num_spins=0)
    assert temper(empty, num_sweeps=5, seed=1, cluster_moves=True).spins.shape == (1, 0)


def test_scaling_the_model_scales_the_ladder():
    model = whole(12, seed=6)
    for factor in (1e-6, 1e6):
        scaled = IsingModel(factor * model.h, factor * model.J)
        one, other = (temper(m, num_sweeps=200, seed=3).info["betas"] for m in (model, scaled))
        assert np.allclose(np.array(other) * factor, one, rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_reads": 0}, "num_reads must be"),
        ({"num_sweeps": -1}, "num_sweeps must be"),
        ({"num_sweeps": None}, "num_sweeps must be given unless"),
        (
            {"num_sweeps": None, "traced": True, "control": Control(target=0.0)},
            "num_sweeps must be given with traced",
        ),
        ({"num_replicas": 0}, "num_replicas must be"),
        ({"num_replicas": 64, "kernel": "bits"}, "num_replicas must be <= 63"),
        ({"num_replicas": 60, "ladder": Ladder(np.arange(1.0, 30)), "kernel": "bits"}, "slots"),
        ({"patience": 0.0}, "patience must be"),
        ({"cluster_moves": "often"}, "cluster_moves must be"),
        ({"cluster_moves": -1}, "cluster_moves must be"),
        ({"cluster_moves": 10**20}, "cluster_moves must be"),
        ({"initial_spins": [1, -1]}, "initial_spins must have shape"),
        ({"initial_spins": [0] * 8}, "initial_spins must be -1 or"),
        ({"rule": "greedy"}, "rule must be one of heat-bath, metropolis"),
        ({"kernel": "colors"}, "kernel must be auto, bits, lanes, dense"),
        ({"seed": -1}, "seed must be"),
        ({"num_threads": 0}, "num_threads must be"),
    ],
)
def test_bad_arguments_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        temper(whole(8, seed=1), **options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"beta_range": (1.0, 1.0)}, ValueError, "beta_range must be two numbers"),
        ({"alpha": 0.0}, ValueError, "alpha must be a number > 0"),
        ({"alpha": "1"}, TypeError, "alpha must be a number"),
        ({"feedback_rounds": -1}, ValueError, "feedback_rounds must be >= 0"),
        ({"feedback_rounds": 0.5}, TypeError, "feedback_rounds must be an integer"),
    ],
)
def test_searches_that_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        LadderSearch(**options)


def test_longer_steps_make_shorter_ladders_and_feedback_keeps_their_length():
    model = whole(30, seed=2)
    short, usual, fed = (
        len(temper(model, LadderSearch((0.1, 2.0), **how), num_sweeps=6000, seed=1).info["betas"])
        for how in ({"alpha": 2.0}, {}, {"feedback_rounds": 1})
    )
    assert short < usual == fed


@pytest.mark.parametrize("kernel", ["bits", "lanes"])
def test_a_ladder_that_is_found_needs_no_other_kernel(kernel):
    """What is compiled depends on numbers of words; they stay those of the first ladder."""
    model = IsingModel.from_edges(np.arange(5), (np.arange(5) + 1) % 5, -np.ones(5))
    program = TemperingProgram.of(model, kernel, 3.0)
    usual = program.usual_slots
    wide = program.start(Ladder(np.linspace(0.1, 3, 32)), usual // 32, seed=1, read=0, room=usual)
    before = wide._model[-1] if kernel == "lanes" else wide.words
    wide.settle_on(Ladder([0.1, 3.0]), 32)
    later = program.start(Ladder([0.1, 3.0]), 32, seed=1, read=1, room=usual)
    for engine in (wide, later):
        assert before == (engine._model[-1] if kernel == "lanes" else engine.words)
