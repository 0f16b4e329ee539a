"""What an operation of a chip costs: assumptions, by which counted events are multiplied."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pbit.hardware.group import ParameterGroup
from pbit.hardware.ranges import check_line, ranged


@dataclass(frozen=True, kw_only=True)
class Prices(ParameterGroup):
    """Energy of one operation, in joules, and power of a p-bit, in watts.

    Energies cannot be measured by an emulator: what it reports is ``price x count``, the price an
    assumption with the source named here.

    Parameters
    ----------
    power_W : float
        Drawn by one p-bit all the time, whether it flips or not: junctions cost power x time.
    update_J : float
        Of one update attempt of one p-bit; "flip" in the literature's flips per second.
    synapse_J : float
        Of one coupling in one update of the p-bit that feels it.
    read_J : float
        Of reading one p-bit out.
    write_J : float
        Of programming one p-bit, its couplings included.
    source : str

    Raises
    ------
    TypeError, ValueError
        A price that is no number >= 0.

    Examples
    --------
    >>> bill = PRICES["z1-spice"].bill(updates=1000, reads=10, writes=10)
    >>> round(bill["total_J"] * 1e12)
    1560
    """

    power_W: float = ranged(0.0, low=0.0, high=1.0, unit="W")
    update_J: float = ranged(0.0, low=0.0, high=1.0, unit="J")
    synapse_J: float = ranged(0.0, low=0.0, high=1.0, unit="J")
    read_J: float = ranged(0.0, low=0.0, high=1.0, unit="J")
    write_J: float = ranged(0.0, low=0.0, high=1.0, unit="J")
    source: str = field(default="given by the user", metadata={"check": check_line})

    def bill(
        self,
        *,
        updates: float,
        reads: float,
        writes: float,
        synapses: float = 0.0,
        pbit_seconds: float = 0.0,
    ) -> dict[str, float]:
        """Energies in joules by kind, power x time among them, and in all."""
        parts = {
            "power_J": pbit_seconds * self.power_W,
            "updates_J": updates * self.update_J,
            "synapses_J": synapses * self.synapse_J,
            "reads_J": reads * self.read_J,
            "writes_J": writes * self.write_J,
        }
        return {**parts, "total_J": sum(parts.values())}


PRICES = {
    "z1-spice": Prices(
        update_J=7.09e-15,
        read_J=1.692e-12,
        write_J=153.6e-12,
        source="SPICE prices of a CMOS p-bit chip, arXiv:2608.01615 (2026), Table IV, as quoted "
        "in open-source code; a simulation, not a measurement",
    ),
    "fpga": Prices(
        update_J=5e-11,
        source="0.05 nJ a flip quoted for FPGA p-bit machines, a secondary source; reads and "
        "writes not priced",
    ),
    "none": Prices(source="no prices given"),
}


def billed_by_power(power_W: float, how: str) -> Prices:
    """Prices of p-bits that draw a power and no more when they flip; else those of "z1-spice".

    Examples
    --------
    >>> prices = billed_by_power(48e-6, "0.8 V x 60 uA")
    >>> prices.power_W, prices.update_J, prices.read_J == PRICES["z1-spice"].read_J
    (4.8e-05, 0.0, True)
    """
    others = PRICES["z1-spice"]
    source = f"power: {how}; reads and writes: {others.source}"
    return replace(others, power_W=power_W, update_J=0.0, source=source)


def check_prices(name: str, value: Any) -> Prices:
    """The prices, if they are some.

    Raises
    ------
    TypeError
    """
    if not isinstance(value, Prices):
        remedy = "give pbit.Prices(power_W=..., update_J=...)"
        if isinstance(value, str) and value in PRICES:
            remedy = f"give pbit.hardware.prices.PRICES[{value!r}]"
        raise TypeError(f"{name} must be pbit.Prices, got {value!r:.60}; {remedy}")
    return value
