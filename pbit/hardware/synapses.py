"""What lies between a flip and the inputs it changes: delays and low-passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pbit.hardware.group import ParameterGroup
from pbit.hardware.ranges import ranged


@dataclass(frozen=True, kw_only=True)
class Synapses(ParameterGroup):
    """Times that a flip takes to arrive and to be felt.

    Parameters
    ----------
    delay_s, delay_spread : float
        Median time from a flip to its arrival at another p-bit; standard deviation of its
        logarithm. ``delay_per``: drawn for each "edge" or each sending "p-bit". What arrives
        just when a tick comes is seen by the next one.
    rc_s, rc_spread : float
        Median time constant of a low-pass between arrival and input; ``rc_per`` "p-bit" (its
        summed input) or "edge" (heat bath and Arrhenius only).
    """

    delay_s: float = ranged(
        0.0, "Median time from a flip to its arrival at another p-bit.", low=0.0, unit="s"
    )
    delay_spread: float = ranged(0.0, "Standard deviation of ln delay.", low=0.0, high=2.0)
    delay_per: Literal["edge", "p-bit"] = ranged(
        "edge", "Drawn for each synapse, or each sending p-bit.", choices=("edge", "p-bit")
    )
    rc_s: float = ranged(
        0.0,
        "Median time constant of the low-pass between arrival and input.",
        low=0.0,
        unit="s",
    )
    rc_spread: float = ranged(0.0, "Standard deviation of ln rc.", low=0.0, high=2.0)
    rc_per: Literal["p-bit", "edge"] = ranged(
        "p-bit", "One low-pass for the summed input, or one a synapse.", choices=("p-bit", "edge")
    )

    @property
    def has_lag(self) -> bool:
        """Whether a flip takes time to reach the other p-bits."""
        return self.delay_s > 0 or self.rc_s > 0
