"""What ``pbit device sigmoid`` tells about a p-bit, and the chip that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pbit.cli.reports.fit_report import agreement_record, agreement_rows, finite, table_of
from pbit.cli.units import with_error
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.devices.fitting.sigmoid import SigmoidFit
    from pbit.hardware.parameters import Hardware


def record_of(found: SigmoidFit, chip: Hardware) -> dict[str, Any]:
    """The sigmoid and the chip's gain and offset as plain data."""
    return {
        "V0_V": found.V0_V,
        "V50_V": found.V50_V,
        "standard_error": {key: finite(value) for key, value in found.errors.items()},
        "gain": chip.gain,
        "offset": chip.offset,
        **agreement_record(found),
        "versions": versions(),
    }


def text_of(found: SigmoidFit, chip: Hardware) -> str:
    """The sigmoid for people."""
    rows = [
        ("V0", with_error((found.V0_V, found.errors["V0_V"]), "V")),
        ("V50", with_error((found.V50_V, found.errors["V50_V"]), "V")),
        ("curve", "rising" if found.V0_V > 0 else "falling: the chip wants an inverted drive"),
        ("on the chip", f"gain {chip.gain:.4g}, offset {chip.offset:.4g}"),
        *agreement_rows(found, "a sigmoid of this kind", "no num_samples and no errors"),
    ]
    return table_of(rows)


def chip_of(found: SigmoidFit, chip: Hardware, source: str) -> str:
    """A chip file of this p-bit, what is not measured left as it is on the ideal chip."""
    name = "".join(c for c in source if c.isprintable() and c not in '"\\')
    return "\n".join(
        [
            f'name = "p-bits of {name}"',
            *([] if found.holds else [f"# NOT such p-bits: agreement {found.verdict}"]),
            f"# tanh((V - V50) / V0), V0 = {found.V0_V:.6g} V, V50 = {found.V50_V:.6g} V.",
            "# A sigmoid says nothing of time: how p-bits decide, and their tau, stand here.",
            '# dynamics = "telegraph"',
            '# tau = "1 us"',
            f"gain = {chip.gain!r}",
            f"offset = {chip.offset!r}",
            "# gain_spread = 0.1",
            "# offset_spread = 0.1",
            "",
        ]
    )
