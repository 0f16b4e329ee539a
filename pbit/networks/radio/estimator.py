"""A radio-frequency network as a scikit-learn estimator."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from pbit.checks import instance, integer, positive
from pbit.devices.oscillator import AutoOscillator, SpinTorqueDiode
from pbit.devices.quantities import number
from pbit.networks.radio.chains import Chains, FloatArray, carriers
from pbit.networks.radio.network import RadioNetwork
from pbit.networks.radio.neuron import OscillatorNeuron
from pbit.networks.radio.training import Schedule, errors, tuned
from pbit.seeds import seed_of
from pbit.system.extras import imported

imported("sklearn", what="RadioClassifier needs", package="scikit-learn")

from sklearn.base import BaseEstimator, ClassifierMixin  # noqa: E402
from sklearn.utils import Tags, check_random_state  # noqa: E402
from sklearn.utils.validation import (  # noqa: E402
    check_is_fitted,
    check_non_negative,
    validate_data,
)

from pbit.networks.labels import classes_of  # noqa: E402

_START, _TRAINING, _DEVICES = range(3)  # what a seed is for
_SPREAD = 0.5  # of resonances about their carriers at the start, in half widths
_DIODE = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0)
_OSCILLATOR = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6)


class RadioClassifier(ClassifierMixin, BaseEstimator):
    """Classes of radio-frequency signals by the powers of their carriers.

    Resonances are tuned in software by their gradient (Adam on the cross entropy); devices are
    then made of them, with errors. All weights are sums over all resonators of a chain: cross-talk
    is in training and in use.

    Parameters
    ----------
    hidden : tuple of int
        Oscillator neurons between layers of chains; none is one layer of a chain a class.
    spacing : float
        Between carriers, in half widths of a resonance.
    diode : SpinTorqueDiode, optional
        Of all chains; by default of 5 MHz and 500 mV/mW.
    neuron : OscillatorNeuron, optional
        By default :meth:`OscillatorNeuron.matched` to the diode.
    full_W : float
        The power of a feature of 1, and of the constant carriers.
    resonance_error : float
        Standard deviation of the error of resonances as devices are made, in half widths.
    trained_error : float
        The same, drawn anew in every step of training.
    sharpness : float
        Of the softmax: its argument is scores times this. Weights do not go beyond 1, so that few
        features need more of it, about 10, tens of them 1.
    epochs, batch : int
    rate : float
        Of Adam, in half widths a step.
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_ : array, shape (num_classes,)
    wanted_ : RadioNetwork
        As it was trained.
    network_ : RadioNetwork
        As it was made.
    losses_ : float64, shape (epochs,)
        Mean cross entropy of the rows learnt from, after each epoch.
    n_features_in_ : int

    Examples
    --------
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 5)
    >>> y = X[:, 0] != X[:, 1]
    >>> network = RadioClassifier(hidden=(6,), sharpness=10.0, epochs=200, random_state=1)
    >>> network.fit(X, y).score(X, y)
    1.0
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (),
        *,
        spacing: float = 5.0,
        diode: SpinTorqueDiode | None = None,
        neuron: OscillatorNeuron | None = None,
        full_W: float = 1e-6,
        resonance_error: float = 0.0,
        trained_error: float = 0.0,
        sharpness: float = 1.0,
        epochs: int = 100,
        batch: int = 256,
        rate: float = 0.1,
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.spacing = spacing
        self.diode = diode
        self.neuron = neuron
        self.full_W = full_W
        self.resonance_error = resonance_error
        self.trained_error = trained_error
        self.sharpness = sharpness
        self.epochs = epochs
        self.batch = batch
        self.rate = rate
        self.random_state = random_state

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    def fit(self, X: Any, y: Any) -> RadioClassifier:
        """The network, tuned and made.

        Parameters
        ----------
        X : shape (num_rows, num_features)
            Powers over ``full_W``, from 0; about 1.
        y : shape (num_rows,)

        Raises
        ------
        ValueError, TypeError
            Data that are no powers, one class, parameters out of range.
        """
        rows, labels = validate_data(self, X, y, dtype=np.float64)
        powers = self._powers(rows)
        self.classes_ = classes_of(labels)
        self._seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        schedule = Schedule(
            epochs=integer("epochs", self.epochs, 1),
            batch=integer("batch", self.batch, 1),
            rate=positive("rate", self.rate),
            error=number("trained_error", self.trained_error, (">=", 0.0), remedy="0 is none"),
        )
        self.wanted_, self.losses_ = tuned(
            self._start(),
            powers,
            np.searchsorted(self.classes_, labels).astype(np.int64),
            per_V=self._sharpness / self._full_V,
            schedule=schedule,
            generator=np.random.default_rng(seed_of(self._seed, _TRAINING)),
        )
        return self.made(self.resonance_error)

    def made(self, resonance_error: float, *, copy: int = 0) -> RadioClassifier:
        """Other devices for the same resonances, in place of those there were; self.

        Parameters
        ----------
        resonance_error : float
            Standard deviation in half widths.
        copy : int
            Which of many sets of devices.

        Raises
        ------
        ValueError, TypeError
            Numbers out of range.
        """
        check_is_fitted(self)
        spread = number("resonance_error", resonance_error, (">=", 0.0), remedy="0 is none")
        seed = seed_of(self._seed, _DEVICES, integer("copy", copy, 0))
        off = errors(self.wanted_, spread, np.random.default_rng(seed))
        self.network_ = self.wanted_.moved(off)
        return self

    def decision_function(self, X: Any) -> FloatArray:
        """Scores (num_rows, num_classes); of two classes the difference, (num_rows,).

        Voltages of the chains over that of a full carrier at a weight of 1.

        Raises
        ------
        ValueError, TypeError
            Another number of columns, no powers.
        """
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def predict_proba(self, X: Any) -> FloatArray:
        """Softmax of the scores, as sharp as in training, (num_rows, num_classes)."""
        return np.asarray(softmax(self._sharpness * self._scores(X), axis=1))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The class of the largest voltage, (num_rows,)."""
        numbers = self._scores(X).argmax(axis=1)
        return np.asarray(self.classes_[numbers])

    def _scores(self, X: Any) -> FloatArray:
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float64, reset=False)
        return self.network_.voltages_V(self._powers(rows)) / self._full_V

    def _powers(self, rows: FloatArray) -> FloatArray:
        check_non_negative(rows, "RadioClassifier: powers; MinMaxScaler(clip=True) makes them")
        return positive("full_W", self.full_W) * rows

    def _start(self) -> RadioNetwork:
        """Resonances by chance, near their carriers."""
        sizes = [self.n_features_in_]
        sizes += [integer("hidden", each, 1) for each in self.hidden]
        sizes += [len(self.classes_)]
        generator = np.random.default_rng(seed_of(self._seed, _START))
        spacing, layers = positive("spacing", self.spacing), []
        for below, above in itertools.pairwise(sizes):
            line = carriers(below + 1, spacing=spacing, diode=self._diode)
            away = generator.uniform(-_SPREAD, _SPREAD, (above, below + 1))
            layers.append(Chains(line, line + away * self._diode.linewidth_Hz, self._diode))
        return RadioNetwork(layers=tuple(layers), neuron=self._neuron, pilot_W=self.full_W)

    @property
    def _full_V(self) -> float:
        return self._diode.sensitivity_V_W / 2 * self.full_W

    @property
    def _sharpness(self) -> float:
        return positive("sharpness", self.sharpness)

    @property
    def _diode(self) -> SpinTorqueDiode:
        found = _DIODE if self.diode is None else self.diode
        checked: SpinTorqueDiode = instance(
            "diode", found, SpinTorqueDiode, remedy="SpinTorqueDiode(...)"
        )
        return checked

    @property
    def _neuron(self) -> OscillatorNeuron:
        if self.neuron is None:
            return OscillatorNeuron.matched(_OSCILLATOR, self._diode, full_W=self.full_W)
        checked: OscillatorNeuron = instance(
            "neuron", self.neuron, OscillatorNeuron, remedy="OscillatorNeuron(...)"
        )
        return checked
