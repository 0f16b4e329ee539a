"""p-bit networks: model, sample and solve Ising and QUBO problems.

>>> import pbit
>>> ring = pbit.IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
>>> float(pbit.anneal(ring, num_reads=10, seed=1).energies.min())
-3.0
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own takes a while to import, in which Ctrl-C is not ours yet
if TYPE_CHECKING:
    from typing import Any

    from pbit.dimod_samplers.annealing_sampler import AnnealingSampler
    from pbit.dimod_samplers.discrete_sampler import DiscreteSampler
    from pbit.dimod_samplers.oscillator_sampler import OscillatorSampler
    from pbit.dimod_samplers.pbit_sampler import PBitSampler
    from pbit.dimod_samplers.population_sampler import PopulationSampler
    from pbit.dimod_samplers.replica_sampler import ReplicaSampler
    from pbit.dimod_samplers.tempering_sampler import TemperingSampler
    from pbit.hardware.parameters import Hardware
    from pbit.hardware.prices import Prices
    from pbit.measure.calibration import calibrate
    from pbit.measure.tts.measure import time_to_solution
    from pbit.measure.tts.time_to_solution import TimeToSolution
    from pbit.models.clamping import clamp
    from pbit.models.digits.assignment import AssignmentModel
    from pbit.models.digits.counted import CountedModel
    from pbit.models.digits.dit_model import DitModel
    from pbit.models.digits.tour import TourModel
    from pbit.models.directed import DirectedModel
    from pbit.models.ising import IsingModel
    from pbit.models.polynomial import PolynomialModel
    from pbit.problems.core.solving import Solution, read, solve
    from pbit.run.control import Control, Progress
    from pbit.run.program import Program
    from pbit.run.reads import Reads
    from pbit.samplers.anneal import anneal
    from pbit.samplers.descent import descend
    from pbit.samplers.imaginary_time.quantum_anneal import quantum_anneal
    from pbit.samplers.moments import Moments, Trajectory, moments, trajectory
    from pbit.samplers.oscillators.bifurcation import bifurcate
    from pbit.samplers.oscillators.hardware import OscillatorHardware
    from pbit.samplers.oscillators.phases import oscillate
    from pbit.samplers.population.population import Population
    from pbit.samplers.population.population_anneal import population_anneal
    from pbit.samplers.tempering.ladder_search import LadderSearch
    from pbit.samplers.tempering.temper import temper
    from pbit.samplers.tempering.tempered import Tempered
    from pbit.samplers.time_average import TimeAverage, time_average
    from pbit.schedules.ladder import Ladder
    from pbit.schedules.schedule import Schedule, default_beta_range, default_schedule

__all__ = [
    "AnnealingSampler",
    "AssignmentModel",
    "Control",
    "CountedModel",
    "DirectedModel",
    "DiscreteSampler",
    "DitModel",
    "Hardware",
    "IsingModel",
    "Ladder",
    "LadderSearch",
    "Moments",
    "OscillatorHardware",
    "OscillatorSampler",
    "PBitSampler",
    "PolynomialModel",
    "Population",
    "PopulationSampler",
    "Prices",
    "Program",
    "Progress",
    "Reads",
    "ReplicaSampler",
    "Schedule",
    "Solution",
    "Tempered",
    "TemperingSampler",
    "TimeAverage",
    "TimeToSolution",
    "TourModel",
    "Trajectory",
    "__version__",
    "anneal",
    "bifurcate",
    "calibrate",
    "clamp",
    "default_beta_range",
    "default_schedule",
    "descend",
    "moments",
    "oscillate",
    "population_anneal",
    "quantum_anneal",
    "read",
    "solve",
    "temper",
    "time_average",
    "time_to_solution",
    "trajectory",
]

# Imported on first use: `pbit --help` must not wait for numba, scipy and dimod.
_HOME = {
    "AnnealingSampler": "pbit.dimod_samplers.annealing_sampler",
    "AssignmentModel": "pbit.models.digits.assignment",
    "Control": "pbit.run.control",
    "CountedModel": "pbit.models.digits.counted",
    "DirectedModel": "pbit.models.directed",
    "DiscreteSampler": "pbit.dimod_samplers.discrete_sampler",
    "DitModel": "pbit.models.digits.dit_model",
    "Hardware": "pbit.hardware.parameters",
    "IsingModel": "pbit.models.ising",
    "Ladder": "pbit.schedules.ladder",
    "LadderSearch": "pbit.samplers.tempering.ladder_search",
    "Moments": "pbit.samplers.moments",
    "OscillatorHardware": "pbit.samplers.oscillators.hardware",
    "OscillatorSampler": "pbit.dimod_samplers.oscillator_sampler",
    "PBitSampler": "pbit.dimod_samplers.pbit_sampler",
    "PolynomialModel": "pbit.models.polynomial",
    "Population": "pbit.samplers.population.population",
    "PopulationSampler": "pbit.dimod_samplers.population_sampler",
    "Prices": "pbit.hardware.prices",
    "Program": "pbit.run.program",
    "Progress": "pbit.run.control",
    "Reads": "pbit.run.reads",
    "ReplicaSampler": "pbit.dimod_samplers.replica_sampler",
    "Schedule": "pbit.schedules.schedule",
    "Solution": "pbit.problems.core.solving",
    "Tempered": "pbit.samplers.tempering.tempered",
    "TemperingSampler": "pbit.dimod_samplers.tempering_sampler",
    "TimeAverage": "pbit.samplers.time_average",
    "TimeToSolution": "pbit.measure.tts.time_to_solution",
    "TourModel": "pbit.models.digits.tour",
    "Trajectory": "pbit.samplers.moments",
    "anneal": "pbit.samplers.anneal",
    "bifurcate": "pbit.samplers.oscillators.bifurcation",
    "calibrate": "pbit.measure.calibration",
    "clamp": "pbit.models.clamping",
    "default_beta_range": "pbit.schedules.schedule",
    "default_schedule": "pbit.schedules.schedule",
    "descend": "pbit.samplers.descent",
    "moments": "pbit.samplers.moments",
    "oscillate": "pbit.samplers.oscillators.phases",
    "population_anneal": "pbit.samplers.population.population_anneal",
    "quantum_anneal": "pbit.samplers.imaginary_time.quantum_anneal",
    "read": "pbit.problems.core.solving",
    "solve": "pbit.problems.core.solving",
    "temper": "pbit.samplers.tempering.temper",
    "time_average": "pbit.samplers.time_average",
    "time_to_solution": "pbit.measure.tts.measure",
    "trajectory": "pbit.samplers.moments",
}
_MODULES = {
    "devices": "pbit.devices",
    "exact": "pbit.exact",
    "exact_continuous": "pbit.exact.continuous",
    "exact_quantum": "pbit.exact.quantum",
    "formats": "pbit.formats",
    "graphs": "pbit.graphs",
    "law_check": "pbit.measure.verification.law_check",
    "problems": "pbit.problems",
    "statistics": "pbit.statistics",
    "verification": "pbit.measure.verification.verify",
}


def __getattr__(name: str) -> Any:
    import importlib

    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("pbit-emulator")
    if name not in _MODULES and name not in _HOME:
        raise AttributeError(f"module 'pbit' has no attribute {name!r}")
    with importlib.import_module("pbit.system.garbage").PAUSE.held():
        if name in _MODULES:
            return importlib.import_module(_MODULES[name])
        return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, *_MODULES]
