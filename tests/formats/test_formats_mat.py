"""MATLAB files: what scipy writes and reads is what is read here; damaged ones are refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from scipy import io as scipy_io
from scipy import sparse

from cases import some
from pbit.formats import FormatError
from pbit.formats.mat import read_mat


def saved(compressed=True, **arrays):
    stream = io.BytesIO()
    scipy_io.savemat(stream, arrays, do_compression=compressed)
    return stream.getvalue()


def load(data, max_bytes=2**24):
    return read_mat(data, "a.mat", max_bytes=max_bytes)


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("code", "i1 u1 i2 u2 i4 u4 i8 u8 f4 f8 >f8 >i4".split())
def test_dense_arrays_are_those_of_scipy(code, compressed):
    rng = np.random.default_rng(3)
    for shape in ((3, 3), (1, 1), (2, 5), (4, 2, 3), (0, 3)):
        array = rng.integers(0, 100, shape).astype(code)
        data = saved(compressed, first=array, k=np.ones((1, 1)))
        found, expected = load(data), scipy_io.loadmat(io.BytesIO(data))
        assert set(found) == {"first", "k"}
        np.testing.assert_array_equal(found["first"], expected["first"])
        np.testing.assert_array_equal(found["first"], array)


@pytest.mark.parametrize("compressed", [True, False])
def test_sparse_arrays_are_those_of_scipy(compressed):
    for seed in range(5):
        matrix = sparse.random_array((6, 6), density=0.3, rng=np.random.default_rng(seed)).tocsc()
        found = load(saved(compressed, J=matrix))["J"]
        np.testing.assert_array_equal(found.toarray(), matrix.toarray())


def test_what_holds_no_real_numbers_is_named():
    data = saved(
        text="abc", cell=np.array([[1, "a"]], dtype=object), struct={"a": 1.0},
        z=np.array([[1j]]), J=np.eye(2),
    )  # fmt: skip
    found = load(data)
    assert np.array_equal(found.pop("J"), np.eye(2))
    assert {key: value.what for key, value in found.items()} == {
        "text": "text", "cell": "a cell array", "struct": "a structure", "z": "complex numbers",
    }  # fmt: skip


def element(kind, body):
    return struct.pack("<II", kind, len(body)) + body + bytes(-len(body) % 8)


def matrix(*parts):
    header = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
    return header + element(14, b"".join(parts))


def flags(kind, bits=0):
    return element(6, struct.pack("<II", kind | bits << 8, 0))


def shape(*sizes):
    return element(5, struct.pack(f"<{len(sizes)}i", *sizes))


NAME = element(1, b"J")


def doubles(*values):
    return element(9, struct.pack(f"<{len(values)}d", *values))


def ints(*values):
    return element(5, struct.pack(f"<{len(values)}i", *values))


ONE = matrix(flags(6), shape(1, 1), NAME, doubles(1))


def test_handmade_files():
    assert load(matrix(flags(6), shape(1, 2), NAME, doubles(1, 2)))["J"].tolist() == [[1, 2]]
    found = load(matrix(flags(5), shape(2, 2), NAME, ints(1), ints(0, 1, 1), doubles(7)))["J"]
    assert found.toarray().tolist() == [[0, 0], [7, 0]]


@pytest.mark.parametrize(
    "data, part",
    [
        (matrix(flags(6), shape(2, 2), NAME, doubles(1, 2)), "2 numbers for an array of shape"),
        (matrix(flags(6)), "a variable without a name"),
        (matrix()[:128] + element(9, bytes(8)), "an element of type 9, expected variables"),
        (ONE + b"x", "bytes after the last element"),
        (ONE + ONE[128:], "two variables 'J'"),
        (matrix()[:128] + element(15, zlib.compress(b"")[:-1]), "end early or late"),
        (matrix(flags(6), shape(-2, -1), NAME, doubles(1, 2)), "impossible dimensions"),
        (matrix(flags(6), shape(2), NAME, doubles(1, 2)), "impossible dimensions"),
        (matrix(flags(6), shape(1, 2), NAME, element(77, bytes(8))), "unknown type 77"),
        (matrix(flags(6), shape(1, 2), NAME, element(9, bytes(9))), "in the middle of one"),
        (matrix(flags(6), shape(1, 1), NAME, doubles(1))[:-9], "(truncated)"),
        (matrix(struct.pack("<II", 9 << 16 | 5, 0)), "a small element of 9 bytes"),
        (
            matrix(flags(5), shape(2, 2), NAME, ints(0), ints(0, 1), doubles(1)),
            "without a start for each column",
        ),
        (
            matrix(flags(5), shape(2, 2), NAME, ints(0), ints(0, 2, 1), doubles(1)),
            "do not follow each other",
        ),
        (
            matrix(flags(5), shape(2, 2), NAME, ints(0), ints(0, 1, 9), doubles(1)),
            "fewer entries than its columns say",
        ),
        (
            matrix(flags(5), shape(2, 2), NAME, ints(5), ints(0, 1, 1), doubles(1)),
            "outside of it",
        ),
        (matrix()[:128] + element(15, b"no zlib"), "damaged MATLAB data"),
        (matrix()[:128] + element(15, zlib.compress(bytes(2**25))), "inflates to more than"),
    ],
)
def test_damaged_files(data, part):
    with pytest.raises(FormatError) as caught:
        load(data)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("count", "compressed"),
    some([(1000, True), (1000, False), (3000, True), (3000, False)], (1000, True), (1000, False)),
)
def test_random_damage_raises_nothing_else(count, compressed):
    """Of bytes that once made scipy's reader crash the interpreter."""
    seed = saved(compressed, J=np.ones((2, 3, 3)), s="abc", z=sparse.eye_array(3).tocsc())
    rng = np.random.default_rng(5)
    for _ in range(count):
        data = bytearray(seed)
        for _ in range(int(rng.integers(1, 6))):
            at = int(rng.integers(128, len(data)))
            if rng.random() < 0.3:
                del data[at : at + int(rng.integers(1, 12))]
            else:
                data[at : at + 1] = bytes([int(rng.integers(256))])
        try:
            load(bytes(data))
        except FormatError:
            continue
