"""Formants: the table where it is at hand, drawn ones else."""

import os
from pathlib import Path

import numpy as np
import pytest

from pbit.published.vowels import FILE, VOWELS, vowels


def write(tmp_path, *lines):
    path = tmp_path / FILE
    path.parent.mkdir()
    path.write_text("header\n" + "\n".join(lines) + "\n")
    return tmp_path


def token(speaker, vowel, *, first=500):
    return f"w{speaker:02d}{vowel} 300 200 {first} 1500 2500 3500" + " 1" * 9


def test_speakers_with_all_vowels_measured_are_taken(tmp_path):
    lines = [token(k, vowel) for k in (1, 2, 3) for vowel in VOWELS]
    lines[0] = token(1, VOWELS[0], first=0)  # not measurable
    found = vowels(1, write(tmp_path, *lines[:-1], "m03uw 1 2 3", "w04eh 1"))
    assert found.formants_Hz.tolist() == [[500.0, 1500.0, 2500.0]] * 7
    assert found.labels.tolist() == list(range(7)) and not found.speakers.any()
    assert "1 women" in found.note and "re-targeted" not in found.note


@pytest.mark.parametrize("line", [token(1, "ae")[:-2], token(1, "ae").replace("1500", "high")])
def test_a_wrong_line_is_named(tmp_path, line):
    with pytest.raises(ValueError, match=r"vowdata.dat:2: 'w01ae.* a token has a name and 15"):
        vowels(1, write(tmp_path, line))


def test_drawn_ones_have_the_published_means():
    """37 speakers: means within 5 standard errors, and a speaker's tokens go together."""
    found = [vowels(seed, None) for seed in range(20)]
    rows = np.array([each.formants_Hz.reshape(37, 7, 3) for each in found])
    assert all("synthetic" in each.note for each in found)
    mean = rows.mean(axis=(0, 1))[0]
    assert (
        np.abs(mean - [675.7, 2334.8, 2972.7]) < 5 * np.array([69.3, 158.7, 200]) / 740**0.5
    ).all()
    a, b = rows[:, :, 0, 0].ravel(), rows[:, :, 1, 0].ravel()
    assert abs(np.corrcoef(a, b)[0, 1] - 0.5) < 0.15


@pytest.mark.skipif(
    not (Path(os.environ.get("PBIT_DATA", "/nowhere")) / FILE).is_file(), reason="no PBIT_DATA"
)
def test_hillenbrands_table_has_37_women():
    found = vowels(1, Path(os.environ["PBIT_DATA"]))
    assert found.speakers.max() == 36 and len(found.labels) == 259
