"""A perceptron of arrays as a scikit-learn estimator."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from pbit.checks import ArgumentError, instance, integer, positive
from pbit.devices.mtj import FloatArray
from pbit.networks.perceptrons.activations import Activation, Sigmoid
from pbit.networks.perceptrons.arrays import Arrays
from pbit.networks.perceptrons.network import ClassArray, Network
from pbit.networks.perceptrons.training import InPlace, Training
from pbit.networks.perceptrons.weights import ArrayWeights, Weights
from pbit.seeds import seed_of
from pbit.system.extras import imported

imported("sklearn", what="ArrayPerceptron needs", package="scikit-learn")

from sklearn.base import BaseEstimator, ClassifierMixin  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

from pbit.networks.labels import classes_of  # noqa: E402

_ORDER, _LAYER, _LUCK = range(3)  # what a seed is for


class ArrayPerceptron(ClassifierMixin, BaseEstimator):
    """Layers of weights in arrays of synapses, trained there or ahead of it, to tell classes.

    Stochastic gradient descent on the cross entropy, at a constant rate. With the same
    ``random_state`` all kinds of training begin with the same weights, or with levels next to them
    by chance, and see the same examples.

    Parameters
    ----------
    hidden : tuple of int
        Neurons of the hidden layers; none is a single array.
    arrays : Arrays, optional
        How arrays are made; by default of a hundred linear steps.
    training : Training, optional
        :class:`InPlace` (default), :class:`Offline`, :class:`Aware` or :class:`Ideal`.
    activation : Activation, optional
        Of hidden neurons, :class:`Sigmoid` by default.
    epochs, batch : int
        Passes through the examples, and examples of a step.
    rate : float
        Of the mean gradient of a batch.
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_ : array, shape (num_classes,)
    network_ : Network
        As it is used: ``network_.layers[k].array`` is a Crossbar, but for :class:`Ideal`.
    learning_ : Network
        As it learns.
    n_features_in_ : int

    Examples
    --------
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 5)
    >>> y = X.any(axis=1)
    >>> network = ArrayPerceptron(hidden=(), rate=0.5, random_state=1).fit(X, y)
    >>> network.score(X, y)
    1.0
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (32,),
        *,
        arrays: Arrays | None = None,
        training: Training | None = None,
        activation: Activation | None = None,
        epochs: int = 20,
        batch: int = 10,
        rate: float = 0.5,
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.arrays = arrays
        self.training = training
        self.activation = activation
        self.epochs = epochs
        self.batch = batch
        self.rate = rate
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> ArrayPerceptron:
        """The network, trained from the start.

        Parameters
        ----------
        X : shape (num_rows, num_features)
            Lines are driven by these: they should be about as large as 1, the constant.
        y : shape (num_rows,)

        Raises
        ------
        ValueError, TypeError
            Data that are no numbers, one class, parameters out of range.
        """
        rows, classes = self._begun(X, y, None)
        for _ in range(integer("epochs", self.epochs, 1)):
            self._epoch(rows, classes)
        return self._ended()

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> ArrayPerceptron:
        """One more epoch; arrays that do not learn themselves are written anew after it.

        Parameters
        ----------
        X, y
            As for :meth:`fit`.
        classes : array, optional
            All that there will be, for the first call.

        Raises
        ------
        ValueError, TypeError
            As :meth:`fit`; classes that were not there before.
        """
        if hasattr(self, "learning_"):
            rows = validate_data(self, X, dtype=np.float64, reset=False)
            labels = self._numbers(np.asarray(y))
        else:
            rows, labels = self._begun(X, y, classes)
        self._epoch(rows, labels)
        return self._ended()

    def decision_function(self, X: Any) -> FloatArray:
        """Scores (num_rows, num_classes); of two classes the difference, (num_rows,).

        Raises
        ------
        ValueError, TypeError
            Another number of columns, no numbers.
        """
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def predict_proba(self, X: Any) -> FloatArray:
        """Softmax of the scores, (num_rows, num_classes)."""
        return np.asarray(softmax(self._scores(X), axis=1))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The class of the largest score, (num_rows,)."""
        numbers = self._scores(X).argmax(axis=1)
        return np.asarray(self.classes_[numbers])

    @property
    def pulses_(self) -> int:
        """Pulses at weights while learning, without those of programming."""
        check_is_fitted(self)
        found = (each for each in self.learning_.layers if isinstance(each, ArrayWeights))
        return sum(each.pulses for each in found)

    def _scores(self, X: Any) -> FloatArray:
        check_is_fitted(self)
        return self.network_.scores(validate_data(self, X, dtype=np.float64, reset=False))

    # --- training

    def _begun(self, X: Any, y: Any, classes: Any) -> tuple[FloatArray, ClassArray]:
        rows, labels = validate_data(self, X, y, dtype=np.float64)
        self.classes_ = classes_of(labels, classes)
        self._seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self._generator = np.random.default_rng(seed_of(self._seed, _ORDER))
        self.learning_ = self._network()
        return rows, self._numbers(labels)

    def _network(self) -> Network:
        sizes = [self.n_features_in_]
        sizes += [integer("hidden", each, 1) for each in self.hidden]
        sizes += [len(self.classes_)]
        arrays, training = self._arrays, self._training
        layers = []
        for k, (below, above) in enumerate(itertools.pairwise(sizes)):
            most = min(np.sqrt(6 / (below + above)), arrays.weight_range)
            weights = self._generator.uniform(-most, most, (above, below + 1))
            layers.append(training.begun(weights, arrays, seed=self._seed_of_layer(k)))
        # Their own: the order of the examples is the same whatever the neurons are.
        luck = np.random.default_rng(seed_of(self._seed, _LUCK, 0))
        return Network(layers, self._activation, luck)

    def _epoch(self, rows: FloatArray, classes: ClassArray) -> None:
        rate, size = positive("rate", self.rate), integer("batch", self.batch, 1)
        order = self._generator.permutation(len(rows))
        for first in range(0, len(rows), size):
            some = order[first : first + size]
            self.learning_.learn(rows[some], classes[some], rate)

    def _ended(self) -> ArrayPerceptron:
        training = self._training
        layers: list[Weights] = [
            training.ended(layer, self._arrays, seed=self._seed_of_layer(k))
            for k, layer in enumerate(self.learning_.layers)
        ]
        luck = np.random.default_rng(seed_of(self._seed, _LUCK, 1))
        self.network_ = Network(layers, self.learning_.activation, luck)
        return self

    def _seed_of_layer(self, k: int) -> int:
        return seed_of(self._seed, _LAYER, k)

    def _numbers(self, labels: npt.NDArray[Any]) -> ClassArray:
        unknown = np.setdiff1d(labels, self.classes_)
        if unknown.size:
            raise ArgumentError(
                "y", f"must be among {self.classes_.tolist()}", unknown[0],
                remedy="give all classes to the first partial_fit",
            )  # fmt: skip
        return np.searchsorted(self.classes_, labels).astype(np.int64)

    @property
    def _arrays(self) -> Arrays:
        found = Arrays() if self.arrays is None else self.arrays
        checked: Arrays = instance("arrays", found, Arrays, remedy="Arrays(device)")
        return checked

    @property
    def _training(self) -> Training:
        found = InPlace() if self.training is None else self.training
        checked: Training = instance("training", found, Training, remedy="InPlace()")
        return checked

    @property
    def _activation(self) -> Activation:
        found = Sigmoid() if self.activation is None else self.activation
        checked: Activation = instance("activation", found, Activation, remedy="Sigmoid()")
        return checked
