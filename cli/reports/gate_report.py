"""What ``pbit gate`` tells about a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.problems.logic.gates.gate import Gate

_BETAS = (0.5, 1.0, 2.0)
_MOST_ROWS = 32
_WIDTH = 79


def record_of(gate: Gate) -> dict[str, Any]:
    """The gate as plain data."""
    return {
        "gate": gate.name,
        "pins": list(gate.pins),
        "inputs": list(gate.inputs),
        "outputs": list(gate.outputs),
        "auxiliaries": list(gate.auxiliaries),
        "h": dict(zip(gate.pins, gate.biases, strict=True)),
        "J": [[gate.pins[i], gate.pins[j], weight] for i, j, weight in gate.couplings],
        "products": [[[gate.pins[k] for k in pins], weight] for pins, weight in gate.terms],
        "ground_energy": gate.ground_energy,
        "gap": gate.gap,
        "gap_bound": gate.gap_bound,
        "rows": [list(row) for row in gate.rows],
        "rows_are_ground_states": gate.check(),
        "probability_valid": {f"{beta:g}": gate.probability_valid(beta) for beta in _BETAS},
        "versions": versions(),
    }


def text_of(gate: Gate, options: dict[str, Any]) -> str:
    """The gate for people."""
    count = len(gate.auxiliaries)
    checked = "are the ground states" if gate.check() else "ARE NOT the ground states"
    valid = ", ".join(f"{gate.probability_valid(beta):.4g} at beta {beta:g}" for beta in _BETAS)
    lines = [
        ("gate", gate.name),
        ("pins", f"{pins_of(gate)}  (inputs > outputs{' > auxiliary' if count else ''})"),
        ("p-bits", f"{len(gate.pins)}, {count or 'none'} of them auxiliary"),
        ("ground energy", f"{gate.ground_energy:.6g}"),
        ("gap", f"{gate.gap:.6g}{_bound(gate, options)}"),
        ("check", f"{len(gate.rows)} rows {checked} among {2 ** len(gate.pins)} states"),
        ("P(valid)", valid),
    ]
    text = [_folded(label, value) for label, value in lines]
    sizes = ((1, "h"), (2, "J"), (3, "products"))
    for size, label in sizes:
        terms = [term for term in gate.all_terms if min(len(term[0]), 3) == size]
        for k, (pins, weight) in enumerate(terms):
            names = " ".join(gate.pins[pin] for pin in pins)
            start = f"{'' if k else label:<14} {weight:>9.6g}  "
            text.append(click.wrap_text(names, _WIDTH, start, " " * len(start)))
    return "\n".join([*text, *_rows(gate), *_written(options)])


def _written(options: dict[str, Any]) -> list[str]:
    return [] if options["output"] is None else [f"{'output':<15}{options['output']}"]


def _folded(label: str, value: str) -> str:
    text: str = click.wrap_text(value, _WIDTH, f"{label:<15}", " " * 15)
    return text


def pins_of(gate: Gate) -> str:
    """Inputs, outputs and auxiliary pins."""
    groups = (gate.inputs, gate.outputs, gate.auxiliaries)
    return " > ".join(" ".join(group) for group in groups if group)


def _bound(gate: Gate, options: dict[str, Any]) -> str:
    if options["name"] is not None or options["native"]:
        return ""
    if gate.gap_bound is None:
        return "; not proven to be the largest"
    if gate.gap_bound > gate.gap * (1 + 1e-6):
        return f"; not proven to be the largest, which is at most {gate.gap_bound:.6g}"
    bias = options["max_bias"]
    limits = f"|J| and |h| up to {options['max_weight']:g}"
    if bias is not None:
        limits = f"|J| up to {options['max_weight']:g} and |h| up to {bias:g}"
    whole = ", whole numbers" if options["integer"] else ""
    return f", the largest with so many p-bits and {limits}{whole}"


def _rows(gate: Gate) -> list[str]:
    """The truth table, where it is small enough to read."""
    kept = gate.num_inputs + gate.num_outputs
    names = list(gate.pins)
    for place in (kept, gate.num_inputs):
        if 0 < place < len(names):
            names.insert(place, ">")
    lines = [" ".join(names)]
    if len(gate.rows) > _MOST_ROWS or len(lines[0]) > _WIDTH - 15:
        return []
    for row in gate.rows:
        bits = [str(bit) for bit in row]
        for place in (kept, gate.num_inputs):
            if 0 < place < len(bits):
                bits.insert(place, ">")
        lines.append(" ".join(f"{b:>{len(name)}}" for b, name in zip(bits, names, strict=True)))
    return [f"{'' if k else 'rows':<15}{line}" for k, line in enumerate(lines)]
