"""The one error that bad file contents raise."""


def shown(text: bytes | str, *, limit: int = 60) -> str:
    """Return `text` quoted for an error message: printable, and cut after `limit` characters.

    Examples
    --------
    >>> shown(b"1 2 x")
    "'1 2 x'"
    """
    if isinstance(text, bytes):
        text = text[: 4 * limit].decode("utf-8", errors="backslashreplace")
    return repr(text if len(text) <= limit else text[: limit - 3] + "...")


class FormatError(ValueError):
    """A file that cannot be read, as `NAME:LINE:COLUMN: what is there, what was expected; remedy`.

    Parameters
    ----------
    name : str
        The file as the user knows it.
    line : int or None
        Line number, counted from 1; None where lines mean nothing (binary files).
    problem : str
        What is there, what was expected, and a remedy.
    column : int, optional
        Column in the line, counted from 1, where the format knows it.
    """

    def __init__(
        self, name: str, line: int | None, problem: str, *, column: int | None = None
    ) -> None:
        super().__init__(name, line, problem)
        self.name = name
        self.line = line
        self.problem = problem
        self.column = column

    def __str__(self) -> str:
        parts = (self.name, self.line, self.column)
        where = ":".join(str(part) for part in parts if part is not None)
        return f"{where}: {self.problem}"
