"""What is known of the data of a machine comes back with it."""

import pytest

from pbit.formats.errors import FormatError
from pbit.problems.hopfield import HopfieldMemory
from pbit.problems.learning import Checkpoint, LearntFrom, read_machine, write_machine
from pbit.problems.learning.checkpoint import kept_settings
from pbit.problems.machines import load_machine, save_machine

ROWS = [[1, 1, 1, 0, 0, 0], [1, 0, 1, 0, 1, 0]]
ABOUT = LearntFrom((2, 3), 0.5, ("a", "b", "c", "d", "e", "f"))


@pytest.fixture
def path(tmp_path):
    memory = HopfieldMemory().fit(ROWS)
    memory.learnt_from_ = ABOUT
    save_machine(memory, tmp_path / "m")
    return tmp_path / "m"


def test_it_comes_back(path):
    assert load_machine(path).learnt_from_ == ABOUT


def test_a_machine_without(tmp_path):
    save_machine(HopfieldMemory().fit(ROWS), tmp_path / "m")
    assert not hasattr(load_machine(tmp_path / "m"), "learnt_from_")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"image_shape": [2, 2]}, "image_shape must be of 6 columns, got 4"),
        ({"names": ["a"]}, "names must be of 6 columns, got 1"),
        ({"image_shape": [6]}, "does not fit a machine of kind 'hopfield'"),
    ],
)
def test_what_does_not_fit_the_machine_is_refused(path, changed, message):
    file = read_machine(path)
    settings = file.settings | {"learnt_from": ABOUT.to_settings() | changed}
    write_machine(path, file.kind, arrays=file.arrays, settings=settings)
    with pytest.raises(FormatError, match=message):
        load_machine(path)


def test_settings_of_a_checkpoint(tmp_path):
    path = tmp_path / "run"
    assert kept_settings(path) is None
    Checkpoint(path, "rbm", settings={"random_state": 7}, data={}).save({}, {"history": []})
    assert kept_settings(path) == {"random_state": 7}
    path.write_bytes(b"else")
    with pytest.raises(FormatError, match="safetensors"):
        kept_settings(path)
