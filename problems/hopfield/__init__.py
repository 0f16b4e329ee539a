"""Associative memories of Hopfield's kind: patterns stored, and recalled by p-bits.

>>> from pbit.problems.hopfield import store
>>> memory = store([[1, 1, 1, 1, -1, -1], [1, -1, 1, -1, 1, -1]], rule="hebb")
>>> memory.recall([[1, 1, 1, 1, 1, -1]]).tolist()
[[1, 1, 1, 1, -1, -1]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.problems.hopfield.dense_memory import DenseMemory
    from pbit.problems.hopfield.estimator import HopfieldMemory
    from pbit.problems.hopfield.pair_memory import PairMemory
    from pbit.problems.hopfield.recalling import Recall
    from pbit.problems.hopfield.storage import (
        DenseRule,
        PairRule,
        register_rule,
        storage_rules,
        store,
    )

__all__ = [
    "DenseMemory",
    "DenseRule",
    "HopfieldMemory",
    "PairMemory",
    "PairRule",
    "Recall",
    "register_rule",
    "storage_rules",
    "store",
]

_HOME = {
    "DenseMemory": "dense_memory",
    "DenseRule": "storage",
    "HopfieldMemory": "estimator",
    "PairMemory": "pair_memory",
    "PairRule": "storage",
    "Recall": "recalling",
    "register_rule": "storage",
    "storage_rules": "storage",
    "store": "storage",
}


__getattr__ = names_at_home("pbit.problems.hopfield", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
