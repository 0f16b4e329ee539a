"""Data of published systems: the paper's where it is at hand, digits else."""

import gzip
import struct
from dataclasses import replace

import numpy as np
import pytest

from pbit.published import experiments, images, state_of


def idx(path, values):
    """Write an array as idx, gzip."""
    values = np.asarray(values, np.uint8)
    header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(header + values.tobytes()))


@pytest.fixture
def folder(tmp_path):
    """Two images to learn from and one that is held out."""
    (tmp_path / "mnist").mkdir()
    for part, values in {
        "train-images-idx3": np.full((2, 3, 3), 255),
        "train-labels-idx1": [4, 1],
        "t10k-images-idx3": np.zeros((1, 3, 3)),
        "t10k-labels-idx1": [9],
    }.items():
        idx(tmp_path / "mnist" / f"{part}-ubyte.gz", values)
    return tmp_path


def test_full_size_takes_the_papers_data_and_others_do_not(folder):
    split, note = images(1, "full", folder)
    assert split.train.tolist() == [[1.0] * 9] * 2 and split.test.shape == (1, 9)
    assert (split.train_labels.tolist(), split.test_labels.tolist()) == ([4, 1], [9])
    assert split.image_shape == (3, 3) and "re-targeted" not in note
    for size, data in (("default", folder), ("full", None)):
        split, note = images(1, size, data)
        assert split.train.shape == (1348, 64) and "re-targeted: 8x8 digits for mnist" in note
    assert len(images(1, "small", None)[0].test) == 100


def test_a_folder_without_the_set_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"data must be a folder with mnist/train.*; download"):
        images(1, "full", tmp_path)


def test_state_says_what_is_needed(folder, monkeypatch):
    system = experiments()["sabyasachi-2025"]
    assert state_of(system, folder) == "works"
    assert state_of(system, None) == "works on digits, needs mnist at full size"
    assert state_of(replace(system, needs=("fashion_mnist",)), folder) == "needs fashion_mnist"
    monkeypatch.setattr("pbit.published.data.find_spec", lambda name: None)
    assert state_of(system, None) == "needs digits"
    with pytest.raises(ValueError, match="needs must be data sets among mnist, fashion_mnist"):
        state_of(replace(system, needs=("sheep",)), None)
