"""How the arrays of a network are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbit.checks import ArgumentError, instance
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import LinearSynapse, Synapse, SynapseVariation
from pbit.devices.synapses.variation import NO_VARIATION
from pbit.networks.crossbar import Crossbar, Placed, Programming, Reading, Wires
from pbit.networks.crossbar.layout import layout_named


@dataclass(frozen=True)
class Arrays:
    """What the arrays of all layers have in common.

    Parameters
    ----------
    device : Synapse
    layout : {"balanced", "differential", "offset"}
    weight_range : float
        Weights go from minus this to this.
    programming : Programming
        How weights are written, those that training starts from included.
    variation : SynapseVariation
    stuck : float
        Share of devices.
    wires : Wires
    reading : Reading

    Raises
    ------
    TypeError, ValueError
        Parameters that are none; see :class:`pbit.networks.crossbar.Crossbar`.

    Examples
    --------
    >>> from pbit.devices.synapses import CompoundJunction
    >>> Arrays(CompoundJunction(num_junctions=9), layout="differential").weight_levels
    19
    """

    device: Synapse = field(default_factory=LinearSynapse)
    layout: str = "balanced"
    weight_range: float = 1.0
    programming: Programming = field(default_factory=Placed)
    variation: SynapseVariation = NO_VARIATION
    stuck: float = 0.0
    wires: Wires = field(default_factory=Wires)
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        instance("device", self.device, Synapse, remedy="see pbit.devices.synapses")
        layout_named(self.layout)
        number("weight_range", self.weight_range, (">", 0.0), remedy="the largest weight")

    @property
    def weight_levels(self) -> int:
        """How many weights a device's levels make, evenly from end to end.

        Raises
        ------
        ValueError
            A device without levels.
        """
        levels = self.device.num_levels
        if levels is None:
            raise ArgumentError(
                "device", "must have levels", self.device, remedy="say how many the training has"
            )
        return 2 * levels - 1 if self.layout == "differential" else levels

    def array(self, weights: FloatArray, *, seed: int) -> Crossbar:
        """An array that holds these weights, (out, in), as far as its devices go."""
        return Crossbar(
            weights,
            self.device,
            layout=self.layout,
            weight_range=self.weight_range,
            programming=self.programming,
            variation=self.variation,
            stuck=self.stuck,
            wires=self.wires,
            reading=self.reading,
            seed=seed,
        )
