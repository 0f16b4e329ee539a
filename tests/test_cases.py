"""Grids of cases: which are slow, and that no failure among many small ones is lost."""

from typing import NamedTuple

import pytest

from cases import of_all, some


class Record(NamedTuple):
    name: str
    size: int


def marks(parameter):
    return [mark.name for mark in getattr(parameter, "marks", ())]


def test_all_but_the_usual_cases_are_slow():
    first, second, third = some([("a", 1), ("b", 2), "c"], ("b", 2))
    assert (first.values, marks(first)) == (("a", 1), ["slow"])
    assert second == ("b", 2)
    assert (third.values, marks(third)) == (("c",), ["slow"])


def test_a_record_is_one_value():
    (only,) = some([Record("a", 1)])
    assert only.values == (Record("a", 1),)


def test_a_usual_case_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"must be among the cases, got \['d'\]"):
        some(["a", "b"], "a", "d")


def test_every_failure_is_told_with_its_case():
    seen = []

    @of_all(range(5))
    def test_small(k):
        """What it says."""
        seen.append(k)
        if k % 3 == 1:
            raise ValueError(f"bad {k}")

    with pytest.raises(ExceptionGroup, match="2 of 5 cases") as caught:
        test_small()
    assert seen == list(range(5))
    assert [str(error) for error in caught.value.exceptions] == ["bad 1", "bad 4"]
    assert [error.__notes__ for error in caught.value.exceptions] == [["case 1"], ["case 4"]]
    assert (test_small.__name__, test_small.__doc__) == ("test_small", "What it says.")


def test_assertions_count_and_tuples_are_arguments():
    def smaller(a, b):
        assert a < b

    of_all([(1, 2), (2, 3)])(smaller)()
    with pytest.raises(ExceptionGroup, match="1 of 2 cases"):
        of_all([(1, 2), (3, 2)])(smaller)()
