"""Machines as arrays and settings: for their files, and for checkpoints of their training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.problems.boltzmann.label_units import LabelUnits
from pbit.problems.learning.checkpoint import Checkpoint

if TYPE_CHECKING:
    from pbit.problems.boltzmann.estimator import BoltzmannEstimator

_OF_THE_RUN = ("checkpoint", "resume", "verbose")  # what the result does not depend on
_NO_JSON = ("graph", "hardware")  # kept as arrays, or not at all: a chip is not the machine's

Estimator = TypeVar("Estimator", bound="BoltzmannEstimator")


def checkpoint_of(estimator: BoltzmannEstimator, data: npt.NDArray[np.int8]) -> Checkpoint:
    """Where a training is kept, and what it must agree with to go on.

    The number of epochs may change where the learning rate does not depend on it.

    Raises
    ------
    ValueError
        A random state that cannot be drawn again.
    """
    if not isinstance(estimator.random_state, int | np.integer):
        raise ArgumentError(
            "random_state",
            "must be a whole number with checkpoint",
            estimator.random_state,
            remedy="what was drawn from another one cannot be drawn again",
        )
    settings = _settings(estimator)
    if np.ndim(estimator.learning_rate) == 0:
        del settings["n_iter"]
    return Checkpoint(
        estimator.checkpoint,
        type(estimator).__name__,
        settings=settings,
        data={"data": data, **estimator._kept_arrays()},
    )


def arrays_of(estimator: BoltzmannEstimator) -> tuple[dict[str, Any], dict[str, Any]]:
    """A trained machine as arrays, and settings that JSON gives back."""
    arrays = {f"parameter.{k}": a for k, a in enumerate(estimator.machine_.parameters)}
    arrays |= estimator._kept_arrays()
    classes = estimator.classes_
    settings = {
        "parameters": _settings(estimator),
        "values": estimator.values_,
        "num_features": int(estimator.n_features_in_),
        "classes": classes.tolist(),
        "classes_dtype": classes.dtype.str,
        "num_epochs": int(estimator.n_iter_),
        "history": estimator.history_,
    }
    if hasattr(estimator, "feature_names_in_"):
        settings["feature_names"] = [str(name) for name in estimator.feature_names_in_]
    return arrays, settings


def from_arrays_of(
    cls: type[Estimator], arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]
) -> Estimator:
    """The machine of :func:`arrays_of`."""
    estimator = cls(**settings["parameters"])
    estimator.values_ = settings["values"]
    estimator.n_features_in_ = settings["num_features"]
    if "feature_names" in settings:
        estimator.feature_names_in_ = np.array(settings["feature_names"], dtype=object)
    classes = np.array(settings["classes"], dtype=np.dtype(settings["classes_dtype"]))
    estimator.labels_ = LabelUnits(classes, estimator.label_copies)
    estimator.classes_ = classes
    estimator.n_iter_ = settings["num_epochs"]
    estimator.history_ = settings["history"]
    estimator.machine_ = estimator._restored_machine(arrays)
    return estimator


def _settings(estimator: BoltzmannEstimator) -> dict[str, Any]:
    """Parameters as JSON has them, without those of the run."""
    found = {k: v for k, v in estimator.get_params().items() if k not in _OF_THE_RUN + _NO_JSON}
    state = found["random_state"]
    found["random_state"] = int(state) if isinstance(state, int | np.integer) else None
    return {key: _plain(value) for key, value in found.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return list(value) if isinstance(value, tuple | list | np.ndarray) else value
