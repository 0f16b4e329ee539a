"""Trained machines in files, back as what they were: one kind of machine a file.

>>> from pbit.problems.machines import load_machine, save_machine
"""

from __future__ import annotations

from pbit.problems.machines.kinds import (
    Machine,
    MachineKind,
    load_machine,
    machine_kinds,
    register,
    save_machine,
)

__all__ = [
    "Machine",
    "MachineKind",
    "load_machine",
    "machine_kinds",
    "register",
    "save_machine",
]
