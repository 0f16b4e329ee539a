"""Hopfield memories in files."""

from pbit.problems.hopfield.estimator import HopfieldMemory
from pbit.problems.machines.kinds import MachineKind

MACHINE = MachineKind(
    name="hopfield", what="patterns that are recalled", machine=HopfieldMemory, rank=40
)
