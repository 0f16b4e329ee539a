"""Exact laws: the referees of the samplers.

Small networks by enumeration (:mod:`pbit.exact.enumeration`), networks of low treewidth and any
size by elimination (:mod:`pbit.exact.elimination`), small models of digits by enumeration
(:mod:`pbit.exact.digits`), chips in continuous time by their rates (:mod:`pbit.exact.continuous`).
"""

from pbit.exact.elimination import exact_ground_state, exact_log_z, exact_marginals
from pbit.exact.enumeration import (
    MAX_ENUMERATED,
    MAX_LAW,
    MAX_TOGETHER,
    SpinModel,
    exact_boltzmann,
    exact_energies,
    exact_ground_states,
    exact_law,
    exact_square_lattice_energy,
    exact_synchronous,
    state_number,
    states,
)

__all__ = [
    "MAX_ENUMERATED",
    "MAX_LAW",
    "MAX_TOGETHER",
    "SpinModel",
    "exact_boltzmann",
    "exact_energies",
    "exact_ground_state",
    "exact_ground_states",
    "exact_law",
    "exact_log_z",
    "exact_marginals",
    "exact_square_lattice_energy",
    "exact_synchronous",
    "state_number",
    "states",
]
