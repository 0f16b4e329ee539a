"""How many variables a file may have: what takes a few bytes to ask for is not made unasked."""

from __future__ import annotations

from pbit.formats.errors import FormatError

MAX_VARIABLES = 10_000_000
# A file names most of its variables; one of 28 bytes that says it has ten million does not.
_FEW, _A_BYTE = 100_000, 100


def most_variables(max_variables: int | None, num_bytes: int) -> int:
    """Return how many variables a file of this size may have.

    Parameters
    ----------
    max_variables : int, optional
        What the caller allows; by default 10 million, and 100 for each byte of the file beyond the
        first 100,000.
    num_bytes : int

    Examples
    --------
    >>> most_variables(None, 28), most_variables(None, 10**4), most_variables(10**8, 28)
    (100000, 1000000, 100000000)
    """
    if max_variables is not None:
        return max_variables
    return min(MAX_VARIABLES, max(_FEW, _A_BYTE * num_bytes))


def check_variables(count: int, most: int, *, name: str, num_bytes: int) -> None:
    """Check that a file has no more variables than it may.

    Raises
    ------
    FormatError
        It has.
    """
    if count > most:
        raise FormatError(
            name,
            None,
            f"{count} variables in {num_bytes} bytes, expected at most {most}; allow more with "
            f"max_variables={count}",
        )
