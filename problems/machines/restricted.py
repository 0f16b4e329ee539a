"""Restricted Boltzmann machines in files."""

from pbit.problems.boltzmann.restricted import RestrictedBoltzmannMachine
from pbit.problems.machines.kinds import MachineKind

MACHINE = MachineKind(
    name="rbm",
    what="restricted Boltzmann machine: data, labels, one layer of features",
    machine=RestrictedBoltzmannMachine,
    rank=10,
)
