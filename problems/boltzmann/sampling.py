"""Sampling from trained machines: generation and completion."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from pbit.checks import ArgumentError, integer
from pbit.problems.boltzmann.estimator import BoltzmannEstimator


class SamplingEstimator(BoltzmannEstimator):
    """A machine that can be asked for samples."""

    def sample(
        self,
        n_samples: int = 1,
        *,
        labels: npt.ArrayLike | None = None,
        n_steps: int = 1000,
        beta: float = 1.0,
        random_state: Any = None,
    ) -> npt.NDArray[np.int8]:
        """Samples of the law that was learnt, each from a chain of its own, from fair coins on.

        Parameters
        ----------
        n_samples : int
        labels : array, shape (n_samples,), or one label, optional
            Classes to which the label units are held.
        n_steps : int
            Gibbs steps of each chain; whether they are enough is the machine's affair.
        beta : float
            Inverse temperature; 1 is that of the law.
        random_state : int, RandomState or None

        Returns
        -------
        int8, shape (n_samples, n_features_in_)
            In the values of the data that were fitted.

        Raises
        ------
        ValueError
            Labels that are no classes.
        """
        check_is_fitted(self, "machine_")
        chains = self._chains(integer("n_samples", n_samples, 1), random_state)
        visible = self.machine_.visible(chains)
        held = np.zeros(visible.shape, bool)
        if labels is not None:
            self._hold_labels(visible, np.broadcast_to(np.asarray(labels), n_samples), held)
        return self._run((chains, visible, held), n_steps, beta)

    def complete(
        self,
        X: npt.ArrayLike,
        *,
        known: npt.ArrayLike | None = None,
        labels: npt.ArrayLike | None = None,
        n_steps: int = 200,
        random_state: Any = None,
    ) -> npt.NDArray[np.int8]:
        """Rows whose unknown features are drawn given the known ones.

        Parameters
        ----------
        X : array, shape (rows, n_features_in_)
            NaN where a feature is unknown.
        known : bool array, shape (n_features_in_,) or (rows, n_features_in_), optional
            False where a feature is to be drawn, whatever it is.
        labels : array, shape (rows,), optional
            Classes to which the label units are held.
        n_steps : int
        random_state : int, RandomState or None

        Returns
        -------
        int8, shape (rows, n_features_in_)

        Raises
        ------
        ValueError
            A mask of another shape.
        """
        return self._run(self._clamped(X, known, labels, random_state), n_steps, 1.0)

    def complete_proba(
        self,
        X: npt.ArrayLike,
        *,
        known: npt.ArrayLike | None = None,
        labels: npt.ArrayLike | None = None,
        burn_in: int = 50,
        n_steps: int = 200,
        random_state: Any = None,
    ) -> npt.NDArray[np.float64]:
        """Probability of each feature to be up given the known ones of its row; these are 0 or 1.

        Averages over the steps of one chain a row: of the means of the features given the first
        hidden layer where the machine has layers, of states where it is a graph.

        Parameters
        ----------
        X, known, labels, random_state
            As for :meth:`complete`.
        burn_in, n_steps : int
            Steps before, and those that are averaged.

        Returns
        -------
        float64, shape (rows, n_features_in_)

        Raises
        ------
        ValueError
            As for :meth:`complete`.
        """
        chains, visible, held = self._clamped(X, known, labels, random_state)
        self.machine_.start(chains, visible)
        self.machine_.advance(chains, integer("burn_in", burn_in, 0), held=held)
        total = np.zeros(visible.shape)
        for _ in range(integer("n_steps", n_steps, 1)):
            self.machine_.advance(chains, 1, held=held)
            total += self.machine_.visible_means(chains)
        means = np.where(held, visible, total / n_steps)[:, : self.n_features_in_]
        return np.asarray(0.5 + 0.5 * means)

    def _clamped(
        self, X: npt.ArrayLike, known: Any, labels: npt.ArrayLike | None, random_state: Any
    ) -> tuple[Any, npt.NDArray[Any], npt.NDArray[np.bool_]]:
        """Chains, the visible states they begin with, and which of these are held."""
        check_is_fitted(self, "machine_")
        rows = np.array(X, dtype=np.float64, ndmin=2)
        mask = ~np.isnan(rows) & _as_mask(known, rows)
        spins = self._taken(np.where(mask, rows, self._filler()))
        chains = self._chains(len(rows), random_state)
        visible = self.machine_.visible(chains)
        held = np.zeros(visible.shape, bool)
        held[:, : rows.shape[1]] = mask
        np.copyto(visible[:, : rows.shape[1]], spins, where=mask)
        if labels is not None:
            self._hold_labels(visible, np.asarray(labels), held)
        return chains, visible, held

    def _run(self, what: Any, n_steps: int, beta: float) -> npt.NDArray[np.int8]:
        chains, visible, held = what
        self.machine_.start(chains, visible)
        steps = integer("n_steps", n_steps, 1)
        self.machine_.advance(chains, steps, held=held, beta=beta)
        return self._shown(self.machine_.visible(chains))

    def _chains(self, count: int, random_state: Any) -> Any:
        seed = int(check_random_state(random_state).randint(2**31 - 1))
        return self.machine_.chains(count, seed=seed)

    def _hold_labels(
        self, visible: npt.NDArray[Any], labels: npt.NDArray[Any], held: npt.NDArray[np.bool_]
    ) -> None:
        if not self._num_classes:
            raise ArgumentError("labels", "must be left out: this machine was fitted without")
        numbers = self.labels_.numbers(labels)
        visible[:, self.n_features_in_ :] = self.labels_.codes()[numbers]
        held[:, self.n_features_in_ :] = True

    def _filler(self) -> float:
        """A value that data have, in place of what is unknown."""
        return 1.0 if self.threshold is None else self.threshold


def _as_mask(known: npt.ArrayLike | None, rows: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if known is None:
        return np.ones(rows.shape, bool)
    mask: npt.NDArray[Any] = np.asarray(known)
    if mask.dtype != np.bool_ or mask.shape not in (rows.shape, rows.shape[1:]):
        raise ArgumentError(
            "known",
            f"must be a mask of shape {rows.shape[1:]} or {rows.shape}, True where a feature stays",
            got=f"{mask.dtype} of shape {mask.shape}",
        )
    return np.broadcast_to(mask, rows.shape)
