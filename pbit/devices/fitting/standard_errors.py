"""Standard errors of what least squares have fitted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_SINGULAR = 1e-10  # of the largest singular value, columns of equal length: below, nothing is told
_MOVES = 1e-6  # how much of a direction that nothing tells makes a parameter unknown

FloatArray = npt.NDArray[np.float64]


def standard_errors(jacobian: npt.ArrayLike) -> FloatArray:
    """Roots of the diagonal of the inverse of J'J; infinite for parameters that the data do not
    tell, alone or beside the others.

    Parameters
    ----------
    jacobian : float64, shape (m, n)
        Of residuals over their standard deviations.

    Returns
    -------
    float64, shape (n,)

    Examples
    --------
    >>> standard_errors([[1.0, 0.0], [0.0, 2.0]]).tolist()
    [1.0, 0.5]
    >>> standard_errors([[1.0, 1.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 2.0]]).tolist()
    [inf, inf, 0.5]
    """
    rows = np.atleast_2d(np.asarray(jacobian, np.float64))
    norms = np.sqrt((rows**2).sum(axis=0))
    scaled = rows / np.where(norms > 0, norms, 1.0)
    _, sizes, directions = np.linalg.svd(scaled, full_matrices=True)
    sizes = np.concatenate([sizes, np.zeros(len(directions) - sizes.size)])
    told = sizes > _SINGULAR * max(1.0, float(sizes.max(initial=0.0)))
    unknown = (np.abs(directions[~told]) > _MOVES).any(axis=0) | (norms == 0)
    variances = ((directions[told] / sizes[told, None]) ** 2).sum(axis=0)
    errors = np.sqrt(variances) / np.where(norms > 0, norms, 1.0)
    return np.asarray(np.where(unknown, np.inf, errors))
