"""A winner-take-all layer as a scikit-learn estimator."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import NO_VARIATION, CompoundJunction, Synapse, SynapseVariation
from pbit.devices.synapses.draws import IntArray
from pbit.networks.stdp.layer import WinnerTakeAll
from pbit.networks.stdp.neurons import Neurons
from pbit.networks.stdp.rule import SimplifiedSTDP
from pbit.system.extras import imported

imported("sklearn", what="StochasticSTDP needs", package="scikit-learn")

from sklearn.base import BaseEstimator, TransformerMixin  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

_NOBODY = -1


class StochasticSTDP(TransformerMixin, BaseEstimator):
    """Neurons that find classes by themselves, and are named after them afterwards.

    Rows have values from 0 to 1, the rates of inputs over the highest. They are shown one after the
    other, each after a silence; the neurons that spike learn. Labels only name neurons, each after
    the class on which it wins most often.

    Parameters
    ----------
    num_neurons : int
    device : Synapse, optional
        By default nine junctions in parallel, each switched by a pulse with a probability of 0.1.
    num_epochs : int
        How often :meth:`fit` shows all rows.
    threshold : float
        How often an input of value 1 spikes until a neuron spikes all of whose synapses are at
        their highest, on a row of mean brightness and without leak.
    raised_by : float
        What a spike adds to the threshold of its neuron, in the same unit.
    raised_s : float
        Time in which it comes down by a factor e.
    max_rate_Hz : float
        Rate of an input of value 1.
    presentation_s : float
        How long a row is shown.
    window_s : float
        Inputs that spiked at most so long before a neuron get raising pulses.
    raising, lowering : float, optional
        Amplitudes of the pulses, as for :class:`SimplifiedSTDP`.
    leak_s, inhibition_s : float
        As for :class:`Neurons`; a neuron that spikes is held as long as the others. From
        ``presentation_s`` on, there is one winner a row.
    variation : SynapseVariation, optional
    random_state : int, RandomState or None
        Seed of all devices and pulses.

    Attributes
    ----------
    layer_ : WinnerTakeAll
    classes_ : array (num_classes,)
    labels_ : int64, shape (num_neurons,)
        Number of the class of each neuron, -1 for those that won nothing; once labelled.
    n_features_in_ : int

    References
    ----------
    D. Querlioz et al., IEEE Trans. Nanotechnol. 12, 288 (2013); A. F. Vincent et al., IEEE Trans.
    Biomed. Circuits Syst. 9, 166 (2015); D. Zhang et al., IEEE/ACM NANOARCH 2016.

    Examples
    --------
    >>> from pbit.tasks import letters, noisy
    >>> rows, names = noisy(letters("CHT"), copies=50, turned=0.05, seed=1)
    >>> network = StochasticSTDP(6, random_state=1).fit(rows, names)
    >>> round(network.score(*noisy(letters("CHT"), copies=50, turned=0.05, seed=2)), 2)
    1.0
    """

    def __init__(
        self,
        num_neurons: int = 100,
        *,
        device: Synapse | None = None,
        num_epochs: int = 3,
        threshold: float = 2.5,
        raised_by: float = 0.065,
        raised_s: float = 500.0,
        max_rate_Hz: float = 200.0,
        presentation_s: float = 0.1,
        window_s: float = 0.03,
        raising: float | None = None,
        lowering: float | None = None,
        leak_s: float = 0.1,
        inhibition_s: float = 0.1,
        variation: SynapseVariation | None = None,
        random_state: Any = None,
    ) -> None:
        self.num_neurons = num_neurons
        self.device = device
        self.num_epochs = num_epochs
        self.threshold = threshold
        self.raised_by = raised_by
        self.raised_s = raised_s
        self.max_rate_Hz = max_rate_Hz
        self.presentation_s = presentation_s
        self.window_s = window_s
        self.raising = raising
        self.lowering = lowering
        self.leak_s = leak_s
        self.inhibition_s = inhibition_s
        self.variation = variation
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> StochasticSTDP:
        """A new layer after ``num_epochs`` times all rows, in their order.

        Parameters
        ----------
        X : float64, shape (num_rows, n)
            From 0 to 1.
        y : array (num_rows,), optional
            Classes, for :meth:`label_neurons` at the end.

        Raises
        ------
        TypeError, ValueError
            Rows outside 0 to 1, all 0 or not finite, a parameter out of range.
        """
        integer("num_epochs", self.num_epochs, 1)
        rows = self._rows(X, reset=True)
        self.layer_ = self._layer(rows)
        self._forget_labels()
        for _ in range(self.num_epochs):
            self._show(rows)
        return self if y is None else self.label_neurons(X, y)

    def partial_fit(self, X: Any, y: Any = None) -> StochasticSTDP:
        """The layer after these rows, once, on top of what it was shown before.

        The first rows say what mean brightness is. Labels are gone, and ``y`` is not looked at:
        call :meth:`label_neurons`.

        Raises
        ------
        TypeError, ValueError
            As :meth:`fit`.
        """
        fresh = not hasattr(self, "layer_")
        rows = self._rows(X, reset=fresh)
        if fresh:
            self.layer_ = self._layer(rows)
        self._forget_labels()
        self._show(rows)
        return self

    def label_neurons(self, X: Any, y: Any) -> StochasticSTDP:
        """Name each neuron after the class of which it wins most rows.

        Raises
        ------
        TypeError, ValueError
            As :meth:`fit`; another number of classes than rows.
        """
        wins = self.transform(X).argmax(axis=1)
        classes = np.asarray(y)
        if classes.shape != wins.shape:
            raise ArgumentError("y", f"must have the shape {wins.shape}", got=f"{classes.shape}")
        self.classes_, numbers = np.unique(classes, return_inverse=True)
        counts = np.zeros((self.layer_.shape[0], len(self.classes_)), np.int64)
        np.add.at(counts, (wins, numbers), 1)
        self.labels_: IntArray = np.where(counts.any(axis=1), counts.argmax(axis=1), _NOBODY)
        return self

    def transform(self, X: Any) -> FloatArray:
        """Currents into the neurons over their thresholds, the features of each row.

        Returns
        -------
        float64, shape (num_rows, num_neurons)
        """
        check_is_fitted(self)
        return self.layer_.currents(self._rows(X, reset=False))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """Class of the neuron that spikes first, among those that have one.

        Raises
        ------
        NotFittedError
            Neurons have no labels.
        """
        check_is_fitted(self, "labels_", msg="Neurons have no labels: call label_neurons(X, y)")
        currents = np.where(self.labels_ == _NOBODY, -np.inf, self.transform(X))
        return np.asarray(self.classes_[self.labels_[currents.argmax(axis=1)]])

    def score(self, X: Any, y: Any) -> float:
        """Share of rows whose class is predicted."""
        return float(np.mean(self.predict(X) == np.asarray(y)))

    def _rows(self, X: Any, *, reset: bool) -> FloatArray:
        rows: FloatArray = validate_data(self, X, reset=reset, dtype=np.float64)
        if rows.min() < 0 or rows.max() > 1:
            wrong = rows[(rows < 0) | (rows > 1)][0]
            raise ArgumentError("X", "must be from 0 to 1", wrong, remedy="divide by the largest")
        return rows

    def _layer(self, rows: FloatArray) -> WinnerTakeAll:
        brightness = float(rows.mean())
        if not brightness:
            raise ArgumentError("X", "must have values above 0", got="none")
        for name in ("threshold", "raised_by", "max_rate_Hz", "presentation_s"):
            number(name, getattr(self, name), (">", 0.0), remedy="see the parameters")
        return WinnerTakeAll(
            (integer("num_neurons", self.num_neurons, 1), rows.shape[1]),
            CompoundJunction() if self.device is None else self.device,
            neurons=Neurons(
                threshold=self.threshold * brightness,
                leak_s=self.leak_s,
                inhibition_s=self.inhibition_s,
                refractory_s=self.inhibition_s,
                raised_by=self.raised_by * brightness,
                raised_s=self.raised_s,
            ),
            rule=SimplifiedSTDP(self.window_s, self.raising, self.lowering),
            variation=NO_VARIATION if self.variation is None else self.variation,
            seed=_seed(self.random_state),
        )

    def _show(self, rows: FloatArray) -> None:
        for row in rows * self.max_rate_Hz:
            self.layer_.show(row, seconds=self.presentation_s)

    def _forget_labels(self) -> None:
        for name in ("labels_", "classes_"):
            self.__dict__.pop(name, None)


def _seed(random_state: Any) -> int | None:
    """A seed of ours from one of scikit-learn's."""
    if random_state is None or isinstance(random_state, int | np.integer):
        return None if random_state is None else int(random_state)
    words = check_random_state(random_state).randint(0, 2**32, size=2, dtype=np.uint64)
    return int(words[0]) << 32 | int(words[1])
