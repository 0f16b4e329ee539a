"""How large a netlist is once its models are put in place of their instances, without doing so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.problems.logic.netlists import assembly
from pbit.problems.logic.netlists.assembly import Place

# Few lines can ask for a lot: 40 models that each hold the next one twice are 2^40. What is made of
# a file is bounded by its size, beyond what takes no time whatever the file.
_FEW_CELLS, _CELLS_A_BYTE = 20_000, 16
_FEW_WIRES, _WIRES_A_BYTE = 1_000_000, 64
_FEW_CHARACTERS, _CHARACTERS_A_BYTE = 2**26, 200


class Use(NamedTuple):
    """An instance of a model: its name there, and where it stands."""

    model: str
    name: str
    place: Place


class Contained(NamedTuple):
    """What is in a model: cells, pins of all of them, characters of the names of its wires."""

    cells: int
    wires: int
    characters: int
    uses: tuple[Use, ...] = ()


def check_flattened(
    models: Mapping[str, Contained],
    top: str,
    *,
    num_bytes: int,
    word: str,
    wrong: Callable[[Place, str], FormatError],
) -> None:
    """Refuse a hierarchy that never ends, or that is too large for its file.

    Parameters
    ----------
    models : mapping from name to Contained
    top : str
        The model that stands for the circuit.
    num_bytes : int
        Size of the file.
    word : str
        What the format calls a model.
    wrong : callable
        Makes the error of a place.

    Raises
    ------
    FormatError
        Models that contain each other, or nest too deep; more cells, wires or characters in names
        than a file of this size may ask for.
    """
    totals: dict[str, Contained] = {}
    taken: dict[str, Use] = {}
    path: dict[str, Iterator[Use]] = {top: iter(models[top].uses)}
    while path:
        name = next(reversed(path))
        for use in path[name]:
            taken[name] = use
            if use.model in path:
                use = taken[use.model]
                told = "" if use.place.words else f"model {shown(use.model)} "
                raise wrong(use.place, f"{told}is nested without end: {word}s contain each other")
            if use.model in models and use.model not in totals:
                if len(path) >= assembly.MAX_DEPTH:
                    raise wrong(
                        use.place, f"more than {assembly.MAX_DEPTH} {word}s inside each other"
                    )
                path[use.model] = iter(models[use.model].uses)
                break
        else:
            del path[name]
            totals[name] = _total(models[name], totals, num_bytes, wrong)


def _total(
    own: Contained,
    totals: Mapping[str, Contained],
    num_bytes: int,
    wrong: Callable[[Place, str], FormatError],
) -> Contained:
    """All that is in a model and in those inside it."""
    most = Contained(
        min(assembly.MAX_PARTS, max(_FEW_CELLS, _CELLS_A_BYTE * num_bytes)),
        max(_FEW_WIRES, _WIRES_A_BYTE * num_bytes),
        max(_FEW_CHARACTERS, _CHARACTERS_A_BYTE * num_bytes),
    )
    cells, wires, characters, uses = own
    for use in uses:
        inner = totals.get(use.model)
        if inner is None:
            continue
        cells += inner.cells
        wires += inner.wires
        characters += inner.characters + inner.wires * (len(use.name) + 1)
        for found, limit, what in (
            (cells, most.cells, "cells"),
            (wires, most.wires, "pins"),
            (characters, most.characters, "characters in names"),
        ):
            if found > limit:
                raise wrong(
                    use.place,
                    f"more than {limit} {what} once flattened, the most that is read from a file "
                    f"of {num_bytes} bytes; flatten it before ('flatten' in yosys)",
                )
    return Contained(cells, wires, characters)
