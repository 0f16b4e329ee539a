"""Layers of chains with oscillators between them, and the gradient of a loss by resonances."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, softmax

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, instance
from pbit.devices.quantities import number
from pbit.networks.radio.chains import Chains, FloatArray
from pbit.networks.radio.neuron import OscillatorNeuron

LabelArray = npt.NDArray[np.int64]


class Passed(NamedTuple):
    """What signals became on their way, one array a layer."""

    powers_W: list[FloatArray]
    voltages_V: list[FloatArray]


@dataclass(frozen=True, eq=False, kw_only=True)
class RadioNetwork(ByValue):
    """Chains, oscillators that their voltages drive, chains on the next line, and so on.

    Each line has one more carrier, the last, of constant power: it gives chains a bias.

    Parameters
    ----------
    layers : tuple of Chains
    neuron : OscillatorNeuron, optional
        Between any two layers; needed where there are two.
    pilot_W : float
        Of the constant carriers.

    Raises
    ------
    TypeError, ValueError
        No layers, a line whose carriers are not one more than the chains that drive it, no neuron
        where there are two layers.
    """

    layers: tuple[Chains, ...]
    neuron: OscillatorNeuron | None = None
    pilot_W: float = 1e-6

    def __post_init__(self) -> None:
        number("pilot_W", self.pilot_W, (">", 0.0), remedy="as large as the other powers")
        if not self.layers:
            raise ArgumentError("layers", "must be chains", self.layers)
        if len(self.layers) > 1:
            instance("neuron", self.neuron, OscillatorNeuron, remedy="chains have no power to emit")
        for below, above in itertools.pairwise(self.layers):
            if len(above.carriers_Hz) != below.num_chains + 1:
                raise ArgumentError(
                    "layers", f"must go on with {below.num_chains} carriers and a constant one",
                    got=f"{len(above.carriers_Hz)} carriers", remedy="the last is the bias",
                )  # fmt: skip

    def passed(self, powers_W: FloatArray) -> Passed:
        """Powers (num_rows, num_carriers - 1) on their way through all layers."""
        seen = Passed([], [])
        for chains in self.layers:
            if seen.voltages_V:
                assert self.neuron is not None
                powers_W = self.neuron.emitted_W(seen.voltages_V[-1])
            with_pilot = np.column_stack([powers_W, np.full(len(powers_W), self.pilot_W)])
            seen.powers_W.append(with_pilot)
            seen.voltages_V.append(chains.voltages_V(with_pilot))
        return seen

    def voltages_V(self, powers_W: npt.ArrayLike) -> FloatArray:
        """Of the last chains, (num_rows, num_chains).

        Raises
        ------
        TypeError, ValueError
            Powers that are no numbers from 0, another number of carriers.
        """
        return self.passed(np.atleast_2d(np.asarray(powers_W, np.float64))).voltages_V[-1]

    def loss(self, powers_W: FloatArray, classes: LabelArray, *, per_V: float) -> float:
        """Mean cross entropy of the softmax of voltages times ``per_V``."""
        odds = log_softmax(per_V * self.voltages_V(powers_W), axis=1)
        return float(-odds[np.arange(len(classes)), classes].mean())

    def gradients(
        self, powers_W: FloatArray, classes: LabelArray, *, per_V: float
    ) -> list[FloatArray]:
        """Of :meth:`loss` by the resonances of each layer, 1/Hz."""
        seen = self.passed(powers_W)
        off = softmax(per_V * seen.voltages_V[-1], axis=1)
        off[np.arange(len(off)), classes] -= 1
        by_voltage = per_V / len(off) * off
        found: list[FloatArray] = []
        for k in reversed(range(len(self.layers))):
            chains, powers = self.layers[k], seen.powers_W[k]
            by_weights = chains.volts_per_W * by_voltage.T @ chains.effective_W(powers)
            found.append(chains.resonance_gradient(by_weights))
            if k:
                by_voltage = self._back(k, by_voltage, powers, seen.voltages_V[k - 1])
        return found[::-1]

    def moved(self, by_Hz: list[FloatArray]) -> RadioNetwork:
        """The same with the resonances of each layer so much higher."""
        layers = (chains.moved(by) for chains, by in zip(self.layers, by_Hz, strict=True))
        return replace(self, layers=tuple(layers))

    def _back(
        self, k: int, by_voltage: FloatArray, powers: FloatArray, below_V: FloatArray
    ) -> FloatArray:
        """Derivatives by the voltages below layer k, from those by its own."""
        assert self.neuron is not None
        chains = self.layers[k]
        passes = (1 + powers / chains.diode.saturation_W) ** -2
        by_power = chains.volts_per_W * (by_voltage @ chains.weights()) * passes
        return np.asarray(by_power[:, :-1] * self.neuron.slope_W_V(below_V))
