"""What the machines have in common as scikit-learn estimators."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.problems.boltzmann.data_spins import as_spins, in_values, known_means
from pbit.problems.boltzmann.gradient import Ascent, LearningRate
from pbit.problems.boltzmann.keeping import arrays_of, from_arrays_of
from pbit.problems.boltzmann.label_units import LabelUnits
from pbit.problems.boltzmann.labelled import Conditional
from pbit.problems.boltzmann.machine import Machine
from pbit.problems.boltzmann.phases import PhaseOptions, phase_named
from pbit.problems.boltzmann.progress import Watcher, told
from pbit.problems.boltzmann.training import Training
from pbit.system.bar import Bar
from pbit.system.extras import imported

imported("sklearn", what="Boltzmann machines are estimators of", package="scikit-learn")

from sklearn.base import (  # noqa: E402
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
)
from sklearn.utils import check_random_state  # noqa: E402
from sklearn.utils.metaestimators import available_if  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

SpinArray = npt.NDArray[np.int8]


def _has_labels(estimator: Any) -> bool:
    if hasattr(estimator, "labels_") and not len(estimator.labels_.classes):
        raise AttributeError("this machine was fitted without labels; fit(X, y) gives it some")
    return True


class BoltzmannEstimator(  # type: ignore[misc]
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator, ABC
):
    """Data to spins, labels to units, the training loop; subclasses make and read the machine."""

    _GAPS: tuple[bool | str, ...] = (False, True)

    # Set by the subclasses' constructors, which scikit-learn reads the parameters from.
    n_iter: int
    learning_rate: float | Sequence[float]
    conditional: float
    adaptive: bool
    momentum: float
    weight_decay: float
    batch_size: int
    negative: str
    n_steps: int
    n_chains: int | None
    n_rungs: int
    label_copies: int
    threshold: float | None
    missing: bool | str
    checkpoint: Any
    resume: bool
    verbose: int
    random_state: Any

    def fit(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        *,
        held_out: tuple[npt.ArrayLike, npt.ArrayLike | None] | None = None,
    ) -> Any:
        """Learn from data; with labels, their joint law.

        Parameters
        ----------
        X : array, shape (rows, features)
            Binary, {0, 1} or {-1, 1}; anything finite with a threshold. With ``missing``, NaN where
            nothing is known.
        y : array, shape (rows,), optional
            Labels.
        held_out : (X, y), optional
            Rows that are not learnt from, with labels or None: where ``verbose``, ``history_`` has
            their ``free_energy_gap``.

        Raises
        ------
        ValueError
            Values that are not binary, NaN without ``missing``, no rows; a parameter out of range.
        """
        bar = Bar(on=bool(self.verbose))
        try:
            for entry in self.epochs(X, y, held_out=held_out):
                bar.show(entry["epoch"] / self.n_iter, told(entry, self.n_iter))
        finally:
            bar.close()
        return self

    def epochs(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        *,
        held_out: tuple[npt.ArrayLike, npt.ArrayLike | None] | None = None,
        after_update: Callable[[float], None] = lambda share: None,
    ) -> Iterator[dict[str, float]]:
        """Learn as :meth:`fit` does, for those who stop when they like or draw bars of their own.

        After each epoch, and at first after what was resumed, its entry of ``history_``: the
        machine is then as if it had been fitted for so long. There is no bar.

        Parameters
        ----------
        X, y, held_out : array
            As of :meth:`fit`.
        after_update : callable
            Told the share of the epoch that is done; what it raises ends the training, in the
            middle of the epoch.

        Raises
        ------
        ValueError
            As :meth:`fit`.
        """
        spins = self._taken(X, reset=True, missing=self.missing)
        data = self._first_joined(spins, y, None)
        training = self._begun(data)
        self.machine_ = training.machine
        apart = None if held_out is None else self._joined(self._taken(held_out[0]), held_out[1])
        watcher = Watcher.of(self, training, data, apart)
        if watcher.history:
            self._done(training, watcher.history)
            yield watcher.history[-1]
        while training.epoch < self.n_iter:
            training.run_epoch(data, after_update)
            entry = watcher.epoch_done()
            self._done(training, watcher.history)
            yield entry

    def partial_fit(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike | None = None,
        classes: npt.ArrayLike | None = None,
    ) -> Any:
        """One epoch more over these rows; ``classes`` names all labels at the first call."""
        is_first = not hasattr(self, "training_")
        spins = self._taken(X, reset=is_first, missing=self.missing)
        data = self._first_joined(spins, y, classes) if is_first else self._joined(spins, y)
        training = self._begun(data) if is_first else self.training_
        training.run_epoch(data)
        return self._done(training, [])

    @abstractmethod
    def _fresh_machine(self, visible_mean: npt.NDArray[np.float64], seed: int) -> Machine:
        """A machine that has learnt nothing; the mean of each visible p-bit in the data."""

    @abstractmethod
    def transform(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Features: probabilities of the hidden p-bits to be up."""

    def _begun(self, data: SpinArray) -> Training:
        """A training of a fresh machine."""
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        machine = self._fresh_machine(known_means(data), seed)
        options = PhaseOptions(self.n_steps, self.n_chains or self.batch_size, self.n_rungs, seed)
        size = min(self.batch_size, len(data))
        return Training(
            machine,
            phase_named(self.negative, machine, options, size),
            Ascent(self.momentum, self.weight_decay, self.adaptive),
            LearningRate.of(self.learning_rate, self.n_iter),
            size,
            seed,
            self._conditional(),
        )

    def _conditional(self) -> Conditional | None:
        """What is learnt of the law of the labels given the features, if anything."""
        if not self.conditional:
            return None
        if self.missing:
            raise ArgumentError(
                "conditional", "must be 0 with missing", self.conditional,
                remedy="it holds all features at values that are known",
            )  # fmt: skip
        return Conditional(self.conditional, self.labels_.codes())

    def _first_joined(
        self, spins: SpinArray, y: npt.ArrayLike | None, classes: npt.ArrayLike | None
    ) -> SpinArray:
        """Rows with their labels' units, which are those of the classes from now on."""
        self._check_parameters()
        found = np.zeros(0) if y is None else np.asarray(y if classes is None else classes)
        self.labels_ = LabelUnits(np.unique(found), self.label_copies)
        return self._joined(spins, y)

    def _joined(self, spins: SpinArray, y: npt.ArrayLike | None) -> SpinArray:
        """Rows with their labels' units, where the machine has some."""
        if (y is None) == bool(self.labels_.count):
            raise ArgumentError("y", "must be given at every call or at none", y)
        return spins if y is None else self.labels_.joined(spins, np.asarray(y))

    @abstractmethod
    def _measured(self, rows: SpinArray) -> dict[str, float]:
        """What is told of some rows after an epoch."""

    def _kept_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What belongs to the machine beside its parameters."""
        return {}

    def to_arrays(self) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
        """The trained machine as arrays and settings, for a file."""
        check_is_fitted(self, "machine_")
        return arrays_of(self)

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]
    ) -> Self:
        """The machine of :meth:`to_arrays`; it samples the same bits.

        Raises
        ------
        ValueError, TypeError, KeyError
            Arrays or settings of another machine.
        """
        return from_arrays_of(cls, arrays, settings)

    @abstractmethod
    def _restored_machine(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Machine:
        """The machine whose parameters, by number, these are."""

    def _done(self, training: Training, history: list[dict[str, float]]) -> Any:
        self.training_ = training
        self.machine_ = training.machine
        self.n_iter_ = training.epoch
        self.classes_ = self.labels_.classes
        self.history_ = history
        return self

    def _check_parameters(self) -> None:
        integer("n_iter", self.n_iter, 1)
        integer("batch_size", self.batch_size, 1)
        integer("label_copies", self.label_copies, 1)
        if self.missing not in self._GAPS:
            rule = f"must be one of {', '.join(map(repr, self._GAPS))}"
            raise ArgumentError("missing", rule, self.missing)

    def _taken(
        self, X: npt.ArrayLike, *, reset: bool = False, missing: bool | str = False
    ) -> SpinArray:
        """Rows as spins, of as many features as were learnt from; 0 where they may be missing."""
        finite = "allow-nan" if missing else True
        array = validate_data(self, X, reset=reset, dtype="numeric", ensure_all_finite=finite)
        spins, values = as_spins(array, self.threshold)
        if reset:
            self.values_ = values
        return spins

    def _given(self, X: npt.ArrayLike) -> SpinArray:
        check_is_fitted(self, "machine_")
        return self._taken(X)

    def _shown(self, spins: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
        return in_values(spins[:, : self.n_features_in_], self.values_)

    @available_if(_has_labels)
    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:
        """The most probable class of each row."""
        best = np.argmax(self._class_weights(X), axis=1)
        return np.asarray(self.classes_[best])

    @available_if(_has_labels)
    def predict_proba(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Probability of each class given the row, float64 (rows, classes)."""
        return self._class_weights(X)

    @abstractmethod
    def _class_weights(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Probability of each class."""

    @abstractmethod
    def score_samples(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Pseudo-log-likelihood of each row."""

    def score(self, X: npt.ArrayLike, y: npt.ArrayLike | None = None) -> float:
        """Accuracy where labels were learnt and are given; mean pseudo-log-likelihood else."""
        if y is None or not self.labels_.count:
            return float(self.score_samples(X).mean())
        return float((self.predict(X) == np.asarray(y)).mean())

    @property
    def _num_classes(self) -> int:
        return len(self.labels_.classes)

    @property
    def _n_features_out(self) -> int:
        return int(self._num_hidden())

    @abstractmethod
    def _num_hidden(self) -> int: ...
