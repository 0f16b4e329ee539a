"""Local minima of digits on sites, and what leaving them costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.kernels.digits import family
from pbit.kernels.jit import bare_kernel


def descend(model: Any, starts: Any, works: Any, sweeps: int) -> Any:
    """Of each state int16 (R, n), let go for so many sweeps, what another value of each site
    costs: float64 (R, rows[n]), infinite where rows are padded."""
    costs = np.full((len(starts), model.h.size), np.inf)
    values = starts.copy()
    _descend(model, values, works, sweeps, costs)
    return np.where(np.isfinite(costs), costs, 0.0)


@bare_kernel
def _descend(model: Any, values: Any, works: Any, sweeps: Any, costs: Any) -> None:
    work = family.work_of(works, 0)
    for read in range(values.shape[0]):
        state = values[read]
        family.start(model, state, work)
        for s in range(sweeps):
            family.sweep(model, state, work, np.inf, family.HEAT_BATH, s, read, 0, 0)
        for i in range(state.size):
            at = model.rows[i]
            for a in range(model.num_values[i]):
                costs[read, at + a] = float(work.fields[at + a]) - float(work.fields[at + state[i]])
