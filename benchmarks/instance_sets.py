"""Public sets of instances with their best known energies, read from the folder PBIT_DATA.

- ea3d: +-J glasses in three dimensions, one direction periodic (Chowdhury et al., Nat. Commun. 16,
  9193 (2025)), by side; listed energies are putative.
- gset: maximum cut, by number of vertices; best known cuts.
- 3r3x: planted 3-XORSAT in pairs of spins (Hen, arXiv:1903.10928), by number of spins; E = -2 n.
- sk: +-1 on the complete graph (Hamerly et al., Sci. Adv. 5, eaau0823 (2019)), by size.
- wishart: planted (2D-PT set, alpha = 0.75), by size; energies are listed to seven decimals, so
  that a millionth above them counts as reached; the one of 50 is PySA's (alpha = 0.5).
- satlib: uniform random 3-SAT uf20 to uf250 by number of variables, all clauses satisfied; native
  terms of three spins.
- torus, be, beasley, gka, rudy, ising: Biq Mac and DIMACS sets, by number of variables.
- 5r5x: planted 5-XORSAT in pairs, E = -64 n / 24, an extrapolation from n = 24.
- qplib: unconstrained 0-1 programs of QPLIB, published best values.
- labs: autocorrelations, terms of four spins; partition: smallest differences; market-split: no
  slack, E = 0; both by number of variables.
- qpu: small graphs of annealers, whose lowest energies are not known: targets of minus infinity.
"""

from __future__ import annotations

import csv
import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit import IsingModel
from pbit.measure.tts.comparison import Instance

_BIQMAC = ("be", "beasley", "gka", "rudy", "ising")
_OTHER_FILES = "bqp1000"  # whose values are of other matrices: 6 to 13 % below what is there


def load(name: str, size: int, *, first: int, count: int) -> list[Instance]:
    """Instances number ``first`` and following of a set, of this size (0: of any).

    Raises
    ------
    click.ClickException
        No data, or no such instances.
    """
    folder = os.environ.get("PBIT_DATA")
    if not folder:
        raise click.ClickException("the sets are read from a folder: set PBIT_DATA to it")
    try:
        found = SETS[name](Path(folder), size, first, count)
    except FileNotFoundError as error:
        raise click.ClickException(f"--set {name}: {error.filename} is not there") from None
    if not found:
        raise click.ClickException(f"--set {name} has no instances of size {size} from {first} on")
    return found


def _glasses(folder: Path, size: int, first: int, count: int) -> list[Instance]:
    data = np.load(folder / "spinglass_3d_opuslab" / f"ea3d_L{size or 8:02d}.npz")
    energies = dict(zip(data["energy_ids"].tolist(), data["energy_logical"].tolist(), strict=True))
    rows, cols = data["edges"].T
    found = []
    for k in range(first, min(first + count, len(data["instance_id"]))):
        model = IsingModel.from_edges(rows, cols, data["J_sign"][k].astype(np.float64))
        number = int(data["instance_id"][k])
        found.append(Instance(model, float(energies[number]), f"L{size or 8} #{number}"))
    return found


def _problem(path: Path, kind: str, target: float, name: str, sign: str = "minus") -> Instance:
    from pbit.formats import read
    from pbit.problems.core.reading import problem_of

    biqmac = kind == "qubo"
    contents = read(path, format="biqmac") if biqmac else read(path)
    problem = problem_of(contents, None if biqmac else kind, ising_sign=sign)
    return Instance(problem.model, problem.energy_of(target), name)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _cuts(name: str) -> Callable[[Path, int, int, int], list[Instance]]:
    def read_all(folder: Path, size: int, first: int, count: int) -> list[Instance]:
        folder = folder / name
        rows = [row for row in _table(folder / "best_known.csv") if size in (0, int(row["n"] or 0))]
        files = {path.name.split(".")[0]: path for path in folder.glob("*.gz")}
        rows = [row for row in rows if row["instance"] in files and row["best_known_cut"]]
        return [
            _problem(
                files[row["instance"]], "maxcut", float(row["best_known_cut"]), row["instance"]
            )
            for row in rows[first : first + count]
        ]

    return read_all


def cuts(folder: str, names: list[str], *, share: float = 1.0) -> list[Instance]:
    """Instances of a folder of cuts by their names, the target at this share of the best known.

    Raises
    ------
    click.ClickException
        No data.
    """
    root = os.environ.get("PBIT_DATA")
    if not root or not (Path(root) / folder / "best_known.csv").is_file():
        raise click.ClickException(f"{folder} is not there: set PBIT_DATA to the folder above it")
    best = {
        row["instance"]: float(row["best_known_cut"] or "nan")
        for row in _table(Path(root) / folder / "best_known.csv")
    }
    files = {path.name.split(".")[0]: path for path in (Path(root) / folder).glob("*.gz")}
    return [_problem(files[name], "maxcut", share * best[name], name) for name in names]


def _biqmac(family: str) -> Callable[[Path, int, int, int], list[Instance]]:
    def read_all(folder: Path, size: int, first: int, count: int) -> list[Instance]:
        folder = folder / "biqmac"
        found = []
        for row in _table(folder / "best_known.csv"):
            name, cut = row["instance"], row["objective"] == "max cut"
            path = folder / family / (f"{name}.gz" if cut else f"{name}.sparse.gz")
            fits = row["family"] == family and size in (0, int(row["n"] or 0))
            fits = fits and not name.startswith(_OTHER_FILES)
            if fits and path.exists():  # some are listed without their file
                best = float(row["best_known_or_optimal"])
                found.append((path, "maxcut" if cut else "qubo", best, name))
        return [_problem(*each) for each in found[first : first + count]]

    return read_all


def _xorsat(
    kind: str, per_spin: float, usual: int
) -> Callable[[Path, int, int, int], list[Instance]]:
    def read_all(folder: Path, size: int, first: int, count: int) -> list[Instance]:
        from pbit.formats import read

        found = []
        with tarfile.open(folder / "xorsat_3r3x" / f"arXiv_1903_10928_{kind}.tar.gz") as archive:
            names = sorted(x for x in archive.getnames() if f"_n{size or usual}_" in x)
            for name in names[first : first + count]:
                text = archive.extractfile(name)
                assert text is not None
                model = _from_entries(read(io.BytesIO(text.read()), format="qh"))
                title = Path(name).stem.removeprefix("instance_")
                found.append(Instance(model, per_spin * model.num_spins, title))
        return found

    return read_all


def _from_entries(contents: Any) -> IsingModel:
    from pbit.problems.core.reading import problem_of

    model = problem_of(contents).model
    assert isinstance(model, IsingModel)
    return model


def _satlib(folder: Path, size: int, first: int, count: int) -> list[Instance]:
    from pbit.formats import read
    from pbit.problems.core.reading import problem_of

    path = folder / "satlib" / "satlib_uf20_to_uf250_first10.tar.gz"
    found = []
    with tarfile.open(path) as archive:
        names = sorted(x for x in archive.getnames() if x.endswith(".cnf"))
        names = [x for x in names if size in (0, _size_of(x))]
        for name in names[first : first + count]:
            text = archive.extractfile(name)
            assert text is not None
            problem = problem_of(read(io.BytesIO(text.read())))
            found.append(Instance(problem.model, problem.energy_of(0.0), Path(name).stem))
    return found


def _size_of(name: str) -> int:
    """20 of uf020/uf020-01.cnf."""
    return int("".join(filter(str.isdigit, Path(name).stem.split("-")[0])) or 0)


def _complete(folder: Path, size: int, first: int, count: int) -> list[Instance]:
    folder = folder / "sk_maxcut_dense_cim"
    rows = [
        row
        for row in _table(folder / "ground_energies.csv")
        if row["family"] == "SK1" and int(row["N"]) == (size or 100)
    ]
    column = next(name for name in rows[0] if name.startswith("E_stated")) if rows else ""
    found = []
    with tarfile.open(folder / "cim_optimizer_SK_MC_npz.tar.gz") as archive:
        for row in rows[first : first + count]:
            name = f"SK_Instances_NPZ/SK1_N={row['N']}_{row['file_index']}.npz"
            member = archive.extractfile(name)
            assert member is not None
            matrix = np.load(io.BytesIO(member.read()))
            title = f"SK {row['N']} #{row['file_index']}"
            found.append(Instance(_dense(matrix, -1.0), float(row[column]), title))
    return found


def _wishart(folder: Path, size: int, first: int, count: int) -> list[Instance]:
    from scipy.io import loadmat

    if size == 50:
        return _planted_fifty(folder)[first : first + count]
    folder = folder / "wishart" / "opuslab_2dpt_alpha0.75"
    matrices = loadmat(folder / f"J_N{size or 30}.mat")["J"]
    ground = loadmat(folder / f"ground_N{size or 30}.mat")["ground"].ravel()
    return [
        Instance(_dense(matrices[k], -1.0), float(ground[k]) + 1e-6, f"wishart {size or 30} #{k}")
        for k in range(first, min(first + count, len(matrices)))
    ]


def _dense(matrix: Any, sign: float) -> IsingModel:
    rows, cols = np.nonzero(np.triu(np.asarray(matrix), k=1))
    values = sign * np.asarray(matrix, dtype=np.float64)[rows, cols]
    return IsingModel.from_edges(rows, cols, values, num_spins=len(matrix))


def _qplib(folder: Path, size: int, first: int, count: int) -> list[Instance]:
    folder = folder / "qplib_qubo"
    found = [
        (
            folder / f"{row['instance']}.qplib.gz",
            row["instance"],
            float(row["published_best (max)"]),
        )
        for row in _table(folder / "best_known.csv")
        if size in (0, int(row["n"]))
    ]
    found = [each for each in found if each[0].exists()]
    return [_instance(*each) for each in found[first : first + count]]


def _instance(path: Path | str, name: str, best: float) -> Instance:
    """Of a file that says what it is."""
    from pbit.formats import read
    from pbit.problems.core.reading import problem_of

    problem = problem_of(read(path))
    return Instance(problem.model, problem.energy_of(best), name)


def _listed(
    path: str, title: str, columns: tuple[str, str, str]
) -> Callable[[Path, int, int, int], list[Instance]]:
    """Entries of a table that is read by their numbers; columns of numbers, sizes and values."""
    number, spins, best = columns

    def read_all(folder: Path, size: int, first: int, count: int) -> list[Instance]:
        rows = [row for row in _table(folder / path) if size in (0, int(row[spins]))]
        return [
            _instance(f"{folder / path}#{row[number]}", f"{title} {row[number]}", float(row[best]))
            for row in rows[first : first + count]
        ]

    return read_all


def _market_splits(folder: Path, size: int, first: int, count: int) -> list[Instance]:
    path = folder / "marketsplit" / "qoblib_marketsplit_m3_to_m7.tar.gz"
    with tarfile.open(path) as archive:
        names = sorted(Path(x).stem for x in archive.getnames() if x.endswith(".dat"))
    found = [_instance(f"{path}#{name}", name, 0.0) for name in names]
    return [x for x in found if size in (0, x.model.num_spins)][first : first + count]


def _planted_fifty(folder: Path) -> list[Instance]:
    folder = folder / "wishart" / "pysa"
    name, energy = (folder / "gs_energies.txt").read_text().split()[:2]
    found = _problem(folder / name, "ising", 0.0, "wishart 50", "plus")
    return [Instance(found.model, float(energy), found.name)]


def _annealer_graphs(folder: Path, size: int, first: int, count: int) -> list[Instance]:
    paths = sorted((folder / "spinglass_pegasus_zephyr").glob("*.txt.gz"))
    found = [_problem(path, "ising", 0.0, path.name[:-7], "plus") for path in paths]
    found = [Instance(x.model, -np.inf, x.name) for x in found]
    return [x for x in found if size in (0, x.model.num_spins)][first : first + count]


SETS: dict[str, Callable[[Path, int, int, int], list[Instance]]] = {
    "ea3d": _glasses,
    "gset": _cuts("gset"),
    "torus": _cuts("spinglass_3d_torus_optsicom"),
    "3r3x": _xorsat("3r3x", -2.0, 64),
    "5r5x": _xorsat("5r5x", -64 / 24, 24),
    "satlib": _satlib,
    "sk": _complete,
    "wishart": _wishart,
    "qplib": _qplib,
    "labs": _listed("labs/labs_best.csv", "labs", ("N", "N", "energy")),
    "partition": _listed(
        "number_partitioning/partition_320.csv", "partition", ("id", "n", "optimum_in_source")
    ),
    "market-split": _market_splits,
    "qpu": _annealer_graphs,
    **{family: _biqmac(family) for family in _BIQMAC},
}
