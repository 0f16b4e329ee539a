"""The generate command: samples printed, drawn and written."""

import json

import numpy as np
import pytest
from PIL import Image

from pbit.cli.reports import rows_text
from pbit.cli.reports.rows_text import text_of
from pbit.cli.rows_file import ShownRows, mosaic
from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.learning import read_data
from pbit.problems.learning.tensor_file import write_tensors
from pbit.problems.machines import load_machine, save_machine
from trained import bars, machine_of_bars, memory_of, pbit, train


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    return machine_of_bars(tmp_path_factory.mktemp("bars"))


def test_images_side_by_side(machine):
    options = ("--samples", 3, "--seed", 1, "--beta", 3, "--label", 1)
    result = pbit("generate", machine, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    images = json.loads(pbit("generate", machine, *options, "--json").stdout)["data"]
    halves = [
        "  ".join(
            "".join(" ▄▀█"[2 * a + b] for a, b in zip(*image[k : k + 2], strict=True))
            for image in images
        ).rstrip()
        for k in (0, 2)
    ]
    assert result.stdout.splitlines() == [*halves, "seed        1"]


def test_bars_stand_where_their_label_says(machine):
    """About one in twenty stays in the other bar: 150 of 200 are missed once in 10^20."""

    def standing(label):
        given = ("--samples", 200, "--seed", 1, "--beta", 3, "--label", label)
        images = np.array(json.loads(pbit("generate", machine, *given, "--json").stdout)["data"])
        return (images == [1, 1, 0, 0]).all((1, 2)).sum()

    assert standing(1) > 150 and standing(0) < 50


def test_samples_are_the_machine_s(machine, tmp_path):
    options = ("--samples", 20, "--steps", 30, "--seed", 4)
    path = tmp_path / "s.npz"
    result = pbit("generate", machine, *options, "--json", "--output", path)
    record = json.loads(result.stdout)
    wanted = load_machine(machine).sample(20, n_steps=30, random_state=4)
    assert np.array(record["data"]).shape == (20, 4, 4)
    assert np.array_equal(np.array(record["data"]).reshape(20, 16), wanted)
    assert np.array_equal(read_data(path).spins > 0, wanted == 1)
    assert record["seed"] == 4 and record["labels"] is None


def test_large_seeds_differ_and_repeat(machine):
    def data(seed):
        given = ("--samples", 50, "--steps", 5, "--seed", seed, "--json")
        return json.loads(pbit("generate", machine, *given).stdout)["data"]

    assert data(2**63) == data(2**63) != data(2**63 + 1)


@pytest.mark.parametrize("suffix", ["npz", "npy", "csv"])
def test_what_is_written_can_be_read(machine, tmp_path, suffix):
    path = tmp_path / f"s.{suffix}"
    held = ("--label", 0, "--label", 1, "--samples", 4)
    assert pbit("generate", machine, *held, "--output", path).exit_code == 0
    data = read_data(path, labels="label" if suffix == "csv" else None)
    assert data.spins.shape == (8, 16)
    assert data.image_shape == (None if suffix == "csv" else (4, 4))
    if suffix != "npy":
        assert data.labels.tolist() == [0] * 4 + [1] * 4


def test_pictures(machine, tmp_path):
    png, plot = tmp_path / "s.png", tmp_path / "p.svg"
    result = pbit("generate", machine, "--output", png, "--plot", plot, "--samples", 12)
    assert result.exit_code == 0 and f"output      {png}\nplot        {plot}\n" in result.stdout
    with Image.open(png) as image:
        assert image.size == (13 * 49, 13 * 9)
        assert {0, 128, 255} == set(np.unique(np.asarray(image)))
    assert b"<svg" in plot.read_bytes()


def test_a_plot_without_a_name(machine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert pbit("generate", machine, "--plot").exit_code == 0
    assert (tmp_path / "samples.png").exists()


def test_rows_that_are_no_images(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("tail,fur,what\n" + "1,1,cat\n0,0,fish\n" * 40)
    assert train(table, tmp_path / "m", "--labels", "what").exit_code == 0
    path = tmp_path / "s.csv"
    result = pbit("generate", tmp_path / "m", "--label", "cat", "--samples", 2, "--beta", 5,
                  "--seed", 1, "--output", path)  # fmt: skip
    assert result.stdout == f"1,1\n1,1\nseed        1\noutput      {path}\n"
    assert path.read_text() == "tail,fur,label\n1,1,cat\n1,1,cat\n"
    for option, name in (("--plot", "a.png"), ("--output", "a.png")):
        refused = pbit("generate", tmp_path / "m", option, tmp_path / name)
        assert refused.exit_code == 2 and "rows that are no images" in refused.stderr


def test_a_machine_from_python(tmp_path):
    images, _ = bars()
    grey = 200.0 * images.reshape(-1, 16) + 20
    machine = RestrictedBoltzmannMachine(4, threshold=100, n_iter=5, random_state=1).fit(grey)
    save_machine(machine, tmp_path / "m")
    result = pbit("generate", tmp_path / "m", "--samples", 1)
    assert set(result.stdout.splitlines()[0]) <= set("01,") and result.exit_code == 0


# --- what is refused


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--label", "7"), 2, "--label 7: must be a class of"),
        (("--samples", 0), 2, "0 is not in the range x>=1"),
        (("--samples", 10**12), 5, "this machine has"),
        (("--beta", "inf"), 2, "--beta must be a finite number >= 0"),
        (("--output", "a.txt"), 2, "--output a.txt: the name must end in .npz, .npy, .csv, .png"),
        (("--plot", "a.txt"), 2, "--plot a.txt: the name must end in .png"),
    ],
)
def test_options_are_refused(machine, options, status, message):
    result = pbit("generate", machine, *options)
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr


def test_labels_of_a_machine_without(tmp_path):
    unlabelled = machine_of_bars(tmp_path, "--labels", "none")
    result = pbit("generate", unlabelled, "--label", 1)
    assert result.exit_code == 2 and "it was trained without labels" in result.stderr


def test_files_that_are_no_machines(machine, tmp_path):
    path = tmp_path / "m"
    path.write_bytes(machine.read_bytes()[:1000])
    result = pbit("generate", path)
    assert result.exit_code == 4 and "truncated or something else" in result.stderr
    write_tensors(path, {"kind": "rbm", "settings": {}}, {}, format="pbit-checkpoint")
    result = pbit("generate", path)
    assert result.exit_code == 4 and "pbit-machine" in result.stderr
    assert pbit("generate", tmp_path / "nothing").exit_code == 4
    memory, _ = memory_of(tmp_path)
    result = pbit("generate", memory)
    assert result.exit_code == 4 and "memories are asked with pbit recall" in result.stderr


def test_a_machine_of_another_version(machine, tmp_path):
    data = machine.read_bytes()
    assert data.count(b'\\"version\\": 1}') == 1
    (tmp_path / "m").write_bytes(data.replace(b'\\"version\\": 1}', b'\\"version\\": 9}'))
    result = pbit("generate", tmp_path / "m")
    assert result.exit_code == 4 and "is of version 9, expected 1" in result.stderr


def test_a_picture_without_pillow_is_refused_before(machine, monkeypatch, tmp_path):
    monkeypatch.setattr("pbit.cli.rows_file.find_spec", lambda name: None)
    result = pbit("generate", machine, "--output", tmp_path / "a.png")
    assert result.exit_code == 2 and "pip install 'pbit-emulator[learn]'" in result.stderr


# --- text


def test_halves_of_an_odd_image_and_of_two():
    image = np.array([[1, 0, 1], [0, 0, 1], [1, 1, 0]], np.uint8).reshape(1, 9)
    rows = ShownRows(np.repeat(image, 2, axis=0), (3, 3))
    assert text_of(rows) == "▀ █  ▀ █\n▀▀   ▀▀"


def test_terminals_without_blocks(monkeypatch):
    monkeypatch.setattr(rows_text, "_has_halves", lambda: False)
    assert text_of(ShownRows(np.eye(2, dtype=np.uint8).reshape(1, 4), (2, 2))) == "#.\n.#"


@pytest.mark.parametrize(("encoding", "has"), [("utf-8", True), ("ascii", False), (None, False)])
def test_blocks_are_printed_where_they_can_be(monkeypatch, encoding, has):
    class Stream:
        pass

    Stream.encoding = encoding
    monkeypatch.setattr(rows_text.sys, "stdout", Stream)
    assert rows_text._has_halves() == has


@pytest.mark.parametrize(("count", "shape"), [(300, (28, 28)), (7, (1, 90)), (500, None)])
def test_it_fits_a_terminal(count, shape):
    rows = ShownRows(
        np.ones((count, 784 if shape is None else shape[0] * shape[1]), np.uint8), shape
    )
    lines = text_of(rows).splitlines()
    assert max(map(len, lines)) <= 80 and len(lines) <= 60
    assert (lines[-1] == f"({count - 6} more: --output FILE or --json)") == (shape == (28, 28))


def test_a_mosaic_has_a_gap_between_images():
    assert mosaic(np.ones((3, 1, 1)), across=2).tolist() == [[1, 128, 1], [128] * 3, [1, 128, 128]]
