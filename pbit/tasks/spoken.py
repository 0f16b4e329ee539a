"""Spoken digits: recordings in an archive, frames of their spectra; or chirps in their place."""

from __future__ import annotations

import io
import re
import tarfile
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.formats.errors import FormatError
from pbit.seeds import check_seed
from pbit.tasks.split import FloatArray, LabelArray

ARCHIVE = "fsdd/free_spoken_digit_recordings.tar.xz"
_NAME = re.compile(r"(?:[^/]+/)*(\d)_([a-z]+)_(\d+)\.wav")
_OFFICIAL = 5  # recordings of a speaker and digit that are the test set
_MOST_BYTES = 2**21  # of a recording
_RATE_HZ = 8000.0
_WINDOW, _HOP = 256, 128  # samples: 32 ms every 16 ms

Compression = Literal["none", "log"]


@dataclass(frozen=True, eq=False)
class Recordings(ByValue):
    """Sounds with their classes, some held out.

    Parameters
    ----------
    sounds : tuple of float64 arrays
        Samples from -1 to 1, 8000 a second.
    labels : int64, shape (num_sounds,)
    speakers : tuple of str
    held_out : bool, shape (num_sounds,)
    """

    sounds: tuple[FloatArray, ...]
    labels: LabelArray
    speakers: tuple[str, ...]
    held_out: np.ndarray

    def some(self, which: LabelArray) -> Recordings:
        """Those of these numbers."""
        return Recordings(
            tuple(self.sounds[k] for k in which),
            self.labels[which],
            tuple(self.speakers[k] for k in which),
            self.held_out[which],
        )


@lru_cache(maxsize=1)
def spoken_digits(data: Path) -> Recordings:
    """The 3000 recordings of ten digits by six speakers, 300 of which are the test set.

    The archive is read, nothing in it is written to a disk.

    Parameters
    ----------
    data : Path
        Folder of data sets, with ``fsdd/free_spoken_digit_recordings.tar.xz``.

    Raises
    ------
    ValueError
        No such file.
    FormatError
        It is damaged, or holds recordings of another kind.

    References
    ----------
    Jakobovski et al., "Free Spoken Digit Dataset", CC BY-SA 4.0; recordings 0 to 4 of each speaker
    and digit are its test set.
    """
    path = data / ARCHIVE
    if not path.is_file():
        raise ArgumentError(
            "data", f"must be a folder with {ARCHIVE}", str(data),
            remedy="pack its folder recordings with tar -cJf",
        )  # fmt: skip
    try:
        found = sorted(_members(path), key=lambda each: each[:3])
        if not found:
            raise ValueError("holds no recordings, digit_speaker_number.wav")
    except (tarfile.TarError, EOFError, OSError, wave.Error, ValueError) as error:
        raise FormatError(
            str(path), None, f"{error}, expected wav files of 8 kHz in a tar.xz; download it again"
        ) from error
    labels, speakers, numbers, sounds = zip(*found, strict=True)
    return Recordings(sounds, np.array(labels, np.int64), speakers, np.array(numbers) < _OFFICIAL)


def _members(path: Path) -> Iterator[tuple[int, str, int, FloatArray]]:
    """Digit, speaker, number and samples of every recording."""
    with tarfile.open(path, "r|xz") as archive:
        for member in archive:
            match = _NAME.fullmatch(member.name)
            if match is None or not member.isfile():
                continue
            if member.size > _MOST_BYTES:
                raise ValueError(f"{member.name} has {member.size} bytes")
            content = archive.extractfile(member)
            assert content is not None
            digit, speaker, number = match.groups()
            yield int(digit), speaker, int(number), _samples(content.read(), member.name)


def _samples(data: bytes, name: str) -> FloatArray:
    with wave.open(io.BytesIO(data)) as sound:
        kind = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
        if kind != (1, 2, _RATE_HZ):
            raise ValueError(f"{name} has channels, bytes and rate {kind}")
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    if not samples.any():
        raise ValueError(f"{name} is silent")
    return np.asarray(samples / np.abs(samples.astype(np.float64)).max())


def chirps(num_sounds: int, *, seed: int, noise: float = 0.3) -> Recordings:
    """Sounds in the place of spoken digits: two tones that glide, ten pairs of glides, in noise.

    Tones begin and end up to 12 % from where those of their class do, sounds last 0.25 to 0.4 s. A
    quarter, drawn by the seed, is held out.

    Examples
    --------
    >>> made = chirps(40, seed=1)
    >>> len(made.sounds), int(made.held_out.sum()), int(made.labels.max())
    (40, 10, 9)
    """
    rng = np.random.default_rng(check_seed(seed))
    count = integer("num_sounds", num_sounds, 10)
    glides = np.random.default_rng(7).uniform(300, 3000, (10, 2, 2))  # the same for all seeds
    labels = np.arange(count) % 10
    sounds = tuple(_chirp(rng, glides[label], noise) for label in labels)
    held_out = np.zeros(count, np.bool_)
    held_out[rng.permutation(count)[: count // 4]] = True
    return Recordings(sounds, labels.astype(np.int64), ("nobody",) * count, held_out)


def _chirp(rng: np.random.Generator, glides: FloatArray, noise: float) -> FloatArray:
    steps = round(_RATE_HZ * rng.uniform(0.25, 0.4))
    share = np.linspace(0, 1, steps)
    ends = glides * (1 + 0.12 * rng.uniform(-1, 1, glides.shape))
    pitch = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * share
    phases = 2 * np.pi * np.cumsum(pitch, axis=1) / _RATE_HZ + rng.uniform(0, 6, (2, 1))
    sound = np.sin(phases).sum(axis=0) * np.sin(np.pi * share) + noise * rng.normal(size=steps)
    return np.asarray(sound / np.abs(sound).max())


def spectra(
    sounds: Sequence[FloatArray], *, channels: int = 32, compression: Compression = "none"
) -> list[FloatArray]:
    """Frames of each sound: the magnitude in bands that are even in mel, every 16 ms.

    Parameters
    ----------
    sounds : sequence of float64 arrays
        8000 samples a second.
    channels : int
        Bands from 100 to 4000 Hz.
    compression : {"none", "log"}
        The magnitude, or the logarithm of its square, no less than 60 dB below the sound's largest.

    Returns
    -------
    list of float64 arrays, shape (frames, channels)

    References
    ----------
    Stevens, Volkmann, Newman, J. Acoust. Soc. Am. 8, 185 (1937), for the mel.

    Examples
    --------
    >>> [each.shape for each in spectra([np.ones(1000), np.ones(100)])]
    [(6, 32), (1, 32)]
    """
    bands = _bands(integer("channels", channels, 1, 100))
    window = np.hanning(_WINDOW)
    found = []
    for sound in sounds:
        whole = np.pad(sound, (0, max(0, _WINDOW - len(sound))))
        frames = np.lib.stride_tricks.sliding_window_view(whole, _WINDOW)[::_HOP] * window
        power = np.abs(np.fft.rfft(frames, axis=1)) ** 2 @ bands
        if compression == "log":
            found.append(np.log(np.maximum(power, 1e-6 * power.max())))
        else:
            found.append(np.sqrt(power))
    return found


def _bands(channels: int) -> FloatArray:
    """Triangles over the lines of the spectrum, float64 (lines, channels)."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (100.0, _RATE_HZ / 2))
    edges = 700 * (10 ** (np.linspace(low, high, channels + 2) / 2595) - 1)
    lines = np.fft.rfftfreq(_WINDOW, 1 / _RATE_HZ)[:, None]
    rising = (lines - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - lines) / np.diff(edges)[1:]
    return np.maximum(0.0, np.minimum(rising, falling))
