"""No file costs a reader more than in proportion to its size, and limits come before inflation."""

import gzip
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import warnings
import zipfile
import zlib

import numpy as np
import pytest
from click.testing import CliRunner

import reader_costs
import reader_fuzz
from pbit.cli.main import cli
from pbit.formats import FORMATS, FormatError, inflation, read, zip
from pbit.formats.arrays import read_arrays
from pbit.formats.lines import DECIMAL
from pbit.formats.selection import choose
from pbit.formats.source import load
from reader_inputs import worst_inputs
from reader_seeds import matlab, npy, npz, readers, seeds_of, tarred, zipped

FEW, PATH = 2**14, b"3 2\n1 2 1\n2 3 1\n"


DECOMPRESS = zlib.decompressobj


class Counted:
    """A decompressor that counts the bytes it is handed, those it hands back included."""

    given = 0

    def __init__(self, wbits: int) -> None:
        self._inner = DECOMPRESS(wbits)

    def decompress(self, data, most):
        Counted.given += len(data)
        return self._inner.decompress(data, most)

    def __getattr__(self, name):
        return getattr(self._inner, name)


def refuse(data, part, **options):
    with pytest.raises(FormatError) as caught:
        read(io.BytesIO(data), **options)
    assert part in str(caught.value), caught.value


# --- costs


def test_every_reader_has_sound_files_to_begin_with():
    for name, reader in readers().items():
        for seed in seeds_of(name):
            assert reader(seed) is not None
    assert set(FORMATS) < set(readers())


@pytest.mark.parametrize("number", ["1", "+1.", "-.5", "1.5e3", "0.25E-07", "12"])
def test_a_number_is_matched_whole(number):
    assert DECIMAL.fullmatch(number.encode())


@pytest.mark.parametrize("text", ["", ".", "1.2.3", "1e", "e5", "+", "1x", "0x1", "nan"])
def test_what_is_no_number(text):
    assert not DECIMAL.fullmatch(text.encode())


def test_a_long_run_of_digits_is_refused():
    """Of 10^6, which took hours: each digit was tried at two places of the pattern."""
    refuse(b"3 2\n1 2 1\n2 3 " + b"7" * 10**6 + b"x\n", "is not a weight")
    text = b"DIMENSION: 1\nTYPE: TSP\nNODE_COORD_SECTION\n1 2 " + b"7" * 10**6 + b"x\n"
    refuse(text, "is no finite decimal number", format="tsplib")


def test_members_of_gzip_are_not_copied_for_each_other(monkeypatch):
    data = (
        gzip.compress(PATH[:4], mtime=0)
        + gzip.compress(b"", mtime=0) * FEW
        + gzip.compress(PATH[4:], mtime=0)
        + bytes(999)
    )
    monkeypatch.setattr(inflation.zlib, "decompressobj", Counted)
    monkeypatch.setattr(Counted, "given", 0)
    assert load(io.BytesIO(data), max_bytes=2**20)[0] == PATH
    assert Counted.given <= 16 * len(data)


def test_gzip_in_small_reads():
    """Streams end and padding stands wherever a read of the file ends."""

    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7))

    data = (gzip.compress(PATH[:5], mtime=0) + bytes(9)) + gzip.compress(PATH[5:], mtime=0)
    assert load(Slow(data), max_bytes=2**20)[0] == PATH
    with pytest.raises(FormatError, match="ends early"):
        load(Slow(data[:-3]), max_bytes=2**20)
    with pytest.raises(FormatError, match="damaged gzip data"):
        load(Slow(data + b"x" * 20), max_bytes=2**20)


def test_a_zip_is_opened_once_for_all_its_arrays(monkeypatch):
    opened = []

    class Archive(zipfile.ZipFile):
        def __init__(self, *arguments):
            opened.append(1)
            super().__init__(*arguments)

    data = npz({str(k): np.zeros(0) for k in range(50)})
    monkeypatch.setattr(zip.zipfile, "ZipFile", Archive)
    assert len(read_arrays(data, "a.npz", max_bytes=2**20)) == 50
    assert len(opened) == 1


def test_a_name_of_many_dots_is_chosen():
    name = "a." * 10**5 + "mc"
    assert choose([name, "b.mc"], name.removesuffix(".mc"), "x.zip") == 0
    assert choose([name, "b.mc"], "b", "x.zip") == 1


def test_a_long_name_of_a_section_is_read_once():
    text = b"TYPE: TSP\n" + b"A" * 10**5 + b"_SECTION\n" + b"1\n" * 10**5
    refuse(text, "DIMENSION is no number", format="tsplib")


def test_weights_are_counted_before_places_are_made_for_them():
    text = (
        b"TYPE: TSP\nDIMENSION: 5000\nEDGE_WEIGHT_TYPE: EXPLICIT\n"
        b"EDGE_WEIGHT_FORMAT: FULL_MATRIX\nEDGE_WEIGHT_SECTION\n1\n"
    )
    refuse(text, "1 weights follow, expected 25000000")


@pytest.mark.parametrize("label", [2**64 + 1, [1, -(2**70)]])
def test_labels_whose_hashes_repeat_are_refused(label):
    document = {"format": "pbit-hubo", "version": 1, "vartype": "SPIN", "terms": [[[label], 1]]}
    refuse(json.dumps(document).encode(), "expected whole numbers in 64 bits")
    document["terms"] = [[[2**64], 1]]
    assert read(io.BytesIO(json.dumps(document).encode())).num_variables == 1
    bqm = json.loads(seeds_of("bqm")[0])
    bqm["variable_labels"] = ["a", label]
    refuse(json.dumps(bqm).encode(), "is beyond 64 bits")


# --- limits before inflation


@pytest.fixture
def small(monkeypatch):
    """Ratios count from the first byte, and nothing may be inflated."""
    monkeypatch.setattr(inflation, "RATIO_CHECKED_FROM", 1000)

    def never(*arguments):
        raise AssertionError("inflated before its size was checked")

    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    monkeypatch.setattr(inflation.Stream, "pieces", never)


ZEROS = np.zeros((500, 500))
BOMBS = {
    "zip": zipped({"a.mc": bytes(10**6)}),
    "npz": npz({"J": ZEROS}),
    "MATLAB": matlab(J=ZEROS),
    "cqm": b"DIMODCQM" + zipped({"objective": bytes(10**6)}),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_announced_sizes_are_checked_before_anything_is_inflated(small, kind):
    refuse(BOMBS[kind], "inflates more than 200:1, which looks like a")
    refuse(BOMBS[kind], "inflates to more than max_bytes = 10000 bytes", max_bytes=10**4)


def overlapping(count):
    """A zip whose directory names the same 999 bytes again and again, each time as another file."""
    data = zipped({"000.npy": bytes(np.random.default_rng(1).integers(0, 4, 999, np.uint8))})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[start:end]
    entries = b"".join(entry.replace(b"000.npy", b"%03d.npy" % k) for k in range(count))
    tail = struct.pack("<HHIIH", count, count, len(entries), start, 0)
    return data[:start] + entries + data[end : end + 8] + tail


OVERLAPPING = overlapping(500)


def test_members_that_overlap_count_as_what_the_file_holds(small, monkeypatch):
    """Each shrinks 3 times, all together hundreds of times: no ratio of a member says so."""
    monkeypatch.setattr(inflation, "MAX_RATIO", 10)
    refuse(OVERLAPPING, "inflates more than 10:1, which looks like a zip bomb")


@pytest.mark.parametrize("kind", BOMBS)
def test_what_is_large_may_inflate_less(small, monkeypatch, kind):
    monkeypatch.setattr(inflation, "MAX_RATIO", 10**9)
    monkeypatch.setattr(inflation, "LARGE", 10**5)
    refuse(BOMBS[kind], "inflates more than 50:1, which looks like a")


def test_a_large_gzip_may_inflate_less(monkeypatch):
    line, noise = b"1 2 1\n" * 10**4, np.random.default_rng(1).bytes(500)
    data = gzip.compress((line + noise) * 50, mtime=0)
    assert 50 < 60500 * 50 / len(data) < 200
    assert len(load(io.BytesIO(data), max_bytes=2**30)[0]) == 60500 * 50
    monkeypatch.setattr(inflation, "RATIO_CHECKED_FROM", 10**5)
    monkeypatch.setattr(inflation, "LARGE", 10**6)
    refuse(data, "inflates more than 50:1, which looks like a gzip bomb")


@pytest.mark.parametrize("kind", BOMBS)
def test_memory_is_told_as_the_reason(small, monkeypatch, kind):
    monkeypatch.setattr(inflation, "memory_bytes", lambda: 10.0**6)
    monkeypatch.setattr(inflation, "MAX_RATIO", 10**9)
    refuse(BOMBS[kind], "of memory; allow it more memory")


def test_the_shape_of_an_array_is_compared_with_its_size_before_it_is_inflated():
    whole = npy(ZEROS).replace(b"(500, 500)", b"(500, 501)")
    refuse(zipped({"J.npy": whole}), "shape '(500, 501)' needs 2004000 bytes, the file has 2000000")
    refuse(npy(np.zeros(3))[:-1], "needs 24 bytes, the file has 23")


@pytest.mark.parametrize(
    "dtype, shape", [("S0", (10**12,)), ("<f8", (0, 2**62, 4)), ("<f8", (1,) * 40), ("<f8", (-1,))]
)
def test_shapes_that_no_array_has(dtype, shape):
    text = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode() + b"\n"
    header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
    refuse(header, "it is truncated or its header wrong")


def test_a_damaged_header_is_refused_without_a_warning_of_python():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        refuse(npy(ZEROS).replace(b"'descr'", b"'des\\or'"), "no valid header of a NumPy array")
    assert not told


def test_arrays_of_archives_are_those_that_were_packed():
    arrays = {"a": np.arange(10**5, dtype=np.float32).reshape(100, 1000), "b": np.asfortranarray(
        np.arange(6).reshape(2, 3)), "c": np.zeros((3, 0))}  # fmt: skip
    found = read_arrays(npz(arrays), "x", max_bytes=2**20)
    for key, array in arrays.items():
        np.testing.assert_array_equal(found[key], array)
        assert found[key].dtype == array.dtype


def test_an_element_of_matlab_holds_what_its_tag_says():
    packed = zlib.compress(struct.pack("<II", 14, 8) + bytes(100))
    header = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
    refuse(header + struct.pack("<II", 15, len(packed)) + packed, "inflates to more than its 16")


# --- tars, read in place


def packed(format, **members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=format) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("length", [1, 99, 100, 101, 150, 400])
def test_names_of_any_length_in_any_tar(format, length):
    if format == tarfile.USTAR_FORMAT and length > 101:
        pytest.skip("ustar has no place for it")
    name = "é/" * (length // 3) + "x" * (length - 3 * (length // 3))
    if format == tarfile.USTAR_FORMAT and length > 98:
        name = "d" * (length - 5) + "/a.mc"
    contents = read(io.BytesIO(packed(format, **{name: PATH})))
    assert contents.num_variables == 3 and contents.name.endswith(name)


def test_links_and_folders_are_passed_over():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"other{kind.decode()}")
            info.type, info.linkname = kind, "../../etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.mc")
        info.size = len(PATH)
        archive.addfile(info, io.BytesIO(PATH))
    assert read(io.BytesIO(stream.getvalue())).num_variables == 3


def header(*, size=b"%011o\0" % 0, kind=b"0", sparse=b""):
    block = bytearray(tarfile.TarInfo("a").tobuf())
    block[124:136], block[156:157] = size, kind
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:]) + 8 * 32)
    return bytes(block)


@pytest.mark.parametrize(
    "data, part",
    [
        (header()[:156] + b"x" + header()[157:], "the sum of a header is wrong"),
        (header(size=b"\x80" + b"\xff" * 11), "unexpected end of data"),
        (header(size=b"99999999999\0"), "no number in a header"),
        (header(size=b"%011o\0" % 512, kind=b"x") + b"7" * 512, "a header of pax is wrong"),
        (header(size=b"%011o\0" % 512, kind=b"x") + b"99 a=1\n".ljust(512, b"1"), "pax is wrong"),
        (header() + b"x", "unexpected end of data"),
    ],
)
def test_damaged_tars(data, part):
    refuse(data, f"damaged archive ({part}" if "pax" not in part else part)


def test_a_tar_under_a_limit_of_memory(tmp_path):
    """What is read is what a member has, not the limit: 4 GiB were asked for at once."""
    (tmp_path / "a.tar").write_bytes(tarred({"a.mc": PATH}))
    code = (
        "import resource, pbit, sys; from pbit import formats\n"
        "formats.read(sys.argv[1])\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * 4096\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 2**26, used + 2**26))\n"
        "print(formats.read(sys.argv[1]).num_variables)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.tar")], capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}, check=False,
    )  # fmt: skip
    assert told.stdout == "3\n", told.stderr


# --- zips that the standard library has no name for


def test_a_member_without_a_name(tmp_path):
    data = zipped({"a.mc": PATH}).replace(b"a.mc", b"\0.mc")
    refuse(data, "has a member without a name; pack it again")
    (tmp_path / "a.zip").write_bytes(data)
    result = CliRunner().invoke(cli, ["info", str(tmp_path / "a.zip")])
    assert (result.exit_code, result.stdout) == (4, "")


def changed(data, at, new):
    """A zip of one member, the same bytes changed in its header and in the directory."""
    data, directory = bytearray(data), data.index(b"PK\x01\x02")
    for start in (at, directory + at + 2):
        data[start : start + len(new)] = new
    return bytes(data)


@pytest.mark.parametrize(
    "data, part",
    [
        (changed(zipped({"a": PATH}), 6, b"\x01"), "is encrypted; unpack it with its password"),
        (changed(zipped({"a": PATH}), 8, b"\x63\x00"), "pack it again with 'zip'"),
        (changed(zipped({"a": PATH}), 4, b"\xff"), "pack it again with 'zip'"),
        (changed(zipped({"a": PATH}), 14, b"\0\0\0\0"), "damaged archive (Bad CRC-32"),
    ],
)
def test_zips_that_are_refused(data, part):
    refuse(data, part)


@pytest.mark.parametrize("error", [MemoryError(), IndexError("x"), struct.error("x"), KeyError(1)])
def test_whatever_a_zip_raises_is_our_error(monkeypatch, error):
    def fail(*arguments):
        raise error

    monkeypatch.setattr(zip.zipfile, "ZipFile", fail)
    part = "does not fit into memory" if isinstance(error, MemoryError) else "damaged archive"
    with pytest.raises(FormatError, match=part):
        zip.Zip(b"PK\x03\x04", "a.zip")


# --- variables


@pytest.mark.parametrize(
    "text, options",
    [
        (b"p edge 10000000 1\ne 1 2\n", {}),
        (b"90000000 1\n1 2 1\n", {}),
        (b"0 100000000 1\n1 2 1\n", {}),
        (b"hubo 100000000 1 spin\n1 0\n", {}),
        (b"# vartype=SPIN\n# num_variables=100000000\n0 1 1\n", {}),
        (b"p cnf 100000000 1\n1 0\n", {}),
        (b"n\nQBN\nminimize\n2000000000\n0\n1\n0\n0\n1\n0\n0\n0\n0\n0\n0\n", {}),
    ],
)
def test_few_bytes_do_not_ask_for_many_variables(text, options):
    refuse(text, "expected at most 100000; allow more with max_variables=")
    refuse(text, "expected at most 5; allow more with", max_variables=5)


def test_variables_that_are_allowed():
    text = b"p edge 10000000 1\ne 1 2\n"
    assert read(io.BytesIO(text), max_variables=10**7).num_variables == 10**7
    long = b"p edge 1000000 1\ne 1 2\n" + b"c\n" * 5000
    assert read(io.BytesIO(long)).num_variables == 10**6
    names = b"n\nQBN\nminimize\n2000000\n0\n0\n0\n0\n1\n0\n0\n0\n0\n0\n0\n"
    assert read(io.BytesIO(names), max_variables=2 * 10**6).labels == range(1, 2 * 10**6 + 1)


@pytest.mark.parametrize(
    "arguments",
    [("--problem", "vertex-cover"), ("--problem", "coloring", "--colors", "3")],
)
def test_ten_million_vertices_in_24_bytes(tmp_path, arguments):
    path = tmp_path / "ten.col"
    path.write_bytes(b"p edge 10000000 1\ne 1 2\n")
    result = CliRunner().invoke(cli, ["solve", str(path), *arguments])
    assert result.exit_code == 4
    assert "allow more with --max-variables 10000000" in result.stderr


def test_limits_on_the_command_line(tmp_path):
    path = tmp_path / "a.mc"
    path.write_bytes(PATH)
    few = CliRunner().invoke(cli, ["info", str(path), "--max-bytes", "5"])
    assert few.exit_code == 4 and "max_bytes = 5" in few.stderr
    ring = tmp_path / "ring.col"
    ring.write_bytes(b"p edge 3 3\ne 1 2\ne 2 3\ne 3 1\n")
    arguments = ["solve", str(ring), "--problem", "coloring", "--colors", "2"]
    many = CliRunner().invoke(cli, [*arguments, "--max-variables", "3"])
    assert many.exit_code == 5
    assert "6 p-bits, expected at most 3; allow more with --max-variables 6" in many.stderr


# --- the whole scan, and damage


def test_costs_are_fitted():
    taken = [(n, 1e-6 * n**2) for n in (1000, 2000, 4000)]
    assert reader_costs._exponent(taken) == pytest.approx(2)
    assert np.isnan(reader_costs._exponent([(1000, 1e-6)]))
    square = reader_costs.Cost("a", "b", 1, 1.0, 2.0, "read")
    assert reader_costs.steep(square) and not reader_costs.steep(square._replace(exponent=1.1))
    assert reader_costs.steep(square._replace(exponent=1.0, ended="KeyError"))


@pytest.mark.parametrize("name", readers())
def test_a_few_damaged_files(name):
    rng = np.random.default_rng(3)
    for seed in seeds_of(name):
        for _ in range(20):
            fault = reader_fuzz.fault_of(readers()[name], reader_fuzz.mutated(rng, seed, PATH))
            assert not fault or fault.endswith(" s"), fault  # no test asserts a time


@pytest.mark.slow
@pytest.mark.parametrize("name", readers())
def test_many_damaged_files(name):
    """PBIT_FUZZ files in all, a million for instance."""
    count = int(os.environ.get("PBIT_FUZZ", "20000")) // len(readers())
    found = reader_fuzz.in_a_process(name, count, 11)
    assert found["faults"] == []


def test_all_kinds_of_files_are_as_long_as_asked():
    for name in ("rudy", "chip", "blif", "told"):
        for worst in worst_inputs(name):
            assert 0 < len(worst.make(2048)) < 2**16, worst.kind
