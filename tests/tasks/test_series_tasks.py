"""Series and sounds: their equations, their statistics, archives that are damaged."""

import io
import itertools
import lzma
import os
import tarfile
import wave
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate

from pbit.formats.errors import FormatError
from pbit.tasks import (
    LORENZ_EXPONENT,
    chirps,
    forecast_horizon,
    lorenz,
    mackey_glass,
    narma10,
    sine_square,
    spectra,
    spoken_digits,
)
from pbit.tasks.spoken import ARCHIVE


def test_sines_and_squares():
    """Periods of the two shapes, half of each within 6 standard errors."""
    series, labels = sine_square(4000, seed=1)
    periods, told = series.reshape(-1, 8), labels.reshape(-1, 8)
    assert (told == told[:, :1]).all()
    np.testing.assert_allclose(periods[told[:, 0] == 0].std(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(periods[told[:, 0] == 0][0], np.sin(np.arange(8) * np.pi / 4))
    np.testing.assert_array_equal(periods[told[:, 0] == 1][0], [1] * 4 + [-1] * 4)
    assert abs(told[:, 0].mean() - 0.5) < 6 * np.sqrt(0.25 / 4000)


def test_narma_follows_its_recursion():
    u, y = narma10(300, seed=4)
    for k in range(40, 299):
        past = y[k - 9 : k + 1]
        expected = 0.3 * y[k] + 0.05 * y[k] * past.sum() + 1.5 * u[k + 1] * u[k - 8] + 0.1
        assert y[k + 1] == pytest.approx(expected, rel=1e-12)


def test_mackey_glass_follows_its_equation_at_its_delay():
    """Central differences; other delays by one unit are three times as wrong."""
    x = mackey_glass(2000, seed=1)

    def misfit(delay):
        past = x[24 - delay : -1 - delay][: len(x) - 25]
        slope = (x[25:] - x[23:-2]) / 2
        gain = 0.2 * past / (1 + past**10) - 0.1 * x[24:-1]
        return np.sqrt(np.mean((slope - gain) ** 2))

    assert misfit(17) < 0.004 and min(misfit(16), misfit(18)) > 3 * misfit(17)


def test_lorenz_follows_its_equation():
    found = lorenz(60, seed=2, interval=0.05)

    def flow(_, s):
        return [10 * (s[1] - s[0]), s[0] * (28 - s[2]) - s[1], s[0] * s[1] - 8 / 3 * s[2]]

    for now, after in itertools.pairwise(found):
        exact = integrate.solve_ivp(flow, (0, 0.05), now, rtol=1e-10, atol=1e-12).y[:, -1]
        np.testing.assert_allclose(after, exact, atol=2e-5)


@pytest.mark.slow
def test_nearby_points_part_at_the_lyapunov_exponent():
    """ln of the distance over 20 units of time, from 60 points of a series: 0.9056 within 6
    standard errors."""

    def flow(s):
        return np.stack([10 * (s[1] - s[0]), s[0] * (28 - s[2]) - s[1], s[0] * s[1] - 8 / 3 * s[2]])

    starts = lorenz(6000, seed=1, interval=0.05)[::100].T
    points, dt, distances = np.concatenate([starts, starts + 1e-9], axis=1), 0.01, []
    for step in range(2300):
        if step in (300, 2299):  # after 3 units the distance lies where it grows
            distances.append(np.linalg.norm(points[:, 60:] - points[:, :60], axis=0))
        a = flow(points)
        b = flow(points + dt / 2 * a)
        c = flow(points + dt / 2 * b)
        points = points + dt / 6 * (a + 2 * b + 2 * c + flow(points + dt * c))
    rates = np.log(distances[1] / distances[0]) / (1999 * dt)
    error = rates.std() / np.sqrt(len(rates))
    assert abs(rates.mean() - LORENZ_EXPONENT) < 6 * error < 0.2


def test_horizons():
    truth = np.sin(np.arange(50.0))
    assert forecast_horizon(truth, truth, unit=0.1) == 5.0
    wrong = truth.copy()
    wrong[20:] += 1
    assert forecast_horizon(wrong, truth) == 20.0
    wrong[10] = np.nan
    assert forecast_horizon(wrong, truth) == 10.0
    with pytest.raises(ValueError, match=r"must have the truth's shape \(50,\)"):
        forecast_horizon(truth[:9], truth)


# --- sounds


def sound(samples, rate=8000, channels=1):
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(channels)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(np.asarray(samples, "<i2").tobytes())
    return file.getvalue()


def archive(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / ARCHIVE
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w:xz") as made:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("recordings/9_eve_0.wav")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    return folder


TONE = (3000 * np.sin(np.arange(600))).astype(np.int16)


def test_recordings_are_read_in_their_order_and_nothing_else_is(tmp_path):
    files = {
        "recordings/3_eve_12.wav": sound(TONE),
        "recordings/0_adam_4.wav": sound(2 * TONE),
        "recordings/README": b"not a sound",
        "../../1_eve_0.wav": sound(TONE[:300]),
    }
    found = spoken_digits(archive(tmp_path, files))
    assert found.labels.tolist() == [0, 1, 3] and found.speakers == ("adam", "eve", "eve")
    assert found.held_out.tolist() == [True, True, False]
    np.testing.assert_allclose(found.sounds[0], TONE / np.abs(TONE).max(), atol=1e-4)
    names = sorted(each.name for each in tmp_path.rglob("*"))
    assert names == ["free_spoken_digit_recordings.tar.xz", "fsdd"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (sound(TONE, rate=16000), "channels, bytes and rate (1, 2, 16000)"),
        (sound(TONE, channels=2), "channels, bytes and rate (2, 2, 8000)"),
        (sound(np.zeros(20)), "0_a_0.wav is silent"),
        (b"RIFX" + sound(TONE)[4:], "expected wav files of 8 kHz in a tar.xz"),
        (bytes(2**21 + 1), "has 2097153 bytes"),
    ],
)
def test_recordings_of_another_kind_are_refused(tmp_path, data, message):
    folder = archive(tmp_path, {"r/0_a_0.wav": data})
    with pytest.raises(FormatError) as caught:
        spoken_digits(folder)
    assert message in str(caught.value)


def test_damaged_and_missing_archives_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"data must be a folder with fsdd/free_spoken"):
        spoken_digits(tmp_path)
    path = archive(tmp_path, {"r/0_a_0.wav": sound(TONE)}) / ARCHIVE
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"none", lzma.compress(b"")):
        path.write_bytes(damaged)
        spoken_digits.cache_clear()
        with pytest.raises(FormatError, match="download it again"):
            spoken_digits(tmp_path)


@pytest.mark.skipif("PBIT_DATA" not in os.environ, reason="PBIT_DATA names no data sets")
@pytest.mark.slow
def test_the_free_spoken_digit_dataset():
    found = spoken_digits(Path(os.environ["PBIT_DATA"]))
    assert len(found.sounds) == 3000 and found.held_out.sum() == 300
    assert np.bincount(found.labels).tolist() == [300] * 10
    assert len(set(found.speakers)) == 6


def test_spectra_tell_tones_by_their_bands():
    """The band with the most of 500, 1000 and 3000 Hz, and the power of twice the amplitude."""
    time = np.arange(2000) / 8000
    tones = [np.sin(2 * np.pi * f * time) for f in (500, 1000, 3000)]
    frames = spectra(tones)
    tops = [each.mean(axis=0).argmax() for each in frames]
    assert tops == sorted(set(tops))
    np.testing.assert_allclose(spectra([2 * tones[0]])[0], 2 * frames[0], rtol=1e-12)
    logs = spectra(tones, compression="log")[0]
    loud = frames[0] > 0.01 * frames[0].max()
    np.testing.assert_allclose(logs[loud], 2 * np.log(frames[0][loud]), rtol=1e-9)
    assert logs.min() >= logs.max() - np.log(1e6) - 1e-9


def test_some_recordings():
    made = chirps(40, seed=1).some(np.array([3, 1]))
    assert made.labels.tolist() == [3, 1] and len(made.sounds) == 2
