"""Data for experiments with networks of devices: generated, or bundled with scikit-learn."""

from pbit.tasks.bundled import digits, iris
from pbit.tasks.letters import letters, noisy
from pbit.tasks.split import Split, accuracy, split_of

__all__ = ["Split", "accuracy", "digits", "iris", "letters", "noisy", "split_of"]
