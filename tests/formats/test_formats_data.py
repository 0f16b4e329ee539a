"""The published instances under PBIT_DATA are read with the sizes and energies they should have."""

import csv
import gzip
import io
import itertools
import json
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.formats import FormatError, read
from pbit.formats.contents import Contents, Floats
from pbit.problems.core.reading import problem_of

DATA = Path(os.environ.get("PBIT_DATA", "/nonexistent"))
pytestmark = pytest.mark.skipif(not (DATA / "gset").is_dir(), reason="PBIT_DATA is not set")


def energies(contents: Contents) -> Floats:
    """Energy of all 2^n spin states."""
    spins = np.array(list(itertools.product((-1.0, 1.0), repeat=contents.num_variables)))
    linear = contents.rows == contents.cols
    partners = np.where(linear, 1.0, spins[:, contents.cols])
    return contents.offset + (spins[:, contents.rows] * partners) @ contents.values


def test_gset() -> None:
    files = sorted((DATA / "gset").glob("G*.txt.gz"))
    assert len(files) > 20
    for path in files:
        n, m = (int(field) for field in gzip.open(path).readline().split())
        contents = read(path)
        assert (contents.format, contents.num_variables, contents.values.size) == ("rudy", n, m)


@pytest.mark.parametrize("name, cut", [("G1", 11624), ("G11", 564)])
def test_gset_known_cut(name: str, cut: int) -> None:
    vectors = dict(
        line.split()[:2]
        for line in gzip.open(DATA / "gset" / "best_solution_vectors_optsicom.txt.gz", "rt")
    )
    side = np.frombuffer(vectors[name].encode(), np.uint8)
    contents = read(DATA / "gset" / f"{name}.txt.gz")
    assert contents.values[side[contents.rows] != side[contents.cols]].sum() == cut


def test_xorsat_ground_energy(tmp_path: Path) -> None:
    checked = 0
    with tarfile.open(DATA / "xorsat_3r3x" / "arXiv_1903_10928_3r3x.tar.gz") as archive:
        for member in archive:
            if "_n16_" not in member.name or checked == 3:
                continue
            path = tmp_path / Path(member.name).name
            stream = archive.extractfile(member)
            assert stream is not None
            path.write_bytes(stream.read())
            contents = read(path)
            assert (contents.format, contents.kind) == ("qh", "ising")
            assert contents.num_variables == 16
            assert energies(contents).min() == -32
            checked += 1
    assert checked == 3


def test_opuslab_samples() -> None:
    path = DATA / "spinglass_3d_opuslab" / "original_samples" / "size08_text_JOrig_0000.txt.gz"
    contents = read(path)
    assert (contents.format, contents.num_variables) == ("edge-list", 512)
    assert contents.notes == (
        "indices start at 0",
        "every edge is listed in both directions; the weights were added up",
    )


@pytest.mark.parametrize(
    "folder, pattern, format",
    [
        ("biqmac/rudy", "*.gz", None),
        ("biqmac/ising", "*.gz", None),
        ("biqmac/be", "*.sparse.gz", "biqmac"),
        ("biqmac/gka", "*.sparse.gz", "biqmac"),
        ("spinglass_3d_torus_optsicom", "*.mc.gz", None),
    ],
)
def test_library_files(folder: str, pattern: str, format: str | None) -> None:
    files = sorted((DATA / folder).glob(pattern))[:12]
    assert files
    for path in files:
        n, m = (int(field) for field in gzip.open(path).readline().split())
        contents = read(path, format=format)
        assert contents.format == (format or "rudy")
        assert (contents.num_variables, contents.values.size) == (n, m)


def test_pegasus_and_wishart_files() -> None:
    folder = DATA / "spinglass_pegasus_zephyr"
    contents = read(folder / "pegasus_random_P4_RAU_001_sg.txt.gz")
    assert (contents.format, contents.num_variables) == ("edge-list", 216)
    wishart = DATA / "wishart" / "pysa" / "wishart_planting_N_50_alpha_0.50_inst_1.txt"
    assert read(wishart).num_variables == 50


# Every set of problems: files, the format they are told to be, and whether it must be named.
SETS = [
    ("biqmac/rudy", "*.gz", "rudy", False),
    ("biqmac/ising", "*.gz", "rudy", False),
    ("biqmac/be", "*.gz", "biqmac", True),
    ("biqmac/beasley", "*.gz", "biqmac", True),
    ("biqmac/gka", "*.gz", "biqmac", True),
    ("dimacs_coloring", "*.col.gz", "dimacs-graph", False),
    ("gset", "G*.txt.gz", "rudy", False),
    ("qplib_qubo", "*.qplib.gz", "qplib", False),
    ("spinglass_3d_opuslab/original_samples", "*.txt.gz", "edge-list", False),
    ("spinglass_3d_torus_optsicom", "*.mc.gz", "rudy", False),
    ("spinglass_pegasus_zephyr", "*.txt.gz", "edge-list", False),
    ("tsplib", "*.*tsp", "tsplib", False),
    ("wishart/pysa", "wishart*.txt", "edge-list", False),
]
ARCHIVES = [
    ("marketsplit", "market-split"),
    ("satlib", "cnf"),
    ("sk_maxcut_dense_cim", "matrix"),
    ("xorsat_3r3x", "qh"),
]
# What lies beside the problems: tables of results, vectors, descriptions.
ASIDE = (".md", ".csv", ".json", ".sol", ".tour", ".rda")
BESIDE = ("optimal_energy", "solution_vectors", "gs_energies", "energyData", "notes.txt", "ground_")


@pytest.mark.parametrize("folder, pattern, format, named", SETS)
def test_every_file_of_a_set_loads(folder: str, pattern: str, format: str, named: bool) -> None:
    files = sorted((DATA / folder).glob(pattern))
    assert files
    for path in files:
        contents = read(path, format=format if named else None)
        assert (contents.format, contents.num_variables > 0) == (format, True), path


def test_no_file_is_forgotten() -> None:
    """Whatever is in a folder of problems is in a set, an archive, or known to be none."""
    told = {path for folder, pattern, *_ in SETS for path in (DATA / folder).glob(pattern)}
    folders = {folder.split("/")[0] for folder, *_ in SETS} | {name for name, _ in ARCHIVES}
    for folder in sorted(folders | {"labs", "number_partitioning", "wishart"}):
        for path in (DATA / folder).rglob("*"):
            if path.is_dir() or path in told or path.name.endswith(("tar.gz", ".npz", ".mat")):
                continue
            assert path.suffix in ASIDE or any(part in path.name for part in BESIDE), path


# Tables, vectors of fields, and a file that its README calls a truncated oddity.
NO_PROBLEMS = ("ground_energies", "SK_ext_h", "n35_s2301.qh")


class Named(io.BytesIO):
    """A member of an archive that tells its name, as a file would."""

    name = ""


@pytest.mark.parametrize("folder, format", ARCHIVES)
def test_every_member_of_an_archive_loads(folder: str, format: str) -> None:
    for path in sorted((DATA / folder).glob("*.tar.gz")):
        with tarfile.open(path) as archive:
            members = [m for m in archive if m.isfile() and not m.name.endswith(".sol")]
            assert len(members) > 50
            # SATLIB's thousands are alike: each tenth is read.
            for member in members[:: 10 if len(members) > 500 else 1]:
                stream = Named(archive.extractfile(member).read())  # type: ignore[union-attr]
                stream.name = member.name
                if any(part in member.name for part in NO_PROBLEMS):
                    with pytest.raises(FormatError):
                        read(stream)
                    continue
                assert read(stream).format == format, member.name
        chosen = read(f"{path}#{members[0].name}")
        assert chosen.format == format
        assert chosen.name == f"{path}#{members[0].name}"
        with pytest.raises(FormatError, match="instances, expected the name of one"):
            read(path)


def test_every_instance_of_a_set_in_one_file_loads() -> None:
    for path in sorted((DATA / "spinglass_3d_opuslab").glob("*.npz")):
        size = {"08": 512, "10": 999, "12": 1728, "15": 2687, "16": 4096}[path.stem[-2:]]
        for chosen in (0, 17, 199):
            contents = read(f"{path}#{chosen}")
            assert (contents.kind, contents.num_variables) == ("ising", size)
    for path in sorted((DATA / "wishart").rglob("J_*.mat")):
        assert read(f"{path}#199").num_variables == int(path.stem[3:])


def test_maxima_of_gset_vectors() -> None:
    """Every stored cut vector has the cut that the table says."""
    _check_cuts(DATA / "gset", "best_cut_verified_here_with_a_vector", "{}.txt.gz")


def test_maxima_of_torus_vectors() -> None:
    _check_cuts(DATA / "spinglass_3d_torus_optsicom", "cut_verified_here_with_vector", "{}.mc.gz")


def _check_cuts(folder: Path, column: str, pattern: str) -> None:
    with open(folder / "best_known.csv", newline="") as table:
        stated = {row["instance"]: row[column] for row in csv.DictReader(table)}
    checked = 0
    lines = gzip.open(folder / "best_solution_vectors_optsicom.txt.gz", "rt")
    for name, vector in (line.split()[:2] for line in lines):
        path = folder / pattern.format(name)
        if not path.exists() or not stated.get(name):
            continue
        problem = problem_of(read(path), "maxcut")
        side = np.frombuffer(vector.encode(), np.uint8) - ord("0")
        assert problem.objective(side.astype(np.int64)) == float(stated[name]), name
        checked += 1
    assert checked > 10


def test_opuslab_ground_states() -> None:
    """98 of the 101 stored states of L = 12 have the energy of the table, as its README says."""
    path = DATA / "spinglass_3d_opuslab" / "ea3d_L12.npz"
    stored = np.load(path, allow_pickle=False)
    ids = dict(zip(stored["energy_ids"].tolist(), stored["energy_logical"].tolist(), strict=True))
    off = {}
    for chosen, state in zip(stored["ground_state_ids"], stored["ground_states"], strict=True):
        problem = problem_of(read(f"{path}#{chosen}"))
        difference = problem.objective(state) - ids[int(chosen)]
        if difference:
            off[int(chosen)] = difference
    assert off == {12: 2.0, 16: 2.0, 53: 4.0}


def test_dense_ground_energies() -> None:
    """Enumeration of N = 10 against the table: 10 glasses and 10 cuts, E = +1/2 s'Js."""
    archive = DATA / "sk_maxcut_dense_cim" / "cim_optimizer_SK_MC_npz.tar.gz"
    with open(DATA / "sk_maxcut_dense_cim" / "ground_energies.csv", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["N"] == "10"]
    assert len(rows) == 20
    for row in rows:
        family = "SK1" if row["family"].startswith("SK") else "MC50"
        contents = read(f"{archive}#{family}_N=10_{row['file_index']}.npz")
        assert energies(contents).min() == float(row["E_stated (min of +1/2 s^T J s)"]), row


def test_wishart_ground_energies() -> None:
    """Enumeration of N = 10; the stored energies have seven decimals."""
    from scipy.io import loadmat

    folder = DATA / "wishart" / "opuslab_2dpt_alpha0.75"
    ground = loadmat(folder / "ground_N10.mat")["ground"].ravel()
    for chosen in range(0, 300, 30):
        problem = problem_of(read(f"{folder / 'J_N10.mat'}#{chosen}"), "ising", ising_sign="plus")
        spins = np.array(list(itertools.product((-1, 1), repeat=10)), dtype=np.int8)
        assert problem.model.energy(spins).min() == pytest.approx(ground[chosen], abs=1e-7)


def test_qplib_agrees_with_biqmac() -> None:
    """QPLIB_5881 is be120.3.1: the half, the sense and the doubled pairs are right at once."""
    qplib = problem_of(read(DATA / "qplib_qubo" / "QPLIB_5881.qplib.gz"))
    biqmac = problem_of(read(DATA / "biqmac" / "be" / "be120.3.1.sparse.gz", format="biqmac"))
    assert qplib.maximise and qplib.objective_name == "objective"
    rng = np.random.default_rng(1)
    for _ in range(50):
        x = rng.integers(0, 2, 120)
        assert qplib.objective(x) == -biqmac.objective(x)


@pytest.mark.parametrize(
    "file, options, kind",
    [
        ("biqmac/rudy/g05_60.0.gz", [], "graph"),
        ("biqmac/be/be100.1.sparse.gz", ["--format", "biqmac"], "qubo"),
        ("dimacs_coloring/myciel3.col.gz", [], "graph"),
        ("labs/labs_best.csv#20", [], "labs"),
        ("marketsplit/qoblib_marketsplit_m3_to_m7.tar.gz#ms_03_050_002", [], "market-split"),
        ("number_partitioning/partition_320.csv#5", [], "partition"),
        ("qplib_qubo/QPLIB_5881.qplib.gz", [], "qubo"),
        ("satlib/uf20-91.tar.gz#uf20-01", [], "cnf"),
        ("sk_maxcut_dense_cim/cim_optimizer_SK_MC_npz.tar.gz#SK1_N=20_0", [], "graph"),
        ("spinglass_3d_opuslab/ea3d_L08.npz#0", [], "ising"),
        ("spinglass_3d_torus_optsicom/sg3dl053000.mc.gz", [], "graph"),
        ("spinglass_pegasus_zephyr/zephyr_random_Z3_RAU_001_sg.txt.gz", [], "graph"),
        ("tsplib/burma14.tsp", [], "tsp"),
        ("wishart/opuslab_2dpt_alpha0.75/J_N10.mat#3", [], "graph"),
        ("wishart/pysa/wishart_planting_N_50_alpha_0.50_inst_1.txt", [], "graph"),
        ("xorsat_3r3x/arXiv_1903_10928_5r5x.tar.gz#instance_5r5x_n24_s241", [], "ising"),
    ],
)
def test_pbit_info_describes_every_set(file: str, options: list[str], kind: str) -> None:
    result = CliRunner().invoke(cli, ["info", f"{DATA / file}", "--json", *options])
    assert result.exit_code == 0, result.stderr
    facts = json.loads(result.stdout)
    assert facts["kind"] == kind and facts["variables"] > 0
