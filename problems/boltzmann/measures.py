"""What is looked at while a machine learns: how well data come back, whether it learns by heart,
whether its chains look like the data."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.problems.boltzmann.machine import Machine

_ITERATIONS = 40


def reconstruction_error(machine: Machine, visible: npt.NDArray[np.int8]) -> float:
    r"""Part of the visible p-bits that come back wrong from the hidden ones' means.

    .. math:: \langle \tfrac12 (1 - v_i \tanh I_i) \rangle

    with the fields I of the hidden p-bits' means given v, their mean field where they are coupled
    to each other. It falls as chains get stuck, and so says little about the likelihood.

    Parameters
    ----------
    machine : Machine
    visible : int8, shape (rows, num_visible)
        Labels behind the features, where the machine has some.

    Returns
    -------
    float
        0 if all come back, 1/2 for coins.

    References
    ----------
    Hinton, "A practical guide to training restricted Boltzmann machines", UTML TR 2010-003,
    section 5.
    """
    fields = machine.mean_field(visible, _ITERATIONS).visible_fields
    return float((0.5 - 0.5 * visible * np.tanh(fields)).mean())


def free_energy_gap(
    machine: Machine, visible: npt.NDArray[np.int8], held_out: npt.NDArray[np.int8]
) -> float:
    """Mean free energy of rows that were held out less that of rows that were learnt from.

    ``ln Z`` drops out: it is the mean log-likelihood that the machine gives its own data more. It
    grows where the machine learns by heart. Exact with one layer of hidden p-bits, else of their
    mean field.

    Parameters
    ----------
    machine : Machine
    visible, held_out : int8, shape (rows, num_visible)

    Returns
    -------
    float
        In nats.

    References
    ----------
    Hinton, UTML TR 2010-003, section 6.
    """
    new, old = (machine.mean_field(v, _ITERATIONS).free_energy for v in (held_out, visible))
    return float(new.mean() - old.mean())


class Mismatch(NamedTuple):
    """Root mean squares of the differences of <s_i>, and of <s_i s_j> over the pairs."""

    means: float
    pairs: float


def moments_mismatch(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> Mismatch:
    """How far the moments of two samples of spins are apart.

    M and N rows of one law differ by about ``sqrt((1 - m^2) (1/M + 1/N))`` for a moment m.

    Parameters
    ----------
    first, second : arrays of -1 and +1, shapes (rows, n)

    Returns
    -------
    Mismatch
        ``pairs`` is 0 for a single spin.
    """
    one, other = (np.asarray(rows, dtype=np.float64) for rows in (first, second))
    means = one.mean(axis=0) - other.mean(axis=0)
    pairs = one.T @ one / len(one) - other.T @ other / len(other)
    above = pairs[np.triu_indices(len(pairs), k=1)]
    return Mismatch(_root_mean_square(means), _root_mean_square(above))


def _root_mean_square(values: npt.NDArray[np.float64]) -> float:
    return float(np.sqrt((values**2).mean())) if values.size else 0.0
