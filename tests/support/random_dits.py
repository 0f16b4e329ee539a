"""Random models of digits: with tables, of Potts, of unlike numbers of values."""

import numpy as np

from pbit import DitModel

COUNTS = [3, 2, 4, 3]


def random_dits(counts=COUNTS, *, seed, density=0.8, integers=False, h=True):
    """Model with tables on a random graph, some of the tables shared and some turned round."""
    rng = np.random.default_rng(seed)
    draw = (lambda size: rng.integers(-2, 3, size).astype(float)) if integers else rng.normal
    rows, cols = np.triu_indices(len(counts), k=1)
    kept = rng.random(rows.size) < density
    ends = np.stack([rows[kept], cols[kept]], axis=1)
    turned = rng.random(len(ends)) < 0.5
    ends[turned] = ends[turned, ::-1]
    tables = [draw(size=(counts[i], counts[j])) for i, j in ends]
    if tables:
        tables = [
            next(t for t in tables if t.shape == table.shape) if k % 3 == 0 else table
            for k, table in enumerate(tables)
        ]
    fields = draw(size=sum(counts)) if h else None
    offset = float(draw(size=1)[0])
    return DitModel.from_pairs(counts, fields, ends[:, 0], ends[:, 1], tables, offset=offset)


def random_potts(counts=COUNTS, *, seed, density=0.8, integers=False, h=True):
    """Potts model on a random graph, with fields."""
    rng = np.random.default_rng(seed)
    draw = (lambda size: rng.integers(-2, 3, size).astype(float)) if integers else rng.normal
    rows, cols = np.triu_indices(len(counts), k=1)
    kept = rng.random(rows.size) < density
    fields = draw(size=sum(counts)) if h else None
    return DitModel.potts(
        rows[kept],
        cols[kept],
        draw(size=int(kept.sum())),
        num_values=counts,
        h=fields,
        offset=float(draw(size=1)[0]),
    )


def naive_energy(model, values):
    """Energy of one state, term by term from the rows."""
    energy = model.offset
    for i in range(model.num_digits):
        energy += model.h[model.starts[i] + values[i]]
        for entry in range(model.pointers[i], model.pointers[i + 1]):
            energy += model.table(entry)[values[i], values[model.neighbours[entry]]] / 2
    return energy
