"""p-bit networks: model, sample and solve Ising and QUBO problems.

>>> import pbit
>>> ring = pbit.IsingModel.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])
>>> float(pbit.anneal(ring, num_reads=10, seed=1).energies.min())
-3.0
"""

from __future__ import annotations

import importlib
from importlib import metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pbit.calibration import calibrate
    from pbit.clamping import clamp
    from pbit.directed import DirectedModel
    from pbit.hardware.parameters import Hardware
    from pbit.hardware.prices import Prices
    from pbit.ladder import Ladder
    from pbit.model import IsingModel
    from pbit.polynomial import PolynomialModel
    from pbit.result import Reads
    from pbit.samplers.annealer import anneal
    from pbit.samplers.annealing_sampler import AnnealingSampler
    from pbit.samplers.control import Control, Progress
    from pbit.samplers.descent import descend
    from pbit.samplers.moments import Moments, Trajectory, moments, trajectory
    from pbit.samplers.pbit_sampler import PBitSampler
    from pbit.samplers.population import population_anneal
    from pbit.samplers.population_result import Population
    from pbit.samplers.population_sampler import PopulationSampler
    from pbit.samplers.tempering import Tempered, temper
    from pbit.samplers.tempering_sampler import TemperingSampler
    from pbit.samplers.time_average import TimeAverage, time_average
    from pbit.schedule import Schedule, default_beta_range, default_schedule
    from pbit.tts.measure import time_to_solution
    from pbit.tts.result import TimeToSolution

__all__ = [
    "AnnealingSampler",
    "Control",
    "DirectedModel",
    "Hardware",
    "IsingModel",
    "Ladder",
    "Moments",
    "PBitSampler",
    "PolynomialModel",
    "Population",
    "PopulationSampler",
    "Prices",
    "Progress",
    "Reads",
    "Schedule",
    "Tempered",
    "TemperingSampler",
    "TimeAverage",
    "TimeToSolution",
    "Trajectory",
    "__version__",
    "anneal",
    "calibrate",
    "clamp",
    "default_beta_range",
    "default_schedule",
    "descend",
    "moments",
    "population_anneal",
    "temper",
    "time_average",
    "time_to_solution",
    "trajectory",
]

# Imported on first use: `pbit --help` must not wait for numba, scipy and dimod.
_HOME = {
    "AnnealingSampler": "pbit.samplers.annealing_sampler",
    "Control": "pbit.samplers.control",
    "DirectedModel": "pbit.directed",
    "Hardware": "pbit.hardware.parameters",
    "IsingModel": "pbit.model",
    "Ladder": "pbit.ladder",
    "Moments": "pbit.samplers.moments",
    "PBitSampler": "pbit.samplers.pbit_sampler",
    "PolynomialModel": "pbit.polynomial",
    "Population": "pbit.samplers.population_result",
    "PopulationSampler": "pbit.samplers.population_sampler",
    "Prices": "pbit.hardware.prices",
    "Progress": "pbit.samplers.control",
    "Reads": "pbit.result",
    "Schedule": "pbit.schedule",
    "Tempered": "pbit.samplers.tempering",
    "TemperingSampler": "pbit.samplers.tempering_sampler",
    "TimeAverage": "pbit.samplers.time_average",
    "TimeToSolution": "pbit.tts.result",
    "Trajectory": "pbit.samplers.moments",
    "anneal": "pbit.samplers.annealer",
    "calibrate": "pbit.calibration",
    "clamp": "pbit.clamping",
    "default_beta_range": "pbit.schedule",
    "default_schedule": "pbit.schedule",
    "descend": "pbit.samplers.descent",
    "moments": "pbit.samplers.moments",
    "population_anneal": "pbit.samplers.population",
    "temper": "pbit.samplers.tempering",
    "time_average": "pbit.samplers.time_average",
    "time_to_solution": "pbit.tts.measure",
    "trajectory": "pbit.samplers.moments",
}
_MODULES = (
    "devices",
    "exact",
    "exact_continuous",
    "formats",
    "graphs",
    "law_check",
    "problems",
    "statistics",
    "verification",
)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return metadata.version("pbit-emulator")
    if name in _MODULES:
        return importlib.import_module(f"pbit.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'pbit' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return [*__all__, *_MODULES]
