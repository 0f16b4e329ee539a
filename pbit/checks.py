"""Checks of arguments that several public functions share, and the errors that they raise."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

_NOTHING = object()


class ArgumentError(ValueError):
    """An argument that breaks a rule: ``name rule, got value; remedy``.

    Parameters
    ----------
    argument : str
        Its name in the signature.
    rule : str
        The rest of the sentence: ``must be >= 1``.
    value : object, optional
        What was given, told as ``got value``; strings are quoted.
    remedy : str, optional
        What to do about it.
    got : str, optional
        Words for ``value`` where it does not tell itself, such as a shape.

    Examples
    --------
    >>> error = ArgumentError("num_sweeps", "must be >= 1", 0, remedy="use initial_spins")
    >>> print(error)
    num_sweeps must be >= 1, got 0; use initial_spins
    >>> error.argument, error.value
    ('num_sweeps', 0)
    >>> error.sentence("--sweeps")
    '--sweeps must be >= 1, got 0; use initial_spins'
    """

    def __init__(
        self,
        argument: str,
        rule: str,
        value: Any = _NOTHING,
        *,
        remedy: str = "",
        got: str | None = None,
    ) -> None:
        self.argument = argument
        self.rule = rule
        self.value = None if value is _NOTHING else value
        self.remedy = remedy
        self._got = _told(value) if got is None else f", got {got}"
        super().__init__(self.sentence(argument))

    def sentence(self, name: str) -> str:
        """The text, the argument called by another name, that of an option for instance."""
        return f"{name} {self.rule}{self._got}{f'; {self.remedy}' if self.remedy else ''}"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """For other processes: the text and the parts, not the call that made them."""
        return type(self).__new__, (type(self), *self.args), vars(self)


class TooLargeError(MemoryError):
    """More memory than this machine has: ``what need about x GiB ...; lower argument``.

    Parameters
    ----------
    what : str
        What needs the memory, in the plural.
    needed, memory : float
        Bytes.
    lower : str
        The argument that makes it less; kept as ``argument``.
    others : str, optional
        What else would help, as the rest of the sentence.

    Examples
    --------
    >>> print(TooLargeError("reads", needed=2**33, memory=2**32, lower="num_reads"))
    reads need about 8.0 GiB, this machine has 4.0; lower num_reads
    """

    def __init__(
        self, what: str, *, needed: float, memory: float, lower: str, others: str = ""
    ) -> None:
        self.argument = lower
        self._need = (
            f"{what} need about {needed / 2**30:.1f} GiB, this machine has {memory / 2**30:.1f}"
        )
        self._others = others
        super().__init__(self.sentence(lower))

    def sentence(self, name: str) -> str:
        """The text, the argument called by another name."""
        return f"{self._need}; lower {name}{self._others}"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        """For other processes: the text and the parts, not the call that made them."""
        return type(self).__new__, (type(self), *self.args), vars(self)


def _told(value: Any) -> str:
    if value is _NOTHING:
        return ""
    return f", got {value!r}" if isinstance(value, str) else f", got {value}"


def instance(name: str, value: Any, kind: type[Any], *, remedy: str) -> Any:
    """The value, if it is of a class.

    Raises
    ------
    TypeError

    Examples
    --------
    >>> instance("rate", 3.0, int, remedy="round it")
    Traceback (most recent call last):
    ...
    TypeError: rate must be of type int, got 3.0 (float); round it
    """
    if not isinstance(value, kind):
        got = f"{value!r:.60} ({type(value).__name__})"
        raise TypeError(f"{name} must be of type {kind.__name__}, got {got}; {remedy}")
    return value


def flag(name: str, value: Any) -> bool:
    """The value as bool: True, False, 1 or 0.

    Raises
    ------
    TypeError

    Examples
    --------
    >>> flag("traced", 1)
    True
    """
    try:
        return {0: False, 1: True}[value]
    except (KeyError, TypeError):
        raise TypeError(f"{name} must be True or False, got {value!r:.60}") from None


def real(name: str, value: Any) -> float:
    """The value as float.

    Raises
    ------
    TypeError
        Not a number: a text, True or False, a list.

    Examples
    --------
    >>> real("alpha", 1)
    1.0
    """
    try:
        if not isinstance(value, str | bytes | bool):
            return float(value)
    except (TypeError, ValueError):
        pass
    raise TypeError(f"{name} must be a number, got {value!r:.60}")


def positive(name: str, value: Any) -> float:
    """The value as float, above 0 and finite.

    Raises
    ------
    TypeError
        Not a number.
    ArgumentError
        Out of range.

    Examples
    --------
    >>> positive("patience", 3)
    3.0
    """
    number = real(name, value)
    if not 0 < number < float("inf"):
        raise ArgumentError(name, "must be a number > 0", value)
    return number


def floats(name: str, values: Any) -> FloatArray:
    """The values as an array of float64, theirs where they are one.

    Raises
    ------
    TypeError
        Not numbers.

    Examples
    --------
    >>> floats("betas", [1, 2]).tolist()
    [1.0, 2.0]
    """
    import numpy as np  # not before somebody has numbers

    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        rule = f"{name} must be a number or an array of numbers"
        raise TypeError(f"{rule}, got {values!r:.60}") from None


def integer(name: str, value: Any, least: int, most: int | None = None) -> int:
    """The value as int.

    Raises
    ------
    TypeError
        Not an integer.
    ArgumentError
        Below ``least`` or above ``most``.

    Examples
    --------
    >>> integer("num_reads", 3, 1)
    3
    """
    if type(value) is not int and (not isinstance(value, Integral) or isinstance(value, bool)):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    number = int(value)
    if number < least:
        raise ArgumentError(name, f"must be >= {least}", value)
    if most is not None and number > most:
        raise ArgumentError(name, f"must be <= {most}", value)
    return number
