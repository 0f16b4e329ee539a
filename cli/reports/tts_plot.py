"""The picture of ``pbit tts``: time against sweeps, success, and the performance profile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbit.cli.output import write_whole

if TYPE_CHECKING:
    from pbit.measure.tts.time_to_solution import TimeToSolution
    from pbit.statistics import Estimate

_COLORS = ("#4477aa", "#cc3311", "#228833", "#aa3377", "#ee7733", "#66ccee", "#555555")


def draw_tts(path: Path, results: dict[str, TimeToSolution]) -> None:
    """Time and success over sweeps, if there are several; profile or times of the instances."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    has_lengths = any(len(result.lengths) > 1 for result in results.values())
    panels = [_times, _success] if has_lengths else []
    instances = len(next(iter(results.values())).instances)
    panels.append(_profile if len(results) > 1 and instances > 1 else _instances)
    figure = Figure(figsize=(4.4 * len(panels), 3.9), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplots(1, len(panels), squeeze=False)[0]
    for axis, draw in zip(axes, panels, strict=True):
        draw(axis, results)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))


def _colored(results: dict[str, TimeToSolution]) -> list[tuple[str, str, TimeToSolution]]:
    return [
        (name, _COLORS[k % len(_COLORS)], result)
        for k, (name, result) in enumerate(results.items())
    ]


def _times(axis: Any, results: dict[str, TimeToSolution]) -> None:
    for k, (name, color, result) in enumerate(_colored(results)):
        if result.lengths:
            _lengths(axis, result, color, name=name, shift=1.06**k)  # side by side
        else:
            band = (result.tts.low, min(result.tts.high, 1e300))
            shown = min(result.tts.value, 1e300)  # never: above the picture
            axis.axhline(shown, color=color, label=f"{name}, first hits")
            axis.axhspan(*band, color=color, alpha=0.15, linewidth=0)
    told = [each.tts for result in results.values() for each in result.lengths]
    _limit(axis, [*told, *(result.tts for result in results.values())])
    axis.set_xscale("log")
    first = next(iter(results.values()))
    many = "median " if len(first.instances) > 1 else ""
    axis.set_xlabel("sweeps of a read")
    axis.set_ylabel(f"{many}time to {100 * first.probability:g} % success (s)")
    axis.set_title(
        f"bars: {100 * first.tts.confidence:g} % interval; triangle: at least; star: chosen",
        fontsize=8,
    )
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)


def _lengths(axis: Any, result: TimeToSolution, color: str, *, name: str, shift: float) -> None:
    """A bar for each number of sweeps, and a star at the chosen one."""
    import numpy as np

    sweeps = np.array([each.num_sweeps for each in result.lengths]) * shift
    value = np.array([each.tts.value for each in result.lengths])
    low = np.array([each.tts.low for each in result.lengths])
    high = np.array([each.tts.high for each in result.lengths])
    solved = np.isfinite(value)
    axis.plot(sweeps[solved], value[solved], "o-", color=color, ms=4, label=name)
    ends = np.where(np.isfinite(high), high, 1e6 * low)
    axis.vlines(sweeps, low, ends, color=color, alpha=0.6)
    if not solved.all():
        axis.plot(sweeps[~solved], low[~solved], "^", mfc="none", color=color, ms=5)
    if result.num_sweeps and np.isfinite(result.tts.value):
        place = np.median(result.num_sweeps) * shift
        axis.plot(place, result.tts.value, "*", color=color, ms=12)


def _limit(axis: Any, told: list[Estimate]) -> None:
    """Logarithmic; bars without an end leave the picture at the top."""
    import numpy as np

    axis.set_yscale("log")
    ends = [x for each in told for x in (each.low, each.value, each.high)]
    finite = [x for x in ends if np.isfinite(x) and x > 0]
    if finite:
        axis.set_ylim(min(finite) / 2, 2 * max(finite))


def _success(axis: Any, results: dict[str, TimeToSolution]) -> None:
    for name, color, result in _colored(results):
        if result.lengths:
            sweeps = [each.num_sweeps for each in result.lengths]
            part = [100 * each.success for each in result.lengths]
            axis.plot(sweeps, part, "o-", color=color, ms=4, label=name)
    axis.set_xscale("log")
    axis.set_xlabel("sweeps of a read")
    axis.set_ylabel("reads that reach the target (%)")
    axis.set_ylim(bottom=0)
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)


def _profile(axis: Any, results: dict[str, TimeToSolution]) -> None:
    import numpy as np

    from pbit.statistics import performance_profile

    profile = performance_profile({name: result.times() for name, result in results.items()})
    finite = profile.ratios[np.isfinite(profile.ratios)]
    end = 1.5 * max(2.0, float(finite.max(initial=1.0)))
    for (name, color, _), ratios in zip(_colored(results), profile.ratios, strict=True):
        steps = np.sort(ratios[np.isfinite(ratios)])
        x = np.concatenate([[1.0], steps, [end]])
        y = np.concatenate([[0.0], np.arange(1, steps.size + 1), [steps.size]]) / ratios.size
        axis.step(x, 100 * y, where="post", color=color, label=name)
    axis.set_xscale("log")
    axis.set_xlim(1 / 1.05, end)
    axis.set_ylim(-2, 102)
    axis.set_xlabel("time / time of the quickest solver")
    axis.set_ylabel("instances solved within that (%)")
    axis.set_title(f"performance profile, {profile.ratios.shape[1]} instances", fontsize=8)
    axis.grid(alpha=0.3)
    axis.legend(fontsize=8)


def _instances(axis: Any, results: dict[str, TimeToSolution]) -> None:
    for k, (name, color, result) in enumerate(_colored(results)):
        shift = 0.12 * (k - (len(results) - 1) / 2)
        for place, each in enumerate(result.instances):
            label = name if place == 0 else None
            _instance(axis, each.tts, place + shift, color=color, label=label)
    first = next(iter(results.values()))
    _name_places(axis, [each.name[:14] for each in first.instances])
    _limit(axis, [each.tts for result in results.values() for each in result.instances])
    axis.set_ylabel(f"time to {100 * first.probability:g} % success (s)")
    axis.set_title("with intervals; triangle: not solved, at least", fontsize=8)
    axis.grid(alpha=0.3, axis="y")
    axis.legend(fontsize=8)


def _instance(axis: Any, tts: Estimate, x: float, *, color: str, label: str | None) -> None:
    import numpy as np

    if np.isfinite(tts.value):
        high = tts.high if np.isfinite(tts.high) else 1e6 * tts.low
        axis.vlines(x, tts.low, high, color=color)
        axis.plot(x, tts.value, "o", color=color, ms=5, label=label)
    else:
        axis.plot(x, tts.low, "^", mfc="none", color=color, ms=6, label=label)


def _name_places(axis: Any, names: list[str]) -> None:
    if len(names) > 12:
        axis.set_xlabel("instance")
    else:
        turned = {"rotation": 60, "ha": "right"} if len(names) > 3 else {"ha": "center"}
        axis.set_xticks(range(len(names)), names, parse_math=False, **turned)
    axis.set_xlim(-0.6, len(names) - 0.4)
