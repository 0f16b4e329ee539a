"""Two junctions on top of each other: four levels, written by two pulses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pbit.devices.synapses import SynapseVariation
from pbit.devices.synapses.multilevel_stack import LEVELS, MultilevelStack
from pbit.published.experiment import Bound, Experiment, Measured, Size
from pbit.published.levels import FloatArray

_STACK = MultilevelStack()
_WRITES: dict[Size, int] = {"small": 200, "default": 5_000, "full": 50_000}
_RELIABLE = 0.95


def run(
    seed: int, size: Size, data: Path | None, *, d2d: float = 0.03, c2c: float = 0.02
) -> Measured:
    """Levels that two pulses reach from anywhere, and the voltage that they take."""
    spread = SynapseVariation(conductance_d2d=d2d, drive_d2d=d2d, drive_c2c=c2c)
    found = _written(_WRITES[size], spread, seed)
    alike = _written(_WRITES[size], SynapseVariation(), seed)
    law = np.array([right(_STACK, level) for level in range(len(LEVELS))])
    error = np.sqrt(np.maximum(law * (1 - law), 1 / alike.shape[1]) / alike.shape[1])
    hits, hits_alike = (_hits(each) for each in (found, alike))
    return Measured(
        value=float((hits >= _RELIABLE).sum()),
        baseline=float(len(LEVELS)),
        details={
            "least share of right writes": float(hits.min()),
            "the same, all alike": float(hits_alike.min()),
            "the same by the law": float(law.min()),
            "largest departure from the law, in standard errors": float(
                (np.abs(hits_alike - law) / error).max()
            ),
            "levels with a right write at all": float((hits > 0.5).sum()),
            "largest voltage of a write (V)": _STACK.write_pulse / _STACK.lowest_S,
            "smallest step of resistance over the largest": 1 / 3,
        },
        note=f"{found.shape[1]} stacks a level, each from a random state; spread {d2d:g} between "
        f"devices and {c2c:g} between pulses; a level counts where {_RELIABLE:g} of its writes are "
        "right; the voltage is current times resistance, all in AP; round parameters",
        curves={"ohm": 1 / found[:, :4000] / 1e3},
    )


def right(stack: MultilevelStack, level: int) -> float:
    """Probability that the pulses of a level leave it, from a random state.

    Both junctions get both pulses, independently, so that it is a product over junctions of
    two-state chains.

    Examples
    --------
    >>> 0.99 < right(MultilevelStack(), 3) <= 1.0
    True
    """
    product = 1.0
    for area, meant in zip(stack.areas, LEVELS[level], strict=True):
        in_P = 0.5
        for pulse in stack.pulses_to(level):
            drive = np.array([pulse / area])
            leaves_P, leaves_AP = (
                float(stack.element.odds(drive, np.array([state]))[0]) for state in (True, False)
            )
            in_P = in_P * (1 - leaves_P) + (1 - in_P) * leaves_AP
        product *= in_P if meant > 0 else 1 - in_P
    return product


def _written(count: int, variation: SynapseVariation, seed: int) -> FloatArray:
    """Conductances after writing each level over a random state, (levels, stacks)."""
    array = _STACK.made((len(LEVELS), count), seed=seed, variation=variation)
    array.reset("random")
    for level in range(len(LEVELS)):
        for amplitude in _STACK.pulses_to(level):
            array.pulse(amplitude, where=level)
    return array.conductance()


def _hits(conductances: FloatArray) -> FloatArray:
    """Share of each level's stacks that are nearest to its resistance."""
    R_low, R_high = 1 / _STACK.highest_S, 1 / _STACK.lowest_S
    at = np.rint((R_high - 1 / conductances) / (R_high - R_low) * (len(LEVELS) - 1))
    return np.asarray((at == np.arange(len(LEVELS))[:, None]).mean(axis=1))


def plot(results: Sequence[Measured], axes: Any) -> None:
    """Resistances after writes of each level."""
    ohm = np.concatenate([each.curves["ohm"] for each in results], axis=1)
    bins = np.linspace(ohm.min() - 0.3, ohm.max() + 0.3, 140)
    for level, each in enumerate(ohm):
        axes.hist(each, bins=bins, color=f"C{level}", alpha=0.75, label=f"level {level}")
    axes.set(xlabel="resistance (kOhm)", ylabel="writes", yscale="log")
    axes.legend(fontsize=8, loc="upper center", ncols=4)
    axes.set_ylim(top=30 * axes.get_ylim()[1])


EXPERIMENT = Experiment(
    id="aoki-multilevel",
    rows=(19,),
    device="stacked tunnel junctions",
    task="levels of a memory cell",
    source="Aoki et al., as cited by Yang et al. (2026), section 5",
    claim="four levels, written below 0.5 V",
    claim_value=4.0,
    claim_tag="S2",
    measures=f"levels that two pulses leave in at least {_RELIABLE:g} of the writes",
    unit="levels",
    baseline="junctions that switch exactly at their critical currents",
    bounds=(Bound("largest departure from the law, in standard errors", high=5.0),),
    run=run,
    plot=plot,
)
