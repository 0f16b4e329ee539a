"""Energies of a block: the model's, and the same bits for any number of reads side by side."""

import numpy as np
import pytest

from pbit.engines.compiled_model import rows_of
from pbit.kernels.sweeps.books import block_energies
from random_models import random_lattice, random_model, random_polynomial


@pytest.mark.parametrize(
    "model",
    [random_model(37, seed=1), random_lattice(8, seed=2), random_polynomial(20, seed=3)],
    ids=["dense", "lattice", "products"],
)
def test_any_number_of_reads_has_the_same_bits(model):
    rows = rows_of(model)
    spins = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (model.num_spins, 33))
    wide = np.empty(33)
    block_energies(spins, rows.h, rows.exact, wide)
    assert wide + model.offset == pytest.approx(model.energy(spins.T), rel=1e-12)
    for width in (1, 2, 16):
        part = np.empty(width)
        for first in range(0, 33 - width, width):
            block = np.ascontiguousarray(spins[:, first : first + width])
            block_energies(block, rows.h, rows.exact, part)
            assert part.tobytes() == wide[first : first + width].tobytes()
