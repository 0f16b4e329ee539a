"""Data for experiments with networks of devices: generated, or bundled with scikit-learn."""

from pbit.tasks.alphabet import alphabet
from pbit.tasks.bundled import digits, iris
from pbit.tasks.letters import letters, noisy
from pbit.tasks.moving_bars import MovingBars, moving_bars
from pbit.tasks.split import Split, accuracy, split_of

__all__ = [
    "MovingBars",
    "Split",
    "accuracy",
    "alphabet",
    "digits",
    "iris",
    "letters",
    "moving_bars",
    "noisy",
    "split_of",
]
