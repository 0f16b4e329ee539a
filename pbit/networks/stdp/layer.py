"""A layer of neurons of which the winner takes all, fed through synapses that its spikes change."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pbit.checks import instance, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import NO_VARIATION, Synapse, SynapseVariation
from pbit.devices.synapses.draws import uniforms
from pbit.machine import check_memory
from pbit.networks.stdp.arguments import events_of, rates_of
from pbit.networks.stdp.draws import LayerDraw
from pbit.networks.stdp.neurons import Neurons
from pbit.networks.stdp.potentials import Potentials, Spikes
from pbit.networks.stdp.rule import SimplifiedSTDP
from pbit.networks.stdp.synapses import SynapseLines
from pbit.seeds import seed_or_fresh

_BYTES_A_SYNAPSE = 80
_BYTES_A_PART = 48


class WinnerTakeAll:
    """Neurons that learn without a teacher: each comes to stand for inputs that spike together.

    Parameters
    ----------
    shape : (int, int)
        Neurons and inputs.
    device : Synapse
        Between an input and a neuron.
    neurons : Neurons
    rule : SimplifiedSTDP
    variation : SynapseVariation
    start : {"random", "low", "high"}
        States of the devices.
    seed : int, optional
        Of all that is drawn; fresh when None, kept as ``seed``.

    Attributes
    ----------
    raised : float64, shape (neurons,)
        What the thresholds are above ``neurons.threshold``.
    num_pulses : int
        Pulses that synapses got so far.
    seed : int

    Raises
    ------
    TypeError, ValueError
        A shape, device or parameters that are none.
    TooLargeError
        More devices than the memory holds.

    References
    ----------
    A. F. Vincent et al., IEEE Trans. Biomed. Circuits Syst. 9, 166 (2015); O. Bichler et al.,
    Neural Networks 32, 339 (2012).

    Examples
    --------
    >>> from pbit.devices.synapses import BinaryJunction
    >>> layer = WinnerTakeAll((2, 8), BinaryJunction().with_probability(0.5), seed=1)
    >>> halves = np.repeat(np.eye(2), 4, axis=1)
    >>> for k in range(40):
    ...     _ = layer.show(halves[k % 2] * 400.0, seconds=0.1)
    >>> layer.currents(halves).argmax(axis=1).tolist(), layer.weights[0].tolist()
    ([0, 1], [0.5, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5])
    """

    def __init__(
        self,
        shape: tuple[int, int],
        device: Synapse,
        *,
        neurons: Neurons | None = None,
        rule: SimplifiedSTDP | None = None,
        variation: SynapseVariation = NO_VARIATION,
        start: str = "random",
        seed: int | None = None,
    ) -> None:
        size, inputs = (integer("shape", each, 1) for each in shape)
        instance("device", device, Synapse, remedy="see pbit.devices.synapses")
        self.neurons = Neurons() if neurons is None else neurons
        self.rule = SimplifiedSTDP() if rule is None else rule
        instance("neurons", self.neurons, Neurons, remedy="give Neurons(threshold=...)")
        instance("rule", self.rule, SimplifiedSTDP, remedy="give SimplifiedSTDP(window_s=...)")
        needed = size * inputs * (_BYTES_A_SYNAPSE + _BYTES_A_PART * device.num_parts)
        check_memory(needed, what="synapses", lower="shape")
        self.shape = size, inputs
        self.seed = seed_or_fresh(seed)
        self._lines = SynapseLines(device, self.shape, variation=variation, seed=self.seed)
        if start != "random":
            self._lines.reset(start)
        self.raised: FloatArray = np.zeros(size)
        self.num_pulses = 0
        self._looks = 0

    @property
    def weights(self) -> FloatArray:
        """Conductances over the highest of a device without variation, float64 of ``shape``."""
        return self._lines.weights.copy()

    @property
    def thresholds(self) -> FloatArray:
        """Thresholds, float64 (neurons,)."""
        return self.neurons.threshold + self.raised

    def currents(self, rows: npt.ArrayLike) -> FloatArray:
        """Currents into the neurons over their thresholds.

        Where the largest is, the neuron spikes first when the row is shown; or would, with rates
        high enough.

        Parameters
        ----------
        rows : float64, shape (num_rows, inputs)
            Rates, in any unit.

        Returns
        -------
        float64, shape (num_rows, neurons)

        Raises
        ------
        TypeError, ValueError
            Another shape, rates that are negative or not finite.
        """
        rates = rates_of("rows", rows, self.shape[1], ndim=2)
        return np.asarray(rates @ self._lines.weights.T / (self.shape[1] * self.thresholds))

    def show(self, rates_Hz: npt.ArrayLike, *, seconds: float, learn: bool = True) -> Spikes:
        """Spikes of the layer while inputs spike at these rates, after a silence.

        Neurons see the mean current of their inputs; when an input last spiked is drawn by the law
        of a Poisson process whenever a neuron spikes. Thresholds come down at the end.

        Parameters
        ----------
        rates_Hz : float64, shape (inputs,)
        seconds : float
        learn : bool
            Whether spikes change synapses and thresholds.

        Raises
        ------
        TypeError, ValueError
            Another shape, rates that are negative or not finite, a time that is not > 0.
        """
        rates = rates_of("rates_Hz", rates_Hz, self.shape[1], ndim=1)
        number("seconds", seconds, (">", 0.0), remedy="100 ms is 0.1")
        run = Potentials(self.neurons, self.shape[0])
        drive = self._lines.weights @ rates / self.shape[1]
        last, looked = np.full(self.shape[1], -np.inf), 0.0
        while True:
            at = run.crossings(drive, self.thresholds)
            winner = int(at.argmin())
            if at[winner] > seconds:
                break
            run.move_under(drive, float(at[winner]))
            run.spike(winner)
            if learn:
                last = self._last_spikes(rates, last, looked, run.now)
                looked = run.now
                self._learn(winner, run.now - last <= self.rule.window_s)
                drive[winner] = self._lines.weights[winner] @ rates / self.shape[1]
        if learn:
            self.raised *= np.exp(-seconds / self.neurons.raised_s)
        return run.spikes

    def feed(
        self, times_s: npt.ArrayLike, addresses: npt.ArrayLike, *, learn: bool = True
    ) -> Spikes:
        """Spikes of the layer on a stream of events, after a silence.

        Events of one time arrive together, and at most one neuron spikes at it.

        Parameters
        ----------
        times_s : float64, shape (events,)
            Ascending, from 0 on.
        addresses : int, shape (events,)
            Inputs that spike.
        learn : bool
            Whether spikes change synapses and thresholds.

        Raises
        ------
        TypeError, ValueError
            Times that go backwards, addresses that are no inputs, other shapes.
        """
        times, inputs = events_of(times_s, addresses, self.shape[1])
        run = Potentials(self.neurons, self.shape[0])
        last = np.full(self.shape[1], -np.inf)
        starts = np.flatnonzero(np.diff(times, prepend=-1.0))
        for begin, end in pairwise([*starts, len(times)]):
            now, packet = float(times[begin]), inputs[begin:end]
            if learn:
                self.raised *= np.exp((run.now - now) / self.neurons.raised_s)
            last[packet] = now
            charge = self._lines.weights[:, packet].sum(axis=1) / self.shape[1]
            run.take(charge, now)
            above = np.where(run.blocked <= now, run.values / self.thresholds, 0.0)
            winner = int(above.argmax())
            if above[winner] >= 1:
                run.spike(winner)
                if learn:
                    self._learn(winner, now - last <= self.rule.window_s)
        return run.spikes

    def _learn(self, winner: int, recent: npt.NDArray[np.bool_]) -> None:
        self._lines.pulse(winner, self.rule.pulses(self._lines.device, recent))
        self.raised[winner] += self.neurons.raised_by
        self.num_pulses += self.shape[1]

    def _last_spikes(
        self, rates: FloatArray, last: FloatArray, looked: float, now: float
    ) -> FloatArray:
        """When inputs last spiked, known at ``looked``: the age of a Poisson process's last event
        is exponential, cut off there."""
        who = np.arange(len(rates))
        luck = uniforms(LayerDraw.AGE, who, seed=self.seed, turns=self._looks)[:, 0]
        self._looks += 1
        with np.errstate(divide="ignore"):
            since = now + np.log(luck) / rates
        return np.where(since > looked, since, last)
