r"""A Hopfield network whose weights are memristors, read by their Hall voltage.

Every pair of pixels has one device. A weight w is written by turning all domains of its device down
and giving one pulse of a current that is linear in w, :math:`I_0 (1 + \sqrt{\pi / 2} \sigma w)`.
The device answers by its own curve, :math:`2 \Phi(\sqrt{\pi / 2} w) - 1` on the average, which has
slope 1 at w = 0 and saturates. What is read is :math:`a (2 x - 1) + b` with x the share of domains
that are up: gain a and offset b of each Hall cross are never corrected, they are learnt around.

Learning: at each input, pixels whose field has the wrong sign are wrong. Hebb's rule on these
alone, :math:`\Delta w_{ij} = \eta \langle \xi_i s_j + \xi_j s_i \rangle` with s the input, xi
the pattern meant and i (or j) wrong; then all devices are written anew. That the network of the
paper learns in this way, in detail, is an assumption.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, instance, integer, positive, real
from pbit.devices.synapses import NO_VARIATION, Synapse, SynapseVariation
from pbit.devices.synapses.preisach import Preisach
from pbit.devices.synapses.spin_orbit import SpinOrbitMemristor
from pbit.models.ising import checked_states
from pbit.models.labels import FloatArray, SpinArray
from pbit.networks.associative.hall import HallSpread
from pbit.networks.associative.settling import Order, hebb, one_pixel_off, recalled, settle


@dataclass(frozen=True, eq=False)
class Repair(ByValue):
    """How recall went up.

    Parameters
    ----------
    shares : float64, shape (iterations + 1,)
        Inputs recalled before the first and after each iteration.
    patterns : float64, shape (iterations + 1,)
        Patterns recalled from themselves.
    target : float
        Share at which learning stops.
    """

    shares: FloatArray
    patterns: FloatArray
    target: float

    @property
    def iterations(self) -> int:
        """How many there were."""
        return len(self.shares) - 1

    @property
    def done(self) -> bool:
        """Whether the target was reached."""
        return bool(self.shares[-1] >= self.target)


class DeviceMemory:
    """Patterns in memristors, one a pair of pixels.

    Parameters
    ----------
    patterns : array of -1 and +1, shape (P, n)
    device : Synapse
        :class:`pbit.devices.synapses.spin_orbit.SpinOrbitMemristor` by default.
    pulses : callable, optional
        Amplitudes of the pulses that write an array of weights; the currents above by default,
        which are for devices of Preisach's kind.
    spread : HallSpread
    variation : SynapseVariation
        Of the devices themselves; the drives' matter, conductances are read as shares.
    most : float
        Largest weight that is asked for, either way; at 2 the curve above is at 0.988.
    order : {"together", "in turn"}
        How pixels are updated in recall.
    seed : int, optional
        Of the devices and their Hall crosses.

    Raises
    ------
    TypeError, ValueError
        Patterns of other values, fewer than two pixels, a device whose pulses are not known.

    References
    ----------
    W. A. Borders et al., Appl. Phys. Express 10, 013007 (2017).

    Examples
    --------
    >>> letters = [[1, 1, 1, -1, 1, -1, -1, 1, -1], [1, -1, -1, 1, -1, -1, 1, 1, 1]]
    >>> memory = DeviceMemory(letters, seed=1)
    >>> memory.recall([[1, 1, 1, -1, 1, -1, -1, -1, -1]]).tolist() == letters[:1]
    True
    """

    def __init__(
        self,
        patterns: npt.ArrayLike,
        device: Synapse | None = None,
        *,
        pulses: Callable[[FloatArray], FloatArray] | None = None,
        spread: HallSpread | None = None,
        variation: SynapseVariation = NO_VARIATION,
        most: float = 2.0,
        order: Order = "together",
        seed: int | None = None,
    ) -> None:
        self.patterns = _patterns(patterns)
        self.device = instance(
            "device", device or SpinOrbitMemristor(), Synapse, remedy="SpinOrbitMemristor()"
        )
        self._pulses = pulses or _linear_currents(self.device)
        self.spread = instance("spread", spread or HallSpread(), HallSpread, remedy="HallSpread()")
        self.most = positive("most", most)
        self.order: Order = order
        self._pairs = np.triu_indices(self.patterns.shape[1], k=1)
        count = len(self._pairs[0])
        self.devices = self.device.made(count, seed=seed, variation=variation)
        self._gains, self._offsets = self.spread.drawn(count, self.devices.seed)
        self.asked = hebb(self.patterns)[self._pairs] / len(self.patterns)
        self.write()

    @property
    def num_devices(self) -> int:
        """n (n - 1) / 2."""
        return int(self.asked.size)

    def write(self) -> None:
        """Put all devices down and give each the pulse of its weight ``asked``."""
        self.devices.reset("low")
        self.devices.pulse(self._pulses(self.asked))

    def weights(self) -> FloatArray:
        """Weights as they are read, float64 (n, n), symmetric."""
        devices = self.devices
        shares = (devices.conductance() - devices.lowest) / (devices.highest - devices.lowest)
        n = self.patterns.shape[1]
        weights = np.zeros((n, n))
        weights[self._pairs] = self._gains * (2 * shares - 1) + self._offsets
        return weights + weights.T

    def recall(self, probes: npt.ArrayLike) -> SpinArray:
        """Where probes (..., n) of -1 and +1 end, int8; see :func:`settle`.

        Raises
        ------
        ValueError
            Probes of other values or shape.
        """
        return settle(self.weights(), probes, order=self.order)

    def repair(
        self, *, target: float | None = None, iterations: int = 20, rate: float = 1.0
    ) -> Repair:
        """Learn from the patterns and the states one pixel away until enough of them are recalled.

        Parameters
        ----------
        target : float, optional
            Share of these inputs; that of Hebb's weights without devices by default.
        iterations : int
            At most; 0 measures.
        rate : float
            eta; below 0 it is the control that must not learn.

        Returns
        -------
        Repair

        Raises
        ------
        TypeError, ValueError
            Iterations below 0, a rate or target that is no number.
        """
        inputs, meant = one_pixel_off(self.patterns)
        if target is None:
            target = recalled(settle(hebb(self.patterns), inputs, order=self.order), meant)
        eta, most = real("rate", rate), integer("iterations", iterations, 0)
        shares, patterns = [self._recalled(inputs, meant)], [self._recalled(*[self.patterns] * 2)]
        while shares[-1] < real("target", target) and len(shares) <= most:
            self._correct(inputs, meant, eta)
            shares.append(self._recalled(inputs, meant))
            patterns.append(self._recalled(self.patterns, self.patterns))
        return Repair(np.array(shares), np.array(patterns), target)

    def _recalled(self, probes: SpinArray, meant: SpinArray) -> float:
        return recalled(self.recall(probes), meant)

    def _correct(self, inputs: SpinArray, meant: SpinArray, rate: float) -> None:
        """One iteration: Hebb's rule where fields are wrong."""
        wrong = (inputs @ self.weights()) * meant <= 0
        change = (wrong * meant).T.astype(np.float64) @ inputs / len(inputs)
        wanted = self.asked + rate * (change + change.T)[self._pairs]
        self.asked = np.clip(wanted, -self.most, self.most)
        self.write()


def _linear_currents(device: Synapse) -> Callable[[FloatArray], FloatArray]:
    """Currents linear in the weight, as steep as the device's curve in its middle."""
    if not isinstance(device, Preisach):
        raise ArgumentError(
            "pulses",
            f"must be given for a device of kind {type(device).__name__}",
            None,
            remedy="a function from weights to amplitudes",
        )
    slope = np.sqrt(np.pi / 2) * device.spread
    return lambda weights: np.asarray(device.threshold_A * (1 + slope * weights))


def _patterns(patterns: npt.ArrayLike) -> SpinArray:
    given = np.asarray(patterns)
    if given.ndim != 2 or given.shape[1] < 2 or not len(given):
        raise ArgumentError(
            "patterns", "must be rows of two pixels or more", got=f"shape {given.shape}"
        )
    return np.asarray(checked_states(given, given.shape[1]), np.int8)
