"""Two junctions of areas 1 and 2 on top of each other: four levels."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbit.checks import integer
from pbit.devices.quantities import number
from pbit.devices.synapses.binary_junction import BinaryJunction, perpendicular
from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.series_junctions import JunctionsInSeries

LEVELS = ((-1, -1), (-1, 1), (1, -1), (1, 1))  # states of the small and the large junction


@dataclass(frozen=True)
class MultilevelStack(JunctionsInSeries):
    """A small and a large junction in series, evenly spaced in their four resistances.

    The small one switches at half the current. That is a narrow window: with 80 kT and pulses of
    15 ns, a pulse of 1.3 times the small critical current misses the small junction once in 700
    times and switches the large one once in 250; with 40 kT it would be one in five.

    Parameters
    ----------
    element : BinaryJunction
        The small one. Its write pulse must switch the large one, too.
    areas : (float, float)
    spread : float
    partial_current_A : float
        Pulse that switches the small one alone.

    Raises
    ------
    TypeError, ValueError
        As for chains; other than two areas.

    References
    ----------
    Aoki et al.'s stacked multi-level cell is of this kind; the numbers here are round ones.

    Examples
    --------
    >>> device = MultilevelStack()
    >>> array = device.made(4, seed=1)
    >>> for level in range(4):
    ...     for amplitude in device.pulses_to(level):
    ...         array.pulse(amplitude, where=level)
    >>> (1 / array.conductance()).round(3).tolist()  # ohm
    [15000.0, 12500.0, 10000.0, 7500.0]
    """

    element: BinaryJunction = field(
        default_factory=lambda: BinaryJunction(
            perpendicular(80.0), write_current_A=4e-5, pulse_s=15e-9
        )
    )
    areas: tuple[float, ...] = (1.0, 2.0)
    partial_current_A: float = 1.3e-5

    def __post_init__(self) -> None:
        super().__post_init__()
        integer("areas", len(self.areas), 2, 2)
        number("partial_current_A", self.partial_current_A, (">", 0.0), remedy="units are SI")

    @property
    def ramp(self) -> tuple[float, float]:
        """Pulses of a staircase, over the write pulse: through both thresholds."""
        return 0.2, 1.0

    @property
    def num_levels(self) -> int:
        """Four."""
        return len(LEVELS)

    def pulses_to(self, level: int) -> tuple[float, float]:
        """Amplitudes of two pulses, one after the other, that lead to a level from anywhere.

        Parameters
        ----------
        level : int
            0, the lowest conductance, to 3.

        Raises
        ------
        TypeError, ValueError
        """
        small, large = LEVELS[integer("level", level, 0, len(LEVELS) - 1)]
        return large * self.write_pulse, small * self.partial_current_A


KIND = SynapseKind(
    name="stack",
    what="A small and a large junction in series: four levels.",
    device=MultilevelStack(),
    source="after Aoki et al.'s stacked multi-level cell",
    rank=4,
)
