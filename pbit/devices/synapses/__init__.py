"""Synapse devices: conductances that pulses change, one device a file."""

from pbit.devices.synapses.binary_junction import BinaryJunction, perpendicular
from pbit.devices.synapses.compound_junction import CompoundJunction
from pbit.devices.synapses.creeping_wall import CreepingWall
from pbit.devices.synapses.cumnas import CuMnAs
from pbit.devices.synapses.elastic_wall import ElasticWall
from pbit.devices.synapses.gated_junction import GatedJunction
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.learning_curves import LearningCurves, fit_nonlinearity, plasticity
from pbit.devices.synapses.linear import LinearSynapse
from pbit.devices.synapses.multilevel_stack import MultilevelStack
from pbit.devices.synapses.notched_wall import NotchedWall
from pbit.devices.synapses.phase_boundary import PhaseBoundary
from pbit.devices.synapses.registry import synapse_kind
from pbit.devices.synapses.series_chain import SeriesChain
from pbit.devices.synapses.skyrmion_counter import SkyrmionCounter
from pbit.devices.synapses.spin_orbit import SpinOrbitMemristor
from pbit.devices.synapses.stepped_strip import SteppedStrip
from pbit.devices.synapses.synapse import Synapse, SynapseArray
from pbit.devices.synapses.values import synapse_of, values_of
from pbit.devices.synapses.variation import NO_VARIATION, SynapseVariation
from pbit.devices.synapses.volatile_junction import VolatileJunction

__all__ = [
    "NO_VARIATION",
    "BinaryJunction",
    "CompoundJunction",
    "CreepingWall",
    "CuMnAs",
    "ElasticWall",
    "GatedJunction",
    "LearningCurves",
    "LinearSynapse",
    "MultilevelStack",
    "NotchedWall",
    "PhaseBoundary",
    "SeriesChain",
    "SkyrmionCounter",
    "SpinOrbitMemristor",
    "SteppedStrip",
    "Synapse",
    "SynapseArray",
    "SynapseKind",
    "SynapseVariation",
    "VolatileJunction",
    "fit_nonlinearity",
    "perpendicular",
    "plasticity",
    "synapse_kind",
    "synapse_of",
    "values_of",
]
