"""Published reservoirs on the paper's kind of data, and that nothing leaks into them."""

import os
from pathlib import Path

import numpy as np
import pytest

from pbit.networks.reservoir import Delays
from pbit.published import experiments
from pbit.published.torrejon_2017 import _tried
from pbit.tasks import Recordings, chirps, spectra


@pytest.mark.slow
@pytest.mark.skipif("PBIT_DATA" not in os.environ, reason="PBIT_DATA names no data sets")
def test_spoken_digits():
    """On real digits the gain is larger than on chirps, and the note names them."""
    found = experiments()["torrejon-2017"].measure(1, data=Path(os.environ["PBIT_DATA"]))
    assert "Free Spoken Digit Dataset" in found.note and "300 held out" in found.note
    assert found.value > 0.9 and found.details["gain over the spectra alone"] > 0.1


def test_digits_of_no_class_are_told_by_chance():
    """Classes drawn anew: a tenth of 250 within 5 standard errors; the true ones are told."""
    sounds = chirps(1000, seed=1)
    frames = spectra(sounds.sounds)
    drawn = np.random.default_rng(1).permutation(sounds.labels)
    mixed = Recordings(sounds.sounds, drawn, sounds.speakers, sounds.held_out)
    true, chance = (_tried(Delays(), frames, each, 1).held_out for each in (sounds, mixed))
    assert true > 0.8 and abs(chance - 0.1) < 5 * np.sqrt(0.09 / 250)
