r"""Data sets that machines learn from, files of machines, checkpoints of their training.

>>> import io
>>> from pbit.problems.learning import read_data
>>> data = read_data(io.BytesIO(b"a,b,kind\n0,1,7\n1,1,3\n"), labels="kind")
>>> data.spins.tolist(), data.labels.tolist()
([[-1, 1], [1, 1]], [7, 3])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.problems.learning.checkpoint import Checkpoint, Saved
    from pbit.problems.learning.data_set import DataSet
    from pbit.problems.learning.learnt_from import LearntFrom
    from pbit.problems.learning.machine_file import (
        MachineFile,
        checked_array,
        read_machine,
        write_machine,
    )
    from pbit.problems.learning.reading import read_data
    from pbit.problems.learning.tastes import Tastes

__all__ = [
    "Checkpoint",
    "DataSet",
    "LearntFrom",
    "MachineFile",
    "Saved",
    "Tastes",
    "checked_array",
    "read_data",
    "read_machine",
    "write_machine",
]

_HOME = {
    "Checkpoint": "checkpoint",
    "DataSet": "data_set",
    "LearntFrom": "learnt_from",
    "MachineFile": "machine_file",
    "Saved": "checkpoint",
    "Tastes": "tastes",
    "checked_array": "machine_file",
    "read_data": "reading",
    "read_machine": "machine_file",
    "write_machine": "machine_file",
}


__getattr__ = names_at_home("pbit.problems.learning", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
