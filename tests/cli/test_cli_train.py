"""The train command: what it learns, writes and tells, and how it ends."""

import json
import os
import signal
import sys

import numpy as np
import pytest

from cases import some
from pbit.cli import training
from pbit.cli.running import Bar, Interrupt
from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.machines import load_machine
from processes import Started
from trained import bars, memory_of, pbit, train, written

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")


@pytest.fixture
def data(tmp_path):
    return written(tmp_path / "bars.npz")


def untimed(text):
    return [line for line in text.splitlines() if not line.startswith("time ")]


def test_a_machine_is_trained_and_told_of(data, tmp_path):
    path = tmp_path / "m.safetensors"
    result = train(data, path, "--test", data)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = untimed(result.stdout)
    assert lines[:4] == [
        "model              rbm, 12 hidden p-bits",
        "rows               120 of 16 columns",
        "classes            2",
        "epochs             40",
    ]
    assert lines[4].startswith("pseudo-likelihood  -") and lines[4].endswith("labels included")
    assert lines[5] == "accuracy           1.0000, of 120 training rows"
    assert lines[6] == "test accuracy      1.0000, of 120 test rows"
    assert lines[7:] == ["seed               1", f"output             {path}"]
    machine = load_machine(path)
    assert machine.learnt_from_.image_shape == (4, 4)
    images, stands = bars()
    assert (machine.predict(images.reshape(-1, 16)) == stands).all()


def test_the_file_is_what_the_estimator_learns(data, tmp_path):
    train(data, tmp_path / "m")
    images, stands = bars()
    machine = RestrictedBoltzmannMachine(
        12, n_iter=40, learning_rate=0.1, batch_size=20, random_state=1
    ).fit(images.reshape(-1, 16), stands)
    found = load_machine(tmp_path / "m").machine_.parameters
    assert all(
        np.array_equal(a, b) for a, b in zip(machine.machine_.parameters, found, strict=True)
    )


def test_json_has_it_all(data, tmp_path):
    record = json.loads(train(data, tmp_path / "m", "--json", "--test", data).stdout)
    assert record["model"] == "rbm" and record["seed"] == 1 and record["epochs"] == 40
    assert record["classes"] == [0, 1] and len(record["history"]) == 40
    assert record["training"] == {"file": str(data), "rows": 120, "accuracy": 1.0}
    assert record["test"]["accuracy"] == 1.0 and record["stop_reason"] == "completed"
    assert record["options"]["learning_rate"] == 0.1 and "momentum" not in record["options"]
    assert record["pseudo_likelihood"] == record["history"][-1]["pseudo_likelihood"]


def test_without_labels_the_score_is_a_likelihood(data, tmp_path):
    result = train(data, tmp_path / "m", "--labels", "none", "--test", data, "--json")
    record = json.loads(result.stdout)
    assert record["classes"] == [] and -5 < record["test"]["pseudo_likelihood"] < 0
    told = train(data, tmp_path / "m", "--labels", "none", "--test", data).stdout
    assert "test PL " in told and "accuracy" not in told


@pytest.mark.parametrize(
    "options",
    [
        ("--model", "dbm", "--hidden", "8,4", "--steps", 2, "--chains", 10),
        ("--model", "boltzmann", "--hidden", 2, "--negative", "cd", "--conditional", 0.5),
        ("--adaptive", "--conditional", 1, "--learning-rate", "0.01"),
        ("--negative", "tempered", "--rungs", 3, "--momentum", 0, "--weight-decay", 0.001),
        ("--negative", "population", "--label-copies", 2, "--learning-rate", "0.1,0.01"),
    ],
)
def test_other_machines_and_phases(data, tmp_path, options):
    result = train(data, tmp_path / "m", "--epochs", 2, *options)
    assert result.exit_code == 0, result.output
    machine = load_machine(tmp_path / "m")
    assert machine.n_iter_ == 2 and machine.classes_.tolist() == [0, 1]
    assert machine.conditional == (options[options.index("--conditional") + 1]
                                   if "--conditional" in options else 0)  # fmt: skip
    assert machine.adaptive == ("--adaptive" in options)


def test_a_graph(data, tmp_path):
    graph = tmp_path / "ring.txt"
    graph.write_text("25 25\n" + "".join(f"{k} {k % 25 + 1} 1\n" for k in range(1, 26)))
    result = pbit("train", data, "--model", "boltzmann", "--graph", graph, "--epochs", 1,
                  "--output", tmp_path / "m")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert load_machine(tmp_path / "m").machine_.layout.edges.shape == (2, 25)
    assert "model              boltzmann, 7 hidden p-bits" in result.stdout
    assert result.stderr.splitlines()[0] == f"{data}: 120 rows of 16 columns with labels"
    graph.write_text("17 1\n1 2 1\n")
    result = pbit("train", data, "--model", "boltzmann", "--graph", graph, "--output",
                  tmp_path / "m")  # fmt: skip
    assert result.exit_code == 2
    assert "--graph must have a p-bit for each of 18 features and label units, got 17" in (
        result.stderr
    )


def test_a_memory(tmp_path):
    path, images = memory_of(tmp_path)
    assert load_machine(path).predict(images.reshape(3, 16)).tolist() == (
        images.reshape(3, 16).tolist()
    )
    result = pbit("train", tmp_path / "patterns.npz", "--model", "hopfield", "--rule", "hebb",
                  "--output", path, "--test", tmp_path / "patterns.npz")  # fmt: skip
    assert "of 3 patterns\n" in result.stdout and "of 3 test rows\n" in result.stdout


def test_a_memory_of_too_many_patterns_is_told(data, tmp_path):
    rows = tmp_path / "all.csv"
    rows.write_text("0,0\n0,1\n1,0\n1,1\n")
    result = pbit("train", rows, "--model", "hopfield", "--output", tmp_path / "m")
    assert result.exit_code == 0 and "note: 4 patterns span all 2 pixels" in result.stderr
    quiet = pbit("train", rows, "--model", "hopfield", "--output", tmp_path / "m", "--quiet")
    assert (quiet.exit_code, quiet.stderr) == (0, "")


def test_words_and_files_of_labels(tmp_path):
    table, beside = tmp_path / "t.csv", tmp_path / "labels.npy"
    table.write_text("tail,fur,what\n1,1,cat\n1,0,fish\n0,1,bear\n")
    assert train(table, tmp_path / "m", "--labels", "what").exit_code == 0
    machine = load_machine(tmp_path / "m")
    assert machine.classes_.tolist() == ["bear", "cat", "fish"]
    assert machine.learnt_from_.names == ("tail", "fur")
    table.write_text("1,1\n1,0\n0,1\n")
    np.save(beside, np.array([4, 5, 4]))
    assert train(table, tmp_path / "m", "--labels", beside, "--test", table).exit_code == 0
    assert load_machine(tmp_path / "m").classes_.tolist() == [4, 5]


# --- a training that stops and goes on


def test_resumed_to_the_same_bits(data, tmp_path):
    kept = ("--checkpoint", tmp_path / "run")
    train(data, tmp_path / "whole")
    train(data, tmp_path / "part", "--epochs", 15, *kept)
    again = pbit("train", data, "--output", tmp_path / "again", "--hidden", 12, "--epochs", 40,
                 "--learning-rate", 0.1, "--batch-size", 20, "--resume", *kept)  # fmt: skip
    assert again.exit_code == 0, again.output
    whole, found = (load_machine(tmp_path / name) for name in ("whole", "again"))
    for a, b in zip(whole.machine_.parameters, found.machine_.parameters, strict=True):
        assert np.array_equal(a, b)
    done = train(data, tmp_path / "done", "--resume", *kept)
    assert (
        done.exit_code == 0
        and (tmp_path / "done").read_bytes() == (tmp_path / "again").read_bytes()
    )
    other = train(data, tmp_path / "other", "--resume", *kept, "--momentum", 0.1)
    assert other.exit_code == 4 and "momentum = 0.5, expected momentum = 0.1" in other.stderr
    (tmp_path / "run").write_bytes(b"something else")
    for seed in (("--seed", 1), ()):
        refused = pbit("train", data, "--output", tmp_path / "x", "--resume", *kept, *seed)
        assert refused.exit_code == 4 and "run: no valid file of safetensors" in refused.stderr
    first = train(data, tmp_path / "x", "--resume", "--checkpoint", tmp_path / "new")
    assert first.exit_code == 0 and (tmp_path / "new").exists()


@posix
@pytest.mark.parametrize("number", some([signal.SIGINT, signal.SIGTERM], signal.SIGTERM))
def test_a_signal_keeps_the_last_whole_epoch(data, tmp_path, number):
    path = tmp_path / "m"
    many = ("--output", path, "--epochs", 10**6, "--quiet", "--json", "--seed", 1)
    process = Started("train", data, *many)
    process.wait_for("shown", enough=lambda fraction: fraction > 3e-6)
    stdout, stderr = process.press(number)
    assert (process.returncode, stderr) == (130, "")
    record = json.loads(stdout)
    assert record["stop_reason"] == "interrupted" and record["epochs"] >= 3
    machine = load_machine(path)
    assert machine.n_iter_ == record["epochs"] == len(machine.history_)


@posix
def test_a_signal_before_an_epoch_is_done_writes_nothing(tmp_path):
    large, path = tmp_path / "large.npz", tmp_path / "m"
    np.savez(large, data=np.zeros((200_000, 8), np.uint8))
    process = Started("train", large, "--output", path, "--batch-size", 1, "--quiet")
    process.wait_for("shown")
    stdout, stderr = process.press()
    assert (process.returncode, stdout) == (130, "")
    assert stderr == "interrupted before an epoch was done: nothing is written\n"
    assert not path.exists()


def task_of_bars(num_epochs):
    images, stands = bars()
    machine = RestrictedBoltzmannMachine(4, n_iter=num_epochs, verbose=1, random_state=1)
    machine.learnt_from_ = None
    rows = training.Examples("bars", images.reshape(-1, 16), stands)
    return training.Course(machine, rows, test=rows)


def test_what_is_kept_is_a_whole_epoch_bit_for_bit():
    """Stopped in the middle of the third epoch, it is the machine of two."""
    interrupt, shown = Interrupt(), []

    class Watched(Bar):
        def show(self, fraction, text):
            shown.append(text)
            if text.startswith("epoch 3/9") and "left" in text and fraction > 2 / 9 + 0.05:
                interrupt._handle(signal.SIGINT, None)

    outcome = training.train_machine(task_of_bars(9), interrupt, Watched(quiet=True), lambda: 0.0)
    assert outcome.stopped and outcome.scores == {} and outcome.machine.n_iter_ == 2
    images, stands = bars()
    two = RestrictedBoltzmannMachine(4, n_iter=2, random_state=1).fit(
        images.reshape(-1, 16), stands
    )
    for a, b in zip(outcome.machine.machine_.parameters, two.machine_.parameters, strict=True):
        assert np.array_equal(a, b)
    assert len(outcome.machine.history_) == 2


def test_the_bar_tells_how_long_it_takes():
    """A clock that goes on by a second at every look: time left is in proportion."""
    shown, ticks = [], iter(range(10**6))

    class Watched(Bar):
        def show(self, fraction, text):
            shown.append((fraction, text))

    outcome = training.train_machine(
        task_of_bars(2), Interrupt(), Watched(quiet=True), lambda: float(next(ticks))
    )
    assert not outcome.stopped and outcome.scores["test"] > 0
    first, second = shown[:2]
    last = [told for told in shown if "left" in told[1]][-1]
    assert (first, second) == ((0.25, "epoch 1/2"), (0.5, "epoch 1/2, 2 s left"))
    assert (
        last[0] == 1.0 and last[1].startswith("epoch 2/2, PL -") and last[1].endswith(" 0 s left")
    )
    assert max(len(text) for _, text in shown) <= 36


def test_a_signal_while_rows_are_scored():
    interrupt = Interrupt()

    class Watched(Bar):
        def show(self, fraction, text):
            if text == "training rows":
                interrupt._handle(signal.SIGINT, None)

    outcome = training.train_machine(task_of_bars(2), interrupt, Watched(quiet=True))
    assert outcome.stopped and outcome.scores == {} and outcome.machine.n_iter_ == 2


# --- what is refused


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--hidden", 0), 2, "--hidden must be >= 1, got 0"),
        (("--hidden", "4,4"), 2, "--hidden takes several numbers with --model dbm alone"),
        (("--hidden", "4,x"), 2, "'x' is not a valid integer"),
        (("--momentum", 2), 2, "--momentum must be >= 0 and < 1, got 2.0"),
        (("--learning-rate", "-1"), 2, "--learning-rate must be > 0, got -1.0"),
        (("--learning-rate", "1,2,3"), 2, "--learning-rate must be at most 2 numbers, got 3"),
        (("--resume",), 2, "--resume needs --checkpoint FILE"),
        (("--rule", "hebb"), 2, "--rule and --model rbm exclude each other"),
        (("--graph", "x"), 2, "--graph and --model rbm exclude each other"),
        (("--model", "nope"), 2, "'nope' is not one of 'rbm', 'dbm', 'boltzmann', 'hopfield'"),
        (("--threshold", "nan"), 2, "--threshold must be a finite number"),
        (("--labels", "nope"), 4, "no array 'nope', expected one of 'data', 'labels'"),
        (("--test", "nothing.npz"), 4, "nothing.npz: No such file"),
        (("--hidden", 2 * 10**9), 5, "lower --hidden"),
        (("--model", "boltzmann", "--hidden", 10**6), 5, "lower --hidden"),
    ],
)  # fmt: skip
def test_options_are_refused(data, tmp_path, options, status, message):
    result = train(data, tmp_path / "m", *options)
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr
    assert not (tmp_path / "m").exists()


def test_a_memory_has_no_epochs(data, tmp_path):
    hopfield = ("--model", "hopfield", "--output", tmp_path / "m")
    for option in ("--epochs", "--hidden", "--label-copies"):
        result = pbit("train", data, *hopfield, option, 3)
        assert result.exit_code == 2
        assert f"{option} and --model hopfield exclude each other" in result.stderr
    result = pbit("train", data, *hopfield, "--labels", "labels")
    assert "--labels and --model hopfield exclude each other" in result.stderr


def test_an_output_is_needed_and_is_no_input(data):
    result = pbit("train", data)
    assert result.exit_code == 2 and "give --output FILE" in result.stderr
    assert "DATA and --output name the same file" in pbit("train", data, "--output", data).stderr
    both = pbit("train", "-", "--output", "m", "--test", "-")
    assert both.exit_code == 2 and "standard input can be read once" in both.stderr


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0.1, 0.9]], "--threshold"),
        ([[0, 1], [1, np.nan]], "NaN"),
        (np.zeros((0, 4)), "empty set of shape (0, 4), expected rows"),
        ([["a", "b"]], "expected"),
    ],
)
def test_data_are_refused(tmp_path, values, message):
    path = tmp_path / "bad.npz"
    np.savez(path, data=np.array(values))
    result = train(path, tmp_path / "m")
    assert result.exit_code == 4 and message in result.stderr
    assert not (tmp_path / "m").exists()


def test_patterns_beyond_all_numbers_are_refused(tmp_path):
    rows = np.random.default_rng(1).integers(0, 2, (20_000, 6))
    np.savez(tmp_path / "many.npz", data=rows)
    result = pbit("train", tmp_path / "many.npz", "--model", "hopfield", "--rule", "storkey",
                  "--output", tmp_path / "m")  # fmt: skip
    assert result.exit_code == 4 and "must have fewer patterns for 6 pixels" in result.stderr


def test_missing_extras_are_told(data, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    result = train(data, tmp_path / "m", "--epochs", 1)
    assert result.exit_code == 2 and "pip install 'pbit-emulator[learn]'" in result.stderr


def test_a_disk_that_is_full_is_told(data, tmp_path, monkeypatch):
    from pbit.problems import machines

    def full(machine, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(machines, "save_machine", full)
    result = train(data, tmp_path / "m", "--epochs", 1)
    assert result.exit_code == 1 and "m: No space left on device" in result.stderr


def test_a_checkpoint_that_cannot_be_written_is_told(data, tmp_path, monkeypatch):
    from pbit.problems.learning import checkpoint

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "write_tensors", full)
    result = train(data, tmp_path / "m", "--checkpoint", tmp_path / "run")
    assert result.exit_code == 1 and "run: No space left on device" in result.stderr
