"""Formants of seven vowels spoken by women: Hillenbrand's table, or normal numbers like it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.formats.errors import FormatError, shown
from pbit.formats.source import load

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FILE = "vowels_hillenbrand/vowdata.dat"
VOWELS = ("ae", "ah", "aw", "er", "ih", "iy", "uw")
_TOKEN = re.compile(r"w(\d\d)(" + "|".join(VOWELS) + r")\b")
_MOST_BYTES = 2**24
_SPEAKERS = 37
_TOGETHER = 0.5  # correlation of a speaker's formants
# Hz: means and standard deviations of F1, F2, F3 of women, steady state.
_MEANS = (
    (675.7, 2334.8, 2972.7), (921.1, 1525.8, 2831.9), (804.3, 1188.3, 2824.4),
    (524.0, 1588.3, 1929.9), (484.3, 2369.1, 3057.1), (437.3, 2761.3, 3372.8),
    (459.7, 1105.5, 2735.4),
)  # fmt: skip
_SPREADS = (
    (69.3, 158.7, 200.0), (96.7, 125.0, 176.6), (74.6, 128.9, 212.2), (45.3, 125.9, 131.3),
    (34.4, 149.4, 190.1), (40.6, 147.4, 237.2), (38.7, 205.3, 139.9),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Vowels(ByValue):
    """Tokens of vowels: formants in Hz (num_tokens, 3), class and speaker of each, and a note."""

    formants_Hz: FloatArray
    labels: IntArray
    speakers: IntArray
    note: str


def vowels(seed: int, data: Path | None) -> Vowels:
    """Steady-state F1 to F3 of speakers of whom all seven vowels were measured.

    From the table in the data folder where it is there; else drawn from normal laws with the means
    and spreads that were published, which the note says.

    Raises
    ------
    ValueError
        A line of the table that is not as it should be.

    References
    ----------
    J. Hillenbrand, L. A. Getty, M. J. Clark, K. Wheeler, J. Acoust. Soc. Am. 97, 3099 (1995).
    """
    if data is not None and (data / FILE).is_file():
        return _measured(data / FILE)
    return _drawn(seed)


def _measured(path: Path) -> Vowels:
    source, name = load(path, max_bytes=_MOST_BYTES)
    found: dict[int, dict[str, list[float]]] = {}
    for number, line in enumerate(source.decode("latin-1").splitlines(), start=1):
        token = _TOKEN.match(line)
        if token is None:
            continue
        words = line.split()
        try:
            formants = [float(word) for word in words[3:6]]
        except ValueError:
            formants = []
        if len(words) != 16 or len(formants) != 3:
            problem = f"{shown(line.strip())}: a token has a name and 15 numbers"
            raise FormatError(name, number, f"{problem}; correct the line")
        if min(formants) > 0:  # 0 was not measurable
            found.setdefault(int(token[1]), {})[token[2]] = formants
    whole = [speaker for speaker, tokens in sorted(found.items()) if len(tokens) == len(VOWELS)]
    rows = [found[speaker][vowel] for speaker in whole for vowel in VOWELS]
    note = f"Hillenbrand's table, {len(whole)} women of whom all seven vowels were measured"
    return _of(np.array(rows).reshape(-1, 3), len(whole), note)


def _drawn(seed: int) -> Vowels:
    draws = np.random.default_rng(seed)
    shared = draws.standard_normal((_SPEAKERS, 1, 3)) * np.sqrt(_TOGETHER)
    own = draws.standard_normal((_SPEAKERS, len(VOWELS), 3)) * np.sqrt(1 - _TOGETHER)
    rows = np.array(_MEANS) + np.array(_SPREADS) * (shared + own)
    note = "re-targeted: synthetic formants with the means and spreads of Hillenbrand's women"
    return _of(rows.reshape(-1, 3), _SPEAKERS, note)


def _of(rows: FloatArray, speakers: int, note: str) -> Vowels:
    labels = np.tile(np.arange(len(VOWELS)), speakers)
    return Vowels(rows, labels, np.repeat(np.arange(speakers), len(VOWELS)), note)
