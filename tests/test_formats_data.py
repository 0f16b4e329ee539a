"""The published instances under PBIT_DATA are read with the sizes and energies they should have."""

import gzip
import itertools
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest

from pbit.formats import read
from pbit.formats.contents import Contents, Floats

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
