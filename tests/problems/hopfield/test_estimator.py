"""The estimator: scikit-learn's own checks, values as they come, pipelines, searches, files."""

import json
import pickle

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import BernoulliNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer
from sklearn.utils.estimator_checks import parametrize_with_checks

from pbit.problems.hopfield import HopfieldMemory, storage_rules

RULES = tuple(storage_rules())


# Data of the checks are no bits: with a threshold all of them pass, for every rule.
@parametrize_with_checks([HopfieldMemory(rule=rule, threshold=0.5) for rule in RULES])
@pytest.mark.filterwarnings("ignore:.*(span all|more than Storkey)")
def test_scikit_learn(estimator, check):
    check(estimator)


def patterns_of(count, n, seed=1):
    return np.random.default_rng(seed).integers(0, 2, (count, n))


def noisy(patterns, flipped, seed=2):
    rng = np.random.default_rng(seed)
    return np.where(rng.random(patterns.shape) < flipped, 1 - patterns, patterns)


@pytest.mark.parametrize(
    "own",
    [
        lambda bits: bits,
        lambda bits: bits.astype(bool),
        lambda bits: 2 * bits - 1,
        lambda bits: (2 * bits - 1).astype(np.int8),
        lambda bits: bits.astype(np.float32),
        lambda bits: bits.astype(np.uint8),
    ],
)
@pytest.mark.parametrize("rule", RULES)
def test_values_come_back_as_they_came(rule, own):
    patterns = patterns_of(4, 60)
    memory = HopfieldMemory(rule=rule).fit(own(patterns))
    recalled = memory.predict(own(noisy(patterns, 0.1)))
    assert recalled.dtype == own(patterns).dtype
    assert np.array_equal(recalled, own(patterns))
    assert np.array_equal(memory.transform(own(patterns)), recalled)
    assert memory.overlap(recalled).diagonal() == pytest.approx(1.0)


def test_a_threshold_between_grey_values():
    """Images of 0 to 255 come back black and white, and are their own recall."""
    rng = np.random.default_rng(1)
    grey = np.where(patterns_of(4, 60), rng.integers(130, 256, (4, 60)), rng.integers(0, 120))
    grey = grey.astype(np.uint8)
    memory = HopfieldMemory(threshold=127).fit(grey)
    recalled = memory.predict(grey)
    assert recalled.dtype == np.uint8
    assert np.array_equal(recalled > 127, grey > 127)
    assert set(np.unique(recalled)) == {grey.min(), grey.max()}
    assert np.array_equal(memory.predict(recalled), recalled)
    assert memory.score(grey, recalled) == 1.0


def test_ones_alone():
    assert HopfieldMemory().fit(np.ones((1, 3))).predict(-np.ones((1, 3))).tolist() == [[-1.0] * 3]
    memory = HopfieldMemory().fit(np.ones((1, 3), bool))
    assert memory.predict([[True, True, False]]).tolist() == [[True] * 3]


@pytest.mark.parametrize("rule", RULES)
def test_half_a_pattern_is_completed(rule):
    patterns = patterns_of(4, 80)
    memory = HopfieldMemory(rule=rule, random_state=1).fit(patterns)
    known = np.random.default_rng(3).random(patterns.shape) < 0.5
    probes = np.where(known, patterns, np.nan)
    completed = memory.complete(probes)
    assert completed.dtype == patterns.dtype
    assert np.array_equal(completed, patterns)
    assert np.array_equal(memory.complete(np.where(known, patterns, 0), known=known), patterns)
    assert np.array_equal(memory.complete(np.where(known, patterns, 7), known=known), patterns)
    assert np.array_equal(memory.complete(probes, known=np.ones(80, bool)), patterns)


def test_known_pixels_stay_whatever_they_are():
    patterns = patterns_of(4, 80)
    wrong = noisy(patterns, 0.2)
    for options in ({}, {"beta": 2.0}, {"dynamics": "annealed"}):
        memory = HopfieldMemory(random_state=1, num_sweeps=10, **options).fit(patterns)
        known = np.arange(80) < 40
        assert np.array_equal(memory.complete(wrong, known=known)[:, known], wrong[:, known])
        assert not np.array_equal(memory.predict(wrong)[:, known], wrong[:, known])


def test_tempering_completes():
    patterns = patterns_of(3, 40)
    memory = HopfieldMemory(dynamics="tempered", random_state=1).fit(patterns)
    known = np.arange(40) < 15
    assert np.array_equal(memory.complete(patterns[:1], known=known), patterns[:1])
    with pytest.raises(ValueError, match=r"'tempered' needs pixels that are held.*complete\(\)"):
        memory.predict(patterns)


@pytest.mark.parametrize("options", [{"beta": 1.5}, {"dynamics": "annealed"}])
def test_random_state_and_jobs(options):
    patterns = patterns_of(5, 60)
    probes = noisy(patterns, 0.3)

    def run(**others):
        memory = HopfieldMemory("hebb", num_sweeps=5, **options, **others)
        return memory.fit(patterns).predict(np.tile(probes, (20, 1)))

    one = run(random_state=1)
    assert np.array_equal(run(random_state=1, n_jobs=2), one)
    assert np.array_equal(run(random_state=1, n_jobs=-1), one)
    assert np.array_equal(run(random_state=np.random.RandomState(1)),
                          run(random_state=np.random.RandomState(1)))  # fmt: skip
    if "beta" in options:
        assert not np.array_equal(run(random_state=2), one)
        assert not np.array_equal(run(), run())


@pytest.mark.parametrize("rule", RULES)
def test_partial_fit_is_fit(rule):
    patterns = patterns_of(9, 40)
    at_once = HopfieldMemory(rule=rule).fit(patterns)
    memory = HopfieldMemory(rule=rule)
    for part in np.array_split(patterns, 4):
        memory.partial_fit(part)
    probes = noisy(np.tile(patterns, (5, 1)), 0.3)
    assert np.array_equal(memory.predict(probes), at_once.predict(probes))
    assert memory.fit(patterns[:2]).overlap(patterns).shape == (9, 2)
    memory.partial_fit(patterns[2:])
    with pytest.raises(ValueError, match="40 features"):
        memory.partial_fit(patterns[:, :30])
    with pytest.raises(ValueError, match="X must be binary, 0 and 1, as what was stored, got -1"):
        memory.partial_fit(2 * patterns - 1)


def test_overlaps_energies_and_scores():
    patterns = patterns_of(3, 50)
    memory = HopfieldMemory("hebb").fit(patterns)
    spins = 2 * patterns - 1
    assert memory.overlap(patterns) == pytest.approx(spins @ spins.T / 50)
    assert memory.overlap(patterns, patterns[:1]).shape == (3, 1)
    assert memory.overlap(1 - patterns).diagonal() == pytest.approx(-1.0)
    assert memory.energy(patterns) == pytest.approx(memory.memory_.model.energy(spins))
    probes = noisy(patterns, 0.1)
    assert memory.score(probes) == memory.score(probes, patterns) == 1.0
    assert memory.score(probes, 1 - patterns) == -1.0
    assert memory.score(probes, [0, 1, 2]) == 1.0
    with pytest.raises(ValueError, match="y must have 3 rows as X, got 2"):
        memory.score(probes, patterns[:2])


def test_in_pipelines_searches_and_other_processes():
    images, labels = load_digits(return_X_y=True)
    images, labels = images[labels < 2], labels[labels < 2]
    first = np.array([images[labels == k][0] for k in (0, 1)])
    memory = HopfieldMemory("pseudo-inverse", threshold=7.5).fit(first)
    assert np.array_equal(clone(memory).fit(first).predict(images), memory.predict(images))
    bits = (images > 7.5).astype(float)
    model = make_pipeline(Binarizer(threshold=7.5), HopfieldMemory("exponential"), BernoulliNB())
    model.fit(images[:20], labels[:20])
    by_hand = HopfieldMemory("exponential").fit(bits[:20]).predict(bits)
    assert np.array_equal(model.predict(images), model[-1].predict(by_hand))
    assert model[:2].get_feature_names_out().shape == (64,)
    results = joblib.Parallel(n_jobs=2)(
        joblib.delayed(memory.predict)(part) for part in np.array_split(images, 2)
    )
    assert np.array_equal(np.concatenate(results), memory.predict(images))


def test_a_search_finds_the_rule_of_the_largest_capacity():
    """Stored rows first, noisy ones after them: one split tells them apart."""
    patterns = patterns_of(30, 100)
    rows = np.concatenate([patterns, noisy(patterns, 0.05)])
    split = [(np.arange(30), np.arange(30, 60))]
    search = GridSearchCV(HopfieldMemory(), {"rule": ["hebb", "pseudo-inverse"]}, cv=split)
    targets = np.concatenate([patterns, patterns])
    assert search.fit(rows, targets).best_params_ == {"rule": "pseudo-inverse"}


@pytest.mark.parametrize("rule", RULES)
def test_arrays_and_settings_are_the_whole_memory(rule):
    """Through JSON and back, and through a pickle: the same bits."""
    patterns = patterns_of(5, 40)
    memory = HopfieldMemory(rule, degree=4, beta=1.5, num_sweeps=9, random_state=np.int64(3))
    memory.fit(patterns.astype(np.float32))
    recalled = memory.predict(noisy(patterns, 0.2))
    arrays, settings = memory.to_arrays()
    again = HopfieldMemory.from_arrays(arrays, json.loads(json.dumps(settings, allow_nan=False)))
    assert again.get_params() == memory.get_params()
    for other in (again, pickle.loads(pickle.dumps(memory))):
        assert np.array_equal(other.predict(noisy(patterns, 0.2)), recalled)
        assert other.predict(patterns).dtype == np.float32
    still = HopfieldMemory(rule, threshold=5.0, random_state=np.random.RandomState(1))
    still.fit(9.5 * patterns)
    settings = json.loads(json.dumps(still.to_arrays()[1], allow_nan=False))
    loaded = HopfieldMemory.from_arrays(still.to_arrays()[0], settings)
    assert loaded.beta == np.inf
    assert loaded.random_state is None
    assert np.array_equal(loaded.predict(9.5 * patterns), still.predict(9.5 * patterns))


def test_arrays_that_are_refused():
    arrays, settings = HopfieldMemory("hebb").fit(patterns_of(2, 6)).to_arrays()

    def load(arrays=arrays, **changed):
        return HopfieldMemory.from_arrays(arrays, settings | changed)

    with pytest.raises(ValueError, match="settings must have version 1, got 2"):
        load(version=2)
    with pytest.raises(ValueError, match="settings must be those of to_arrays"):
        load(parameters={})
    with pytest.raises(ValueError, match="settings must be those of to_arrays"):
        load(values={"low": 0})
    for values in ({"low": "0"}, {"low": 1}, {"dtype": "object"}):
        with pytest.raises(ValueError, match="values must be two numbers and a type of numbers"):
            load(values=settings["values"] | values)
    with pytest.raises(ValueError, match="beta must be a number > 0"):
        load(parameters=settings["parameters"] | {"beta": "cold"})
    with pytest.raises(ValueError, match="settings must be those of to_arrays"):
        load({"couplings": arrays["couplings"]})
    with pytest.raises(ValueError, match="patterns must be rows of -1 and"):
        load(arrays | {"patterns": np.zeros((2, 6))})
    with pytest.raises(ValueError, match=r"couplings must have shape \(6, 6\)"):
        load({"patterns": arrays["patterns"]})
    with pytest.raises(ValueError, match="symmetric"):
        load(arrays | {"couplings": np.triu(arrays["couplings"])})
    with pytest.raises(ValueError, match="rule must be one of"):
        load(parameters=settings["parameters"] | {"rule": "another"})


def test_data_that_are_refused():
    patterns = patterns_of(3, 6)
    memory = HopfieldMemory().fit(patterns)
    with pytest.raises(ValueError, match=r"got 0.25 in row 0, column 1; give a threshold"):
        HopfieldMemory().fit([[0.0, 0.25, 1.0]])
    with pytest.raises(ValueError, match=r"must be binary, .*, got 0.* in row"):
        HopfieldMemory().fit([[0, -1, 1]])
    with pytest.raises(ValueError, match="threshold must be among the data, which go from 0 to 1"):
        HopfieldMemory(threshold=300).fit(patterns)
    with pytest.raises(ValueError, match=r"NaN at row 0, column 0; complete\(\) takes NaN"):
        HopfieldMemory().fit([[np.nan, 1.0]])
    with pytest.raises(ValueError, match="NaN at row 0"):
        memory.predict([[np.nan, 1, 0, 1, 0, 1]])
    with pytest.raises(ValueError, match="infinity at row 0, column 1"):
        memory.complete([[np.nan, np.inf, 0, 1, 0, 1]])
    with pytest.raises(ValueError, match=r"must be binary, 0 and 1, as what was stored, got 0\.5"):
        memory.predict([[0.5, 1, 0, 1, 0, 1]])
    with pytest.raises(ValueError, match="6 features"):
        memory.predict([[0, 1]])
    with pytest.raises(ValueError, match="minimum of 1 is required"):
        HopfieldMemory().fit(np.zeros((0, 6)))
    with pytest.raises(ValueError, match=r"known must be a mask of shape \(6,\) or \(3, 6\)"):
        memory.complete(patterns, known=[True])
    with pytest.raises(ValueError, match="known must be a mask"):
        memory.complete(patterns, known=[0, 1, 0, 1, 0, 1])
    with pytest.raises(ValueError, match="dynamics must be one of"):
        HopfieldMemory(dynamics="frozen").fit(patterns)
