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
    shifts_Hz: list[FloatArray | None]
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
        seen, shifts = Passed([], [], []), None
        for chains in self.layers:
            if seen.voltages_V:
                assert self.neuron is not None
                powers_W = self.neuron.emitted_W(seen.voltages_V[-1])
                shifts = self.neuron.shift_Hz(powers_W)
            seen.powers_W.append(_with_pilot(powers_W, self.pilot_W))
            seen.shifts_Hz.append(None if shifts is None else _with_pilot(shifts, 0.0))
            seen.voltages_V.append(chains.voltages_V(seen.powers_W[-1], seen.shifts_Hz[-1]))
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
            found.append(self._by_resonances(k, by_voltage, seen))
            if k:
                by_voltage = self._by_voltage_below(k, by_voltage, seen)
        return found[::-1]

    def moved(self, by_Hz: list[FloatArray]) -> RadioNetwork:
        """The same with the resonances of each layer so much higher."""
        layers = (chains.moved(by) for chains, by in zip(self.layers, by_Hz, strict=True))
        return replace(self, layers=tuple(layers))

    def _by_resonances(self, k: int, by_voltage: FloatArray, seen: Passed) -> FloatArray:
        chains, shifts = self.layers[k], seen.shifts_Hz[k]
        powers = chains.volts_per_W * chains.effective_W(seen.powers_W[k])
        if shifts is None:
            return chains.resonance_gradient(by_voltage.T @ powers)
        return chains.resonance_gradient(by_voltage.T[:, :, None] * powers, shifts)

    def _by_voltage_below(self, k: int, by_voltage: FloatArray, seen: Passed) -> FloatArray:
        """Derivatives by the voltages below layer k, through powers and the shifts they make."""
        assert self.neuron is not None
        chains, powers, shifts = self.layers[k], seen.powers_W[k], seen.shifts_Hz[k]
        passes = (1 + powers / chains.diode.saturation_W) ** -2
        if shifts is None:
            by_power = by_voltage @ chains.weights() * passes
        else:
            moves = self.neuron.shift_Hz_W * chains.effective_W(powers)
            of_power = chains.weights(shifts) * passes + chains.weight_slopes(shifts) * moves
            by_power = np.einsum("rk,kri->ri", by_voltage, of_power)
        slopes = self.neuron.slope_W_V(seen.voltages_V[k - 1])
        return np.asarray(chains.volts_per_W * by_power[:, :-1] * slopes)


def _with_pilot(values: FloatArray, last: float) -> FloatArray:
    """With a last column that is the same in all rows."""
    return np.column_stack([values, np.full(len(values), last)])
