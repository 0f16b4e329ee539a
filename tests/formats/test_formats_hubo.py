"""Files of any degree: read, written, refused, damaged, and what the command line makes of them."""

import dataclasses
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import dimod
import numpy as np
import pytest
from click.testing import CliRunner

from cases import some
from pbit import IsingModel, PolynomialModel
from pbit.cli.main import cli
from pbit.exact import exact_ground_states, states
from pbit.formats import Contents, FormatError, TermContents, detect, read, write
from pbit.formats.hubo_text import _Header, _parse_lines, _parse_quickly
from pbit.formats.tokens import Line, whole
from pbit.problems.core.reading import problem_of
from pbit.problems.higher_order import Hising, Hubo

TEXT = b"# by hand\nhubo 4 5 spin\n1.5 0 1 2\n\n# more\n-2 3\n0.25\n1e-3 2 0\n+.5 3 2 1 0\n"
DOCUMENT: dict[str, Any] = {
    "format": "pbit-hubo",
    "version": 1,
    "vartype": "BINARY",
    "offset": 0.5,
    "variables": ["a", ["b", [1, 2.5]], 7, "unused"],
    "terms": [[["a", ["b", [1, 2.5]], 7], 1.5], [[7], -2], [[], 0.25]],
}


def parse(text: bytes, **options: Any) -> Any:
    return read(io.BytesIO(text), **options)


def as_json(**changes: Any) -> bytes:
    return json.dumps(DOCUMENT | changes).encode()


def terms(contents: TermContents) -> list[tuple[list[int], float]]:
    bounds = zip(contents.pointers[:-1], contents.pointers[1:], strict=True)
    bodies = [contents.members[first:last].tolist() for first, last in bounds]
    return list(zip(bodies, contents.values.tolist(), strict=True))


def same(a: TermContents, b: TermContents) -> None:
    for field in ("kind", "num_variables", "offset"):
        assert getattr(a, field) == getattr(b, field)
    assert list(a.labels) == list(b.labels)
    for field in ("pointers", "members", "values"):
        left, right = getattr(a, field), getattr(b, field)
        assert left.dtype == right.dtype
        np.testing.assert_array_equal(left, right)


def random_contents(rng: np.random.Generator, *, labels: Any = None) -> TermContents:
    n = int(rng.integers(1, 9))
    sizes = rng.integers(1, 6, int(rng.integers(0, 12)))
    exponents = rng.integers(-300, 300, sizes.size)
    return TermContents(
        kind="hubo" if rng.random() < 0.5 else "hising",
        num_variables=n,
        pointers=np.cumsum(np.append(0, sizes)),
        members=rng.integers(0, n, int(sizes.sum())),
        values=rng.normal(size=sizes.size) * 10.0**exponents,
        offset=float(rng.choice([0.0, rng.normal(), -3.0])),
        labels=labels[:n] if labels else range(n),
    )


# --- reading


def test_text() -> None:
    contents = parse(TEXT)
    assert isinstance(contents, TermContents)
    assert (contents.kind, contents.format, contents.name) == ("hising", "hubo", "<stream>")
    assert (contents.num_variables, contents.offset, contents.degree) == (4, 0.25, 4)
    expected = [([0, 1, 2], 1.5), ([3], -2.0), ([2, 0], 1e-3), ([3, 2, 1, 0], 0.5)]
    assert terms(contents) == expected
    assert contents.pointers.dtype == contents.members.dtype == np.int64
    assert contents.labels == range(4)


def test_text_variants() -> None:
    expected = parse(TEXT)
    for text in (
        TEXT.replace(b"\n", b"\r\n"),
        TEXT.rstrip(),
        b"\xef\xbb\xbf\n\n" + TEXT,
        TEXT.replace(b" ", b"\t"),
        TEXT.replace(b"spin", b"SPIN"),
        TEXT.replace(b"# more", b"c more \xff"),
        gzip.compress(TEXT, mtime=0),
    ):
        same(parse(text), expected)
    assert parse(TEXT.replace(b"spin", b"binary")).kind == "hubo"
    empty = parse(b"hubo 3 0 binary\n# nothing\n")
    assert (empty.num_variables, empty.degree, terms(empty)) == (3, 0, [])


def test_json() -> None:
    contents = parse(as_json())
    assert (contents.kind, contents.format) == ("hubo", "hubo-json")
    assert contents.labels == ["a", ("b", (1, 2.5)), 7, "unused"]
    assert terms(contents) == [([0, 1, 2], 1.5), ([2], -2.0)]
    assert (contents.num_variables, contents.offset) == (4, 0.75)


def test_json_variables() -> None:
    """A number, a list, or left out: whole numbers are sorted then, all else comes as it comes."""
    cubic = [[[5, 0, 3], 1]]
    assert parse(as_json(variables=9, terms=cubic)).labels == range(9)
    assert parse(as_json(variables=[0, 3, 5], terms=cubic)).labels == [0, 3, 5]
    short = {key: value for key, value in DOCUMENT.items() if key not in ("variables", "offset")}
    contents = parse(json.dumps(short | {"terms": cubic}).encode())
    assert (contents.labels, contents.offset) == ([0, 3, 5], 0.0)
    assert terms(contents) == [([2, 0, 1], 1.0)]
    assert parse(json.dumps(short | {"terms": [[["b", "a", 1], 1]]}).encode()).labels == [
        "b",
        "a",
        1,
    ]
    assert parse(json.dumps(short | {"terms": [[[1, 0], 1]]}).encode()).labels == range(2)


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (TEXT, "hubo"),
        (b"# vartype=SPIN\n" + TEXT, "hubo"),
        (b"# hubo 4 5 spin\n# vartype=SPIN\n0 1 2\n", "coo"),
        (as_json(), "hubo-json"),
        (json.dumps(DOCUMENT, indent=2).encode(), "hubo-json"),
        (b"4 5\n1 2\n", "edge-list"),
        (b"1.5 0 1\n", "edge-list"),
        (b'{"variable_type": "SPIN", "note": "\\"format\\": \\"pbit-hubo\\""}', "bqm"),
        (json.dumps({"variable_labels": ['"format": "pbit-hubo"']}).encode(), "bqm"),
    ],
)
def test_detection(data: bytes, format: str) -> None:
    assert detect(data, "x") == format


def test_the_suffix_does_not_matter(tmp_path: Path) -> None:
    for suffix in ("qh", "json", "txt", "hubo"):
        path = tmp_path / f"x.{suffix}"
        path.write_bytes(TEXT)
        assert read(path).format == "hubo"


def test_energies_are_dimods(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for kind, vartype in (("hubo", "BINARY"), ("hising", "SPIN")):
        for format in ("hubo", "hubo-json"):
            contents = dataclasses.replace(random_contents(rng), kind=kind, num_variables=9)
            contents = dataclasses.replace(contents, labels=range(9))
            contents.values[:] = rng.normal(size=contents.values.size)
            write(contents, tmp_path / "x", format)
            problem = problem_of(read(tmp_path / "x"))
            polynomial = dimod.BinaryPolynomial(terms(contents), vartype)
            s = states(9)
            values = (s + 1) // 2 if kind == "hubo" else s
            expected = polynomial.energies((values, range(9))) + contents.offset
            assert np.allclose(problem.model.energy(s), expected)
            assert [problem.objective(v) for v in values[:50]] == pytest.approx(expected[:50])


# --- writing


@pytest.mark.parametrize("format", ["hubo", "hubo-json"])
@pytest.mark.parametrize("suffix", ["txt", "txt.gz"])
def test_round_trip(tmp_path: Path, format: str, suffix: str) -> None:
    rng = np.random.default_rng(2)
    path = tmp_path / f"problem.{suffix}"
    names = ["a", "ü\n", '"', 1, -7, 2.5, ("t", (1, "x")), ""]
    for k in range(100):
        named = format == "hubo-json" and k % 2
        contents = random_contents(rng, labels=names if named else None)
        write(contents, path, format)
        assert path.read_bytes().startswith(b"\x1f\x8b") == suffix.endswith("gz")
        again = read(path)
        assert isinstance(again, TermContents) and again.format == format
        same(again, contents)


def test_labels_of_a_range_that_does_not_start_at_0(tmp_path: Path) -> None:
    contents = dataclasses.replace(parse(b"hubo 2 1 spin\n1 0 1\n"), labels=range(1, 3))
    write(contents, tmp_path / "x", "hubo-json")
    assert read(tmp_path / "x").labels == [1, 2]


@pytest.mark.parametrize(
    ("format", "changes", "message"),
    [
        ("hubo", {"labels": ["a", "b", "c", "d"]}, "labels must be a range .* write hubo-json"),
        ("hubo", {"num_variables": 0}, r"num_variables must be in 1\.\.2147483647, got 0"),
        ("hubo", {"num_variables": 3}, r"members must be in 0\.\.num_variables - 1 = 2, got 0..3"),
        ("hubo", {"values": np.array([np.nan] * 4)}, "values and offset must be finite"),
        ("hubo", {"offset": np.inf}, "values and offset must be finite"),
        ("hubo-json", {"values": np.ones(3)}, "pointers must rise from 0 to the number of members"),
        ("hubo", {"pointers": np.array([0, 0, 3, 4, 10])}, "put terms without members into offset"),
        ("hubo", {"pointers": np.array([1, 3, 4, 6, 10])}, "pointers must rise from 0"),
        ("hubo", {"pointers": np.array([0, 3, 4, 6, 9])}, "pointers must rise from 0"),
        ("hubo-json", {"labels": [None, 1, 2, 3]}, "labels must be strings, numbers .* got None"),
        ("hubo-json", {"labels": [True, 0, 2, 3]}, "labels must be strings, numbers .* got True"),
        ("hubo-json", {"labels": [frozenset(), 0, 2, 3]}, "got frozenset"),
        ("hubo-json", {"labels": [float("nan"), 0, 2, 3]}, "got nan"),
        ("coo", {}, "kind must be ising or qubo for coo, got hising"),
    ],
)
def test_what_cannot_be_written(
    tmp_path: Path, format: str, changes: dict[str, Any], message: str
) -> None:
    contents = dataclasses.replace(parse(TEXT), **changes)
    with pytest.raises(ValueError, match=message):
        write(contents, tmp_path / "x", format)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("format", ["hubo", "hubo-json"])
def test_entries_are_no_terms(tmp_path: Path, format: str) -> None:
    pair = Contents(
        kind="ising", num_variables=2, rows=np.array([0]), cols=np.array([1]), values=np.ones(1)
    )
    with pytest.raises(ValueError, match=f"kind must be hubo or hising for {format}, got ising"):
        write(pair, tmp_path / "x", format)


# --- refusals


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        (b"hubo 3 1\n1 0\n", 1, "expected the header 'hubo variables terms spin' or"),
        (b"hubo 3 1 spin 4\n1 0\n", 1, "expected the header"),
        (b"hubo 3 1 ising\n1 0\n", 1, "'ising' variables, expected spin or binary"),
        (b"hubo x 1 spin\n1 0\n", 1, "'x' in the header, expected the number of variables"),
        (b"hubo 3 -1 spin\n1 0\n", 1, "'-1' in the header, expected the number of terms"),
        (b"hubo 0 1 spin\n1\n", 1, "0 variables, expected 1..2147483647"),
        (b"hubo 9999999999 0 spin\n", 1, "expected 1..2147483647"),
        (b"hubo 3 2 spin\n1 0\n", 1, "promises 2 terms, the file has 1; it is truncated"),
        (b"hubo 3 99999999999999 spin\n1 0\n", 1, "promises 99999999999999 terms"),
        (b"hubo 3 1 spin\n1 0\n\n2 1\n", 1, "promises 1 terms, the file has 2"),
        (b"hubo 3 1 spin\n\n# c\nx 0 1\n", 4, "'x' is not a weight"),
        (b"hubo 3 2 spin\n1 0\n1 0 1.0\n", 3, "'1.0' is not an index, expected 'bias i j k ...'"),
        (b"hubo 3 1 spin\n1 1e0\n", 2, "'1e0' is not an index"),
        (b"hubo 3 1 spin\n1 0-1\n", 2, "'0-1' is not an index"),
        (b"hubo 3 1 spin\n1 0,1\n", 2, "'0,1' is not an index"),
        (b"hubo 3 2 spin\n1 0\n1 3\n", 3, "index '3' is outside 0..2 (line 1 says 3 variables)"),
        (b"hubo 3 1 spin\n1 -1 0\n", 2, "index '-1' is outside 0..2"),
        (b"hubo 3 1 spin\n1 " + b"9" * 5000, 2, "is outside 0..2"),
        (b"hubo 3 1 spin\nnan 0\n", 2, "'nan' is not a weight"),
        (b"hubo 3 1 spin\n1e999 0\n", 2, "'1e999' overflows"),
        (b"hubo 3 2 spin\n1e308\n1e308\n", 1, "the lines without indices add up to inf"),
        ("hubo 3 1 spin\n1 ٢\n".encode(), 2, "'٢' is not an index"),
        (b"hubo 3 1 spin\n1 0\0\n", 2, "NUL byte"),
        (as_json().replace(b'"version"', b"\n\n'"), 3, "no valid JSON"),
        (as_json(version=2), None, "version '2', expected 1"),
        (as_json(version=True), None, "version 'True', expected 1"),
        (as_json(version=[[]]), None, "version list, expected 1"),
        (as_json(vartype="spin"), None, "vartype 'spin', expected SPIN or BINARY"),
        (as_json(vartype=None), None, "vartype NoneType, expected SPIN or BINARY"),
        (as_json(offset="1"), None, "offset is '1', expected a finite number"),
        (as_json(offset=None), None, "offset is NoneType, expected a finite number"),
        (as_json(offset=True), None, "offset is 'True', expected a finite number"),
        (as_json(offset=10**400), None, "expected a finite number; correct it"),
        (as_json().replace(b"0.5", b"1e999", 1), None, "offset is 'inf', expected a finite"),
        (as_json().replace(b"0.5", b"NaN", 1), None, "NaN is not a finite number"),
        (as_json(terms={}), None, "'terms' is no list"),
        (as_json(terms=[[["a"], 1], ["a", 1]]), None, "terms[1] is list, expected [[label, ...]"),
        (as_json(terms=[[["a"], 1, 2]]), None, "terms[0] is list, expected"),
        (as_json(terms=[5]), None, "terms[0] is '5', expected [[label, ...], bias]"),
        (as_json(terms=[[["a"], "1"]]), None, "the bias of terms[0] is '1', expected a finite"),
        (as_json(terms=[[["z"], 1]]), None, "label 'z' is not among the variables; add it"),
        (as_json(terms=[[[None], 1]]), None, "a label is no string, number or list of those"),
        (as_json(terms=[[[True], 1]]), None, "a label is no string, number or list"),
        (as_json(terms=[[[{}], 1]]), None, "a label is no string, number or list"),
        (
            as_json(terms=[[[json.loads("[" * 23 + "]" * 23)], 1]]),
            None,
            "20 deep at most",
        ),
        (as_json(terms=[[[], 1e308], [[], 1e308]]), None, "add up to inf"),
        (as_json(variables="abc"), None, "'variables' is neither a number nor a list"),
        (as_json(variables=[], terms=[]), None, "no variables or too many, expected 1.."),
        (as_json(variables=2**40, terms=[]), None, "no variables or too many"),
        (as_json(variables=["a", "a"], terms=[]), None, "a label occurs twice in 'variables'"),
        (as_json(variables=3, terms=[[[3], 1]]), None, "label '3' is not among the variables"),
        (as_json(variables=3, terms=[[[-1], 1]]), None, "label '-1' is not among the variables"),
        (as_json(variables=2**31 - 1, terms=[[["a"], 1]]), None, "label 'a' is not among"),
    ],
)
def test_refusals(text: bytes, line: int | None, part: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse(text)
    assert part in str(caught.value)
    assert caught.value.line == line
    assert len(str(caught.value)) < 400


def test_a_document_that_does_not_say_its_format() -> None:
    for text in (b"[]", b"{}", b'{"a": {"format": "pbit-hubo"}}'):
        with pytest.raises(FormatError, match='no "format": "pbit-hubo", expected that key'):
            parse(text, format="hubo-json")
    with pytest.raises(FormatError, match="no valid JSON"):
        parse(b'{"format": "pbit-hubo", "terms": ' + b"[" * 10**5)


# --- damaged files

SNIPPETS = [
    *(b"\n", b"\r", b" ", b"\t", b",", b"#", b"c ", b"\0", b"\xff", b"-", b"+", b".", b"e"),
    *(b"1e999", b"nan", b"inf", b"0", b"99999999999", b"1_0", b"\x0b", b"{", b"[", b"]", b'"'),
    *(b"hubo 4 1 spin\n", b"null", b"true", b"NaN", b"[[0], 1],", "٣".encode()),
]


def mutate(rng: np.random.Generator, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(int(rng.integers(1, 4))):
        at, kind = int(rng.integers(0, len(data) + 1)), int(rng.integers(0, 4))
        if kind == 0:
            data[at:at] = SNIPPETS[int(rng.integers(len(SNIPPETS)))]
        elif kind == 1:
            del data[at : at + int(rng.integers(1, 5))]
        elif kind == 2:
            data[at : at + 1] = bytes([int(rng.integers(256))])
        else:
            data[at:at] = data[at : at + int(rng.integers(1, 12))]
    return bytes(data)


@pytest.mark.parametrize(
    ("format", "seed"),
    [
        ("hubo", TEXT),
        ("hubo", gzip.compress(TEXT, mtime=0)),
        ("hubo-json", as_json()),
        ("hubo-json", as_json(variables=8, terms=[[[0, 1, 7], 1], [[3], 2.5]])),
    ],
)
@pytest.mark.parametrize("count", some([1000, 3000], 1000))
def test_mutated_files(format: str, seed: bytes, count: int) -> None:
    """Nothing but FormatError escapes, and what is accepted is sound."""
    rng = np.random.default_rng(3)
    accepted = 0
    for _ in range(count):
        data = mutate(rng, seed)
        for name in (format, None):
            try:
                contents = parse(data, format=name)
            except FormatError as error:
                assert str(error).startswith("<stream>")
                continue
            if not isinstance(contents, TermContents):
                continue
            accepted += 1
            assert contents.num_variables == len(contents.labels) > 0
            assert contents.pointers[0] == 0 and contents.pointers[-1] == contents.members.size
            assert contents.pointers.size == contents.values.size + 1
            assert (np.diff(contents.pointers) > 0).all()
            assert np.isfinite(contents.values).all() and np.isfinite(contents.offset)
            if contents.members.size:
                assert 0 <= contents.members.min()
                assert contents.members.max() < contents.num_variables
    assert 0 < accepted < 2 * count


def test_quick_parser_accepts_no_more_than_the_exact_one() -> None:
    rng = np.random.default_rng(4)
    header = _Header(Line(1, b"", 0), 4, 0, "hubo")
    seeds = [
        b"1 2 3\n2 3 -1.5\n3 1 .5e1\n",
        b"1.5 0 1 2\n-2 3\n\n.25\n1e-3 2 0\n",
        b"1\n2\n3 3 3\n",
    ]
    both = 0
    for count in range(6000):
        body = whole(mutate(rng, seeds[count % 3]), "x")
        quick = _parse_quickly(body, 4)
        if quick is not None:
            both += 1
            for left, right in zip(quick, _parse_lines(body, header), strict=True):
                np.testing.assert_array_equal(left, right)
    assert both > 500


def test_a_huge_promise_takes_no_memory() -> None:
    most = 2**31 - 1
    contents = parse(b"hubo 2147483647 1 binary\n1 0 2147483646\n", max_variables=most)
    assert contents.num_variables == most
    document = as_json(variables=most, terms=[[[5], 1]])
    assert parse(document, max_variables=most).num_variables == most


# --- problems and the command line


def run(*arguments: Any, stdin: bytes | None = None) -> Any:
    result = CliRunner().invoke(cli, list(map(str, arguments)), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_problems_of_terms() -> None:
    spins, bits = problem_of(parse(TEXT)), problem_of(parse(as_json()))
    assert isinstance(spins, Hising) and isinstance(bits, Hubo)
    assert isinstance(spins.model, PolynomialModel) and spins.model.degree == 4
    for problem in (spins, bits):
        lowest, ground = exact_ground_states(problem.model)
        answer = problem.decode(ground[0])
        assert problem.objective(answer) == pytest.approx(lowest)
        assert problem.energy_of(lowest) == lowest and problem.check(answer)
        assert np.array_equal(problem.encode(answer), ground[0])
    with pytest.raises(ValueError, match="holds a problem of kind hising, not qubo"):
        problem_of(parse(TEXT), "qubo")


def test_short_terms_give_an_ising_model() -> None:
    text = b"hubo 3 4 spin\n1 0 1 1 1\n2 2\n-1 0 0\n1 1 2\n"
    problem = problem_of(parse(text))
    assert isinstance(problem.model, IsingModel)
    answers = states(3)
    assert [problem.objective(s) for s in answers] == problem.model.energy(answers).tolist()
    constant = problem_of(parse(b"hubo 2 1 binary\n2.5\n"))
    assert constant.objective(np.array([0, 1])) == constant.model.energy([1, 1]) == 2.5


def test_info(tmp_path: Path) -> None:
    path = tmp_path / "x.hubo"
    path.write_bytes(TEXT)
    facts = json.loads(run("info", path, "--json").stdout)
    assert (facts["format"], facts["kind"], facts["variables"]) == ("hubo", "hising", 4)
    assert facts["terms by degree"] == {"1": 1, "2": 1, "3": 1, "4": 1} and facts["terms"] == 4
    assert facts["weights"]["min"] == -2.0 and facts["weights"]["max"] == 1.5
    assert facts["spin weights"]["max"] == 2.0 and facts["offset"] == 0.25
    assert "terms by degree    1 1, 2 1, 3 1, 4 1\n" in run("info", "-", stdin=TEXT).stdout


def test_check_compares_objective_and_energy(tmp_path: Path) -> None:
    path, result = tmp_path / "x.json", tmp_path / "result.json"
    path.write_bytes(as_json())
    record = {
        "objective": 0.25,
        "energy": 0.25,
        "assignment": {"a": 1, '["b", [1, 2.5]]': 1, "7": 1, "unused": 0},
    }
    result.write_text(json.dumps(record))
    checked = run("check", path, result)
    assert checked.exit_code == 0 and "agrees with" in checked.stdout
    result.write_text(json.dumps(record | {"energy": 0.5}))
    assert run("check", path, result).exit_code == 3


def test_solve_takes_terms_of_any_length_and_neal_short_ones(tmp_path: Path) -> None:
    path, result = tmp_path / "x", tmp_path / "result.json"
    path.write_text("hubo 2 2 binary\n-1 0 1\n0.5 1\n")
    solved = run("solve", path, "--output", result, "--seed", "1", "--quiet")
    assert solved.exit_code == 0 and "best energy  -0.5" in solved.stdout
    assert run("check", path, result).exit_code == 0
    path.write_bytes(TEXT)
    solved = run("solve", path, "--output", result, "--seed", "1", "--quiet")
    assert solved.exit_code == 0
    assert run("check", path, result).exit_code == 0
    refused = run("solve", path, "--solver", "neal")
    assert refused.exit_code == 4
    assert "has terms of 4 spins and --solver neal takes at most 2" in refused.stderr


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        ("hubo 2000000000 1 spin\n1 0 1 2\n", 4, "allow more with --max-variables 2000000000"),
        (f"hubo 21 1 binary\n1 {' '.join(map(str, range(21)))}\n", 4, "split it with auxiliary"),
        ("hubo 9 40000 binary\n" + "1 0 1 2\n" * 40000, 0, ""),
        ("hubo 3 1 spin\n1e40 0 1 2\n", 4, "the largest coupling or field is 1e+40"),
        ("hubo 3 2 spin\n1e308 0 1 2\n1e308 0 1 2\n", 4, "divide all weights by a factor"),
    ],
)
def test_what_the_command_line_refuses(
    tmp_path: Path, text: str, status: int, message: str
) -> None:
    path = tmp_path / "x"
    path.write_text(text)
    result = run("info", path)
    assert result.exit_code == status and message in result.stderr
    assert not re.search("(divide .*){2}", result.stderr)


def test_variables_that_are_allowed_and_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("hubo 2000000000 1 spin\n1 0 1 2\n")
    result = run("info", path, "--max-variables", 2 * 10**9)
    assert result.exit_code == 5 and "take a machine with more memory" in result.stderr
