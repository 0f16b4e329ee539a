"""Files of machines: every number exact, and whatever is wrong with a file is said."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest
import safetensors.numpy

from fresh_registry import fresh
from pbit.formats.errors import FormatError
from pbit.problems import machines
from pbit.problems.learning import checked_array, read_machine, tensor_file, write_machine
from pbit.problems.machines import (
    MachineKind,
    load_machine,
    machine_kinds,
    register,
    save_machine,
)
from pbit.problems.machines.kinds import KNOWN

ARRAYS = {
    "weights": np.random.default_rng(1).normal(size=(3, 4)),
    "turned": np.arange(6.0).reshape(2, 3).T,
    "big": np.arange(3, dtype=">f8"),
    "single": np.array(0.1, dtype=np.float32),
    "half": np.array([0.5, -1], dtype=np.float16),
    "spins": np.array([-1, 1], dtype=np.int8),
    "counts": np.array([2**63 + 1], dtype=np.uint64),
    "mask": np.array([True, False]),
    "nothing": np.zeros((0, 3)),
}
WRITTEN = {
    name: array.astype(array.dtype.newbyteorder("=")).tobytes() for name, array in ARRAYS.items()
}
SETTINGS = {"beta": 0.1, "layers": [500, 500], "name": "é", "rule": None, "deep": {"a": [True]}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "machine.safetensors"


@pytest.fixture
def written(path):
    write_machine(path, "pair", arrays=ARRAYS, settings=SETTINGS)
    return path


def refused(path, message, read=read_machine, **options):
    with pytest.raises(FormatError, match=message):
        read(path, **options)


def test_every_number_comes_back(written):
    found = read_machine(written, "pair")
    assert (found.kind, found.version, found.settings) == ("pair", 1, SETTINGS)
    assert found.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        back = found.arrays[name]
        assert back.dtype == array.dtype.newbyteorder("=")
        assert back.shape == array.shape
        assert back.tobytes() == array.astype(back.dtype).tobytes()
        assert back.flags.writeable


def test_others_can_read_it(written):
    arrays = safetensors.numpy.load_file(written)
    assert np.array_equal(arrays["weights"], ARRAYS["weights"])
    with safetensors.safe_open(written, framework="numpy") as file:
        header = json.loads(file.metadata()["pbit-machine"])
    assert (header["version"], header["kind"]) == (1, "pair")
    assert header["settings"] == SETTINGS


def test_the_same_machine_gives_the_same_bytes(written, tmp_path):
    other = tmp_path / "other.safetensors"
    write_machine(other, "pair", arrays=dict(reversed(ARRAYS.items())), settings=SETTINGS)
    assert other.read_bytes() == written.read_bytes()


def test_all_or_nothing(written):
    before = written.read_bytes()
    with pytest.raises(ValueError, match=r"arrays\['word'\] must be an array of numbers"):
        write_machine(written, "pair", arrays={"word": ["a"]}, settings={})
    assert written.read_bytes() == before
    assert os.listdir(written.parent) == [written.name]


# Files that are something else


@pytest.mark.parametrize("length", [0, 1, 7, 8, 100, -1, -100])
def test_truncated(written, length):
    written.write_bytes(written.read_bytes()[:length])
    refused(written, "no valid file of safetensors .* it is truncated or something else")


@pytest.mark.parametrize("data", [b"PK\3\4" + bytes(99), b"\x80\x04\x95" + bytes(99), b"x" * 99])
def test_something_else(path, data):
    path.write_bytes(data)
    refused(path, "no valid file of safetensors")


def test_one_bit_wrong(written):
    data = bytearray(written.read_bytes())
    data[-5] ^= 1
    written.write_bytes(data)
    refused(written, "what it holds is not what was written: it is damaged")


def saved(path, **metadata):
    safetensors.numpy.save_file({"a": np.ones(2)}, path, metadata=metadata)


def ours(path, header):
    saved(path, **{"pbit-machine": header if isinstance(header, str) else json.dumps(header)})


def test_not_ours(path):
    saved(path)
    refused(path, "whose header has nothing, expected 'pbit-machine'; name a file that this prog")
    saved(path, format="pt")
    refused(path, "whose header has 'format', expected 'pbit-machine'")


def test_another_version(path):
    ours(path, {"version": 2, "pbit": "9.1"})
    refused(path, r"is of version 2, expected 1; read it with the pbit that wrote it \(9.1\), or")
    ours(path, {"version": "1"})
    refused(path, r"is of version '1', expected 1; read it with the pbit that wrote it \(unknown")


@pytest.mark.parametrize("header", ["{", "[1]", "[" * 100_000, "{}", "1"])
def test_a_damaged_header(path, header):
    ours(path, header)
    refused(path, "header '.*', expected a JSON object with a version; it is damaged")


def test_entries_of_the_header(path):
    tensor_file.write_tensors(path, {"kind": "pair"}, {}, format="pbit-machine")
    refused(path, "settings None in the header, expected a JSON object; it is damaged")
    tensor_file.write_tensors(path, {"kind": 3, "settings": {}}, {}, format="pbit-machine")
    refused(path, "kind 3 in the header, expected a text; it is damaged")
    refused(path, "kind 3 in the header", kind="pair")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_changed_is_seen(written, seed):
    """Of header and numbers; a blank that fills up the header to eight bytes may be any."""
    good, rng = written.read_bytes(), np.random.default_rng(seed)
    for _ in range(100):
        data = bytearray(good)
        data[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
        written.write_bytes(data)
        with suppress(FormatError):
            found = read_machine(written)
            assert (found.kind, found.settings) == ("pair", SETTINGS)
            assert {name: a.tobytes() for name, a in found.arrays.items()} == WRITTEN


def test_another_kind(written):
    refused(written, "is of kind 'pair', expected 'rbm'; name the right file", kind="rbm")


def test_no_file(path, tmp_path):
    with pytest.raises(FileNotFoundError):
        read_machine(path)
    with pytest.raises(IsADirectoryError):
        read_machine(tmp_path)


def test_no_memory(written, monkeypatch):
    from pbit import machine

    monkeypatch.setattr(machine, "memory_bytes", lambda: 10.0)
    with pytest.raises(MemoryError, match=r"the arrays in .* lower the size of the machine"):
        read_machine(written)


def test_without_safetensors(written, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    message = r"files of machines need safetensors: pip install 'pbit-emulator\[learn\]'"
    with pytest.raises(ImportError, match=message):
        read_machine(written)
    with pytest.raises(ImportError, match=message):
        write_machine(written, "pair", arrays={}, settings={})


# What a file has no place for


@pytest.mark.parametrize(
    "value", [(1, 2), np.ones(2), float("nan"), float("inf"), {1: 2}, {1, 2}, np.float32(0.1)]
)
def test_settings_that_do_not_come_back(path, value):
    with pytest.raises(ValueError, match=r"settings must hold what JSON gives back: .* got 'x':"):
        write_machine(path, "pair", arrays={}, settings={"x": value})
    assert not path.exists()


@pytest.mark.parametrize("array", [["a"], [None], [1j], np.array([1], dtype=np.longdouble)])
def test_arrays_that_are_no_numbers(path, array):
    with pytest.raises(ValueError, match=r"arrays\['x'\] must be an array of numbers or truth"):
        write_machine(path, "pair", arrays={"x": array}, settings={})


def test_bad_names(path):
    with pytest.raises(TypeError, match="names of arrays must be str, got 1"):
        write_machine(path, "pair", arrays={1: [1]}, settings={})
    for kind in ("", None):
        with pytest.raises(ValueError, match="kind must be the name of a kind of machines"):
            write_machine(path, kind, arrays={}, settings={})


# Machines


class Pair:
    """Two p-bits: the smallest machine there is."""

    def __init__(self, coupling, beta):
        self.coupling, self.beta = coupling, beta

    def to_arrays(self):
        return {"coupling": np.array([self.coupling])}, {"beta": self.beta}

    @classmethod
    def from_arrays(cls, arrays, settings):
        (coupling,) = checked_array(arrays, "coupling", dtype=np.float64, shape=(1,))
        return cls(float(coupling), settings["beta"])


@pytest.fixture
def pairs():
    with fresh(KNOWN, machines):
        yield register(MachineKind(name="pair", what="two p-bits", machine=Pair))


def test_a_machine_comes_back_as_what_it_was(path, pairs):
    save_machine(Pair(0.1, 2.0), path)
    back = load_machine(path)
    assert type(back) is Pair
    assert (back.coupling, back.beta) == (0.1, 2.0)
    assert machine_kinds()["pair"] == "two p-bits"


def test_another_machine_is_one_file(path, tmp_path):
    (tmp_path / "lone.py").write_text(
        "import numpy as np\n"
        "from pbit.problems.machines.kinds import MachineKind\n"
        "class Lone:\n"
        "    @classmethod\n"
        "    def from_arrays(cls, arrays, settings):\n"
        "        return 'a lone one'\n"
        "MACHINE = MachineKind(name='lone', what='one p-bit', machine=Lone)\n"
    )
    write_machine(path, "lone", arrays={}, settings={})
    with fresh(KNOWN, machines, tmp_path):
        assert load_machine(path) == "a lone one"
    with fresh(KNOWN, machines):
        refused(path, "a machine of kind 'lone', expected one of .*; import", load_machine)


def test_kinds_have_names_of_their_own(pairs):
    with pytest.raises(ValueError, match="name must be new, got 'pair'"):
        register(MachineKind(name="pair", what="another", machine=Pair))


def test_no_machine(path, pairs):
    with pytest.raises(TypeError, match=r"must be of a known kind \(.*pair.*\), got object"):
        save_machine(object(), path)


@pytest.mark.parametrize(
    ("arrays", "settings", "message"),
    [
        ({}, {"beta": 1}, "arrays must have 'coupling', got none"),
        ({"J": np.ones(1)}, {"beta": 1}, "arrays must have 'coupling', got 'J'"),
        (
            {"coupling": np.ones(2)},
            {},
            r"must be float64 of shape \(1\), got float64 of shape \(2",
        ),
        ({"coupling": np.ones((1, 1))}, {}, r"got float64 of shape \(1, 1\)"),
        ({"coupling": np.ones(1, dtype=np.float32)}, {}, "got float32 of shape"),
        ({"coupling": np.array([np.nan])}, {}, "must be finite, got NaN or infinity"),
        ({"coupling": np.ones(1)}, {}, "no 'beta'; train it again"),
    ],
)
def test_arrays_that_do_not_fit(path, pairs, arrays, settings, message):
    write_machine(path, "pair", arrays=arrays, settings=settings)
    refused(path, f"does not fit a machine of kind 'pair': .*{message}", load_machine)


def test_any_length():
    arrays = {"x": np.ones((3, 2))}
    assert checked_array(arrays, "x", dtype=float, shape=(None, 2)).shape == (3, 2)
    with pytest.raises(ValueError, match=r"of shape \(any, 3\), got float64 of shape \(3, 2\)"):
        checked_array(arrays, "x", dtype=float, shape=(None, 3))


def test_version_is_that_of_the_layout():
    assert tensor_file.VERSION == 1


def test_the_mode_is_that_of_any_file(written):
    before = os.umask(0)
    os.umask(before)
    assert written.stat().st_mode & 0o777 == 0o666 & ~before
    written.chmod(0o640)
    write_machine(written, "pair", arrays=ARRAYS, settings=SETTINGS)
    assert written.stat().st_mode & 0o777 == 0o640


def test_the_file_that_is_synced_is_the_one_that_stays(path, monkeypatch):
    synced = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(os.fstat(handle)), sync(handle)))
    write_machine(path, "pair", arrays=ARRAYS, settings=SETTINGS)
    assert (path.stat().st_ino, path.stat().st_size) in [(s.st_ino, s.st_size) for s in synced]


def test_killed_while_writing(written):
    """The file that was there stays whole, and the temporary goes with the next writing."""
    before = written.read_bytes()
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pbit.problems.learning import write_machine\n"
        "import numpy as np\n"
        "def half(path, data):\n"
        "    open(path, 'wb').write(data[:9])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "Path.write_bytes = half\n"
        "write_machine(sys.argv[1], 'pair', arrays={'x': np.ones(9)}, settings={})\n"
    )
    done = subprocess.run([sys.executable, "-c", script, written])
    assert done.returncode == -signal.SIGKILL
    assert written.read_bytes() == before
    assert len(os.listdir(written.parent)) == 2
    write_machine(written, "pair", arrays={}, settings={})
    assert os.listdir(written.parent) == [written.name]
