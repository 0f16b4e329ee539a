"""Classes told by which oscillators lock to which sources, as a scikit-learn estimator."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.devices.quantities import number
from pbit.networks.oscillators.phase_network import PhaseNetwork
from pbit.networks.oscillators.source_encoding import fit_encoding, places_of
from pbit.seeds import seed_of
from pbit.system.extras import imported

imported("sklearn", what="LockingClassifier needs", package="scikit-learn")

from sklearn.base import BaseEstimator, ClassifierMixin  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

from pbit.networks.labels import classes_of  # noqa: E402

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_ENCODING, _START, _TEACHING, _READING = range(4)  # what a seed is for
_STEPS_A_CYCLE = 16  # of the widest difference of frequencies
_ROOM = 3.0  # windows that sources may lie beyond the outer oscillators


class LockingClassifier(ClassifierMixin, BaseEstimator):
    r"""Oscillators that microwave sources pull: a class is told by which lock to which source.

    Features become the frequencies of the sources, A and B, by an affine map, which is fitted to
    the rows of :meth:`fit`. Class v is told by oscillator :math:`a_v` locking to A and oscillator
    :math:`b_v` to B, and by no other locking. Phases follow

    .. math::
        \dot\varphi_i = 2\pi f_i + 2\pi K \sum_S \sin(\varphi_S - \varphi_i)
        + \frac{2\pi K_c}{n} \sum_j \sin(\varphi_j - \varphi_i) + \sqrt{2D}\,\xi_i .

    Learning moves the :math:`f_i`, as direct currents do, one row at a time: where :math:`a_v` is
    not locked to A, its frequency goes a step towards that of A; the same for :math:`b_v` and B.

    Parameters
    ----------
    num_oscillators : int
        n; two sources tell at most n (n - 1) classes.
    num_sources : int
    spacing_Hz : float
        Of the oscillators' places on the frequency axis, to which the encoding maps classes.
    pull_Hz : float
        K: half of the range over which one oscillator alone locks to one source.
    mutual_Hz : float
        :math:`K_c`, by which oscillators pull each other.
    linewidth_Hz : float
        Full width at half maximum of a free oscillator; :math:`D = \pi` times that.
    max_iter : int
        Rows that are learnt from, one after the other; 0 leaves the frequencies as they start.
    step_Hz : float
        Of the learning.
    start : {"spread", "random"}
        Frequencies before learning: at the places of the encoding, or anywhere among them.
    tolerance_Hz : float
        Locked: mean frequencies differ by less.
    duration_s : float
        A row is shown for so long; frequencies are measured over its second half.
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_ : array, shape (num_classes,)
    frequencies_Hz_ : float64, shape (num_oscillators,)
        Against the middle of the band.
    path_Hz_ : float64, shape (max_iter + 1, num_oscillators)
        On the way there.
    encoding_ : Encoding
        The map, and which oscillators each class has.
    n_features_in_, n_iter_ : int

    References
    ----------
    M. Romera et al., Nature 563, 230 (2018): four oscillators, seven vowels.

    Examples
    --------
    >>> X = np.repeat([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], 3, axis=0)
    >>> y = np.repeat(["left", "right", "up"], 3)
    >>> LockingClassifier(start="spread", random_state=1).fit(X, y).score(X, y)
    1.0
    """

    def __init__(
        self,
        num_oscillators: int = 4,
        *,
        num_sources: int = 2,
        spacing_Hz: float = 6e6,
        pull_Hz: float = 2.5e6,
        mutual_Hz: float = 0.0,
        linewidth_Hz: float = 0.0,
        max_iter: int = 300,
        step_Hz: float = 5e5,
        start: str = "random",
        tolerance_Hz: float = 5e4,
        duration_s: float = 4e-6,
        random_state: Any = None,
    ) -> None:
        self.num_oscillators = num_oscillators
        self.num_sources = num_sources
        self.spacing_Hz = spacing_Hz
        self.pull_Hz = pull_Hz
        self.mutual_Hz = mutual_Hz
        self.linewidth_Hz = linewidth_Hz
        self.max_iter = max_iter
        self.step_Hz = step_Hz
        self.start = start
        self.tolerance_Hz = tolerance_Hz
        self.duration_s = duration_s
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> LockingClassifier:
        """The encoding, then the frequencies, learnt from these rows.

        Parameters
        ----------
        X : shape (num_rows, num_features)
        y : shape (num_rows,)

        Raises
        ------
        ValueError, TypeError
            Data that are no numbers, one class or more than patterns, parameters out of range.
        """
        self._check()
        rows, labels = validate_data(self, X, y, dtype=np.float64)
        self.classes_ = classes_of(labels)
        classes = np.searchsorted(self.classes_, labels)
        self._seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        places = places_of(self.num_oscillators, self.spacing_Hz)
        self.encoding_ = fit_encoding(
            rows,
            classes,
            places,
            num_sources=self.num_sources,
            seed=seed_of(self._seed, _ENCODING, 0),
        )
        self.frequencies_Hz_ = self._first(places)
        self._phases_ = np.random.default_rng(seed_of(self._seed, _READING, 1)).uniform(
            -math.pi, math.pi, self.num_oscillators + self.num_sources
        )
        path = [self.frequencies_Hz_.copy()]
        order = np.random.default_rng(seed_of(self._seed, _TEACHING, 0))
        self.n_iter_ = integer("max_iter", self.max_iter, 0)
        for k in range(self.n_iter_):
            row = order.integers(len(rows))
            self._teach(self.encoding_(rows[row : row + 1]), classes[row], k)
            path.append(self.frequencies_Hz_.copy())
        self.path_Hz_ = np.array(path)
        return self

    def locked(self, X: Any) -> BoolArray:
        """Which oscillators lock to which source, bool (num_rows, num_sources, num_oscillators)."""
        return np.asarray(np.abs(self._apart(self._sources(X))) < self.tolerance_Hz)

    def decision_function(self, X: Any) -> FloatArray:
        """How near each class is (num_rows, num_classes); of two classes the difference.

        Minus the number of oscillators that are locked and should not be or the reverse; a tie
        goes to the class whose oscillators' frequencies are closer to those of the sources.
        """
        scores = self._scores(self._apart(self._sources(X)))
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 else scores

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The class whose oscillators fit best, for each row."""
        scores = self._scores(self._apart(self._sources(X)))
        return np.asarray(self.classes_[scores.argmax(axis=1)])

    def exact(self, X: Any, y: Any) -> float:
        """Share of rows where the right oscillators lock, and nothing else."""
        found = self.locked(X)
        right = self._patterns()[np.searchsorted(self.classes_, y)]
        return float((found == right).all(axis=(1, 2)).mean())

    def _check(self) -> None:
        integer("num_oscillators", self.num_oscillators, 2)
        integer("num_sources", self.num_sources, 1, self.num_oscillators)
        for name, bound in (
            ("spacing_Hz", (">", 0.0)),
            ("pull_Hz", (">", 0.0)),
            ("mutual_Hz", (">=", 0.0)),
            ("linewidth_Hz", (">=", 0.0)),
            ("step_Hz", (">", 0.0)),
            ("tolerance_Hz", (">", 0.0)),
            ("duration_s", (">", 0.0)),
        ):
            number(name, getattr(self, name), bound, remedy="in hertz or seconds")
        if self.start not in ("spread", "random"):
            raise ArgumentError("start", "must be 'spread' or 'random'", self.start)

    def _first(self, places: FloatArray) -> FloatArray:
        if self.start == "spread":
            return places.copy()
        draws = np.random.default_rng(seed_of(self._seed, _START, 0))
        return np.asarray(draws.uniform(places[0], places[-1], len(places)))

    def _teach(self, sources: FloatArray, of: int, number_: int) -> None:
        """One row: oscillators of its class go a step towards sources that they do not follow."""
        apart = self._apart(sources, seed_of(self._seed, _TEACHING, number_ + 1))[0]
        for source, oscillator in enumerate(self.encoding_.oscillators[of]):
            if abs(apart[source, oscillator]) >= self.tolerance_Hz:
                away = sources[0, source] - self.frequencies_Hz_[oscillator]
                self.frequencies_Hz_[oscillator] += self.step_Hz * np.sign(away)

    def _sources(self, X: Any) -> FloatArray:
        check_is_fitted(self)
        return self.encoding_(validate_data(self, X, dtype=np.float64, reset=False))

    def _apart(self, sources: FloatArray, seed: int | None = None) -> FloatArray:
        """Mean frequencies less those of the sources, (num_rows, num_sources, num_oscillators)."""
        n = self.num_oscillators
        edge = _ROOM * self.spacing_Hz + (n - 1) * self.spacing_Hz / 2
        sources = np.clip(sources, -edge, edge)  # a generator has a band
        free = np.broadcast_to(self.frequencies_Hz_, (len(sources), n))
        detuning = 2 * math.pi * np.concatenate([free, sources], axis=1)
        run = PhaseNetwork(self._couplings(), noise=self._noise()).run(
            self.duration_s,
            time_step=1 / (_STEPS_A_CYCLE * 2 * edge),
            num_reads=len(sources),
            initial_phases=self._phases_,
            detuning=detuning,
            measure_from=self.duration_s / 2,
            seed=seed_of(self._seed, _READING, 0) if seed is None else seed,
        )
        means = run.frequencies / (2 * math.pi)
        return np.asarray(means[:, None, :n] - means[:, n:, None])

    def _couplings(self) -> FloatArray:
        n = self.num_oscillators
        pulls = np.zeros((n + self.num_sources,) * 2)
        pulls[:n, :n] = self.mutual_Hz / n
        pulls[:n, n:] = self.pull_Hz
        np.fill_diagonal(pulls, 0.0)
        return 2 * math.pi * pulls

    def _noise(self) -> FloatArray:
        diffusion = np.zeros(self.num_oscillators + self.num_sources)
        diffusion[: self.num_oscillators] = math.pi * self.linewidth_Hz
        return diffusion

    def _patterns(self) -> BoolArray:
        return np.asarray(self.encoding_.oscillators[:, :, None] == np.arange(self.num_oscillators))

    def _scores(self, apart: FloatArray) -> FloatArray:
        locked = np.abs(apart) < self.tolerance_Hz
        wrong = (locked[:, None] != self._patterns()[None]).sum(axis=(2, 3))
        own = self.encoding_.oscillators  # (classes, sources)
        away = np.abs(apart[:, np.arange(self.num_sources), own]).sum(axis=2)
        return np.asarray(-wrong - away / (away.sum(axis=1, keepdims=True) + 1.0))
