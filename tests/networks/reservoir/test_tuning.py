"""The same effort for all, what is held out is not looked at, free runs at once are those alone."""

import numpy as np
import pytest

from pbit.networks.reservoir import Delays, EchoState, ReservoirRegressor, Ridge, Weights
from pbit.networks.reservoir.comparison import _horizon, compared, steps_learnt
from pbit.networks.reservoir.delays import LINEAR, QUADRATIC
from pbit.networks.reservoir.echo_state import KIND as ECHO_STATE
from pbit.networks.reservoir.free_runs import free_errors
from pbit.networks.reservoir.oscillator import VORTEX_KIND
from pbit.networks.reservoir.tuning import nrmse, tuned
from pbit.tasks import mackey_glass

SERIES = mackey_glass(700, seed=1)[:, None]
KINDS = [VORTEX_KIND, ECHO_STATE, LINEAR, QUADRATIC]


def test_what_is_held_out_changes_no_setting():
    """Steps that nothing is learnt from replaced by noise: the same settings and weights."""
    other = SERIES.copy()
    other[530:] = np.random.default_rng(1).normal(size=(170, 1))
    for one, again in zip(
        *(
            compared(KINDS, x[:-1], x[1:], num_nodes=15, tries=3, free_steps=20, seed=4)
            for x in (SERIES, other)
        ),
        strict=True,
    ):
        assert one.setting == again.setting and one.model.weights_ == again.model.weights_
        assert one.error < 0.2 < again.error
        assert one.setting.tried == 3
        assert 0 <= again.horizon < 20 and len(one.free) == 20


def test_the_error_is_that_of_the_estimator():
    X, y = SERIES[:-1], SERIES[1:]
    found = tuned(ECHO_STATE, X, y, num_nodes=10, tries=4, warm_up=20, with_inputs=True, seed=2)
    first = round(0.75 * len(X))
    model = found.regressor(warm_up=20, with_inputs=True).fit(X[:first], y[:first])
    assert nrmse(model.predict(X)[first:], y[first:]) == pytest.approx(found.error, rel=1e-6)


def test_free_runs_side_by_side_are_those_alone():
    x = SERIES / 2
    network = EchoState(num_nodes=20)
    starts, readouts = (310, 500), []
    for alpha in (1e-9, 1e-2):
        model = ReservoirRegressor(
            network, readout=Ridge(alpha), warm_up=20, rescale=False, random_state=3
        ).fit(x[:-1], x[1:])
        readouts.append((model, model.weights_))
    seed = model._seed
    found = free_errors(
        network, x, [each for _, each in readouts], starts=starts, steps=30, with_inputs=False,
        seed=seed,
    )  # fmt: skip
    for (model, _), error in zip(readouts, found, strict=True):
        runs = [model.forecast(x[start - 300 : start], 30) for start in starts]
        wrong = [
            np.minimum(np.abs(run - x[start : start + 30]) / x.std(), 1)
            for run, start in zip(runs, starts, strict=True)
        ]
        assert error == pytest.approx(np.mean(wrong), rel=1e-6)


def test_a_readout_that_runs_away_is_wrong_by_one():
    away = Weights(np.full((1, 1), 40.0), np.full(1, 9.0))
    found = free_errors(
        Delays(num_delays=1), SERIES / 2, [away], starts=(400,), steps=50, with_inputs=False, seed=1
    )
    assert found == [1.0]


def test_no_number_is_never_the_best():
    nothing = Weights(np.full((1, 1), np.nan), np.zeros(1))
    found = free_errors(
        Delays(num_delays=1), SERIES / 2, [nothing], starts=(400,), steps=5, with_inputs=False,
        seed=1,
    )  # fmt: skip
    assert found == [1.0]
    assert nrmse(np.array([np.nan, 1.0]), np.array([0.0, 1.0])) == np.inf
    assert _horizon(np.full((5, 1), np.nan), SERIES[:5], SERIES) == 0


@pytest.mark.parametrize("unit", [2.0**990, 2.0**-990])
def test_units_far_from_one_change_no_error(unit):
    noise = np.random.default_rng(1).normal(size=SERIES.shape)
    assert nrmse((SERIES + noise) * unit, SERIES * unit) == nrmse(SERIES + noise, SERIES)
    run = SERIES + 0.05 * noise
    steps = _horizon(run * unit, SERIES * unit, SERIES * unit)
    assert steps == _horizon(run, SERIES, SERIES) < len(run)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: steps_learnt(100, 1.0), "held_out must be > 0 and < 1"),
        (lambda: steps_learnt(50, 0.25), "must leave 20 steps in both parts of 50"),
        (
            lambda: tuned(LINEAR, SERIES, SERIES, num_nodes=3, warm_up=600),
            "warm_up must leave some of 525 steps",
        ),
    ],
)
def test_refusals(act, message):
    with pytest.raises(ValueError) as caught:
        act()
    assert message in str(caught.value)
