"""Boltzmann machines on any graph in files."""

from pbit.problems.boltzmann.any_graph import BoltzmannMachine
from pbit.problems.machines.kinds import MachineKind

MACHINE = MachineKind(
    name="boltzmann", what="Boltzmann machine on any graph", machine=BoltzmannMachine, rank=30
)
