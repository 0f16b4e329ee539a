"""Several problems in a file: archives, stacks of matrices, tables; and files that would harm."""

import gzip
import io
import itertools
import pickle
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import io as scipy_io
from scipy import sparse

from pbit.formats import FormatError, read
from pbit.formats.archive import unpack
from pbit.formats.selection import choose, split_source
from pbit.problems.core.reading import problem_of

RUDY = b"3 2\n1 2 1.5\n2 3 -1\n"
MATRIX = np.array([[0, 1.5, 0], [1.5, 0, -1], [0, -1, 0]])


def npy(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def mat(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    scipy_io.savemat(stream, arrays, do_compression=True)
    return stream.getvalue()


def tar(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def entries(contents: Any) -> set[tuple[int, int, float]]:
    table = zip(
        contents.rows.tolist(), contents.cols.tolist(), contents.values.tolist(), strict=True
    )
    return {(min(i, j), max(i, j), value) for i, j, value in table}


def from_file(folder: Path, data: bytes, wanted: str = "", **options: Any) -> Any:
    path = folder / "data.bin"
    path.write_bytes(data)
    return read(f"{path}{wanted}", **options)


def refuse(folder: Path, data: bytes, part: str, wanted: str = "", **options: Any) -> None:
    with pytest.raises(FormatError) as caught:
        from_file(folder, data, wanted, **options)
    assert part in str(caught.value), str(caught.value)


SAME = {(0, 1, 1.5), (1, 2, -1.0)}


@pytest.mark.parametrize(
    "data",
    [
        npy(MATRIX),
        npy(np.asfortranarray(MATRIX)),
        npy(np.triu(MATRIX)),
        npy(np.tril(MATRIX)),
        npy(MATRIX.astype(np.float32)),
        npz(J=MATRIX, ground=np.array([1.0])),
        mat(J=MATRIX, ground=np.array([[1.0]])),
        mat(J=sparse.csc_matrix(MATRIX)),
        gzip.compress(npy(MATRIX), mtime=0),
        tar(one=RUDY),
        gzip.compress(tar(one=gzip.compress(RUDY, mtime=0)), mtime=0),
        zipped(one=RUDY),
        tar(one=npy(MATRIX)),
        zipped(one=tar(two=RUDY)),
        b"(1,2)   1.5\n(2,3)   -1\n",
        b"   (1,2)       1.5000\n   (2,3)      -1.0000\n",
        b"1.0000000e+00 2.0000000e+00 1.5\n2.0000000e+00 3.0000000e+00 -1.0000000e+00\n",
    ],
    ids=(f"file {k}" for k in itertools.count()),  # the bytes hold the time
)
def test_every_wrapping_gives_the_same_graph(tmp_path: Path, data: bytes) -> None:
    contents = from_file(tmp_path, data)
    assert (contents.kind, contents.num_variables) == ("graph", 3)
    assert entries(contents) == SAME


@pytest.mark.parametrize(
    "data, wanted",
    [
        (npy(np.stack([0 * MATRIX, MATRIX])), "#1"),
        (npz(a=0 * MATRIX, b=MATRIX), "#b"),
        (npz(a=MATRIX, b=np.stack([MATRIX, 0 * MATRIX])), "#b/0"),
        (mat(J=np.stack([0 * MATRIX, MATRIX])), "#1"),
        (tar(**{"set/a.mc": b"2 1\n1 2 1\n", "set/b.mc": RUDY}), "#b"),
        (tar(**{"set/a.mc": b"2 1\n1 2 1\n", "set/b.mc": RUDY}), "#b.mc"),
        (tar(**{"set/a.mc": b"2 1\n1 2 1\n", "set/b.mc": RUDY}), "#set/b.mc"),
        (zipped(**{"a.npy": npy(0 * MATRIX), "b.txt": RUDY}), "#b.txt"),
        (tar(**{"a.npz": npz(x=0 * MATRIX, y=MATRIX), "b": RUDY}), "#a.npz#y"),
    ],
)
def test_one_of_several_is_chosen(tmp_path: Path, data: bytes, wanted: str) -> None:
    contents = from_file(tmp_path, data, wanted)
    assert entries(contents) == SAME
    assert contents.name.endswith(wanted) or contents.name.endswith("set/b.mc")
    refuse(tmp_path, data, "expected the name of one of")


def test_glasses(tmp_path: Path) -> None:
    data = npz(
        edges=np.array([[0, 1], [1, 2]]),
        J_sign=np.array([[1, 1], [-1, 1]], dtype=np.int8),
        instance_id=np.array([4, 9]),
    )
    contents = from_file(tmp_path, data, "#9")
    assert (contents.format, contents.kind) == ("glasses", "ising")
    problem = problem_of(contents)
    assert problem.objective(np.array([1, -1, -1])) == -2.0
    assert np.array_equal(problem.model.J.toarray(), [[0, -1, 0], [-1, 0, 1], [0, 1, 0]])


def test_fields_come_from_h(tmp_path: Path) -> None:
    contents = from_file(tmp_path, npz(J=MATRIX, h=np.array([0.5, 0, 0])))
    assert entries(contents) == SAME | {(0, 0, 0.5)}
    with pytest.raises(ValueError, match="has a field on vertex 0"):
        problem_of(contents, "maxcut")
    with pytest.raises(ValueError, match="give format='qubo-matrix'"):
        problem_of(contents, "qubo")
    assert "fields from the array h" in contents.notes


def test_qubo_matrix_is_the_quadratic_form(tmp_path: Path) -> None:
    Q = np.random.default_rng(1).normal(size=(4, 4))
    problem = problem_of(from_file(tmp_path, npy(Q), format="qubo-matrix"))
    for k in range(16):
        x = k >> np.arange(4) & 1
        assert problem.objective(x) == pytest.approx(float(x @ Q @ x))


def test_a_hash_in_the_name_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a#1.txt"
    path.write_bytes(RUDY)
    assert read(path).num_variables == 3
    assert split_source(f"{path}#2") == (str(path), "2")
    assert split_source("missing#2#3") == ("missing", "2#3")
    with pytest.raises(FileNotFoundError):
        read("missing#2")


def test_choose_refuses() -> None:
    with pytest.raises(FormatError, match=r"2 instances are called 'a', expected one: x/a, y/a\.b"):
        choose(["x/a", "y/a.b"], "a", "F")
    with pytest.raises(FormatError, match="no instance 'c', expected one of a, b; correct it"):
        choose(["a", "b"], "c", "F")
    with pytest.raises(FormatError, match=r"no instance 'a18', .*\(near it: a8, a1, a17\)"):
        choose([f"x/a{k}" for k in range(1, 18)], "a18", "F")
    with pytest.raises(FormatError, match=r"holds 8 instances, .* 0, 1, 2, 3, 4, \.\.\., 7; write"):
        choose([str(k) for k in range(8)], None, "F")


def test_one_problem_has_no_instances(tmp_path: Path) -> None:
    refuse(tmp_path, RUDY, "holds one problem, expected no instance, got '1'", "#1")
    refuse(tmp_path, tar(a=RUDY), "holds one problem", "#a#1")


def pickled() -> bytes:
    """An array of objects: reading it with pickle would run what is in it."""
    return npy(np.array([print], dtype=object), allow_pickle=True)


def header(shape: str) -> bytes:
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    "data, part",
    [
        (pickled(), "holds pickled Python objects, expected numbers"),
        (npz(J=MATRIX)[:-30], "damaged archive"),
        (zipped(**{"J.npy": pickled()}), "holds pickled Python objects"),
        (pickle.dumps({"J": 1}), "text"),
        (header("(100000, 100000)"), "needs 80000000000 bytes, the file has 0"),
        (header("(-1, -1)"), "needs 8 bytes"),
        (header("(10 ** 9,)"), "no valid header of a NumPy array"),
        (header("('a',)"), "no valid header of a NumPy array"),
        (b"\x93NUMPY\x09\x00" + bytes(100), "no valid header of a NumPy array"),
        (npy(MATRIX)[:-8], "it is truncated or its header wrong"),
        (npy(np.zeros((0, 0))), "no square matrix"),
        (npy(np.zeros(5)), "no square matrix among 'array (5,)'"),
        (npy(MATRIX.astype(complex)), "numbers of type complex128, expected real ones"),
        (npy(np.array([["a", "b"], ["c", "d"]])), "numbers of type <U1"),
        (npy(np.eye(3)), "entry (0, 0) is not 0, expected an empty diagonal"),
        (npy(np.array([[0, np.nan], [0, 0]])), "entry (0, 1) is nan, expected finite numbers"),
        (npy(np.array([[0, 1.0], [2.0, 0]])), "neither symmetric nor a triangle"),
        (npz(J=MATRIX, h=np.zeros(2)), "h has shape (2,), expected 3 numbers"),
        (npz(J=MATRIX, h=np.array([1, 2, np.inf])), "h has nan or inf"),
        (mat(J=MATRIX)[:-9], "(truncated)"),
        (mat(J=MATRIX)[:-9] + bytes(9), "damaged MATLAB data"),
        (mat(s={"a": 1}), "no square matrix"),
        (b"\x89HDF\r\n\x1a\n" + bytes(99), "HDF5 file (or MATLAB's v7.3)"),
        (tar(a=RUDY)[:300], "damaged archive"),
        (tar(a=RUDY * 200)[:1024], "unexpected end of data"),
        (zipped(a=RUDY)[:-20], "damaged archive"),
        (zipped(a=zipped(b=zipped(c=zipped(d=RUDY)))), "nest more than 3 deep"),
        (npz(edges=np.array([[0, 1]]), J_sign=np.ones((2, 2))), "J_sign has shape (2, 2)"),
        (npz(edges=np.array([0, 1]), J_sign=np.ones((2, 2))), "edges has shape (2,)"),
        (
            npz(edges=np.array([[0, 1]]), J_sign=np.ones((1, 1)), instance_id=np.arange(2)),
            "instance_id has shape (2,), expected (1,)",
        ),
        (npz(edges=np.array([[0, 0]]), J_sign=np.ones((1, 1))), "must join two different spins"),
        (npz(edges=np.array([[0, -1]]), J_sign=np.ones((1, 1))), "must join two different spins"),
        (npz(edges=np.array([[0, 1]]), J_sign=np.full((1, 1), np.nan)), "J_sign has nan or inf"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, data: bytes, part: str) -> None:
    refuse(tmp_path, data, part)


def test_glasses_by_name_need_their_arrays(tmp_path: Path) -> None:
    refuse(tmp_path, npz(J=MATRIX), "no array edges", format="glasses")


def test_bombs(tmp_path: Path) -> None:
    """What inflates beyond the limit is refused before it is held in memory."""
    zeros = np.zeros((1000, 1000))
    limit = 2**20
    for data in (npz(J=zeros), mat(J=zeros), zipped(a=bytes(8 * 10**6))):
        assert len(data) < limit / 4
        refuse(tmp_path, data, "inflates to more than max_bytes", max_bytes=limit)
    two = npz(a=np.zeros((300, 300)), b=np.zeros((300, 300)))
    refuse(tmp_path, two, "inflates to more than max_bytes", max_bytes=limit)


def test_a_cqm_file_that_inflates_too_far(tmp_path: Path) -> None:
    dimod = pytest.importorskip("dimod")
    cqm = dimod.CQM.from_bqm(dimod.BQM({k: 1.0 for k in range(3000)}, {}, 0.0, "BINARY"))
    data = cqm.to_file(compress=True).read()
    assert from_file(tmp_path, data).num_variables == 3000
    refuse(tmp_path, data, "inflates to more than max_bytes", max_bytes=len(data) + 1000)


def test_a_sparse_member_is_not_filled_with_zeros(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a")
    info.type = tarfile.GNUTYPE_SPARSE
    info.size = 0
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(info)
    with pytest.raises(FormatError):
        unpack(stream.getvalue(), "a.tar", None, max_bytes=2**20)


SEEDS = [npy(MATRIX), npz(J=MATRIX), mat(J=MATRIX), tar(a=RUDY, b=RUDY), zipped(a=RUDY)]


@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_files_raise_nothing_else(seed: bytes) -> None:
    rng = np.random.default_rng(17)
    accepted = 0
    for _ in range(300):
        data = bytearray(seed)
        for _ in range(int(rng.integers(1, 4))):
            at = int(rng.integers(len(data)))
            if rng.random() < 0.2:
                del data[at : at + int(rng.integers(1, 9))]
            else:
                data[at] = int(rng.integers(256))
        try:
            contents = read(io.BytesIO(bytes(data)), max_bytes=2**24)
        except FormatError:
            continue
        accepted += 1
        assert np.isfinite(contents.values).all()
        assert contents.rows.size == contents.values.size
    assert accepted < 300
