"""Deep Boltzmann machines in files."""

from pbit.problems.boltzmann.deep import DeepBoltzmannMachine
from pbit.problems.machines.kinds import MachineKind

MACHINE = MachineKind(
    name="dbm",
    what="deep Boltzmann machine: data, labels, layers of features",
    machine=DeepBoltzmannMachine,
    rank=20,
)
