"""Convolutions whose synapses are oscillators: voltages that are not straight in their inputs.

An input x and a weight w are a current about the bias of an oscillator, whose voltage goes as the
square root of its power. A chain adds the voltages of the pixels under it. An ordinary convolution
adds w x instead.

Of inputs 0 and 1 alone both compute the same: any voltage at 1 is some weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from pbit.checks import ArgumentError, instance, integer
from pbit.devices.oscillator import AutoOscillator
from pbit.devices.quantities import number
from pbit.networks.adam import Adam
from pbit.networks.radio.chains import FloatArray
from pbit.networks.radio.network import LabelArray

_MARGIN = 0.9  # of the way from the bias down to threshold, where the slope has no end


@dataclass(frozen=True, kw_only=True)
class OscillatorSynapse:
    r"""The voltage that an input adds to that of the bias: the product, bent.

    :math:`v(u) = [\sqrt{p(\zeta_0 + u)} - \sqrt{p(\zeta_0)}] / s` with u = w x and the slope s at
    u = 0, so that small products are themselves.

    Parameters
    ----------
    oscillator : AutoOscillator
    bias : float
        Supercriticality :math:`\zeta_0` without input, above 1.

    Raises
    ------
    TypeError, ValueError
        No oscillator, a bias up to threshold.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6)
    >>> OscillatorSynapse(oscillator=oscillator)(np.array([-0.3, 0.0, 0.01, 0.3])).round(3).tolist()
    [-0.419, 0.0, 0.01, 0.239]
    """

    oscillator: AutoOscillator
    bias: float = 1.5

    def __post_init__(self) -> None:
        instance("oscillator", self.oscillator, AutoOscillator, remedy="AutoOscillator(...)")
        number("bias", self.bias, (">", 1.0), remedy="below threshold there is no voltage")

    @property
    def weight_range(self) -> float:
        """Weights go from minus this to this: inputs up to 1 stay above threshold."""
        return _MARGIN * (self.bias - 1)

    def __call__(self, products: FloatArray) -> FloatArray:
        """Voltages of products w x, of their shape."""
        voltages = self._voltage(products) - self._voltage(np.zeros(()))
        return np.asarray(voltages / self._steepness(np.zeros(())))

    def slope(self, products: FloatArray) -> FloatArray:
        """Derivatives by the products."""
        return np.asarray(self._steepness(products) / self._steepness(np.zeros(())))

    def _voltage(self, products: FloatArray) -> FloatArray:
        zeta = self.bias + products
        return np.sqrt((zeta - 1) / (zeta + self.oscillator.nonlinear_damping))

    def _steepness(self, products: FloatArray) -> FloatArray:
        total = self.bias + products + self.oscillator.nonlinear_damping
        rise = (1 + self.oscillator.nonlinear_damping) / total**2
        return np.asarray(rise / 2 / self._voltage(products))


class Scored(NamedTuple):
    """What a pass leaves: patches, sums under the kernels, rectified sums with a 1, scores."""

    patches: FloatArray
    sums: FloatArray
    features: FloatArray
    scores: FloatArray


class Convolution:
    """One layer of kernels, rectified, and one layer that tells classes; trained by Adam.

    Parameters
    ----------
    image_shape : (int, int)
    num_classes : int
    synapse : OscillatorSynapse, optional
        Of the kernels; None is the ordinary product.
    kernels, side : int
        Number of kernels, and their rows and columns.
    weight_range : float, optional
        Of the kernels where there is no synapse to say it.
    seed : int

    Raises
    ------
    ValueError
        Images smaller than a kernel, no kernels.
    """

    def __init__(
        self,
        image_shape: tuple[int, int],
        num_classes: int,
        *,
        synapse: OscillatorSynapse | None = None,
        kernels: int = 8,
        side: int = 3,
        weight_range: float = 0.45,
        seed: int = 0,
    ) -> None:
        self.shape, self.side, self.synapse = image_shape, side, synapse
        integer("kernels", kernels, 1)
        if integer("side", side, 1) > min(image_shape):
            raise ArgumentError("side", f"must fit into images of {image_shape}", side)
        self.weight_range = weight_range if synapse is None else synapse.weight_range
        places = (image_shape[0] - side + 1) * (image_shape[1] - side + 1)
        generator, inputs = np.random.default_rng(seed), kernels * places
        most = min(self.weight_range, 1 / side)
        last = np.sqrt(6 / (inputs + num_classes))
        self.weights: list[FloatArray] = [
            generator.uniform(-most, most, (kernels, side * side)),
            generator.uniform(-last, last, (inputs + 1, num_classes)),
        ]
        self._adam = Adam.like(self.weights)

    def scores(self, images: npt.ArrayLike) -> FloatArray:
        """Of images (num_images, pixels) from 0 to 1, (num_images, num_classes)."""
        return self._passed(np.asarray(images, np.float64)).scores

    def gradients(self, images: FloatArray, classes: LabelArray) -> list[FloatArray]:
        """Of the mean cross entropy by kernels (kernels, side^2) and the last layer."""
        seen = self._passed(images)
        off = softmax(seen.scores, axis=1)
        off[np.arange(len(off)), classes] -= 1
        off /= len(off)
        back = (off @ self.weights[1][:-1].T).reshape(seen.sums.shape) * (seen.sums > 0)
        return [self._by_kernels(seen.patches, back), seen.features.T @ off]

    def learn(self, images: FloatArray, classes: LabelArray, rate: float) -> None:
        """One step; kernels stay in their range."""
        moves = self._adam.step(self.gradients(images, classes), rate)
        self.weights = [each + move for each, move in zip(self.weights, moves, strict=True)]
        np.clip(self.weights[0], -self.weight_range, self.weight_range, out=self.weights[0])

    def _passed(self, images: FloatArray) -> Scored:
        windows = np.lib.stride_tricks.sliding_window_view(
            images.reshape(-1, *self.shape), (self.side, self.side), axis=(1, 2)
        )
        patches = windows.reshape(len(images), -1, self.side**2)
        sums = self._sums(patches)
        rectified = np.maximum(sums, 0.0).reshape(len(images), -1)
        features = np.column_stack([rectified, np.ones(len(images))])
        return Scored(patches, sums, features, features @ self.weights[1])

    def _sums(self, patches: FloatArray) -> FloatArray:
        """(images, places, kernels)."""
        if self.synapse is None:
            return np.asarray(patches @ self.weights[0].T)
        columns = [self.synapse(patches * kernel).sum(axis=2) for kernel in self.weights[0]]
        return np.stack(columns, axis=2)

    def _by_kernels(self, patches: FloatArray, back: FloatArray) -> FloatArray:
        if self.synapse is None:
            return np.tensordot(back, patches, axes=((0, 1), (0, 1)))
        rows = [
            np.einsum("np,npi,npi->i", back[:, :, k], patches, self.synapse.slope(patches * kernel))
            for k, kernel in enumerate(self.weights[0])
        ]
        return np.array(rows)
