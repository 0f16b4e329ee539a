"""Programs: the same reads as a fresh compilation, other weights, other processes."""

import pickle

import numpy as np
import pytest

from pbit import DirectedModel, Hardware, IsingModel, Schedule, anneal
from pbit.run.program import Program
from random_models import random_model, random_polynomial

SCHEDULE = Schedule.geometric(0.2, 3.0, num_betas=15)


def reweighted(model, seed):
    """Other biases and weights on the same edges."""
    rng = np.random.default_rng(seed)
    rows, cols, weights = model.edges()
    h, new = rng.normal(size=model.num_spins), rng.normal(size=weights.size)
    other = IsingModel.from_edges(
        rows, cols, new, h=h, num_spins=model.num_spins, offset=model.offset
    )
    return other, h, new


@pytest.mark.parametrize("kernel", ["auto", "lanes", "reads", "colors", "dense", "cached"])
def test_other_weights_are_another_model(kernel):
    model = random_model(40, seed=1)
    other, h, weights = reweighted(model, seed=2)
    options = {"num_reads": 5, "seed": 3}
    program = Program.compile(model, kernel=kernel, num_reads=5)
    program.run(SCHEDULE, **options)  # forms are there already
    new = program.with_weights(h=h, weights=weights)
    expected = anneal(other, SCHEDULE, kernel=kernel, **options)
    reads = new.run(SCHEDULE, **options)
    assert np.array_equal(reads.spins, expected.spins)
    assert np.array_equal(reads.energies, expected.energies)
    assert np.array_equal(
        program.run(SCHEDULE, **options).spins,
        anneal(model, SCHEDULE, kernel=kernel, **options).spins,
    )


def test_biases_alone_and_weights_alone():
    model = random_model(10, seed=5)
    other, h, weights = reweighted(model, seed=6)
    program = Program.compile(model, kernel="lanes")
    assert np.array_equal(program.with_weights(h=h).model.h, h)
    assert np.array_equal(program.with_weights(h=h).model.J.data, model.J.data)
    both = program.with_weights(weights=weights).with_weights(h=h)
    assert abs(both.model.J - other.J).max() == 0 and np.array_equal(both.model.h, other.h)


def test_held_spins_keep_their_place_under_other_weights():
    model = random_model(12, seed=8)
    other, h, weights = reweighted(model, seed=9)
    held = np.arange(12) % 3 == 0
    spins = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (4, 12))
    options = {"num_reads": 4, "seed": 2, "initial_spins": spins}
    program = Program.compile(model, held=held, num_reads=4)
    program.run(SCHEDULE, **options)
    reads = program.with_weights(h=h, weights=weights).run(SCHEDULE, **options)
    assert np.array_equal(reads.spins, anneal(other, SCHEDULE, held=held, **options).spins)


def test_whole_weights_stay_bits():
    ring = IsingModel.from_edges(np.arange(40), (np.arange(40) + 1) % 40, np.ones(40))
    program = Program.compile(ring)
    turned = program.with_weights(weights=-np.ones(40))
    reads = turned.run(SCHEDULE, num_reads=64, seed=1)
    assert reads.info["kernel"] == "bits"
    other = IsingModel.from_edges(np.arange(40), (np.arange(40) + 1) % 40, -np.ones(40))
    assert np.array_equal(reads.spins, anneal(other, SCHEDULE, num_reads=64, seed=1).spins)


@pytest.mark.parametrize(
    "make",
    [
        lambda: (random_model(9, seed=1), {}),
        lambda: (random_polynomial(6, seed=1), {}),
        lambda: (random_model(9, seed=1), {"hardware": Hardware(name="chip")}),
    ],
)
def test_a_program_is_run_again_and_in_another_process(make):
    model, options = make()
    program = Program.compile(model, num_reads=3, **options)
    first = program.run(SCHEDULE, num_reads=3, seed=1)
    again = pickle.loads(pickle.dumps(program)).run(SCHEDULE, num_reads=3, seed=1)
    assert np.array_equal(first.spins, again.spins)
    plain = anneal(model, SCHEDULE, num_reads=3, seed=1, **options)
    assert np.array_equal(first.spins, plain.spins)


def test_what_is_refused():
    program = Program.compile(random_model(6, seed=1))
    with pytest.raises(ValueError, match=r"h must have shape \(6,\)"):
        program.with_weights(h=[1.0])
    with pytest.raises(ValueError, match="weights must have shape"):
        program.with_weights(weights=[1.0])
    with pytest.raises(ValueError, match="h must be finite, got nan"):
        program.with_weights(h=[np.nan] * 6)
    with pytest.raises(TypeError, match="with_weights needs a program of an IsingModel"):
        Program.compile(random_polynomial(4, seed=1)).with_weights(h=np.zeros(4))
    directed = DirectedModel(np.zeros(2), [[0, 1], [0, 0]])
    with pytest.raises(ValueError, match="schedule must be given for directed couplings"):
        Program.compile(directed).run()
    with pytest.raises(ValueError, match="kernel must be 'auto' with hardware"):
        Program.compile(random_model(4, seed=1), kernel="lanes", hardware=Hardware())


def test_each_rule_and_order_is_compiled_before_its_time_is_taken(monkeypatch):
    warmed = []
    monkeypatch.setattr("pbit.run.warming._WARM", set())
    monkeypatch.setattr("pbit.run.warming.run_block", lambda task, *_: warmed.append(task))
    for rule in ("heat-bath", "metropolis"):
        for order in ("sequential", "random", "random"):
            options = {"kernel": "reads", "rule": rule, "order": order}
            anneal(random_model(5, seed=1), SCHEDULE, num_reads=1, seed=1, **options)
    assert [(task.metropolis, task.order > 0) for task in warmed] == [
        (False, False), (False, True), (True, False), (True, True),
    ]  # fmt: skip
