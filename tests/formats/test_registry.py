"""A format is one record in one file: found, told, listed, read, converted and written."""

import json
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from fresh_registry import fresh
from pbit import formats
from pbit.cli.main import cli
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.registry import KNOWN, named

ARROWS = '''
"""Arrows: 'arrows n', then lines 'i->j weight' from 0."""

import numpy as np

from pbit.formats.contents import Contents
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.tokens import clean
from pbit.formats.writing import check_plain, weight_text


def read(data, name):
    header, *lines = clean(data, name).decode().splitlines()
    entries = [line.replace("->", " ").split() for line in lines]
    return Contents(
        kind="graph", num_variables=int(header.split()[1]),
        rows=np.array([int(i) for i, _, _ in entries]),
        cols=np.array([int(j) for _, j, _ in entries]),
        values=np.array([float(w) for _, _, w in entries]), format="arrows", name=name,
    )


def render(contents):
    check_plain(contents, "arrows", kinds=("graph",), offset=False)
    yield f"arrows {contents.num_variables}\\n"
    for i, j, w in zip(contents.rows, contents.cols, contents.values.tolist()):
        yield f"{i}->{j} {weight_text(w)}\\n"


FORMAT = Format(
    name="arrows", what="a graph of arrows", read=read, write=render,
    holds=Holds(kinds=("graph",)), endings=(".arrows",),
    signs=(Sign(Stage.LINE, 5, lambda sample: sample.fields[0] == b"arrows"),),
)
'''
RING = "arrows 4\n0->1 1\n1->2 1\n2->3 1\n3->0 2\n"


@pytest.fixture
def arrows(tmp_path):
    """The file of a new format, found where all are."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "picture_of_arrows.py").write_text(ARROWS)
    (tmp_path / "ring.arrows").write_text(RING)
    with fresh(KNOWN, formats, folder):
        yield tmp_path / "ring.arrows"


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_one_file_is_a_format(arrows, tmp_path):
    assert formats.FORMATS["arrows"] == "a graph of arrows"
    assert list(formats.FORMATS)[-1] == "arrows"  # without a rank it stands last
    assert "arrows" in formats.WRITABLE
    assert formats.detect(RING.encode(), "x") == "arrows"
    contents = formats.read(arrows)
    assert (contents.format, contents.num_variables) == ("arrows", 4)
    formats.write(contents, tmp_path / "again", "arrows")
    assert (tmp_path / "again").read_text() == RING


def test_the_command_line_knows_it(arrows, tmp_path):
    assert "compiled|arrows]" in run("info", "--help").stdout.replace("\n", "")
    info = json.loads(run("info", arrows, "--format", "arrows", "--json").stdout)
    assert (info["format"], info["couplings"]) == ("arrows", 4)
    assert run("convert", arrows, tmp_path / "ring.mc").exit_code == 0
    assert (tmp_path / "ring.mc").read_text().splitlines() == [
        "4 4", "1 2 1", "2 3 1", "3 4 1", "4 1 2",
    ]  # fmt: skip
    assert run("convert", tmp_path / "ring.mc", tmp_path / "back.arrows").exit_code == 0
    assert (tmp_path / "back.arrows").read_text() == RING
    result = run("solve", arrows, "--problem", "maxcut", "--json", "--seed", 1, "--quiet")
    record = json.loads(result.stdout)
    assert record["objective"] == 5.0
    (tmp_path / "result.json").write_text(result.stdout)
    assert run("check", arrows, tmp_path / "result.json").exit_code == 0


def test_a_format_is_registered_at_run_time(tmp_path):
    def read(data, name):
        return formats.Contents(
            kind="ising", num_variables=1, rows=np.array([0]), cols=np.array([0]),
            values=np.array([1.0]), format="nothing", name=name,
        )  # fmt: skip

    with fresh(KNOWN, formats):
        record = Format(name="nothing", what="", read=read, holds=Holds(kinds=("ising",)))
        assert formats.register(record) is record
        assert formats.register(record) is record
        (tmp_path / "a").write_bytes(b"anything")
        assert formats.read(tmp_path / "a", format="nothing").kind == "ising"
        assert record.only_named and "nothing" not in formats.WRITABLE
        with pytest.raises(ValueError, match=r"one of rudy, .*compiled, got 'nothing'"):
            formats.write(formats.read(tmp_path / "a", format="nothing"), tmp_path / "b", "nothing")
        taken = Format(name="rudy", what="", read=read, holds=Holds(kinds=("ising",)))
        with pytest.raises(ValueError, match="name must be new, got 'rudy', which another Format"):
            formats.register(taken)
    assert "nothing" not in formats.FORMATS


def test_two_files_of_one_name_are_refused(tmp_path):
    for module in ("one", "two"):
        (tmp_path / f"{module}.py").write_text(ARROWS)
    with fresh(KNOWN, formats, tmp_path):
        assert KNOWN.find("arrows").name == "arrows"
        with pytest.raises(ValueError, match="name must be new, got 'arrows'"):
            KNOWN.all()


def test_the_order_of_detection_is_that_of_the_records(tmp_path):
    """Whatever the names of the files, the smaller rank is asked first."""
    for module, name, rank in (("aaa", "late", 7), ("zzz", "early", 6)):
        text = ARROWS.replace('name="arrows"', f'name="{name}"').replace("LINE, 5", f"LINE, {rank}")
        (tmp_path / f"{module}.py").write_text(text)
    with fresh(KNOWN, formats, tmp_path):
        assert formats.detect(RING.encode(), "x") == "early"


def test_places_are_taken_once():
    signs = [(sign.stage, sign.rank) for form in KNOWN.all().values() for sign in form.signs]
    assert len(set(signs)) == len(signs)
    ranks = [form.rank for form in KNOWN.all().values()]
    assert len(set(ranks)) == len(ranks)
    endings = [ending for form in KNOWN.all().values() for ending in form.endings]
    assert len(set(endings)) == len(endings)


def test_the_order_of_detection():
    """As it has always been: the surest marks first, formats of numbers alone last."""
    signs = [(sign.stage, sign.rank, form.name) for form in KNOWN.all().values()
             for sign in form.signs]  # fmt: skip
    by_stage = {stage: [name for at, _, name in sorted(signs) if at is stage] for stage in Stage}
    assert by_stage == {
        Stage.BYTES: ["cqm", "dqm", "bqm", "glasses", "matrix"],
        Stage.JSON: ["compiled", "hubo-json", "bqm"],
        Stage.TEXT: ["hubo", "qh", "coo", "qs", "qplib", "lp", "mps"],
        Stage.LINE: ["tsplib", "matrix", "matlab", "labs", "partition", "cnf", "wcnf", "qbsolv",
                     "dimacs-graph"],
        Stage.NUMBERS: ["market-split", "rudy", "edge-list", "qaplib"],
    }  # fmt: skip
    told = {form.name for form in KNOWN.all().values() if form.only_named}
    assert told == {"biqmac", "qubo-matrix", "knapsack", "set-cover"}


def test_what_is_written_says_what_it_holds():
    for name in formats.WRITABLE:
        assert set(named(name).holds.kinds) & {"graph", "ising", "qubo", "hising", "hubo", "cqm",
                                               "compiled"}  # fmt: skip


def test_an_attribute_that_is_none():
    with pytest.raises(AttributeError, match="has no attribute 'KINDS'"):
        formats.KINDS  # noqa: B018


def test_help_imports_no_format():
    code = (
        "import sys; from pbit.cli.main import cli; cli(['--help'], standalone_mode=False); "
        "print([name for name in sys.modules if name.startswith(('pbit.formats', 'numpy'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_named_format_is_found_without_the_others():
    code = (
        "import sys; from pbit.formats.registry import named; named('rudy'); "
        "print('pbit.formats.rudy' in sys.modules, 'pbit.formats.tsplib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_a_sign_sees_a_whole_sample():
    sign = Sign(Stage.NUMBERS, 1, lambda sample: sample.counts == (3, 2))
    from pbit.formats.sample import Sample

    sample = Sample(b"# two edges\r\n3 2\r\n1 2\r\n2 3", "x")
    assert sign.tells(sample)
    assert (sample.second, sample.rest.count_lines(), sample.is_json) == (b"1 2", 2, False)
    assert Sample(b"3 2\n", "x").second is None
    assert Sample(b"3 2.5\n1\n", "x").counts is None
