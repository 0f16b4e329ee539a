"""Small files with their right values, by hand or by brute force, and what is refused of them."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import io as scipy_io

from good_files import CLAUSES, COMPILED, YOSYS
from pbit.cli.main import cli
from pbit.formats import FormatError, read, write
from pbit.formats.converting import Orders, converted
from pbit.formats.dimod_binary import parse_json
from pbit.formats.parts import Parts
from pbit.formats.remarks import constants
from pbit.formats.repeats import repeat_notes, summed
from pbit.formats.tokens import whole
from pbit.problems.core.reading import problem_of
from pbit.problems.logic.netlists import read_circuit

J = np.array([[0, 1, 0], [1, 0, -1], [0, -1, 0]])
FIELDS = np.array([2, -3, 0.5])


def parse(text: str | bytes, **options: Any) -> Any:
    return read(io.BytesIO(text.encode() if isinstance(text, str) else text), **options)


def named(folder: Path, name: str, text: str, **options: Any) -> Any:
    path = folder / name
    path.write_text(text)
    return read(path, **options)


def least(contents: Any, problem: str | None = None, **options: Any) -> float:
    """The least energy of all states."""
    model = problem_of(contents, problem, **options).model
    states = list(itertools.product((-1, 1), repeat=model.num_spins))
    return float(model.energy(np.array(states, dtype=np.int8)).min())


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def mat(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    scipy_io.savemat(stream, arrays)
    return stream.getvalue()


def refuse(text: str | bytes, part: str, line: int | None = None, **options: Any) -> None:
    with pytest.raises(FormatError) as caught:
        parse(text, **options)
    assert part in str(caught.value), str(caught.value)
    assert line in (None, caught.value.line), str(caught.value)


# --- constants

QS = "# ObjectiveOffset 5\n# Vars Non-zeros\n2 3\n1 1 -4\n1 2 3\n2 2 -1\n"


def test_the_constant_of_a_qs_file() -> None:
    contents = parse(QS)
    assert (contents.format, contents.offset) == ("qs", 5.0)
    assert least(contents) == 1.0
    assert contents.notes == ("the constant 5 is that of the comment in line 1",)
    assert least(parse(QS, format="biqmac")) == 1.0


def test_pairs_of_a_qs_file_count_twice() -> None:
    contents = parse("# ObjectiveOffset -1\n2 3\n1 1 -4\n1 2 -3\n2 2 -1\n")
    assert least(contents) == -1 - 4 - 1 - 6


def test_a_qs_file_is_told_by_its_name(tmp_path: Path) -> None:
    contents = named(tmp_path, "a.qs", "2 1\n1 2 -3\n")
    assert (contents.format, least(contents)) == ("qs", -6.0)
    write(contents, tmp_path / "b.qs", "qs")
    assert (tmp_path / "b.qs").read_text().startswith("# ObjectiveOffset 0\n")
    assert least(read(tmp_path / "b.qs")) == -6.0


@pytest.mark.parametrize(
    "comment",
    ["# offset=5", "# Offset = 5", "c constant 5", "# Constant term of objective = 5",
     "c const: 5.0", "% energy offset 5"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["first", "last"])
def test_constants_in_comments(comment: str, place: str) -> None:
    text = "p qubo 0 2 1 1\n0 0 -1\n0 1 3\n"
    text = f"{comment}\n{text}" if place == "first" else f"{text}{comment}\n"
    assert least(parse(text)) == 4.0
    assert parse(text).notes[0].startswith("the constant 5 is that of the comment in line")
    assert parse(f"{comment}\n1 1 -1\n1 2 3\n", format="qh").offset == 5.0


def test_constants_of_graphs_are_told() -> None:
    contents = parse("# offset 5\n3 2\n1 2 1\n2 3 1\n")
    assert contents.format == "rudy" and contents.offset == 0.0
    assert contents.notes[0].startswith("the comment in line 1 states a constant of 5, for which")
    assert parse("# offset 0.0\n3 2\n1 2 1\n2 3 1\n").notes == ()
    (note,) = parse("3 2\n# a constant factor of 2 was taken out\n1 2 1\n2 3 1\n").notes
    assert note == "the comment in line 2 speaks of a constant; none is added for it"


def test_constants_that_are_wrong() -> None:
    refuse("# offset=1\nc offset 2\np qubo 0 1 1 0\n0 0 1\n", "contradicts line 1", line=2)
    refuse("# offset=many\np qubo 0 1 1 0\n0 0 1\n", "'many' is not a weight", line=1)
    body = whole(b"# offset of one and a half\n# offset=2\n# offset 2.0\n", "a")
    assert constants(body)[:2] == (2.0, 3)


def test_a_comment_of_blanks_takes_no_time() -> None:
    assert constants(whole(b"#" + b" " * 200_000 + b"x offset 1" + b" " * 200_000, "a"))[0] == 0.0


@pytest.mark.parametrize("comment", ["# sense: maximize", "c Maximise", "% a maximisation"])
def test_comments_that_ask_for_a_maximum_are_told(comment: str) -> None:
    for text in ("p qubo 0 2 1 1\n0 0 -1\n0 1 3\n", "hubo 3 1 spin\n1 0 1 2\n"):
        (note,) = parse(f"{comment}\n{text}").notes
        assert note.startswith("the comment in line 1 speaks of a maximum; the energy is minimised")
    assert parse(f"{comment}\n3 2\n1 2 1\n2 3 1\n").notes == ()  # a graph, cut or not


# --- repeated entries

RUD = "3 3\n1 2 1\n2 1 1\n1 3 1\n"


def test_an_edge_listed_twice_is_told_and_summed(tmp_path: Path) -> None:
    contents = parse(RUD)
    assert contents.notes == ("1 entry repeats what is listed before; the weights were added up",)
    assert sorted(summed(contents)) == [1.0, 2.0]
    assert problem_of(contents, "maxcut").objective([0, 1, 1]) == 3.0
    (tmp_path / "a.rud").write_text(RUD)
    done = CliRunner().invoke(cli, ["info", str(tmp_path / "a.rud"), "--json"])
    assert json.loads(done.stdout)["weights"]["max"] == 2.0


def test_terms_listed_twice_are_told() -> None:
    contents = parse("hubo 3 3 spin\n1 0 1 2\n2 2 1 0\n1 0 1\n")
    assert contents.notes == ("1 entry repeats what is listed before; the weights were added up",)
    assert repeat_notes(parse("hubo 3 2 spin\n1 0 1 2\n2 1 2\n")) == []
    assert parse("hubo 3 1 spin\n1\n").notes == ()


# --- matrices as text

M3 = "0,1,2\n1,0,3\n2,3,0\n"


@pytest.mark.parametrize("separator", [",", ";", " ", "\t"])
def test_matrices_as_text(separator: str) -> None:
    contents = parse(M3.replace(",", separator))
    assert (contents.format, contents.num_variables, contents.values.tolist()) == (
        "matrix", 3, [1, 2, 3]
    )  # fmt: skip
    assert "read as a matrix; edges" in contents.notes[1]
    assert parse(M3, format="edge-list").num_variables == 4
    assert least(contents, "ising") == -6.0


@pytest.mark.parametrize("size", [2, 3, 4, 7])
@pytest.mark.parametrize("delimiter", [" ", ","])
def test_matrices_of_savetxt(size: int, delimiter: str) -> None:
    rng = np.random.default_rng(size)
    matrix = np.triu(rng.normal(size=(size, size)), 1)
    stream = io.BytesIO()
    np.savetxt(stream, matrix + matrix.T, delimiter=delimiter, header="couplings")
    contents = parse(stream.getvalue())
    assert (contents.format, contents.num_variables) == ("matrix", size)
    assert np.allclose(contents.values, matrix[np.triu_indices(size, 1)], rtol=1e-15)
    stream = io.BytesIO()
    Q = rng.normal(size=(size, size))
    np.savetxt(stream, Q, delimiter=delimiter)
    x = np.ones(size)
    found = problem_of(parse(stream.getvalue(), format="qubo-matrix")).objective(x.astype(int))
    assert found == pytest.approx(x @ Q @ x, rel=1e-12)


def test_three_lines_of_three_numbers() -> None:
    edges = parse("1 2 3\n2 3 1\n3 1 2\n")  # symmetric, but with a diagonal
    assert edges.format == "edge-list" and "read as edges; a 3 x 3 matrix" in edges.notes[-1]
    assert parse("0 1 5\n1 2 5\n2 0 7\n").notes == ("indices start at 0",)
    for table in ("0,1,2\n4,0,3\n2,3,0\n", "0 0 2\n4 0 3\n2 3 0\n"):
        assert "3 lines of 3 numbers, read as edges" in parse(table).notes[-1]
    refuse("-1 2 0\n0 -1 2\n0 0 -1\n", "read it with format='qubo-matrix'")
    refuse("0.5 1 2\n3 4 5\n6 7 8\n", "a square table of numbers is read with format='matrix'")
    columns = parse("1.0e+00 2.0e+00 3.0e+00\n2.0e+00 3.0e+00 1.0e+00\n3.0e+00 1.0e+00 2.0e+00\n")
    assert columns.format == "matlab" and "read as edges; a 3 x 3" in columns.notes[-1]


def test_tables_that_are_no_matrix() -> None:
    refuse("0 1 2\n1 0 3\n", "2 lines of 3 numbers, expected n of n", format="matrix")
    refuse("0 1\n1\n", "1 numbers, expected 2 as in line 1", line=2, format="matrix")
    refuse("0 1\n1 x\n", "'x' is not a weight", line=2, format="qubo-matrix")
    refuse("0,,1\n1,0\n", "empty fields or two kinds of separators", line=1, format="matrix")
    refuse("0,5;1\n1;0\n", "empty fields or two kinds of separators", line=1, format="matrix")
    refuse("0 1 2 3\n1 0 2 3\n", "or a square table of numbers", line=1)


def test_a_matrix_as_text_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(M3)
    with pytest.raises(FormatError, match="holds one problem, expected no instance"):
        read(f"{tmp_path / 'a.csv'}#1")


# --- arrays beside a matrix


@pytest.mark.parametrize("pack", [npz, mat])
@pytest.mark.parametrize("name", ["h", "H", "b", "bias", "Fields"])
def test_fields_beside_a_matrix(pack: Any, name: str) -> None:
    contents = parse(pack(J=J, **{name: FIELDS}))
    assert least(contents, "ising") == -5.5
    assert f"fields from the array {name}" in contents.notes


@pytest.mark.parametrize("pack", [npz, mat])
def test_a_constant_beside_a_matrix(pack: Any) -> None:
    contents = parse(pack(J=J, h=FIELDS, offset=5.0))
    assert least(contents, "ising") == -0.5
    assert least(contents, "ising", ising_sign="plus") == -1.5
    assert "the constant 5 from the array offset" in contents.notes
    contents = parse(pack(Q=np.diag([1.0, -2.0]), b=np.array([0.0, -1.0]), const=4.0),
                     format="qubo-matrix")  # fmt: skip
    assert least(contents) == 1.0


def test_fields_and_constants_of_a_stack(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(npz(J=np.stack([0 * J, J]), h=np.stack([0 * FIELDS, FIELDS]), offset=[1, 5]))
    assert least(read(f"{path}#1"), "ising") == -0.5
    assert least(read(f"{path}#0"), "ising") == 1.0


def test_arrays_beside_a_matrix_that_are_refused(tmp_path: Path) -> None:
    refuse(npz(J=J, x=FIELDS), "array 'x' has no meaning here, expected J, h, b, offset, const")
    refuse(npz(J=J, x=FIELDS), "read the matrix alone with FILE#J")
    refuse(npz(J=J, h=FIELDS, b=FIELDS), "arrays h and b mean the same beside a matrix")
    refuse(npz(J=J, h=np.array([1.0, np.inf, 0])), "h has nan or inf")
    refuse(npz(J=J, b=np.ones(4)), "b has shape (4,), expected 3 numbers, one a variable")
    refuse(npz(J=J, offset=np.ones(2)), "offset has shape (2,), expected one number")
    refuse(mat(J=J, h="abc"), "h has text, expected an array of numbers")
    refuse(mat(J=J, x={"a": 1.0}), "array 'x' has no meaning here")
    assert "array 'made' is not read: text" in parse(mat(J=J, made="by hand")).notes[1]
    path = tmp_path / "a.npz"
    path.write_bytes(npz(J=J, x=FIELDS))
    assert "array 'x' is not read: J was asked for" in read(f"{path}#J").notes


def test_a_graph_with_a_constant_is_an_energy(tmp_path: Path) -> None:
    contents = parse(npz(J=J, offset=5.0))
    with pytest.raises(ValueError, match="has a constant of 5, which a maxcut problem cannot"):
        problem_of(contents, "maxcut")
    with pytest.raises(ValueError, match="a max-cut problem has no constant"):
        converted(contents, "qubo-matrix", Orders(problem="maxcut"))
    assert converted(contents, "coo", Orders(problem="ising")).offset == 5.0


# --- comments and ends


def test_comments_of_qplib() -> None:
    text = "! c\nOWN\nQBN\nminimize\n2\n1\n2 1 -2.0\n1.0\n0\n0\n1e30\n0\n0\n0\n0\n0\n0\n"
    assert least(parse(text)) == 0.0
    assert least(parse(text.replace("1.0\n0\n0\n", "-1.0\n% c\n0 # none\n2.5 ! c\n"))) == -0.5
    assert parse(text.replace("OWN", "c 12")).num_variables == 2
    for old, new, part, line in (
        ("1e30", "1e30 7", "expected value for infinity and nothing else", 11),
        ("1e30", "1e30,7", "expected the value for infinity, a decimal number", 11),
        ("1e30\n0\n0\n0\n0\n0\n0\n", "1e30\n0\n0\n0\n0\n0\n1\n", "names of constraints", 17),
        ("1e30\n0\n0\n", "1e30\n0\n0\n0\n", "expected the end after the last", 18),
        ("1\n2 1 -2.0\n", "2\n2 1 -2.0\n1 2 3\n", "is listed twice among the quadratic terms", 8),
        ("1e30\n0\n0\n0\n0\n0\n", "1e30\n0\n0\n0\n0\n2\n1 a\n1 b\n", "has a name already", 18),
    ):
        refuse(text.replace(old, new, 1), part, line)
    start = parse(text.replace("1e30\n0\n0\n", "1e30\n0\n1\n2 1\n"))
    assert start.notes == ("the starting point is not read: primal values",)


def test_comments_of_dimacs_need_no_blank() -> None:
    contents = parse("cfirst\np cnf 2 2\nc-1 -2 0\n1 2 0\n-1 0\n")
    assert (contents.format, contents.literals.tolist()) == ("cnf", [1, 2, -1])
    assert parse("cfirst\np edge 3 1\ncnone\ne 1 2\n").num_variables == 3
    assert parse("p cnf 1 1\n1 0\n%\n0\n").notes == ()
    assert parse("p cnf 1 1\n1 0\n%\n0\n-1 0\n").notes == (
        "what follows the % in line 3 is left out: it ends the file",
    )
    assert "for counting or sampling" in parse("c ind 1 0\np cnf 1 1\n1 0\n").notes[0]
    assert parse("p edge 2 1\nd 2\nv 1 2\ne 1 2\n").notes == (
        "2 lines d, v or x of how it was drawn are not read",
    )


def test_machines_of_qbsolv() -> None:
    assert parse("p qubo unconstrained 1 1 0\n0 0 1\n").notes == ()
    assert "the machine 'chimera128'" in parse("p qubo chimera128 1 1 0\n0 0 1\n").notes[0]


TSP = (
    "NAME: x\nTYPE: TSP\nDIMENSION: 2\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n"
)


@pytest.mark.parametrize(
    "old, new, part, line",
    [
        ("TYPE: TSP", "TYPE: TSP ATSP", "'TSP ATSP' as TYPE, expected one word", 2),
        ("DIMENSION", "DIMENSION: 2\nDIMENSION", "DIMENSION is in line 3 too", 4),
        ("DIMENSION", "CAPACITY: 3\nDIMENSION", "keyword 'CAPACITY' has no meaning here", 3),
        ("2 3 4\n", "2 3 4\nDEMAND_SECTION\n1 5\n", "keyword 'DEMAND_SECTION' has no", 8),
    ],
)
def test_tsplib_refuses(old: str, new: str, part: str, line: int) -> None:
    refuse(TSP.replace(old, new, 1), part, line)


def test_tsplib_notes() -> None:
    assert parse(TSP.replace("TYPE: TSP", "TYPE: TSP (by hand)")).notes == ()
    assert parse(TSP + "DISPLAY_DATA_SECTION\n1 5\nEOF\nmore\n").notes == (
        "keyword 'DISPLAY_DATA_SECTION' is not read: how it is drawn is no part of the problem",
        "what follows EOF, from line 11 on, is not read",
    )


def test_tables() -> None:
    table = "id,n,best,numbers\n1,3,1,7 9 5\n"
    assert parse(table).notes == ("column 'best' is not read: only the numbers are the problem",)
    refuse(table.replace("best", "n"), "two columns are called 'n'; rename one", line=1)
    refuse("N,energy,x\n27,37\n", "2 columns, expected 3 as in the header", line=2)


def test_quotation_marks_in_tables() -> None:
    told = "quotation marks that do not enclose a field"
    refuse('id,"n;,numbers\nal3,1 ', told, line=1)  # found by mutations
    refuse('id,n,numbers\na,1,"7', told, line=2)
    refuse('id,"n"x,numbers\na,1,7\n', told, line=1)
    refuse('N,energy,"x\n27,37,1\n', told, line=1)
    contents = parse('id,"a, ""b""",n,numbers\nx,"1,2",3,"7 9 5"\n')
    assert contents.numbers.tolist() == [7, 9, 5]
    assert contents.notes[0].startswith("column 'a, \"b\"' is not read")


@pytest.mark.parametrize("mark", ["", '"'])
def test_fields_of_any_length(mark: str) -> None:
    """csv.reader raises an error of its own beyond 131072 characters."""
    many = " ".join(["10"] * 60_000)
    assert parse(f"id,n,numbers\na,60000,{mark}{many}{mark}\n").numbers.size == 60_000


# --- JSON, containers, archives


def test_keys_that_are_there_twice() -> None:
    with pytest.raises(FormatError, match="the key 'a' is there twice"):
        parse_json(b'{"a": 1, "b": 2, "a": 3}', "x")


def test_a_python_dict_is_told() -> None:
    refuse("{(0, 0): -1, (0, 1): 2}", "a Python dict? write dimod.BQM.from_qubo(Q)")
    refuse("{'a': 1}", "a Python dict?")


BQM = {
    "version": {"bqm_schema": "3.0.0"}, "variable_type": "SPIN", "variable_labels": ["a"],
    "offset": 0, "linear_biases": [1], "quadratic_biases": [], "quadratic_head": [],
    "quadratic_tail": [],
}  # fmt: skip


def test_dimods_json() -> None:
    refuse(json.dumps({**BQM, "num_variables": 2}), "'num_variables' is 2, the lists have 1")
    refuse(json.dumps({**BQM, "type": "DQM"}), "'type' is 'DQM', expected BinaryQuadraticModel")
    refuse(json.dumps({**BQM, "bias": [1]}), "key 'bias' has no meaning here, expected")
    assert "key 'info' is not read" in parse(json.dumps({**BQM, "info": {"by": "me"}})).notes[0]


def test_compiled_reports_and_offsets() -> None:
    refuse(json.dumps({**COMPILED, "report": 7}), "'report' is no list")
    clauses = {**COMPILED, "source": {**CLAUSES, "offset": 1.0}}
    refuse(json.dumps(clauses), "has an offset, which clauses cannot have")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_are_there_twice() -> None:
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a", RUD)
        archive.writestr("a", RUD)
    refuse(stream.getvalue(), "holds 'a' twice, expected each member once")


def test_parts_list_what_is_known() -> None:
    parts = Parts({"a": 1, "z": 2}, kind="key", name="x", lines={"z": 3})
    parts.take("a")
    with pytest.raises(FormatError, match=r"x:3: key 'z' has no meaning here, expected a; remove"):
        parts.close()
    parts = Parts({str(k): k for k in range(20)}, kind="array", name="x")
    parts.skip(parts.found, "there are many")
    assert parts.close()[0].endswith("'11' and 8 more are not read: there are many")
    with pytest.raises(FormatError, match="expected none"):
        Parts({"a": 1}, kind="key", name="x").close()


# --- hints


@pytest.mark.parametrize(
    "text, part",
    [
        ("source,target,weight\n1,2,3\n", "is line 1 a header? remove it"),
        ("source target\n1 2\n", "is line 1 a header? remove it"),
        ("a b 1.5\nb c 2\n", "names of vertices are not read: number them"),
        ("%PDF-1.7\n1 0 obj\n", "this is a PDF, expected a text file"),
    ],
)
def test_hints(text: str, part: str) -> None:
    refuse(text, part, format=None if "PDF" in text or "," in text else "edge-list")


# --- netlists


def circuit(text: str) -> Any:
    return read_circuit(io.BytesIO(text.encode()))


def test_symbols_of_aiger_belong_to_positions() -> None:
    found = circuit("aag 3 2 0 1 1\n2\n4\n6\n6 2 4\ni0 a\ni1 b\no0 a\n")
    assert found.evaluate(a=1, b=1) == {"o0": 1} and found.evaluate(a=1, b=0) == {"o0": 0}
    assert found.notes == ("o0 is called 'a' like another; here it is o0",)
    found = circuit("aag 3 2 0 1 1\n2\n4\n6\n6 2 4\ni0 o0\ni1 o0\no0 o0\n")
    assert list(found.inputs) == ["o0", "i1"] and list(found.outputs) == ["o0_"]


def test_what_blif_leaves_out_is_told() -> None:
    text = ".model m\n.inputs a\n.outputs y\n.area 7\n.names a y\n1 1\n.exdc\n.names y\n1\n.end\n"
    assert circuit(text).notes == (
        ".area is not read: timing, loads and attributes have no part in the logic",
        ".exdc is not read: what the circuit may do besides is no part of what it does",
    )
    for old, new, part in (
        (".end", ".end 7", "1 words after .end, expected none"),
        (".area", ".cname a b\n.area", "2 names, expected '.cname name'"),
    ):
        with pytest.raises(FormatError, match=part):
            circuit(text.replace(old, new))


def test_what_yosys_never_writes_is_refused() -> None:
    for path, key, value, part in (
        ("connections", "Z", [3], "has a pin 'Z', which cells of this type have not"),
        ("parameters", "SPEED", 1, "has a parameter 'SPEED', whose meaning is not known"),
    ):
        document = json.loads(json.dumps(YOSYS))
        document["modules"]["m"]["cells"]["g"][path][key] = value
        with pytest.raises(FormatError, match=part):
            circuit(json.dumps(document))
    document = json.loads(json.dumps(YOSYS))
    document["modules"]["m"]["cells"]["g"] = {"type": "k", "parameters": {"N": 1}}
    document["modules"]["k"] = {"ports": {}}
    with pytest.raises(FormatError, match="has parameters, which its module has no longer"):
        circuit(json.dumps(document))
    document["modules"]["m"]["cells"] = {"s": {"type": "$scopeinfo"}}
    document["modules"]["m"]["ports"]["y"]["bits"] = [2]
    del document["modules"]["k"]
    assert "cells of type $scopeinfo are not read" in circuit(json.dumps(document)).notes[0]


def test_notes_of_problems_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.rud"
    path.write_text(RUD)
    told = "note: 1 entry repeats what is listed before; the weights were added up\n"
    for command in (["compile"], ["verify", "--reads", "64"]):
        assert told in CliRunner().invoke(cli, [*command, str(path)]).stderr, command
    assert told not in CliRunner().invoke(cli, ["info", str(path)]).stderr


def test_notes_of_netlists_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.aag"
    path.write_text("aag 3 2 0 1 1\n2\n4\n6\n6 2 4\ni0 a\ni1 b\no0 a\n")
    arguments = ["logic", str(path), "--clamp", "o0=1", "--seed", "1"]
    assert CliRunner().invoke(cli, arguments).stdout.startswith("note: o0 is called 'a'")
    record = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).stdout)
    assert record["notes"] == ["o0 is called 'a' like another; here it is o0"]
    assert record["solutions"] == [{"a": 1, "b": 1}]
