"""Low autocorrelation sequences: enumeration, and the published best energies."""

import os
from pathlib import Path

import numpy as np
import pytest

from brute_force import all_answers, check_problem
from pbit.formats import read
from pbit.problems.core.reading import problem_of
from pbit.problems.labs import Labs

DATA = Path(os.environ.get("PBIT_DATA", "/nonexistent")) / "labs"


def plain(sequence):
    n = len(sequence)
    lags = [sum(sequence[i] * sequence[i + k] for i in range(n - k)) for k in range(1, n)]
    return float(sum(c * c for c in lags))


@pytest.mark.parametrize("n", range(2, 11))
def test_energies_of_all_sequences(n):
    check_problem(Labs(n), all_answers((-1, 1), n), lambda a: True, plain)


@pytest.mark.skipif(not DATA.is_dir(), reason="PBIT_DATA is not set")
def test_published_energies():
    """All 99 sequences, by the problem and by its model of four-spin terms."""
    for line in (DATA / "labs_best.csv").read_text().splitlines()[1:]:
        n, energy, _, bits = line.split(",")
        sequence = np.where(np.frombuffer(bits.encode(), np.uint8) == ord("1"), 1, -1)
        problem = problem_of(read(f"{DATA}/labs_best.csv#{n}"))
        assert problem.objective(sequence) == float(energy)
        if int(n) <= 60:
            assert float(problem.model.energy(problem.encode(sequence))) == float(energy)


@pytest.mark.parametrize("n", range(2, 12))
def test_no_sequence_beats_the_bound(n):
    least = min(plain(sequence) for sequence in all_answers((-1, 1), n))
    assert least >= Labs(n).bound
    assert (least == Labs(n).bound) == (n in (2, 3, 4, 5, 7, 11))  # Barker's lengths, 13 beyond


def test_written():
    barker = [1, 1, 1, 1, 1, -1, -1, 1, 1, -1, 1, -1, 1]
    assert Labs(13).written(barker) == ["run lengths 5,2,2,1,1,1,1", "merit factor 14.0833"]
    assert Labs(13).written(None) == []


def test_refuses_one_place():
    with pytest.raises(ValueError, match="length must be >= 2, got 1"):
        Labs(1)
