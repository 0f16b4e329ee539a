"""Whatever is added to a file is used, refused or noted, in every format that there is.

A good file of each format gets tokens, lines, keys, arrays, members and columns that it should not
have; none of them may leave what is read as it was.
"""

import copy
import io
import itertools
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from scipy import io as scipy_io

from good_files import (
    AAG,
    ARRAYS,
    BLIF,
    CHIP,
    DOCUMENTS,
    MATRIX,
    TEXTS,
    YOSYS,
)
from pbit.formats import FormatError, read
from pbit.formats.registry import KNOWN
from pbit.hardware.files.toml import read_chip
from pbit.problems.logic.netlists import read_circuit
from pbit.problems.logic.netlists.registry import KNOWN as NETLISTS

ELSEWHERE = {"lp", "mps", "dqm"}  # these have tests of their own
# Names and remarks, which may hold any words.
FREE = ("NAME", "COMMENT", "hand", "3 third", "# ", "27,37")


def outcome(load: Callable[[], Any]) -> str:
    """Everything that came of a file, notes included; "" where it was refused."""
    try:
        found = load()
    except FormatError:
        return ""
    return repr({key: _plain(value) for key, value in sorted(vars(found).items()) if key != "name"})


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if hasattr(value, "constraints"):
        return str(value.objective), {k: str(v) for k, v in value.constraints.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {key: _plain(part) for key, part in sorted(vars(value).items())}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def of(data: bytes, format: str) -> str:
    return outcome(lambda: read(io.BytesIO(data), format=format))


def text_mutants(text: str) -> Iterator[tuple[str, str]]:
    """What was added, and the text with it."""
    lines = text.splitlines()
    for k, line in enumerate(lines):
        if line.startswith(FREE):
            continue
        for token in (" 7", " x", ",7", " 7 7", " junk = 5"):
            yield f"{token!r} to line {k + 1}", _joined([*lines[:k], line + token, *lines[k + 1 :]])
        yield f"line {k + 1} twice", _joined([*lines[: k + 1], *lines[k:]])
    more = ("7", "x", "7 7", "7,7", "7 7 7", "1 2 1", "7 7 7 7 7", "x y z", "ZZZ: 7", "ZZZ_SECTION")
    for k, line in itertools.product(range(len(lines) + 1), more):
        yield f"line {line!r} after line {k}", _joined([*lines[:k], line, *lines[k:]])
    for mark, words in itertools.product("#%c", ("constant 5", "Offset = 5", "the offset is 5")):
        yield f"comment {mark} {words}", _joined([f"{mark} {words}", *lines])
        yield f"last comment {mark} {words}", _joined([*lines, f"{mark} {words}"])


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def document_mutants(document: Any) -> Iterator[tuple[str, Any]]:
    """A key more in each object, an element more in each list."""
    for path in list(_paths(document)):
        changed = copy.deepcopy(document)
        place = changed
        for step in path:
            place = place[step]
        if isinstance(place, dict):
            place["zzz"] = 7
        else:
            place.append(7)
        yield f"7 in {'.'.join(map(str, path)) or 'the document'}", changed


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if not isinstance(value, dict | list):
        return
    yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _paths(part, (*path, key))


def npz(arrays: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def mat(arrays: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    scipy_io.savemat(stream, arrays)
    return stream.getvalue()


def test_every_format_is_tried() -> None:
    tried = {*TEXTS, *DOCUMENTS, *ARRAYS, "cqm", "bqm"}
    assert set(KNOWN.all()) - ELSEWHERE == tried


@pytest.mark.parametrize(
    "format, text", [(form, text) for form, texts in TEXTS.items() for text in texts]
)
def test_text(format: str, text: str) -> None:
    good = of(text.encode(), format)
    assert good
    dropped = [what for what, new in text_mutants(text) if of(new.encode(), format) == good]
    assert dropped == []


@pytest.mark.parametrize(
    "format, document", [(form, one) for form, many in DOCUMENTS.items() for one in many]
)
def test_json(format: str, document: dict[str, Any]) -> None:
    good = of(json.dumps(document).encode(), format)
    assert good
    dropped = [
        what
        for what, new in document_mutants(document)
        if of(json.dumps(new).encode(), format) == good
    ]
    assert dropped == []
    text = json.dumps(document)
    for key in document:
        twice = text.replace("{", f'{{"{key}": 7, ', 1)
        assert of(twice.encode(), format) == "", key


BESIDE = {
    "scalar": np.array(5.0), "vector": np.array([2.0, -3.0, 0.5]), "other": np.ones(7),
    "square": np.eye(3), "two": np.ones((2, 3)), "text": np.array(["a"]),
}  # fmt: skip
NAMES = ("b", "H", "offset", "zzz", "ground_energy", "K")


@pytest.mark.parametrize("pack", [npz, mat])
@pytest.mark.parametrize("format", list(ARRAYS))
@pytest.mark.parametrize("beside", list(BESIDE))
def test_arrays(format: str, pack: Callable[[dict[str, Any]], bytes], beside: str) -> None:
    if format == "glasses" and pack is mat:
        return
    arrays = ARRAYS[format]
    good = of(pack(arrays), format)
    assert good
    dropped = [name for name in NAMES if of(pack({**arrays, name: BESIDE[beside]}), format) == good]
    assert dropped == []


@pytest.mark.parametrize(
    "value", ["abc", np.array([1 + 2j]), np.array([[1, "a"]], dtype=object), {"a": 1.0}]
)
def test_what_else_is_in_a_matlab_file(value: Any) -> None:
    assert of(mat({"J": MATRIX, "zzz": value}), "matrix") != of(mat({"J": MATRIX}), "matrix")


def packed(kind: str, members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return stream.getvalue()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize("name", ["b.mc", "b.sol", "README.md", "folder/b.py"])
def test_members(kind: str, name: str) -> None:
    text = TEXTS["rudy"][0].encode()
    good = of(packed(kind, {"a.mc": text}), "rudy")
    assert good
    assert of(packed(kind, {"a.mc": text, name: b"more"}), "rudy") != good


def test_a_link_in_a_tar() -> None:
    stream = io.BytesIO(packed("tar", {"a.mc": TEXTS["rudy"][0].encode()}))
    good = of(stream.getvalue(), "rudy")
    with tarfile.open(fileobj=stream, mode="a") as tar:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, "a.mc"
        tar.addfile(info)
    assert of(stream.getvalue(), "rudy") != good


def cqm_file() -> bytes:
    dimod = pytest.importorskip("dimod")
    cqm = dimod.CQM()
    cqm.set_objective(dimod.BQM({"a": 1.0}, {("a", "b"): 2.0}, 0.5, "BINARY"))
    cqm.add_constraint(dimod.BQM({"a": 1.0}, {}, 0.0, "BINARY"), "==", 1, label="c0")
    return bytes(cqm.to_file().read())


@pytest.mark.parametrize("member", ["zzz", "constraints/c0/zzz", "constraints", "objective"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_cqm(member: str) -> None:
    data = cqm_file()
    good = of(data, "cqm")
    assert good
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(member, b"7")
    assert of(stream.getvalue(), "cqm") == ""


def bqm_file(**header: Any) -> bytes:
    dimod = pytest.importorskip("dimod")
    data = dimod.BQM({"a": 1.0, "b": 2.0}, {"ab": 3.0}, 0.5, "SPIN").to_file().read()
    length = int.from_bytes(data[10:14], "little")
    new = json.dumps({**json.loads(data[14 : 14 + length]), **header}).encode()
    return bytes(data[:10] + len(new).to_bytes(4, "little") + new + data[14 + length :])


def test_bqm_files() -> None:
    good = of(bqm_file(), "bqm")
    assert good
    for data in (bqm_file(zzz=7), bqm_file(type="DQM"), bqm_file(variables=False)):
        assert of(data, "bqm") == ""
    assert of(bqm_file() + b"more", "bqm") == ""
    assert of(bqm_file() + bytes(8), "bqm") == good  # padding


@pytest.mark.parametrize("format", ["partition", "labs"])
def test_columns(format: str) -> None:
    header, row = TEXTS[format][-1].splitlines()
    good = of(_joined([header, row]).encode(), format)
    more = of(_joined([f"zzz,{header}", f"7,{row}"]).encode(), format)
    first, others = header.split(",", 1)
    inside = _joined([f"{first},zzz,{others}", row.replace(",", ",7,", 1)])
    for text in (_joined([header, row + ",7"]), _joined([header + ",zzz", row]), inside):
        assert of(text.encode(), format) != good
    assert more != good


def test_a_gzip_file_with_more_behind_it() -> None:
    import gzip

    data = gzip.compress(TEXTS["rudy"][0].encode(), mtime=0)
    assert of(data, "rudy") and of(data + b"more", "rudy") == ""


# Free remarks of yosys, by its manual, and further bits of a name that nothing drives.
NO_LOGIC = ("attributes", "netnames")


def circuit(data: bytes, format: str) -> str:
    """Everything that came of a netlist."""
    try:
        found = read_circuit(io.BytesIO(data), format=format, fewer_p_bits=False)
    except FormatError:
        return ""
    names = list(found.inputs)
    if len(names) > 8:
        return repr(names)
    rows = itertools.product((0, 1), repeat=len(names))
    table = [found.evaluate(**dict(zip(names, row, strict=True))) for row in rows]
    return repr((found.inputs, found.outputs, table, sorted(found.wires.items()), found.notes))


def test_every_netlist_is_tried() -> None:
    assert set(NETLISTS.all()) == {"blif", "aiger", "yosys"}


@pytest.mark.parametrize("format, text", [("blif", BLIF), ("aiger", AAG)])
def test_netlists(format: str, text: str) -> None:
    good = circuit(text.encode(), format)
    assert good
    comments = ("comment", "last comment")
    dropped = [
        what
        for what, new in text_mutants(text)
        if not what.startswith(comments) and circuit(new.encode(), format) == good
    ]
    assert [what for what in dropped if not _is_harmless(what, text)] == []


def _is_harmless(what: str, text: str) -> bool:
    """What is said twice, another name of what has no name here, a pin that nothing is tied to."""
    number = what.removesuffix(" twice").rsplit("line ", 1)[-1]
    line = text.splitlines()[int(number) - 1] if number.isdigit() else ""
    if what.endswith("twice"):
        return line.startswith((".end", ".cname")) or line in ("1 1", "10 1", "01 1")
    if line.startswith((".model", ".cname")):
        return what.startswith("',7'")
    return " to " in what and line in (".inputs p q", ".outputs r")


def test_yosys() -> None:
    good = circuit(json.dumps(YOSYS).encode(), "yosys")
    assert good
    dropped = [
        what
        for what, new in document_mutants(YOSYS)
        if not any(word in what for word in NO_LOGIC)
        and circuit(json.dumps(new).encode(), "yosys") == good
    ]
    assert dropped == []


@pytest.mark.parametrize("line", range(9))
def test_chips(line: int, tmp_path: Any) -> None:
    lines = CHIP.splitlines()
    path = tmp_path / "chip.toml"
    path.write_text(CHIP)
    assert read_chip(path).name == "x"
    for new in ("zzz = 7", "zzz_s = 1e-9", "[zzz]\na = 1", "junk"):
        if line == 8 or not lines[line].startswith("["):
            path.write_text(_joined([*lines[:line], new, *lines[line:]]))
            with pytest.raises(FormatError):
                read_chip(path)


def test_a_column_of_a_transfer_curve(tmp_path: Any) -> None:
    (tmp_path / "chip.toml").write_text('transfer_file = "curve.csv"\n')
    (tmp_path / "curve.csv").write_text("input,mean,error\n-1,-0.5,0.1\n1,0.5,0.1\n")
    with pytest.raises(FormatError, match="column 3, 'error', is not known"):
        read_chip(tmp_path / "chip.toml")
