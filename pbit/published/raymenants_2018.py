"""Ten junctions in series, switched one after the other by rising pulses: a staircase."""

from __future__ import annotations

from pbit.published.experiment import Experiment
from pbit.published.levels import plot, run

EXPERIMENT = Experiment(
    id="raymenants-2018",
    rows=(17,),
    device="junctions in series",
    task="levels of a synapse",
    source="E. Raymenants et al., J. Appl. Phys. 124, 152116 (2018)",
    claim="a chain of ten junctions has many resistance levels (no number; eleven are possible)",
    claim_tag="S2",
    measures="levels of one device that readings tell apart on its staircase, mean over devices",
    unit="levels",
    baseline="a linear device of as many levels",
    run=run,
    plot=plot,
)
