"""Sentences of the library, which name its arguments, in the words of the command line."""

from __future__ import annotations

import re

# The option for each argument that the sentences about files and their meanings name.
_OPTIONS = {
    "colors": "--colors",
    "drop_labels": "--drop-labels",
    "drop_offset": "--drop-offset",
    "format": "--format",
    "ising_sign": "--ising-sign",
    "max_variables": "--max-variables",
    "problem": "--problem",
    "round_weights": "--round",
}
_TAKERS = ", which pbit solve and pbit check take"  # elsewhere --colors is another option
_NAME = rf"\b({'|'.join(_OPTIONS)})"
_LEAVE = re.compile(rf"\bleave {_NAME}=None")
_WORDS = re.compile(rf"{_NAME}=('[\w-]+'(?:(?:, | or )'[\w-]+')*|True|K\b|[0-9]+)")


def in_options(sentence: str) -> str:
    """The sentence with options for arguments: ``--problem maxcut`` for ``problem='maxcut'``.

    Examples
    --------
    >>> in_options("leave colors=None, or give problem='coloring'")
    'leave --colors out, or give --problem coloring'
    >>> in_options("give drop_offset=True, or format='coo' or 'bqm'")
    'give --drop-offset, or --format coo or bqm'
    """
    sentence = _LEAVE.sub(lambda found: f"leave {_OPTIONS[found[1]]} out", sentence)
    return _WORDS.sub(_option, sentence)


def _option(found: re.Match[str]) -> str:
    option, value = _OPTIONS[found[1]], found[2].replace("'", "")
    if value == "True":
        return option
    return f"{option} {value}{_TAKERS if found[1] == 'colors' else ''}"
