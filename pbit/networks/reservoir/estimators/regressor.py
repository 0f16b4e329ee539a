"""A reservoir that follows series, or goes on by itself, as a scikit-learn estimator."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from pbit.checks import ArgumentError, instance, integer
from pbit.networks.reservoir.estimators.driving import Driven
from pbit.networks.reservoir.protocol import (
    Course,
    FloatArray,
    Reservoir,
    checked_drive,
    num_axes,
)
from pbit.networks.reservoir.readouts import Readout, RecursiveLeastSquares, Ridge

# After the module that tells how scikit-learn is installed.
from sklearn.base import (  # isort: skip
    ClassNamePrefixFeaturesOutMixin,
    RegressorMixin,
    TransformerMixin,
)
from sklearn.utils.validation import check_is_fitted, validate_data  # isort: skip


class ReservoirRegressor(ClassNamePrefixFeaturesOutMixin, RegressorMixin, TransformerMixin, Driven):
    """A linear readout of the states of a reservoir, at every step of a series.

    Rows are steps of time: their order matters. Every call begins with the reservoir at rest; to
    predict what follows the data of the training, give those and what follows and take the end:
    states never depend on what comes later.

    Inputs drive the reservoir no farther from the middle of those of the training than their range;
    beyond, they are held there.

    Parameters
    ----------
    reservoir : Reservoir, optional
        One vortex oscillator of 24 virtual nodes by default.
    readout : Ridge or RecursiveLeastSquares, optional
        ``Ridge()`` by default.
    warm_up : int
        First steps of a series that are not learnt from.
    rescale : bool
        Bring every input to -1 to 1, by its least and largest value in the training.
    with_inputs : bool
        Let the readout see the inputs, too.
    random_state : int, RandomState or None
        Of masks, weights and noise.

    Attributes
    ----------
    weights_ : Weights
    scaling_ : Scaling
    n_features_in_ : int

    Examples
    --------
    >>> from pbit.networks.reservoir import EchoState
    >>> series = np.sin(np.arange(300) / 5)[:, None]
    >>> model = ReservoirRegressor(EchoState(num_nodes=30), warm_up=50, random_state=1)
    >>> future = model.fit(series[:-1], series[1:]).forecast(series, 20)
    >>> bool(np.abs(future[:, 0] - np.sin(np.arange(300, 320) / 5)).max() < 0.01)
    True
    """

    def __init__(
        self,
        reservoir: Reservoir | None = None,
        *,
        readout: Readout | None = None,
        warm_up: int = 0,
        rescale: bool = True,
        with_inputs: bool = False,
        random_state: Any = None,
    ) -> None:
        self.reservoir = reservoir
        self.readout = readout
        self.warm_up = warm_up
        self.rescale = rescale
        self.with_inputs = with_inputs
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> ReservoirRegressor:
        """The readout, learnt while the series drives the reservoir (teacher forcing).

        Parameters
        ----------
        X : shape (steps, inputs), or (series, steps, inputs): several, each from rest
        y : shape (steps,), (steps, outputs) or (series, steps, outputs)

        Raises
        ------
        TypeError, ValueError
            Data that are no numbers, of other shapes; no steps after the warm-up.
        """
        inputs, targets = self._checked(X, y)
        self._prepare(inputs)
        skipped = self._skipped(inputs.shape[1])
        nodes = self._nodes(self._begun(len(inputs)), inputs)
        self._n_features_out = nodes.shape[2]
        rows = nodes[:, skipped:].reshape(-1, nodes.shape[2])
        wanted = targets[:, skipped:].reshape(len(rows), -1)
        self.weights_ = self._readout.fitted(rows, wanted)
        return self

    def fit_free(self, X: Any, *, passes: int = 1) -> ReservoirRegressor:
        """The readout learnt while its own outputs drive the reservoir in the place of the series.

        FORCE learning: after the warm-up, which is driven by the series, the reservoir goes on by
        itself, and recursive least squares correct it at every step.

        Parameters
        ----------
        X : shape (steps, inputs)
            The series to be gone on with.
        passes : int
            Times that it is learnt from.

        Raises
        ------
        TypeError, ValueError
            As :meth:`fit`; a readout that is not recursive; several series.

        References
        ----------
        Sussillo, Abbott, Neuron 63, 544 (2009).
        """
        given = RecursiveLeastSquares() if self.readout is None else self.readout
        rule: RecursiveLeastSquares = instance(
            "readout", given, RecursiveLeastSquares, remedy="RecursiveLeastSquares()"
        )
        _check_one_series(X)
        inputs, targets = self._checked(X[:-1], np.asarray(X)[1:])
        skipped = self._skipped(inputs.shape[1])
        self._prepare(inputs)
        follower = rule.begin(self._num_seen(), inputs.shape[2])
        for _ in range(integer("passes", passes, 1)):
            course, now = self._begun(), inputs[:, :1]
            for step, target in enumerate(targets[0]):
                nodes = self._nodes(course, now)[0]
                follower.learn(nodes, target[None])
                own = step >= skipped and step + 1 < inputs.shape[1]
                now = (
                    follower.outputs(nodes[0])[None, None]
                    if own
                    else inputs[:, step + 1 : step + 2]
                )
        self.weights_ = follower.weights
        self._n_features_out = len(self.weights_.weights)
        return self

    def predict(self, X: Any) -> FloatArray:
        """Outputs at every step, of the shape of ``y`` in the training."""
        nodes = self._nodes_of(X)
        found = self.weights_.outputs(nodes)
        found = found if num_axes(X) == 3 else found[0]
        return found[..., 0] if self._is_flat else found

    def transform(self, X: Any) -> FloatArray:
        """States of the nodes at every step, (steps, nodes) or (series, steps, nodes)."""
        nodes = self._nodes_of(X)
        return nodes if num_axes(X) == 3 else nodes[0]

    def forecast(self, X: Any, num_steps: int) -> FloatArray:
        """What follows a series: the reservoir is driven by it, and then by its own outputs.

        Parameters
        ----------
        X : shape (steps, inputs)
            It has learnt to predict the next step of.
        num_steps : int

        Returns
        -------
        float64, shape (num_steps, inputs)

        Raises
        ------
        TypeError, ValueError
            A readout with another number of outputs than inputs; several series.
        """
        return np.asarray(self.forecasts(X, num_steps, starts=[len(X)])[0])

    def forecasts(self, X: Any, num_steps: int, *, starts: Sequence[int]) -> FloatArray:
        """What follows several places of a series, each by itself.

        Parameters
        ----------
        X : shape (steps, inputs)
        num_steps : int
        starts : sequence of int
            Ascending, from 1 to the number of steps: how many drive the reservoir ahead of each.

        Returns
        -------
        float64, shape (len(starts), num_steps, inputs)

        Raises
        ------
        TypeError, ValueError
            A readout with another number of outputs than inputs; several series; places out of
            range.
        """
        check_is_fitted(self)
        _check_one_series(X)
        inputs = self._series(X)
        outputs = len(self.weights_.intercept)
        if outputs != self.n_features_in_:
            raise ArgumentError(
                "y", f"must have been the next {self.n_features_in_} inputs to go on with",
                got=f"{outputs} outputs", remedy="fit(X[:-1], X[1:])",
            )  # fmt: skip
        places = [0, *starts]
        if not starts or places[-1] > inputs.shape[1] or min(np.diff(places)) < 1:
            raise ArgumentError(
                "starts", f"must ascend from 1 to {inputs.shape[1]} at most", list(starts)
            )
        integer("num_steps", num_steps, 1)
        course, found = self._begun(), []
        for before, start in itertools.pairwise(places):
            nodes = self._nodes(course, inputs[:, before:start])[:, -1:]
            found.append(self._run(copy.deepcopy(course), nodes, num_steps))
        return np.array(found)

    def _run(self, course: Course, nodes: FloatArray, num_steps: int) -> FloatArray:
        """Outputs of a reservoir that they drive, (num_steps, outputs)."""
        found = np.empty((num_steps, len(self.weights_.intercept)))
        for step in range(num_steps):
            found[step] = self.weights_.outputs(nodes)[0, 0]
            if step + 1 < num_steps:
                nodes = self._nodes(course, found[step][None, None])
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _nodes_of(self, X: Any) -> FloatArray:
        check_is_fitted(self)
        inputs = self._series(X)
        return self._nodes(self._begun(len(inputs)), inputs)

    def _series(self, X: Any) -> FloatArray:
        if num_axes(X) != 3:
            return np.asarray(validate_data(self, X, dtype=np.float64, reset=False))[None]
        inputs = checked_drive(X, "X")
        if inputs.shape[2] != self.n_features_in_:
            raise ArgumentError(
                "X", f"must have {self.n_features_in_} inputs", got=f"{inputs.shape[2]}"
            )
        return inputs

    def _checked(self, X: Any, y: Any) -> tuple[FloatArray, FloatArray]:
        """Series and targets, both with three axes."""
        if num_axes(X) != 3:
            rows, wanted = validate_data(
                self, X, y, dtype=np.float64, multi_output=True, y_numeric=True
            )
            self._is_flat = wanted.ndim == 1
            return rows[None], np.asarray(wanted, np.float64).reshape(1, len(rows), -1)
        inputs, targets = checked_drive(X, "X"), checked_drive(y, "y")
        if targets.shape[:2] != inputs.shape[:2]:
            raise ArgumentError(
                "y", f"must have the series and steps of X, {inputs.shape[:2]}",
                got=f"shape {targets.shape}",
            )  # fmt: skip
        self.n_features_in_, self._is_flat = inputs.shape[2], False
        return inputs, targets

    def _skipped(self, steps: int) -> int:
        """The warm-up, which has to leave some of the steps."""
        skipped = integer("warm_up", self.warm_up, 0)
        if skipped >= steps:
            raise ArgumentError("warm_up", f"must be < the {steps} steps of the series", skipped)
        return skipped

    @property
    def _readout(self) -> Readout:
        return Ridge() if self.readout is None else self.readout


def _check_one_series(X: Any) -> None:
    if num_axes(X) == 3:
        raise ArgumentError(
            "X", "must have the shape (steps, inputs)", got=f"shape {np.shape(X)}",
            remedy="go on with one series at a time",
        )  # fmt: skip
