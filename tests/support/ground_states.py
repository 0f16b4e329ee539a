"""Whether a compiled network has the ground states of its source."""

import numpy as np

from pbit.exact import exact_ground_states


def rows(spins):
    return {tuple(row) for row in np.asarray(spins).tolist()}


def keeps_ground_states(compiled):
    """Referee: enumeration of both networks; every ground state of one is one of the other's."""
    lowest, before = exact_ground_states(compiled.source)
    energy, after = exact_ground_states(compiled.model)
    same = rows(compiled.decode(after)) == rows(before) and len(after) == len(before)
    return same and abs(energy - lowest) < 1e-9 and not compiled.broken(after).any()
