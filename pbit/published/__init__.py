"""Published systems, measured: one file each, what is claimed beside what comes out."""

from pbit.published.data import images, state_of
from pbit.published.experiment import EVIDENCE, Bound, Experiment, Measured, Size
from pbit.published.registry import experiments, register
from pbit.published.summary import Summary, summary_of

__all__ = [
    "EVIDENCE",
    "Bound",
    "Experiment",
    "Measured",
    "Size",
    "Summary",
    "experiments",
    "images",
    "register",
    "state_of",
    "summary_of",
]
