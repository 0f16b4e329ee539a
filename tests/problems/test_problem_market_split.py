"""Market split: enumeration, and the published solutions."""

import os
import tarfile
from pathlib import Path

import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.formats import read
from pbit.problems.core.reading import problem_of
from pbit.problems.market_split import MarketSplit

DATA = Path(os.environ.get("PBIT_DATA", "/nonexistent")) / "marketsplit"
ARCHIVE = DATA / "qoblib_marketsplit_m3_to_m7.tar.gz"


@pytest.mark.parametrize("seed", range(5))
def test_energies_of_all_choices(seed):
    rng = np.random.default_rng(seed)
    table, totals = rng.integers(-5, 9, (3, 7)), rng.integers(0, 20, 3)
    rows = list(zip(table.tolist(), totals.tolist(), strict=True))

    def worth(answer):
        off = (sum(a * x for a, x in zip(row, answer, strict=True)) - t for row, t in rows)
        return float(sum(value * value for value in off))

    check_problem(MarketSplit(table, totals), all_answers((0, 1), 7), lambda a: True, worth)


@pytest.mark.skipif(not DATA.is_dir(), reason="PBIT_DATA is not set")
def test_published_solutions():
    solutions = {}
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            if member.name.endswith(".sol"):
                text = archive.extractfile(member).read().decode()
                pairs = [line.split() for line in text.splitlines() if line.startswith("x#")]
                name = Path(member.name).name.split(".")[0]
                solutions[name] = {int(key[2:]): round(float(value)) for key, value in pairs}
    assert len(solutions) == 60
    for name, values in solutions.items():
        problem = problem_of(read(f"{ARCHIVE}#{name}"))
        answer = np.array([values.get(k, 0) for k in range(1, len(problem.labels) + 1)])
        assert problem.objective(answer) == 0.0
        assert float(problem.model.energy(problem.encode(answer))) == 0.0


def test_the_size_covers_the_model():
    problem = MarketSplit([[3, 1, 2], [1, 1, 1]], [3, 2])
    assert problem.size[0] == 3 and problem.size[1] >= problem.model.num_couplings


def test_written():
    problem = MarketSplit([[3, 1, 2]], [3])
    assert problem.written([0, 1, 1]) == ["all sums are met"]
    assert problem.written([1, 1, 0]) == ["sums off by 1"]
    assert problem.written(None) == []


@pytest.mark.parametrize(
    "arguments, part",
    [
        (([1, 2], [1]), "coefficients must be"),
        (([[1, 2]], [1, 2]), "totals"),
        (([[1.5]], [1]), "coefficients must be whole numbers"),
        (([[2**26]], [1]), "sums must be below"),
    ],
)
def test_refusals(arguments, part):
    with pytest.raises(ValueError, match=part):
        MarketSplit(*arguments)
