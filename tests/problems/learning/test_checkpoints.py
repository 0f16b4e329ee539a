"""Checkpoints: a killed training goes on as if it had not been, or says why it does not."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import walk
from pbit.formats.errors import FormatError
from pbit.problems.learning import Checkpoint, read_machine, write_machine
from pbit.problems.learning.digest import digest_of

DATA = {"spins": np.ones((4, 3), dtype=np.int8), "labels": None}
SETTINGS = {"learning_rate": 0.1, "seed": 1}


def checkpoint(path, kind="rbm", settings=SETTINGS, data=DATA):
    return Checkpoint(path, kind, settings=settings, data=data)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.safetensors"


def test_nothing_to_resume(path):
    assert checkpoint(path).resume() is None


def test_the_state_comes_back_bit_for_bit(path):
    rng = np.random.default_rng(1)
    arrays = {
        "weights": rng.normal(size=(5, 7)),
        "momenta": rng.normal(size=(5, 7)).astype(np.float32),
        "chains": rng.choice(np.array([-1, 1], dtype=np.int8), (3, 12)),
        "strange": np.array([np.nan, np.inf, -0.0, 5e-324]),
    }
    progress = {"epoch": 3, "curve": [0.1, 1 / 3], "best": None}
    checkpoint(path).save(arrays, progress)
    saved = checkpoint(path).resume()
    assert saved.progress == progress
    for name, array in arrays.items():
        assert saved.arrays[name].dtype == array.dtype
        assert saved.arrays[name].tobytes() == array.tobytes()


def test_only_the_last_state_is_kept(path):
    run = checkpoint(path)
    for epoch in range(3):
        run.save({"w": np.full(2, epoch)}, {"epoch": epoch})
    assert run.resume().progress == {"epoch": 2}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"kind": "dbm"}, "is of kind 'rbm', expected 'dbm'"),
        (
            {"settings": SETTINGS | {"learning_rate": 0.05}},
            "this training began with learning_rate = 0.1, expected learning_rate = 0.05: going on "
            "would give a run of neither; go on as it began, or start anew with another file",
        ),
        ({"settings": SETTINGS | {"decay": None}}, "began with no decay, expected decay = None:"),
        ({"settings": {"seed": 1}}, "began with learning_rate = 0.1, expected no learning_rate:"),
        (
            {"settings": {"a": 1, "b": 1, "c": 1, "d": 1}},
            "began with no a, no b, no c, expected a = 1, b = 1, c = 1:",
        ),
        (
            {"data": DATA | {"spins": -DATA["spins"]}},
            r"began with other data \(digest ........\), ",
        ),
        ({"data": DATA | {"labels": np.zeros(4)}}, "other data"),
        ({"data": DATA | {"spins": DATA["spins"].T.copy()}}, "other data"),
        ({"data": DATA | {"spins": DATA["spins"].astype(float)}}, "other data"),
    ],
)
def test_another_run_is_refused(path, other, message):
    checkpoint(path).save({"w": np.zeros(2)}, {})
    with pytest.raises(FormatError, match=message):
        checkpoint(path, **other).resume()


def test_another_layout_of_random_numbers_is_refused(path, monkeypatch):
    checkpoint(path).save({"w": np.zeros(2)}, {})
    monkeypatch.setattr("pbit.problems.learning.checkpoint.LAYOUT", 3)
    with pytest.raises(FormatError, match="random numbers in layout 2, expected layout 3"):
        checkpoint(path).resume()


def test_a_machine_is_no_checkpoint(path):
    write_machine(path, "rbm", arrays={}, settings={})
    with pytest.raises(FormatError, match="header has 'pbit-machine', expected 'pbit-checkpoint'"):
        checkpoint(path).resume()
    checkpoint(path).save({}, {})
    with pytest.raises(FormatError, match="header has 'pbit-checkpoint', expected 'pbit-machine'"):
        read_machine(path)


def test_truncated(path):
    checkpoint(path).save({"w": np.zeros(9)}, {})
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(FormatError, match="it is truncated or something else"):
        checkpoint(path).resume()


def test_what_has_no_place(path):
    with pytest.raises(ValueError, match=r"data\['x'\] must be an array of numbers or"):
        checkpoint(path, data={"x": ["a"]})
    with pytest.raises(ValueError, match="settings must hold what JSON gives back"):
        checkpoint(path, settings={"x": (1,)})
    with pytest.raises(ValueError, match="progress must hold what JSON gives back"):
        checkpoint(path).save({}, {"x": np.int64(1)})


def test_digests_do_not_depend_on_how_arrays_lie_in_memory():
    array = np.arange(6.0).reshape(2, 3)
    same = [array, np.asfortranarray(array), array.astype(">f8"), np.repeat(array, 2, 1)[:, ::2]]
    assert len({digest_of({"x": one}, "data") for one in same}) == 1
    assert digest_of({"x": array}, "data") != digest_of({"y": array}, "data")
    assert digest_of({}, "data") != digest_of({"x": None}, "data")


def killed(path, *, delay):
    """Epochs that a training told of as saved before kill -9, at a moment of no choice."""
    command = [sys.executable, walk.__file__, str(path), "100000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    told = (first + process.stdout.read()).split()
    assert process.wait() == -signal.SIGKILL
    return int(told[-1])


def test_killed_and_resumed_is_as_never_killed(path, tmp_path):
    """It loses the epoch that ran, at most."""
    for delay in (0.0, 0.023):
        told = killed(path, delay=delay)
        saved = walk.checkpoint(path).resume()
        assert saved.progress["epoch"] in (told, told + 1)
    epochs = saved.progress["epoch"] + 2
    resumed = walk.walk(path, epochs)
    whole = walk.walk(tmp_path / "whole.safetensors", epochs)
    assert resumed.progress == whole.progress == {"epoch": epochs}
    for name, array in whole.arrays.items():
        assert resumed.arrays[name].tobytes() == array.tobytes()


def test_control_a_chain_that_starts_anew_is_seen(path, tmp_path):
    """The state of the chain matters: without it the run is another one."""
    whole = walk.walk(tmp_path / "whole.safetensors", 6)
    saved = walk.walk(path, 3)
    walk.checkpoint(path).save(saved.arrays | {"chain": np.full(1, 0.3)}, saved.progress)
    assert not np.array_equal(walk.walk(path, 6).arrays["weights"], whole.arrays["weights"])
