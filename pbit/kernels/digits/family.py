"""What a family of digit models brings along, chosen by the type of its record when compiled.

A family is one file of this folder: a record (NamedTuple) of the model's arrays, a record of the
arrays that are kept for each replica, and three functions registered here by
:func:`pbit.kernels.jit.chosen_by_types`. The algorithms, annealing and tempering, are written
once, over any of them.

``values`` int16 (n,) is the state of one replica, ``work`` its kept arrays; ``works`` those of many
replicas, with one axis more in front. Random words are those of (slot, sweep, read, purpose), so
that a state depends on them alone.
"""

from __future__ import annotations

from typing import Any

HEAT_BATH, METROPOLIS = 0, 1


def work_of(works: Any, replica: Any) -> Any:
    """The kept arrays of one replica: views."""
    raise NotImplementedError("only in compiled code")


def start(model: Any, values: Any, work: Any) -> Any:
    """Bring the kept arrays up to the values; the energy (float64, no offset)."""
    raise NotImplementedError("only in compiled code")


def sweep(
    model: Any, values: Any, work: Any, beta: Any, rule: Any, sweep_number: Any, read: Any, k0: Any,
    k1: Any,
) -> Any:  # fmt: skip
    """One sweep at beta, ``inf`` included, by HEAT_BATH or METROPOLIS; by how much the energy has
    changed (float64; exact where all weights are whole)."""
    raise NotImplementedError("only in compiled code")


def is_record(kind: Any, *records: type) -> bool:
    """Whether a numba type is that of one of these NamedTuples."""
    return getattr(kind, "instance_class", None) in records
