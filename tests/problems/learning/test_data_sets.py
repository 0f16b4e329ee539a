"""Data sets: every format gives the same spins, and nothing is guessed or dropped in silence."""

import gzip
import io
import struct
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from pbit.formats.errors import FormatError
from pbit.problems.learning import data_formats as package
from pbit.problems.learning import read_data
from pbit.problems.learning.data_formats.registry import KNOWN
from pbit.problems.learning.reading import data_formats

BITS = np.array([[0, 1, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]])
SPINS = 2 * BITS - 1
LABELS = [2, 0, 1]


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def idx(array, code=8):
    array = np.asarray(array)
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    types = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    return bytes([0, 0, code, array.ndim]) + sizes + array.astype(types[code]).tobytes()


def text(array, separator=","):
    return "\n".join(separator.join(map(str, row)) for row in array).encode()


def png(pixels, mode=None):
    stream = io.BytesIO()
    image = Image.fromarray(np.asarray(pixels, dtype=np.uint8))
    (image if mode is None else image.convert(mode)).save(stream, "PNG")
    return stream.getvalue()


def read(data, **options):
    return read_data(io.BytesIO(data), **options)


def refused(data, message, **options):
    with pytest.raises(FormatError, match=message) as caught:
        read(data, **options)
    return caught.value


# One set in all formats


@pytest.mark.parametrize(
    "data",
    [
        npy(BITS),
        npy(BITS.astype(bool)),
        npy(np.asfortranarray(BITS)),
        npy(BITS.astype(">i4")),
        npy(SPINS.astype(np.int8)),
        npy(SPINS.astype(np.float32)),
        npy((255 * BITS).astype(np.uint8)),
        npz(x=BITS),
        npz(anything=BITS),
        idx(BITS),
        idx(SPINS, 9),
        idx(SPINS, 11),
        idx(SPINS, 12),
        idx(BITS, 13),
        idx(BITS, 14),
        idx(255 * BITS),
        text(BITS),
        text(SPINS, ";"),
        text(BITS, "\t"),
        text(BITS, " "),
        b"a,b,c,d\n" + text(BITS),
        b"# from somewhere\n\n" + text(BITS, "  ") + b"  # the last\n\n",
        text(BITS).replace(b"\n", b"\r\n"),
        gzip.compress(idx(BITS), mtime=0),
        gzip.compress(text(BITS), mtime=0),
    ],
)
def test_same_spins_from_every_format(data):
    found = read(data)
    assert found.spins.dtype == np.int8
    assert found.spins.flags.c_contiguous and found.spins.flags.writeable
    assert np.array_equal(found.spins, SPINS)
    assert (found.num_rows, found.num_columns) == (3, 4)
    assert found.image_shape is None and found.labels is None


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text(BITS))))
    found = read_data("-")
    assert (found.source, found.spins.tolist()) == ("<stdin>", SPINS.tolist())


@pytest.mark.parametrize(
    "data", [npy(BITS.reshape(3, 2, 2)), idx(BITS.reshape(3, 2, 2)), npz(images=BITS[:, None])]
)
def test_images_keep_their_shape(data):
    found = read(data)
    assert np.array_equal(found.spins, SPINS)
    assert found.images.shape == (3, *found.image_shape)
    assert np.array_equal(found.images.reshape(3, -1), SPINS)


def test_no_images():
    with pytest.raises(ValueError, match="image_shape must be known to show images, got none with"):
        read(npy(BITS)).images  # noqa: B018


def test_formats_by_name():
    assert list(data_formats()) == ["npz", "npy", "idx", "png", "csv"]
    assert np.array_equal(read(text(BITS), format="csv").spins, SPINS)
    with pytest.raises(ValueError, match="format must be one of npz, npy, idx, png, csv, got 'x'"):
        read(text(BITS), format="x")


def test_another_format_is_one_file(tmp_path):
    from fresh_registry import fresh

    (tmp_path / "ones.py").write_text(
        "import numpy as np\n"
        "from pbit.formats.format import Sign, Stage\n"
        "from pbit.problems.learning.data_formats.registry import DataFormat\n"
        "from pbit.problems.learning.raw_data import RawData\n"
        "FORMAT = DataFormat(name='ones', what='all 1', signs=(Sign(Stage.BYTES, 0,\n"
        "    lambda sample: sample.data.startswith(b'ones')),),\n"
        "    read=lambda found, asked: RawData(values=np.ones((2, 3)), name=found.name))\n"
    )
    with fresh(KNOWN, package, tmp_path):
        assert read(b"ones").spins.tolist() == [[1, 1, 1]] * 2
        assert "ones" in data_formats()


def test_rows_are_taken_with_their_labels():
    found = read(npz(x=BITS, y=LABELS)).take([2, 0])
    assert np.array_equal(found.spins, SPINS[[2, 0]])
    assert found.labels.tolist() == [1, 2]
    assert found.take(slice(1)).num_rows == 1


# Thresholds


def test_above_the_threshold():
    grey = [[0, 100, 128], [127, 200, 255]]
    expected = [[-1, -1, 1], [-1, 1, 1]]
    for data in (idx(grey), npy(np.array(grey)), text(grey), npy(np.array(grey) / 1.0)):
        assert read(data, threshold=127).spins.tolist() == expected
    assert read(npy(np.array([[-np.inf, np.inf]])), threshold=0).spins.tolist() == [[-1, 1]]
    assert read(npy(BITS.astype(bool)), threshold=0.5).spins.tolist() == SPINS.tolist()


@pytest.mark.parametrize(("threshold", "side"), [(300, "no value is"), (-1, "all values are")])
def test_a_threshold_beside_all_values_is_told(threshold, side):
    (note,) = read(text([[0, 200]]), threshold=threshold).notes
    assert note.startswith(f"{side} above the threshold {threshold}")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (idx([[0, 7], [0, 255]]), "row 0, column 1 is 7, expected 0 and 1, -1 and"),
        (npy(np.array([[0, 1], [1, 2]])), "row 1, column 1 is 2, expected"),
        (npy(np.array([[0, 1], [-1, 1]])), "row 0, column 0 is 0, expected"),
        (npy(np.array([[0, 255]])), "row 0, column 1 is 255"),  # bytes alone are images
        (npy(np.array([[0.0, 0.5]])), "row 0, column 1 is 0.5"),
        (npy(np.zeros((1, 2, 2)) + 0.1), "row 0, pixel 0, 0 is 0.1"),
        (text([[0, 1], [0, 3]]), "<stream>:2: column 2 is 3"),
        (b"a,b\n0,1\n\n0.25,1\n", "<stream>:4: column 'a' is 0.25"),
        (npy(np.array([[0, np.inf]])), "row 0, column 1 is inf"),
    ],
)
def test_what_is_not_binary_is_refused_with_the_offer(data, message):
    error = refused(data, message)
    assert "give a threshold above which a value is up: values go from" in str(error)
    assert "(threshold=, --threshold)" in str(error)


@pytest.mark.parametrize("options", [{}, {"threshold": 0.5}])
@pytest.mark.parametrize("data", [npy(np.array([[0, 1], [np.nan, 1]])), b"a,b\n0,1\nnan,1\n"])
def test_nan(data, options):
    refused(
        data,
        "is NaN, expected a number; drop the row, fill the value in, or",
        **options,
    )


def test_bad_thresholds():
    with pytest.raises(TypeError, match="threshold must be a number, got 'x'"):
        read(text(BITS), threshold="x")
    with pytest.raises(TypeError, match="threshold must be a number, got True"):
        read(text(BITS), threshold=True)
    with pytest.raises(ValueError, match="threshold must be finite, got nan"):
        read(text(BITS), threshold=float("nan"))


# Missing values

HALF = np.array([[np.nan, 1, 1, 0], [1, np.nan, np.nan, 0], [1, 1, 1, 1]])
HALF_SPINS = np.where(np.isnan(HALF), -1, 2 * np.nan_to_num(HALF) - 1)


@pytest.mark.parametrize(
    "data",
    [
        npy(HALF),
        npy(2 * HALF - 1),
        npz(data=HALF),
        npz(data=BITS, known=~np.isnan(HALF)),
        npz(data=(255 * BITS).astype(np.uint8), known=~np.isnan(HALF)),
        npz(data=BITS.astype(bool), known=~np.isnan(HALF)),
        npz(anything=BITS, known=~np.isnan(HALF)),
        b"nan,1,1,0\n1,nan,nan,0\n1,1,1,1\n",
        b"?,1,1,0\n1,?,?,0\n1,1,1,1\n",
        b"a;b;c;d\n;1;1;0\n1;; ;0\n1;1;1;1\n",
        b"? 1 1 0\n1 ? ? 0\n1 1 1 1\n",
    ],
)
def test_missing_values(data):
    found = read(data, missing=True)
    assert np.array_equal(found.known, ~np.isnan(HALF))
    assert np.array_equal(found.spins, HALF_SPINS)
    assert np.array_equal(found.take([1]).known, ~np.isnan(HALF[1:2]))
    with pytest.raises(FormatError, match="expected a"):
        read(data)


def test_missing_pixels():
    grey = np.array([[[100.0, np.nan], [200, 7]]])
    found = read(npy(grey), missing=True, threshold=127)
    assert found.spins.tolist() == [[-1, -1, 1, -1]]
    assert found.known.tolist() == [[True, False, True, True]]
    assert found.image_shape == (2, 2)


def test_nothing_is_missing():
    assert read(text(BITS), missing=True).known is None
    assert read(npz(data=BITS, known=np.ones((3, 4), dtype=bool))).known is None
    assert read(npz(data=BITS, known=np.ones((3, 4), dtype=bool)), missing=True).known is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy(np.full((2, 2), np.nan)), "has nothing but missing values, expected some"),
        (npy(np.array([[np.nan, 2, 1]])), "row 0, column 1 is 2, expected 0 and 1.*from 1 to 2"),
        (npy(np.array([[np.nan, -1, 0]])), "row 0, column 2 is 0, expected.*from -1 to 0"),
        (b"0,x\n0,y\n", ":2: column 'x' is 'y', expected a number"),
        (npz(data=BITS, known=np.ones(3, dtype=bool)), r"'known' of type bool and shape \(3,\)"),
        (npz(data=BITS, known=BITS), "array 'known' of type int64 and shape"),
    ],
)
def test_bad_missing_values(data, message):
    refused(data, message, missing=True)


def test_what_is_not_known_is_told():
    data = npz(data=BITS, known=~np.isnan(HALF))
    refused(data, r"row 0, column 0 is not known, expected a number; .* \(missing=True\)")


# Shapes


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty, expected data; check the path"),
        (npy(np.zeros((0, 4))), r"is an empty set of shape \(0, 4\), expected rows of data"),
        (npy(np.zeros((4, 0))), r"is an empty set of shape \(4, 0\)"),
        (b"a,b\n", r"is an empty set of shape \(0, 2\)"),
        (b"# a\n", "nothing but comments, expected rows of data"),
        (npy(np.zeros(4)), r"has shape \(4,\), expected \(rows, columns\)"),
        (npy(np.zeros((1, 1, 2, 2))), r"has shape \(1, 1, 2, 2\), expected"),
        (npy(np.array(3)), "holds a single value, expected rows of data"),
        (npy(np.array([["a", "b"]])), "holds values of type <U1, expected numbers"),
        (npy(np.array([[1j]])), "holds values of type complex128"),
        (npy(np.array([[{}]])), "holds pickled Python objects"),
        (npz(x=BITS, extra=np.array([None])), "holds pickled Python objects"),
        (npy(BITS)[:-3], "it is truncated or its header wrong"),
        (npz(x=BITS)[:-30], "damaged archive"),
        (b"a,b\n0,1\n1,\xe4\n", ":3: byte 0xe4, expected text in UTF-8; convert it"),
        (b"{}", "no known data set, expected one of npz, npy, idx, png, csv; convert it"),
        (b"\x89HDF\r\n", "this is an HDF5 file"),
    ],
)
def test_bad_files(data, message):
    refused(data, message)


def test_width():
    assert read(text(BITS), num_columns=4).num_columns == 4
    refused(text(BITS), "rows of 4 columns, expected 784; give data like", num_columns=784)


def test_bytes_of_truth_values_may_be_any():
    odd = npy(np.array([[False, True]])).removesuffix(b"\1") + b"\xff"
    assert read(odd).spins.tolist() == read(odd, threshold=0.5).spins.tolist() == [[-1, 1]]


def test_max_bytes():
    refused(npy(BITS), "has more than max_bytes = 10 bytes", max_bytes=10)
    refused(gzip.compress(bytes(5000)), "inflates to more than max_bytes", max_bytes=1000)


# Tables of text


def test_columns_and_labels_of_a_table():
    found = read(b"x;kind;y\n0;3;1\n1;00;1\n", labels="kind")
    assert found.spins.tolist() == [[-1, 1], [1, 1]]
    assert found.names == ("x", "y")
    assert found.labels.tolist() == [3, 0]
    assert (found.classes, found.num_classes) == (None, 4)


def test_words_are_classes():
    found = read(b'a,"what it is"\n0,dog\n1,"cat"\n1, dog\n', labels="what it is")
    assert found.labels.tolist() == [1, 0, 1]
    assert (found.classes, found.num_classes) == (("cat", "dog"), 2)


def test_a_row_that_counts_is_a_header():
    assert read(b"0,1,2\n1,1,0\n").names == ("0", "1", "2")
    assert read(b"0,1\n1,1\n").num_rows == 2


def test_a_column_that_looks_like_labels_is_told():
    (note,) = read(b"a,label\n0,1\n").notes
    assert note == "column 'label' is read as data; say labels='label' if it is not"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"0,1\n0,1,1\n", ":2: '0,1,1': 3 fields, expected 2 as in line 1; correct it"),
        (b"a,b\n\n0 1\n", ":3: '0 1': 1 fields, expected 2 as in line 1"),
        (b"0 1\n0\n", ":2: '0': 1 fields, expected 2"),
        (b"a,b\n0,1\n0,x\n", ":3: column 'b' is 'x', expected a number"),
        (b"0,1\n0,\n", ":2: column 2 is '', expected a number"),
        (b"0,1\n1_0,1\n", ":2: column 1 is '1_0'"),
        (b"a,a\n0,1\n", ":1: 'a,a': two columns are called 'a'; rename one"),
        (b"?,1\n0,1\n", ":1: column 1 is '\\?', expected a number"),
        (b",0,1\n0,1,1\n", ":1: column 1 is '', expected a number"),
        (b",a\n0,1\n", ":1: ',a': column 1 has no name, expected one in a header"),
        (b"a,b\n0,1\n1,0x1\n", ":3: column 'b' is '0x1'"),
    ],
)
def test_bad_tables(data, message):
    refused(data, message)


def test_fields_that_numpy_alone_refuses():
    """Digits of other scripts are numbers to Python."""
    refused("a,b\n\u0661,1\n".encode(), "could not convert.*, expected numbers; correct it")


@pytest.mark.parametrize(
    ("data", "labels", "message"),
    [
        (b"0,1\n", "kind", "has no header, expected one with the column 'kind'; add it"),
        (b"a,b\n0,1\n", "kind", "no column 'kind', expected one of 'a', 'b'; correct the name"),
        (b"a,b,c,d,e,f,g\n" + b"0," * 6 + b"0\n", "kind", "'f', ...; correct"),
        (b"a\n0\n", "a", "has no column but the labels, expected data; add some"),
        (b"a,b\n0,-1\n", "b", "label of row 0 is -1, expected a whole number from 0 to 65535"),
        (b"a,b\n0,70000\n", "b", "label of row 0 is 70000"),
        (b"a,b\n0,9999999999999\n", "b", "label of row 0 is '9999999999999'"),
        (b"a,b\n", "b", r"is an empty set of shape \(0, 1\)"),
        (b"a,b\n0,x\n1,\n", "b", "label of row 1 is empty, expected a class; name it"),
    ],
)
def test_bad_labels_of_tables(data, labels, message):
    refused(data, message, labels=labels)


def test_too_many_words():
    rows = "\n".join(f"1,word{k}" for k in range(2**16 + 1))
    refused(f"a,b\n{rows}\n".encode(), "one of 65537 words, expected", labels="b")


def test_a_table_for_which_there_is_no_memory(monkeypatch):
    from pbit import machine

    monkeypatch.setattr(machine, "memory_bytes", lambda: 100.0)
    with pytest.raises(MemoryError, match="the numbers in <stream> need about"):
        read(text(BITS))


# Archives of arrays


def test_labels_and_names_in_npz():
    names = np.array(["a", "b", "c", "d"])
    for keys in ({"labels": LABELS}, {"y": LABELS}, {"target": np.array(LABELS, dtype=float)}):
        found = read(npz(data=BITS, feature_names=names, **keys))
        assert found.labels.tolist() == LABELS
        assert found.names == ("a", "b", "c", "d")
        assert found.notes == ()
    assert read(npz(data=BITS, kind=LABELS), labels="kind").labels.tolist() == LABELS
    found = read(npz(data=BITS, y=np.array(["cat", "dog", "cat"])))
    assert (found.labels.tolist(), found.classes) == ([0, 1, 0], ("cat", "dog"))


def test_one_array_of_several(tmp_path):
    path = tmp_path / "both.npz"
    np.savez(path, x_train=BITS, y_train=LABELS, x_test=BITS[:1], y_test=LABELS[:1])
    found = read_data(f"{path}#x_test", labels="y_test")
    assert np.array_equal(found.spins, SPINS[:1])
    assert found.labels.tolist() == [2]
    assert found.notes == ("arrays 'x_train', 'y_train' are not read: 'x_test' is asked for",)


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        ({"p": BITS, "q": BITS}, {}, "holds the arrays 'p', 'q', expected one of data"),
        ({"data": BITS, "X": BITS}, {}, "holds the arrays 'data', 'X', expected one"),
        ({"data": BITS, "q": BITS}, {}, "array 'q' has no meaning here, expected data"),
        ({"data": BITS}, {"labels": "y"}, "no array 'y', expected one of 'data'; correct the name"),
        ({"data": BITS, "y": [1]}, {}, r"labels of shape \(1,\), expected one for each of 3 rows"),
        ({"data": BITS, "y": [0, 1, 0.5]}, {}, "label of row 2 is 0.5, expected a whole"),
        ({"data": BITS, "y": [0, np.nan, 1]}, {}, "label of row 1 is nan"),
        ({"data": BITS, "y": [0j, 1, 1]}, {}, "labels of type complex128, expected whole numbers"),
        ({"data": BITS, "names": ["a"]}, {}, r"names of columns of type <U1 and shape \(1,\)"),
        ({"data": BITS, "names": [1, 2, 3, 4]}, {}, "names of columns of type int64"),
    ],
)
def test_bad_archives(arrays, options, message):
    refused(npz(**arrays), message, **options)


def test_a_missing_part(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, data=BITS)
    with pytest.raises(FormatError, match="no array 'x', expected one of 'data'"):
        read_data(f"{path}#x")
    np.save(tmp_path / "a.npy", BITS)
    with pytest.raises(FormatError, match="expected no instance, got 'x'"):
        read_data(f"{tmp_path / 'a.npy'}#x")


# Files of labels


def test_labels_beside_images_of_idx(tmp_path):
    images = tmp_path / "train-images-idx3-ubyte"
    images.write_bytes(idx(BITS.reshape(3, 2, 2)))
    assert read_data(images).labels is None
    labels = tmp_path / "train-labels-idx1-ubyte"
    labels.write_bytes(idx(LABELS))
    found = read_data(images)
    assert found.labels.tolist() == LABELS
    assert found.notes == (f"labels are those of {labels}",)
    other = tmp_path / "other.gz"
    other.write_bytes(gzip.compress(idx([1, 1, 1])))
    found = read_data(images, labels=str(other))
    assert found.labels.tolist() == [1, 1, 1]
    assert found.notes == ()


def test_labels_from_a_file_for_any_data(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("kind\n2\n0\n1\n")
    assert read(npy(BITS), labels=str(path)).labels.tolist() == LABELS
    assert read(text(BITS), labels=path).labels.tolist() == LABELS


def test_bad_files_of_labels(tmp_path):
    path = tmp_path / "labels"
    path.write_bytes(idx([1, 2]))
    with pytest.raises(FormatError, match=r"labels: labels of shape \(2,\), expected one for each"):
        read(idx(BITS), labels=path)
    with pytest.raises(FileNotFoundError):
        read(idx(BITS), labels=tmp_path / "nothing")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (idx(BITS)[:-1], r"shape \(3, 4\) needs 12 bytes, the file has 11; it is truncated"),
        (idx(BITS) + b"0", "the file has 13"),
        (idx(BITS)[:7], "ends in the header of an idx file of 2 axes; it is truncated"),
        (
            bytes([0, 0, 8, 5]) + bytes(40),
            "an idx file of type 0x08 and 5 axes, expected a",
        ),
    ],
)
def test_bad_idx(data, message):
    refused(data, message)


def test_mnist(data):
    found = read_data(data / "mnist" / "t10k-images-idx3-ubyte.gz", threshold=127)
    assert found.spins.shape == (10_000, 784)
    assert found.image_shape == (28, 28)
    assert np.bincount(found.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    with pytest.raises(FormatError, match="give a threshold"):
        read_data(data / "mnist" / "t10k-images-idx3-ubyte.gz")


# Damage


def damaged(data, rng):
    """The bytes with one changed, some left out or some put in."""
    at, how = int(rng.integers(len(data))), rng.integers(3)
    some = rng.bytes(int(rng.integers(1, 4)))
    if how == 0:
        return data[:at] + some[:1] + data[at + 1 :]
    return data[:at] + data[at + len(some) :] if how == 1 else data[:at] + some + data[at:]


@pytest.mark.filterwarnings("ignore:invalid escape sequence")  # NumPy's, of a header
@pytest.mark.parametrize(
    "data",
    [
        npy(BITS),
        npz(x=BITS, y=LABELS),
        idx(BITS),
        text(BITS),
        b"a,b,kind\n0,1,3\n1,0,2\n",
        png(255 * BITS),
        png(255 * BITS, "P"),
        gzip.compress(text(BITS), mtime=0),
    ],
)
def test_damaged_files_give_spins_or_say_what_is_wrong(data):
    rng = np.random.default_rng(1)
    for _ in range(200):
        with suppress(FormatError):
            found = read(damaged(damaged(data, rng), rng), max_bytes=10**6)
            assert set(np.unique(found.spins)) <= {-1, 1}


# Images


def put(folder, name, pixels, mode=None):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(pixels, mode))


PIXELS = 255 * BITS.reshape(3, 2, 2)


def test_one_image():
    found = read(png(PIXELS[0]))
    assert np.array_equal(found.spins, SPINS[:1])
    assert found.image_shape == (2, 2)


@pytest.mark.parametrize("mode", [None, "1", "P", "RGB"])
def test_a_folder_of_images(tmp_path, mode):
    for k, pixels in enumerate(PIXELS):
        put(tmp_path, f"{k}.png", pixels, mode)
    found = read_data(tmp_path)
    assert np.array_equal(found.spins, SPINS)
    assert found.labels is None
    (tmp_path / "notes.txt").write_text("of 1998")
    assert read_data(tmp_path).notes == ("of the folder 'notes.txt' is not read: no PNG",)


def test_folders_are_classes(tmp_path):
    put(tmp_path, "owl/1.png", PIXELS[0])
    put(tmp_path, "cat/2.PNG", PIXELS[1])
    put(tmp_path, "cat/3.png", PIXELS[2])
    (tmp_path / "cat" / "a").write_text("")
    (tmp_path / "b").write_text("")
    found = read_data(tmp_path)
    assert np.array_equal(found.spins, SPINS[[1, 2, 0]])
    assert found.labels.tolist() == [0, 0, 1]
    assert found.classes == ("cat", "owl")
    assert found.notes == ("of the folder 'b', 'cat/a' are not read: no PNG",)


def test_sixteen_bits(tmp_path):
    Image.fromarray(np.array([[0, 40000]], dtype=np.uint16)).save(tmp_path / "a.png")
    assert read_data(tmp_path, threshold=30000).spins.tolist() == [[-1, 1]]


def refused_folder(folder, message, **options):
    with pytest.raises(FormatError, match=message):
        read_data(folder, **options)


def test_bad_folders(tmp_path):
    refused_folder(tmp_path, "holds no PNG image, expected some; check the path")
    put(tmp_path, "a/1.png", PIXELS[0])
    refused_folder(tmp_path, "is a folder, expected a file of csv; name a file", format="csv")
    put(tmp_path, "1.png", PIXELS[0])
    refused_folder(tmp_path, "holds images and the folder 'a', expected images or a folder for")
    (tmp_path / "1.png").unlink()
    (tmp_path / "b").mkdir()
    refused_folder(tmp_path, "holds no PNG image, expected a class; remove it")
    put(tmp_path, "b/c/1.png", PIXELS[0])
    refused_folder(tmp_path, "holds folders, expected images; move them up")


def test_images_that_differ(tmp_path):
    put(tmp_path, "1.png", PIXELS[0])
    put(tmp_path, "2.png", np.zeros((2, 3)))
    refused_folder(
        tmp_path, r"2.png: an image of 3 x 2 pixels of 8 bits, expected 2 x 2 pixels of 8"
    )
    put(tmp_path, "2.png", PIXELS[1], "1")
    refused_folder(tmp_path, "of 1 bits, expected 2 x 2 pixels of 8 bits")


def transparent():
    stream = io.BytesIO()
    Image.new("LA", (2, 2)).save(stream, "PNG")
    return stream.getvalue()


def animated():
    stream = io.BytesIO()
    frames = [Image.new("L", (2, 2), k) for k in (0, 255)]
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png(np.dstack([PIXELS[0], PIXELS[1], PIXELS[2]])), "an image in colours; save it as grey"),
        (transparent(), "an image of mode LA; save it as greyscale without transparency"),
        (animated(), "an animation, expected one image; save one frame"),
        (png(PIXELS[0])[:-30], "no valid PNG image"),
        (png(PIXELS[0])[:20], "no valid PNG image"),
    ],
)
def test_bad_images(data, message):
    refused(data, message)


def test_large_images():
    refused(png(np.zeros((60, 60))), "60 x 60 pixels are more than max_bytes = 999", max_bytes=999)


def test_without_pillow(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(ImportError, match=r"images need pillow: pip install 'pbit-emulator\[learn"):
        read(png(PIXELS[0]))


def test_names_that_the_package_does_not_have():
    from pbit.problems import bayes, learning

    for room in (bayes, learning):
        assert "nothing" not in dir(room)
        with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
            room.nothing  # noqa: B018
