"""Grids of cases: a few in every run and the rest with the slow tests; many small ones in one."""

from collections.abc import Callable, Iterable

import pytest


def some(cases, *usual):
    """All cases of a parametrisation; those that are not among the usual ones are slow."""
    cases = list(cases)
    unknown = [case for case in usual if case not in cases]
    if unknown:
        raise ValueError(f"usual cases must be among the cases, got {unknown}")
    return [case if case in usual else _slow(case) for case in cases]


def _slow(case):
    values = case if type(case) is tuple else (case,)  # a record is one value
    return pytest.param(*values, marks=pytest.mark.slow)


def of_all(cases: Iterable[object]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """One test of a check on many small cases, which names every case that fails."""
    cases = list(cases)

    def tested(check: Callable[..., None]) -> Callable[[], None]:
        def test() -> None:
            if failures := [error for case in cases if (error := _failure(check, case))]:
                raise ExceptionGroup(f"{len(failures)} of {len(cases)} cases", failures)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return tested


def _failure(check: Callable[..., None], case: object) -> Exception | None:
    try:
        check(*case) if type(case) is tuple else check(case)
    except Exception as error:
        error.add_note(f"case {case!r}")
        return error
    return None
