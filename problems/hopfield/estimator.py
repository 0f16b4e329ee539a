"""The associative memory as a scikit-learn estimator."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.hopfield.recalling import Recall
from pbit.problems.hopfield.saving import arrays_of, memory_from
from pbit.problems.hopfield.storage import store
from pbit.problems.hopfield.values import Values
from pbit.system.extras import imported

imported("sklearn", what="HopfieldMemory needs", package="scikit-learn")

from joblib import effective_n_jobs  # noqa: E402
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402
from sklearn.utils.validation import check_is_fitted, validate_data  # noqa: E402

Data = npt.NDArray[Any]


class HopfieldMemory(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """A memory that recalls stored patterns from noisy or incomplete ones.

    Patterns and probes are rows of two values, 0 and 1, False and True, or -1 and +1; what is
    recalled comes in the values and the type of the patterns.

    Parameters
    ----------
    rule : str
        Couplings of pairs, "pseudo-inverse" (any patterns, fewer than pixels), "hebb" or "storkey"
        (patterns like coins); or a dense energy of overlaps, "polynomial" or "exponential".
    degree : int
        Of "polynomial".
    dynamics : {"fixed", "annealed", "tempered"}
        How p-bits recall: at ``beta``; cooled from ``hot_beta`` to ``beta``; or by replicas
        between the two that change places, which takes known pixels (:meth:`complete`).
    beta : float
        Inverse temperature; infinity ends in a fixed point. In the units of the rules a lone
        pattern is recalled below temperature 1.
    hot_beta : float, optional
        4 for annealing and 0.5 for tempering by default.
    num_sweeps : int
        Sweeps with noise.
    threshold : float, optional
        Data above it count as 1, others as 0; without it data that are not binary are refused. What
        is recalled is 0 and 1, or, where the threshold does not lie between these, the least and
        the largest of the patterns.
    random_state : int, RandomState or None
        Seed of the noise and of what unknown pixels begin with. Recall from whole probes without
        noise draws nothing.
    n_jobs : int, optional
        Threads, as scikit-learn counts them: None is 1, -1 all. No effect on the result.

    Attributes
    ----------
    memory_ : PairMemory or DenseMemory
        ``memory_.patterns`` int8 (P, n) of -1 and +1; a memory of pairs has ``memory_.model``, a
        :class:`pbit.IsingModel` for any sampler or chip.
    values_ : Values
        Of the patterns.
    n_features_in_ : int

    Examples
    --------
    >>> import numpy as np
    >>> patterns = np.array([[1, 1, 1, 1, 0, 0], [1, 0, 1, 0, 1, 0]])
    >>> memory = HopfieldMemory(rule="hebb").fit(patterns)
    >>> memory.predict([[1, 1, 1, 1, 1, 0]]).tolist()
    [[1, 1, 1, 1, 0, 0]]
    >>> memory.complete([[1, 1, 1, np.nan, 0, np.nan]]).tolist()
    [[1, 1, 1, 1, 0, 0]]
    >>> memory.overlap(patterns).round(2).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def __init__(
        self,
        rule: str = "pseudo-inverse",
        *,
        degree: int = 3,
        dynamics: str = "fixed",
        beta: float = math.inf,
        hot_beta: float | None = None,
        num_sweeps: int = 100,
        threshold: float | None = None,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.rule = rule
        self.degree = degree
        self.dynamics = dynamics
        self.beta = beta
        self.hot_beta = hot_beta
        self.num_sweeps = num_sweeps
        self.threshold = threshold
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any = None) -> HopfieldMemory:
        """The memory with these patterns stored, and no others.

        Parameters
        ----------
        X : array of two values, shape (P, n)
        y : object
            Not looked at.

        Raises
        ------
        ValueError
            Data that are not binary and no threshold; NaN; no patterns; a parameter out of range.
        MemoryError
            Couplings that cannot fit.
        """
        return self._stored(self._checked(X, reset=True), None)

    def partial_fit(self, X: Any, y: Any = None) -> HopfieldMemory:
        """The memory with these patterns stored as well: as if all had been given at once.

        Raises
        ------
        ValueError
            As :meth:`fit`; other values or another number of pixels than before.
        """
        before = getattr(self, "memory_", None)
        return self._stored(self._checked(X, reset=before is None), before)

    def predict(self, X: Any) -> Data:
        """What each probe recalls, all pixels free.

        Parameters
        ----------
        X : array of the two values, shape (num_probes, n)

        Returns
        -------
        array, shape (num_probes, n)
            In the values and the type of the patterns.

        Raises
        ------
        ValueError
            Other values; NaN, which :meth:`complete` takes.
        """
        check_is_fitted(self)
        data = self._checked(X, reset=False)
        how = self._how()
        return self.values_.from_spins(self.memory_.recall(self._spins(data), how))

    def transform(self, X: Any) -> Data:
        """The same as :meth:`predict`: in a pipeline, data without noise for what follows."""
        return self.predict(X)

    def complete(self, X: Any, known: npt.ArrayLike | None = None) -> Data:
        """What each incomplete probe recalls; its known pixels stay as they are.

        Parameters
        ----------
        X : array, shape (num_probes, n)
            NaN where a pixel is unknown; unknown pixels begin as fair coins.
        known : bool, shape (n,) or (num_probes, n), optional
            Pixels that are known, if they have a number; all by default.

        Raises
        ------
        ValueError
            Known pixels of other values, no such mask.
        """
        check_is_fitted(self)
        data = self._checked(X, reset=False, nan=True)
        mask = _known(data, known)
        how = self._how()
        spins = self.values_.to_spins(data, self.threshold, mask)
        starts = np.where(mask, spins, how.coins(spins.shape))
        return self.values_.from_spins(self.memory_.recall(starts, how, held=mask))

    def overlap(self, X: Any, patterns: Any = None) -> FloatArray:
        """Overlaps ``m = (1/n) sum_i s_i xi_i``, -1 to 1, of states with patterns.

        Parameters
        ----------
        X : array of the two values, shape (num_states, n)
        patterns : array, shape (P, n), optional
            Those that are stored by default.

        Returns
        -------
        float64, shape (num_states, P)
        """
        check_is_fitted(self)
        states = self._spins(self._checked(X, reset=False))
        others = self.memory_.patterns
        if patterns is not None:
            others = self._spins(self._checked(patterns, reset=False))
        return np.asarray(states.astype(np.float64) @ others.T / self.n_features_in_)

    def score(self, X: Any, y: Any = None) -> float:
        """Mean overlap of what is recalled with what should be.

        Parameters
        ----------
        X : array, shape (num_probes, n)
        y : array, shape (num_probes, n), optional
            The pattern that each probe should recall. Without it, and with one label a probe,
            which says nothing about pixels: the stored pattern of the largest overlap.
        """
        recalled = self.predict(X)
        if np.ndim(y) < 2:
            return float(self.overlap(recalled).max(axis=1).mean())
        wanted = self._spins(self._checked(y, reset=False))
        if len(wanted) != len(recalled):
            raise ArgumentError("y", f"must have {len(recalled)} rows as X", len(wanted))
        return float((self._spins(recalled) * wanted).mean())

    def energy(self, X: Any) -> FloatArray:
        """Energies (num_states,) of states."""
        check_is_fitted(self)
        return self.memory_.energy(self._spins(self._checked(X, reset=False)))

    def to_arrays(self) -> tuple[dict[str, Data], dict[str, Any]]:
        """Arrays by name, and settings that JSON can write: all there is to a fitted memory."""
        check_is_fitted(self)
        return arrays_of(self)

    @classmethod
    def from_arrays(cls, arrays: dict[str, Data], settings: dict[str, Any]) -> HopfieldMemory:
        """The memory of :meth:`to_arrays`; it recalls the same bits.

        Raises
        ------
        ValueError
            What no memory wrote, or one of another version.
        """
        stored, parameters, values = memory_from(arrays, settings)
        memory = cls(**parameters)
        memory.memory_, memory.values_ = stored, values
        memory.n_features_in_ = stored.num_spins
        memory._how()
        return memory

    def _stored(self, data: Data, before: Any) -> HopfieldMemory:
        if before is None:
            self.values_ = Values.of(data, self.threshold)
        self._how()
        self.memory_ = store(self._spins(data), self.rule, degree=self.degree, before=before)
        return self

    def _spins(self, data: Data) -> SpinArray:
        return self.values_.to_spins(data, self.threshold, None)

    def _checked(self, X: Any, *, reset: bool, nan: bool = False) -> Data:
        data: Data = validate_data(self, X, reset=reset, ensure_all_finite=False)
        if data.dtype.kind == "f":
            bad = np.argwhere(np.isinf(data) if nan else ~np.isfinite(data))
            if bad.size:
                row, column = bad[0]
                word = "NaN" if np.isnan(data[row, column]) else "infinity"
                raise ArgumentError(
                    "X",
                    "must be finite",
                    got=f"{word} at row {row}, column {column}",
                    remedy="complete() takes NaN for unknown pixels of a probe",
                )
        return data

    def _how(self) -> Recall:
        return Recall(
            self.dynamics,
            beta=self.beta,
            hot_beta=self.hot_beta,
            num_sweeps=self.num_sweeps,
            seed=_seed(self.random_state),
            num_threads=effective_n_jobs(self.n_jobs),
        )


def _known(data: Data, known: npt.ArrayLike | None) -> npt.NDArray[np.bool_]:
    """Which pixels are known."""
    numbers = ~np.isnan(data) if data.dtype.kind == "f" else np.ones(data.shape, np.bool_)
    if known is None:
        return np.asarray(numbers)
    mask: npt.NDArray[Any] = np.asarray(known)
    if mask.shape not in (data.shape, data.shape[1:]) or mask.dtype != np.bool_:
        raise ArgumentError(
            "known",
            f"must be a mask of shape {data.shape[1:]} or {data.shape}, True where known",
            got=f"{mask.dtype} of shape {mask.shape}",
        )
    return np.asarray(numbers & mask)


def _seed(random_state: Any) -> int | None:
    """A seed of ours from one of scikit-learn's."""
    if random_state is None or isinstance(random_state, int | np.integer):
        return None if random_state is None else int(random_state)
    words = check_random_state(random_state).randint(0, 2**32, size=2, dtype=np.uint64)
    return int(words[0]) << 32 | int(words[1])
