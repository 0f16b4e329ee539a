"""Layers drawn at once: the bits of a sequential anneal, exact laws, held spins, errors."""

import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from pbit import IsingModel, Schedule, anneal
from pbit.exact import exact_boltzmann, exact_energies
from pbit.models.layered import LayeredModel
from pbit.samplers.layers import LayerChains
from pbit.statistics.laws import chi_square_p_value

ALPHA = 1e-6  # of each law test; 16 of them: a false alarm in 60,000 changes of the seed


def random_layers(sizes, *, seed, scale=0.3):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) * scale for pair in pairwise(sizes)]
    return LayeredModel([rng.normal(size=n) * scale for n in sizes], weights)


def order_of(sizes):
    """Sites in the order in which a step draws them: odd layers, then even ones."""
    ends = np.cumsum([0, *sizes])
    layers = [*range(1, len(sizes), 2), *range(0, len(sizes), 2)]
    return np.concatenate([np.arange(ends[k], ends[k + 1]) for k in layers])


def as_sequential(model):
    ising, order = model.to_ising(), order_of(model.sizes)
    return IsingModel(ising.h[order], ising.J.toarray()[np.ix_(order, order)])


SIZES = [(8, 12), (16, 8, 4), (8, 8, 8, 8), (68, 36)]


@pytest.mark.parametrize("chains", [5, 40, 300])
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_steps_are_the_sweeps_of_a_sequential_anneal_bit_for_bit(sizes, chains):
    # Layers of multiples of four, so that slots of the stream are those of the sites.
    model = random_layers(sizes, seed=1)
    for steps in (0, 1, 7):
        own = LayerChains(sizes, chains, seed=3)
        own.advance(model, steps, beta=0.8)
        schedule = Schedule([0.8] * steps) if steps else None
        if schedule is None:
            continue
        reads = anneal(as_sequential(model), schedule, num_reads=chains, seed=3)
        assert np.array_equal(own.states()[:, order_of(sizes)], reads.spins)


def law_p_value(sizes, model, *, beta=1.0, chains=20000, sampled=None, held=None):
    """p-value of final states after many steps against the exact law (given what is held)."""
    own = LayerChains(sizes, chains, seed=11)
    mask = None
    if held is not None:
        own.layers[0][:, held] = 1.0
        mask = {0: np.isin(np.arange(sizes[0]), held)}
    own.advance(sampled or model, 40, beta=beta, held=mask)
    spins = own.states()
    numbers = ((spins > 0) << np.arange(spins.shape[1])).sum(axis=1)
    law = exact_boltzmann(model.to_ising(), beta)
    if held is not None:
        every = np.arange(law.size)
        law = law * np.all([(every >> k & 1) == 1 for k in held], axis=0)
        law = law / law.sum()
    return chi_square_p_value(numbers, law)


@pytest.mark.parametrize("sizes", [(3, 4), (5, 1), (2, 3, 2), (2, 2, 2, 2)], ids=str)
@pytest.mark.parametrize("beta", [0.0, 0.7, 1.3])
def test_the_law_is_boltzmann_s(sizes, beta):
    # 40 steps of networks of 6 to 8 weakly coupled spins leave less than 1e-9 of the start
    # (largest eigenvalue of the step below 0.6); power: beta wrong by 10 % is seen, see below.
    assert law_p_value(sizes, random_layers(sizes, seed=5), beta=beta) > ALPHA


def test_held_spins_condition_the_law():
    assert law_p_value((4, 3), random_layers((4, 3), seed=6), held=[0, 2]) > ALPHA


def test_the_check_sees_other_laws():
    model = random_layers((3, 4), seed=5, scale=0.5)
    b, w = model.biases, model.weights
    planted = {
        "factor 2": LayeredModel([2 * x for x in b], [2 * x for x in w]),
        "sign": LayeredModel(b, [-x for x in w]),
        "ten percent": LayeredModel([1.1 * x for x in b], [1.1 * x for x in w]),
        "bias left out": LayeredModel([0 * b[0], b[1]], w),
    }
    for name, other in planted.items():
        assert law_p_value((3, 4), model, sampled=other, chains=60000) < ALPHA, name
    assert law_p_value((3, 4), model, chains=60000) > ALPHA


def test_energies_are_the_ising_model_s():
    model = random_layers((3, 4, 2), seed=7)
    ising = model.to_ising()
    states = np.array([[1 if k >> q & 1 else -1 for q in range(9)] for k in range(512)])
    assert np.allclose(model.energy(states), exact_energies(ising), atol=1e-12)


def test_chains_do_not_depend_on_those_beside_them():
    model = random_layers((12, 8), seed=8)
    whole = LayerChains((12, 8), 20, seed=2)
    whole.advance(model, 5)
    for first, count in ((0, 7), (7, 13)):
        part = LayerChains((12, 8), count, seed=2, first_chain=first)
        part.advance(model, 5)
        assert np.array_equal(part.states(), whole.states()[first : first + count])


@pytest.mark.parametrize("scale", [1.0, pytest.param(1.5, marks=pytest.mark.xfail(strict=True))])
def test_fields_that_are_known_are_not_summed_anew(scale):
    model = random_layers((40, 35, 12), seed=8)
    told, summed = (LayerChains(model.sizes, 9, seed=2) for _ in range(2))
    fields = {k: scale * given for k, given in told.fields(model).items()}
    told.advance(model, 3, fields=fields)
    summed.advance(model, 3)
    assert np.array_equal(told.states(), summed.states())


def test_a_chain_s_bits_do_not_depend_on_how_many_there_are():
    model = random_layers((200, 90), seed=8)
    many, few = LayerChains(model.sizes, 300, seed=2), LayerChains(model.sizes, 3, seed=2)
    many.advance(model, 4)
    few.advance(model, 4)
    assert np.array_equal(few.states(), many.states()[:3])


def test_more_steps_are_the_same_as_steps_in_turn_and_after_a_restart():
    model = random_layers((12, 8), seed=8)
    at_once = LayerChains((12, 8), 300, seed=2)
    at_once.advance(model, 5)
    in_turn = LayerChains((12, 8), 300, seed=2)
    in_turn.advance(model, 2)
    later = LayerChains((12, 8), 300, seed=2, steps_done=2)
    later.put(in_turn.states())
    later.advance(model, 3)
    assert np.array_equal(later.states(), at_once.states())


def test_a_beta_for_each_chain():
    model = random_layers((12, 8), seed=8)
    mixed = LayerChains((12, 8), 6, seed=2)
    mixed.advance(model, 4, beta=np.array([0.2, 0.2, 1.0, 1.0, 3.0, 3.0]))
    for beta, rows in ((0.2, slice(0, 2)), (1.0, slice(2, 4)), (3.0, slice(4, 6))):
        alone = LayerChains((12, 8), 6, seed=2)
        alone.advance(model, 4, beta=beta)
        assert np.array_equal(alone.states()[rows], mixed.states()[rows])


def test_infinite_beta_goes_downhill():
    model = random_layers((6, 6), seed=9)
    chains = LayerChains((6, 6), 50, seed=1)
    chains.advance(model, 30, beta=np.inf)
    before = chains.states()
    chains.advance(model, 1, beta=np.inf)
    assert np.array_equal(before, chains.states())


def test_means_are_the_odd_layers_given_the_even_ones():
    model = random_layers((5, 6, 3), seed=4)
    chains = LayerChains(model.sizes, 10, seed=1)
    even, odd, top = chains.means(model)
    fields = even @ model.weights[0] + top @ model.weights[1].T + model.biases[1]
    assert np.allclose(odd, np.tanh(fields), atol=1e-6)


_BITS = """
import hashlib, os, sys
if sys.argv[1] == "1":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np
from pbit.models.layered import LayeredModel
from pbit.samplers.layers import LayerChains
rng = np.random.default_rng(1)
model = LayeredModel([np.zeros(300), np.zeros(200)], [rng.normal(size=(300, 200)) * 0.1])
for count in (200, 700):
    chains = LayerChains(model.sizes, count, seed=1)
    chains.advance(model, 6)
    print(hashlib.sha256(chains.states().tobytes()).hexdigest())
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs a way to take cores away")
def test_threads_do_not_change_a_bit():
    def output(threads):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [sys.executable, "-c", _BITS, threads], capture_output=True, text=True,
            env=environment, check=True,
        )  # fmt: skip
        return done.stdout

    assert output("1") == output("2")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, c: c.advance(random_layers((3, 3), seed=1), 1), "layers of sizes"),
        (lambda m, c: c.advance(m, -1), "steps must be"),
        (lambda m, c: c.advance(m, 1, beta=-1.0), "beta must be >= 0"),
        (lambda m, c: c.advance(m, 1, beta=np.nan), "beta must be >= 0"),
        (lambda m, c: c.advance(m, 1, beta=[1.0, 2.0]), "one for each of 4 chains"),
        (lambda m, c: c.advance(m, 1, held={0: [0, 1, 0]}), "must be a mask of shape"),
        (lambda m, c: c.advance(m, 1, held={0: np.ones(2, bool)}), "must be a mask of shape"),
        (lambda m, c: c.advance(m, 1, rows=5), "rows must be"),
        (lambda m, c: c.means(random_layers((3, 3), seed=1)), "layers of sizes"),
        (lambda m, c: LayerChains((3, 0), 1), "sizes must be"),
        (lambda m, c: LayerChains((3, 2), 0), "num_chains must be"),
        (lambda m, c: LayerChains((3, 2), 1, seed=-1), "seed must be"),
        (lambda m, c: LayerChains((2**20, 2**20), 2**24), "num_chains"),
        (lambda m, c: LayeredModel([[0.0]], []), "two layers or more"),
        (lambda m, c: LayeredModel([[0.0], [0.0]], [[[1.0, 2.0]]]), "weights must have shapes"),
        (lambda m, c: LayeredModel([[0.0], [np.nan]], [[[1.0]]]), "biases must be finite"),
        (lambda m, c: LayeredModel([[0.0], [0.0]], [[[1e300]]]), "weights must be finite"),
        (lambda m, c: m.energy([[1, 1, 0, 1, 1]]), "spins must be -1 or \\+1"),
    ],
)  # fmt: skip
def test_what_is_refused(call, message):
    model = random_layers((3, 2), seed=1)
    chains = LayerChains((3, 2), 4, seed=1)
    with pytest.raises((ValueError, TypeError, MemoryError), match=message):
        call(model, chains)
