"""The estimators: scikit-learn's checks, what they learn, what they never see."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge as PeerRidge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from pbit.networks.reservoir import (
    Delays,
    EchoState,
    OscillatorReservoir,
    RecursiveLeastSquares,
    ReservoirClassifier,
    ReservoirRegressor,
    Ridge,
    padded,
    states_of,
)
from pbit.tasks import narma10, sine_square

IN_TIME = "rows are steps of time: their order matters"
SINE = np.sin(np.arange(400) / 5)[:, None]


def expected(estimator):
    if isinstance(estimator, ReservoirRegressor):
        return {
            "check_methods_sample_order_invariance": IN_TIME,
            "check_methods_subset_invariance": IN_TIME,
        }
    return {}


@parametrize_with_checks(
    [ReservoirRegressor(with_inputs=True), ReservoirClassifier(EchoState(num_nodes=8))],
    expected_failed_checks=expected,
)
def test_scikit_learn(estimator, check):
    check(estimator)


# --- readouts


def drawn(rows=60, nodes=5, outputs=2, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, nodes)) @ rng.normal(size=(nodes, nodes)) + 3
    return x, rng.normal(size=(rows, outputs)) + x[:, :outputs]


@pytest.mark.parametrize("nodes", [5, 100, 300])
def test_ridge_is_that_of_scikit_learn(nodes):
    """Few nodes, more than decomposed by singular values, more than rows."""
    x, y = drawn(rows=200, nodes=nodes)
    found = Ridge(0.01).fitted(x, y)
    peer = make_pipeline(StandardScaler(), PeerRidge(0.01 * len(x), solver="svd")).fit(x, y)
    np.testing.assert_allclose(found.outputs(x), peer.predict(x), rtol=1e-7, atol=1e-7)


def test_units_of_nodes_do_not_matter():
    """Volts beside inputs of about 1, and nodes that stay where they are."""
    x, y = drawn()
    units = np.array([1.0, 1e-3, 1e6, -1e-9, 1.0])
    one, other = (Ridge(1e-3).fitted(nodes, y) for nodes in (x, x * units))
    np.testing.assert_allclose(one.outputs(x), other.outputs(x * units), rtol=1e-9)
    still = np.column_stack([x, np.full(len(x), 0.1), np.zeros(len(x))])
    found = Ridge(1e-3).fitted(still, y)
    np.testing.assert_allclose(found.outputs(still), one.outputs(x), rtol=1e-9)
    assert not found.weights[5:].any()


def test_recursive_least_squares_end_at_the_closed_form():
    x, y = drawn()
    found = RecursiveLeastSquares(delta=0.3).fitted(x, y)
    ones = np.column_stack([x, np.ones(len(x))])
    exact = np.linalg.solve(ones.T @ ones + 0.3 * np.eye(6), ones.T @ y)
    np.testing.assert_allclose(found.weights, exact[:-1], rtol=1e-9)
    np.testing.assert_allclose(found.intercept, exact[-1], rtol=1e-9)
    ages = 0.9 ** np.arange(len(x))[::-1]
    fading = RecursiveLeastSquares(delta=0.3, forgetting=0.9).fitted(x, y)
    weighted = ones.T * ages
    last = 0.3 * 0.9 ** len(x) * np.eye(6)
    exact = np.linalg.solve(weighted @ ones + last, weighted @ y)
    np.testing.assert_allclose(fading.weights, exact[:-1], rtol=1e-6)


def test_what_rows_do_not_tell_is_not_forgotten_without_end():
    """Collinear nodes: 0.9^-3000 is beyond all numbers. What changes is followed all the same."""
    x = np.random.default_rng(1).normal(size=(3000, 1)) * [1.0, 2.0]
    y = np.where(np.arange(3000) < 2000, 3.0, -1.0)[:, None] * x[:, :1]
    rule = RecursiveLeastSquares(forgetting=0.9)
    follower = rule.begin(2, 1)
    for part, slope in ((slice(0, 2000), 3.0), (slice(2000, 3000), -1.0)):
        follower.learn(x[part], y[part])
        np.testing.assert_allclose(follower.outputs([1.0, 2.0]), slope, atol=1e-6)
    assert np.abs(follower.weights.weights).max() < 10


# --- regression


def test_what_is_learnt_is_linear_in_the_states():
    u, y = narma10(600, seed=1)
    model = ReservoirRegressor(
        OscillatorReservoir(num_virtual=10), warm_up=50, with_inputs=True, random_state=2
    ).fit(u[:, None], y)
    nodes = model.transform(u[:, None])
    assert nodes.shape == (600, 11) and model.get_feature_names_out().shape == (11,)
    again = Ridge().fitted(nodes[50:], y[50:, None])
    np.testing.assert_allclose(model.predict(u[:, None]), again.outputs(nodes)[:, 0], rtol=1e-9)
    assert np.ptp(model.scaling_.scaled(u[:, None])) == pytest.approx(2)


def test_shuffled_targets_score_chance():
    """The test part is never seen: with labels that mean nothing 2000 points are told right as
    often as a coin tells them, within 5 standard errors; with the true ones nearly always."""
    series, labels = sine_square(500, seed=3)
    shuffled = np.random.default_rng(1).permutation(labels)
    half, scores = len(series) // 2, {}
    for name, wanted in (("true", labels), ("shuffled", shuffled)):
        model = ReservoirRegressor(
            OscillatorReservoir(feedback=0.5, slot=0.5, delay=24), readout=Ridge(1e-8),
            random_state=1,
        ).fit(series[:half, None], wanted[:half])  # fmt: skip
        told = model.predict(series[:, None])[half:] > 0.5
        scores[name] = np.mean(told == wanted[half:])
    assert scores["true"] > 0.99
    assert abs(scores["shuffled"] - 0.5) < 5 * np.sqrt(0.25 / half)


def test_what_comes_later_changes_nothing():
    model = ReservoirRegressor(EchoState(num_nodes=9), random_state=1).fit(SINE[:-1], SINE[1:])
    np.testing.assert_array_equal(model.predict(SINE)[:100], model.predict(SINE[:100]))


def test_several_series_are_learnt_from_at_once():
    rng = np.random.default_rng(1)
    many = rng.uniform(-1, 1, (4, 50, 1))
    wanted = np.roll(many, 1, axis=1)
    model = ReservoirRegressor(Delays(num_delays=2), warm_up=2, readout=Ridge(0.0)).fit(
        many, wanted
    )
    np.testing.assert_allclose(model.predict(many)[:, 2:], wanted[:, 2:], atol=1e-9)
    np.testing.assert_allclose(model.predict(many[0]), model.predict(many)[0], atol=1e-12)
    assert model.transform(many).shape == (4, 50, 2)


def test_forecasts_run_on_what_they_said():
    model = ReservoirRegressor(
        EchoState(num_nodes=40), readout=Ridge(1e-9), warm_up=50, random_state=1
    ).fit(SINE[:-1], SINE[1:])
    ahead = np.sin(np.arange(400, 500) / 5)
    found = model.forecast(SINE, 100)
    assert np.abs(found[:, 0] - ahead).max() < 0.05
    by_hand = SINE
    for _ in range(3):
        by_hand = np.concatenate([by_hand, model.predict(by_hand)[-1:]])
    np.testing.assert_allclose(found[:3], by_hand[400:], atol=1e-10)
    several = model.forecasts(SINE, 20, starts=[100, 101, 300])
    for start, run in zip((100, 101, 300), several, strict=True):
        np.testing.assert_allclose(run, model.forecast(SINE[:start], 20), atol=1e-10)


def test_an_unstable_forecast_stays_within_twice_the_range():
    model = ReservoirRegressor(Delays(num_delays=2), readout=Ridge(0.0))
    growing = 1.05 ** np.arange(50)[:, None]
    found = model.fit(growing[:-1], growing[1:]).forecast(growing, 40)
    top = model.scaling_.centre + 2 * model.scaling_.half_range
    assert found.max() == pytest.approx(1.05 * float(top[0]))


def test_a_forecast_goes_on_where_the_series_is_without_scaling():
    """The range that free runs are held in is that of the series, not -2 to 2."""
    x = 300 + SINE[:200]
    model = ReservoirRegressor(Delays(num_delays=4), readout=Ridge(1e-12), warm_up=4, rescale=False)
    found = model.fit(x[:-1], x[1:]).forecast(x, 30)
    np.testing.assert_allclose(found[:, 0], 300 + np.sin(np.arange(200, 230) / 5), atol=1e-6)


def test_force_without_scaling_is_that_of_a_series_far_from_zero():
    x = 300 + SINE
    readout = RecursiveLeastSquares(1e-2)
    model = ReservoirRegressor(Delays(num_delays=4), readout=readout, warm_up=50, rescale=False)
    found = model.fit_free(x).forecast(x, 10)
    assert np.abs(found - 300).max() < 2.1


@pytest.mark.parametrize("rescale", [True, False])
def test_one_wrong_value_does_not_drive_a_device_astray(rescale):
    x = SINE.copy()
    model = ReservoirRegressor(OscillatorReservoir(num_virtual=5), rescale=rescale, random_state=1)
    model.fit(x[:200], x[1:201])
    x[300] = 1e6
    found = model.predict(x)
    low, high = SINE[:200].min(), SINE[:200].max()
    x[300] = (low + high) / 2 + (high - low)
    np.testing.assert_allclose(found, model.predict(x), rtol=1e-12)


def test_force_learns_a_sine_while_running_freely():
    model = ReservoirRegressor(
        EchoState(num_nodes=60, spectral_radius=1.2), readout=RecursiveLeastSquares(1e-2),
        warm_up=50, random_state=1,
    ).fit_free(SINE, passes=2)  # fmt: skip
    found = model.forecast(SINE, 60)[:, 0]
    assert np.abs(found - np.sin(np.arange(400, 460) / 5)).max() < 0.3
    assert np.abs(found).max() > 0.9


# --- classification


def tones(num=60, seed=1):
    rng = np.random.default_rng(seed)
    labels = np.array(["low", "mid", "high"])[np.arange(num) % 3]
    pitch = np.array([0.3, 0.6, 1.0])[np.arange(num) % 3]
    time = np.arange(30)
    X = np.sin(pitch[:, None] * time + rng.uniform(0, 1, (num, 1))) + 0.1 * rng.normal(
        size=(num, 30)
    )
    return X, labels


@pytest.mark.parametrize("pooling", ["mean", "last", "all"])
def test_series_are_told_apart(pooling):
    X, y = tones()
    model = ReservoirClassifier(
        OscillatorReservoir(num_virtual=40, amplitude=1.5, feedback=0.8),
        readout=Ridge(1e-5), pooling=pooling, random_state=1,
    ).fit(X[:45], y[:45])  # fmt: skip
    assert model.score(X[45:], y[45:]) >= {"mean": 0.9, "last": 0.6, "all": 0.6}[pooling]
    assert model.decision_function(X).shape == (60, 3)
    np.testing.assert_allclose(model.transform(X[:, :, None]), model.transform(X))


def test_lists_of_series_of_several_lengths():
    """What a series gives does not depend on those beside it: zeros after its end do not count."""
    X, y = tones()
    series = [row[: 20 + k % 10, None] for k, row in enumerate(X)]
    model = ReservoirClassifier(EchoState(num_nodes=20), random_state=1).fit(series, y)
    nodes = model.transform(series)
    np.testing.assert_allclose(model.transform(series[7:8])[0], nodes[7], atol=1e-12)
    scaled = model.scaling_.scaled(series[7])
    seed = model._seed
    np.testing.assert_allclose(
        states_of(EchoState(num_nodes=20), scaled, seed=seed).mean(axis=0), nodes[7], atol=1e-12
    )
    last = clone(model).set_params(pooling="last").fit(series, y).transform(series)
    np.testing.assert_allclose(
        states_of(EchoState(num_nodes=20), scaled, seed=seed)[-1], last[7], atol=1e-12
    )
    assert padded(series)[1][7] == 27


def test_lengths_of_series_far_from_zero():
    """Pressures in pascals, of several lengths: nothing that fills them up drives the device."""
    X, y = tones(12)
    series = [101_325 + row[: 20 + k % 10, None] for k, row in enumerate(X)]
    for rescale, amplitude in ((True, 0.5), (False, 1e-6)):
        reservoir = OscillatorReservoir(num_virtual=4, amplitude=amplitude)
        model = ReservoirClassifier(reservoir, rescale=rescale, random_state=1).fit(series, y)
        nodes = model.transform(series)
        np.testing.assert_allclose(model.transform(series[7:8])[0], nodes[7], rtol=1e-12)


# --- refusals


def sine_model():
    return ReservoirRegressor(Delays(num_delays=2)).fit(SINE[:-1], SINE[1:])


def fitted():
    return ReservoirRegressor(Delays(num_delays=2)).fit(SINE, np.hstack([SINE, SINE]))


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: Ridge(-1.0), "alpha must be a finite number >= 0"),
        (lambda: RecursiveLeastSquares(0.0), "delta must be a finite number > 0"),
        (
            lambda: RecursiveLeastSquares().fitted(
                np.ones((2, 1)), 1.7e308 * np.array([[1], [-1]])
            ),
            "forgetting must be so near 1, and nodes so small, that weights stay finite, got 1.0",
        ),
        (lambda: RecursiveLeastSquares(forgetting=1.1), "forgetting must be > 0 and <= 1"),
        (
            lambda: ReservoirRegressor(warm_up=400).fit(SINE, SINE[:, 0]),
            "warm_up must be < the 400",
        ),
        (lambda: fitted().forecast(SINE, 3), "y must have been the next 1 inputs"),
        (
            lambda: sine_model().forecasts(SINE, 3, starts=[5, 5]),
            "starts must ascend from 1 to 400",
        ),
        (lambda: sine_model().forecasts(SINE, 3, starts=[401]), "starts must ascend from 1 to 400"),
        (
            lambda: sine_model().forecast(SINE[None], 3),
            "X must have the shape (steps, inputs), got",
        ),
        (
            lambda: ReservoirRegressor(readout=RecursiveLeastSquares()).fit_free(SINE[None]),
            "X must have the shape (steps, inputs), got shape (1, 400, 1)",
        ),
        (lambda: ReservoirRegressor(warm_up=-1).fit_free(SINE), "warm_up must be >= 0"),
        (lambda: ReservoirRegressor(warm_up=399).fit_free(SINE), "warm_up must be < the 399 steps"),
        (lambda: fitted().predict(np.zeros((2, 3, 4))), "X must have 1 inputs, got 4"),
        (lambda: ReservoirRegressor().fit(SINE[None], SINE[None, 1:]), "series and steps of X"),
        (lambda: ReservoirRegressor(readout=Ridge()).fit_free(SINE), "readout must be of type Rec"),
        (lambda: ReservoirClassifier(pooling="sum").fit(*tones()), "pooling must be one of mean"),
        (
            lambda: ReservoirClassifier().fit(tones()[0], ["a"] * 60),
            "y must have 2 classes at least",
        ),
        (lambda: ReservoirClassifier().fit([SINE, SINE], ["a"]), "a class for each of 2 series"),
        (
            lambda: ReservoirClassifier(pooling="all").fit([SINE, SINE[1:]], ["a", "b"]),
            "series of one length",
        ),
        (
            lambda: ReservoirClassifier().fit([SINE, -SINE], ["a", "b"]).predict([np.eye(3)]),
            "X must have 1 inputs, and for pooling",
        ),
    ],
)
def test_refusals(act, message):
    with pytest.raises((TypeError, ValueError)) as caught:
        act()
    assert message in str(caught.value)
