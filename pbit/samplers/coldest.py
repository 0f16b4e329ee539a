"""How cold it must be for a local minimum to stay as it is, from local minima themselves."""

from __future__ import annotations

import numpy as np

from pbit.models.polynomial import AnyModel
from pbit.samplers.descent import descend
from pbit.schedules.freezing import beta_of
from pbit.schedules.schedule import default_beta_range

_MINIMA = 8
_COLDER = 1000.0  # times the default, at most: spins that are all but free need not freeze
_EXCITATION = 1.0  # mean gaps of energy that single-spin excitations may hold at the cold end


def coldest_beta(model: AnyModel) -> float:
    r"""Inverse temperature at which less than one spin of a local minimum is excited.

    The larger of :func:`pbit.default_beta_range` (excitation 1) and the beta at which
    :math:`\sum_i e^{-2 \beta e_i} = 1`, with :math:`e_i > 0` the fields ``s_i I_i`` of the spins of
    local minima, a geometric mean over eight of them. Couplings and biases say little about the
    fields of low states where they cancel, as the squares of penalties do.

    Examples
    --------
    >>> from pbit import IsingModel
    >>> pair = IsingModel(h=[-100.0, -99.0], J=[[0.0, -98.0], [-98.0, 0.0]])
    >>> bool(coldest_beta(pair) > default_beta_range(pair, excitation=1.0)[1])
    True
    """
    usual = default_beta_range(model, excitation=_EXCITATION)[1]
    if not model.num_spins:
        return usual
    rng = np.random.default_rng(0)
    starts = rng.choice(np.array([-1, 1], np.int8), (_MINIMA, model.num_spins))
    minima = descend(model, starts, num_threads=1).spins
    with np.errstate(over="ignore", invalid="ignore"):
        costs = minima * np.asarray(model.field(minima))
    fields = (row[row > 1e-9 * np.abs(row).max(initial=0.0)] for row in costs)
    between = 2 * usual, 2 * _COLDER * usual
    twice = [beta_of(row, 1.0, between=between, steps=40) for row in fields]
    return float(np.exp(np.mean(np.log(np.array(twice) / 2))))
