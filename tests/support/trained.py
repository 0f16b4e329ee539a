"""Bars in small images, machines that have learnt them, and the command line run on both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from click.testing import CliRunner, Result

from pbit.cli.main import cli

WORDS = np.array(["lying", "standing"])


def pbit(*arguments: object) -> Result:
    """The command, run here."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def bars(count: int = 120, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Images (count, 4, 4) of 0 and 1, a bar each with noise, and whether it stands."""
    rng = np.random.default_rng(seed)
    stands = rng.integers(0, 2, count)
    lying = np.repeat([1, 1, 0, 0], 4).reshape(4, 4)
    images = np.where(stands[:, None, None] == 1, lying.T, lying)
    return np.where(rng.random(images.shape) < 0.05, 1 - images, images).astype(np.uint8), stands


def written(path: Path, *, labels: bool = True, **others: np.ndarray) -> Path:
    """A npz of bars."""
    images, stands = bars()
    np.savez(path, data=images, **({"labels": stands} if labels else {}), **others)
    return path


def train(data: object, output: object, *options: object) -> Result:
    """``pbit train`` with a seed, quick."""
    brief = ("--hidden", 12, "--epochs", 40, "--learning-rate", 0.1, "--batch-size", 20)
    return pbit("train", data, "--output", output, "--seed", 1, "--quiet", *brief, *options)


def machine_of_bars(folder: Path, *options: object) -> Path:
    """A machine that has learnt bars with their labels."""
    path = folder / "bars.safetensors"
    result = train(written(folder / "bars.npz"), path, *options)
    assert result.exit_code == 0, result.output
    return path


def memory_of(folder: Path, count: int = 3) -> tuple[Path, np.ndarray]:
    """A memory of images (count, 4, 4), and these."""
    images = np.random.default_rng(2).integers(0, 2, (count, 4, 4)).astype(np.uint8)
    data, path = folder / "patterns.npz", folder / "memory.safetensors"
    np.savez(data, data=images)
    result = pbit("train", data, "--model", "hopfield", "--output", path, "--quiet")
    assert result.exit_code == 0, result.output
    return path, images
