"""Glasses on one lattice, `.npz`: `edges` (m, 2) from 0, `J_sign` (k, m), `instance_id` (k,).

``E = -Σ_e J_sign[k, e] s_i s_j``; `FILE#ID` takes the glass with that id. Arrays whose names begin
with `energy` or `ground_state` are what others found, and `text_sha256` is where it is from.
"""

import numpy as np

from pbit.formats.arrays import read_arrays
from pbit.formats.contents import Contents
from pbit.formats.errors import FormatError
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import MAX_INDEX
from pbit.formats.parts import Parts
from pbit.formats.selection import choose
from pbit.formats.zip import Zip, is_npz

NAME = "glasses"
_KEYS = ("edges", "J_sign")
_RESULTS = ("energy", "ground_state", "text_sha256")


def has_keys(data: bytes, name: str) -> bool:
    """Return whether this is an `.npz` file with the arrays of this format."""
    return is_npz(data) and {f"{key}.npy" for key in _KEYS} <= set(Zip(data, name).names)


def read(data: bytes, name: str, wanted: str | None = None, *, max_bytes: int) -> Contents:
    """Return one glass as an Ising model in dimod's sign.

    Raises
    ------
    FormatError
        Arrays that are missing or do not fit each other, or no such id.
    """
    arrays = read_arrays(data, name, max_bytes=max_bytes)
    missing = [key for key in _KEYS if key not in arrays]
    if missing:
        raise FormatError(name, None, f"no array {missing[0]}, expected edges and J_sign; add it")
    parts = Parts(arrays, kind="array", name=name)
    edges, table = parts.take("edges"), parts.take("J_sign")
    if edges.ndim != 2 or edges.shape[1] != 2 or edges.dtype.kind not in "iu" or not edges.size:
        raise FormatError(name, None, f"edges has shape {edges.shape}, expected (m, 2) indices")
    if table.ndim != 2 or table.shape[1] != len(edges) or table.dtype.kind not in "iuf":
        raise FormatError(
            name, None, f"J_sign has shape {table.shape}, expected (k, {len(edges)}) numbers"
        )
    ids = parts.take("instance_id", np.arange(len(table)))
    parts.skip(lambda key: key.startswith(_RESULTS), "results are no part of the problem")
    if ids.shape != (len(table),):
        raise FormatError(
            name, None, f"instance_id has shape {ids.shape}, expected ({len(table)},) as J_sign has"
        )
    names = [str(label) for label in ids.tolist()]
    chosen = choose(names, wanted, name)
    ends = edges.astype(np.int64)
    weights = table[chosen].astype(np.float64)
    if ends.min() < 0 or ends.max() > MAX_INDEX or (ends[:, 0] == ends[:, 1]).any():
        raise FormatError(name, None, "edges must join two different spins from 0 on; correct them")
    if not np.isfinite(weights).all():
        raise FormatError(name, None, "J_sign has nan or inf, expected finite numbers; correct it")
    return Contents(
        kind="ising",
        num_variables=int(ends.max()) + 1,
        rows=ends[:, 0],
        cols=ends[:, 1],
        values=-weights,
        format=NAME,
        name=f"{name}#{names[chosen]}",
        notes=parts.close(),
    )


FORMAT = Format(
    name=NAME,
    what=".npz of glasses on one lattice: edges, J_sign, instance_id; E = -sum J s s",
    read=read,
    several=True,
    holds=Holds(kinds=("ising",)),
    signs=(Sign(Stage.BYTES, 30, lambda sample: has_keys(sample.data, sample.name)),),
    rank=130,
)
