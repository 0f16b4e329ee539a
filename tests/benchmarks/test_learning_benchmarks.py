"""The benchmarks of learning on chips and of recommendations: their laws, bounds and options."""

import numpy as np
import pytest

import chip_learning as learning
import learning_on_chips
import recommender
from pbit import Hardware, calibrate
from pbit.problems.learning.tastes import Tastes
from pbit.samplers.time_average import time_average

IDEAL = learning.best(decay=learning.DECAY)


@pytest.mark.parametrize("script", [learning_on_chips, recommender], ids=lambda s: s.__name__)
def test_options_all_share(script):
    names = {option for p in script.main.params for option in p.opts}
    assert {"--seed", "--repeats", "--json", "--plot"} <= names


def test_rows_are_those_of_a_full_adder():
    bits = (learning.rows() + 1) // 2
    assert len({tuple(row) for row in bits.tolist()}) == 8
    assert np.array_equal(bits[:, :3].sum(axis=1), bits[:, 3] + 2 * bits[:, 4])


def test_divergences_of_known_laws():
    law = np.full(32, 1 / 32)
    assert learning.divergence(law) == pytest.approx(np.log(4))
    assert learning.divergence(law, [0, 1, 2]) == pytest.approx(0, abs=1e-12)
    assert learning.divergence(law, [0, 1, 2, 4]) == pytest.approx(np.log(2))


def test_the_best_weights_are_a_maximum():
    def gain(weights):
        own = learning.divergence(learning.ideal_law(weights))
        return -own - 0.5 * learning.DECAY * (weights.couplings**2).sum()

    top, rng = gain(IDEAL), np.random.default_rng(1)
    for _ in range(20):
        off = learning.Weights(
            IDEAL.h + rng.normal(scale=0.05, size=5),
            IDEAL.couplings + rng.normal(scale=0.05, size=10),
        )
        assert gain(off) < top
    limits = [learning.divergence(learning.ideal_law(learning.best(limit=x))) for x in (1, 2, 4, 8)]
    assert sorted(limits, reverse=True) == limits
    assert limits[-1] < 1e-3


CHIPS = [
    Hardware(gain_spread=0.2, offset_spread=0.2, seed=1),
    Hardware(gain_spread=0.2, offset_spread=0.2, weight_spread=0.1, weight_bits=5, seed=2),
    learning.chip_with_stuck(3),
]


@pytest.mark.parametrize("chip", [*CHIPS, calibrate(CHIPS[0], 5, seed=3)])
def test_the_exact_law_is_what_a_chip_shows_over_time(chip):
    """Each of 32 states within 6 errors of 32 reads: t with 31 degrees, 1e-6 a state at most."""
    run = time_average(
        IDEAL.model, 1.0, hardware=chip, num_sweeps=4000, burn_in=400, num_reads=32, seed=1
    )
    error = run.by_read.std(axis=0, ddof=1) / np.sqrt(32) + 1e-6
    assert (np.abs(run.states - learning.chip_law(chip, IDEAL)) < 6 * error).all()
    assert (np.abs(run.states - learning.ideal_law(IDEAL)) > 6 * error).any() == (
        chip.correction is None  # what is calibrated is too near to be told apart
    )


@pytest.mark.slow
def test_learning_on_an_ideal_chip_ends_at_the_best_weights():
    """Couplings within 0.15 of 3: the last rate leaves some noise; a chip of gain 1.2 is seen."""
    own = learning.learnt(Hardware(), seed=1)
    assert np.abs(own.couplings - IDEAL.couplings).max() < 0.15
    steep = learning.learnt(Hardware(gain=1.2), seed=1)
    assert np.abs(steep.couplings - IDEAL.couplings).max() > 0.15


def test_rows_of_the_table(capsys):
    row = learning_on_chips.Row("bits", "8 bits", 8, 1, (0.25, 0.125), (0.0, 0.01), 0.1, 0.0)
    learning_on_chips.print_rows("weights of", [row])
    learning_on_chips.print_limits([1.0])
    out = capsys.readouterr().out
    assert "0.2500" in out and "0.1250 ± 0.0100" in out and "0.4929" in out


def test_peers_recommend():
    """Four tastes of 40 items: the leading vectors and the neighbours beat popularity."""
    law = Tastes.random(40, num_tastes=3, seed=1)
    likes = law.draw(400, missing=0.3, seed=2)
    score = {
        "popular": recommender.accuracy(recommender.popularity(likes), likes),
        "vectors": recommender.accuracy(recommender.singular_vectors(likes, 2), likes),
        "near": recommender.accuracy(recommender.neighbours(likes, 30), likes),
    }
    best = law.best_accuracy(likes)
    assert score["popular"] < score["vectors"] - 0.1
    assert score["popular"] < score["near"] - 0.1
    assert max(score.values()) < best + 0.02
