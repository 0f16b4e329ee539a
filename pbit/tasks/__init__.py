"""Data for experiments with networks of devices: generated, or bundled with scikit-learn."""

from pbit.tasks.alphabet import alphabet
from pbit.tasks.bundled import digits, iris
from pbit.tasks.chaos import LORENZ_EXPONENT, forecast_horizon, lorenz, mackey_glass
from pbit.tasks.letters import letters, noisy
from pbit.tasks.moving_bars import MovingBars, moving_bars
from pbit.tasks.narma import narma10
from pbit.tasks.split import Split, accuracy, split_of
from pbit.tasks.spoken import Recordings, chirps, spectra, spoken_digits
from pbit.tasks.waveforms import sine_square

__all__ = [
    "LORENZ_EXPONENT",
    "MovingBars",
    "Recordings",
    "Split",
    "accuracy",
    "alphabet",
    "chirps",
    "digits",
    "forecast_horizon",
    "iris",
    "letters",
    "lorenz",
    "mackey_glass",
    "moving_bars",
    "narma10",
    "noisy",
    "sine_square",
    "spectra",
    "split_of",
    "spoken_digits",
]
