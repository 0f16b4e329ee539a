"""Estimators whose hidden p-bits cannot be summed out: what they say of rows by mean fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp, softmax

from pbit.problems.boltzmann.mean_field import ITERATIONS, MeanField
from pbit.problems.boltzmann.sampling import SamplingEstimator

_ROWS = 1000  # whose mean fields are held at once


class VariationalEstimator(SamplingEstimator):
    """Features, classes and scores from mean fields: an approximation, deterministic, which does
    not need chains. Samples and completions are drawn from the law itself."""

    def transform(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Probability of each hidden p-bit to be up, in the mean field of the features.

        Labels, where some were learnt, are weighed by their probabilities.
        """
        return self._by_rows(self._given(X), self._features)

    def score_samples(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Pseudo-log-likelihood of the features of each row, the hidden p-bits at their mean field.

        ``sum_i log sigma(2 v_i I_i)`` with the fields I of these means: an approximation, which
        ranks machines of one kind.
        """
        return self._by_rows(self._given(X), self._pseudo)

    def _class_weights(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """By variational free energies F of features and code: ``p(y | v) ~ exp(-F(v, y))``."""
        return self._by_rows(self._given(X), self._proba)

    def _by_rows(self, spins: npt.NDArray[np.int8], what: Any) -> npt.NDArray[np.float64]:
        parts = [what(spins[k : k + _ROWS]) for k in range(0, len(spins), _ROWS)]
        return np.concatenate(parts)

    def _fields_by_class(self, spins: npt.NDArray[np.int8]) -> Iterator[MeanField]:
        if not self._num_classes:
            yield self.machine_.mean_field(spins, ITERATIONS)
            return
        for code in self.labels_.codes():
            joined = np.hstack([spins, np.broadcast_to(code, (len(spins), code.size))])
            yield self.machine_.mean_field(joined, ITERATIONS)

    def _proba(self, spins: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
        found = [one.free_energy for one in self._fields_by_class(spins)]
        return np.asarray(softmax(-np.stack(found, axis=1), axis=1))

    def _features(self, spins: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
        found = list(self._fields_by_class(spins))
        proba = softmax(-np.stack([one.free_energy for one in found], axis=1), axis=1)
        means = sum(proba[:, k, None] * one.hidden for k, one in enumerate(found))
        return np.asarray(0.5 + 0.5 * means)

    def _pseudo(self, spins: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
        found = list(self._fields_by_class(spins))
        log_p = -np.stack([one.free_energy for one in found], axis=1)
        log_p = log_p - logsumexp(log_p, axis=1, keepdims=True)
        each = [
            -np.logaddexp(0.0, -2.0 * spins * one.visible_fields[:, : spins.shape[1]]).sum(axis=1)
            for one in found
        ]
        return np.asarray(logsumexp(log_p + np.stack(each, axis=1), axis=1))

    def _measured(self, rows: npt.NDArray[np.int8]) -> dict[str, float]:
        found = self.machine_.mean_field(rows, ITERATIONS)
        terms = np.logaddexp(0.0, -2.0 * rows * found.visible_fields)
        return {"pseudo_likelihood": float(-terms.sum(axis=1).mean())}
