"""The picture of a run: energies of the reads, and the best energy as the sweeps go by."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbit.cli.output import write_whole

if TYPE_CHECKING:
    from pbit.problems.core.problem import Problem
    from pbit.run.reads import Reads


def draw_run(path: Path, problem: Problem, reads: Reads, title: str) -> None:
    """Histogram of the reads' energies and trace of the lowest energy, as one file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    second = next((draw for name, draw in _SECOND.items() if name in reads.info), None)
    figure = Figure(figsize=(9 if second else 5, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplots(1, 2 if second else 1, squeeze=False)[0]
    _histogram(axes[0], problem, reads)
    if second:
        second(axes[1], problem, reads)
    printable = title.encode(errors="replace").decode()  # names of files need not be text
    figure.suptitle(printable, fontsize=10, parse_math=False)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))


def _histogram(axis: Any, problem: Problem, reads: Reads) -> None:
    values = _in_units(problem, reads.energies)
    axis.hist(values, bins=min(40, max(5, len(values) // 3)), color="#4477aa")
    axis.yaxis.get_major_locator().set_params(integer=True)
    best = values[reads.best]
    axis.axvline(best, color="#cc3311", label=f"best {best:.12g}")
    what = "read" if reads.info["rounds"] == 1 else "round"
    axis.set_xlabel(f"{_unit(problem)} of each {what}")
    axis.set_ylabel(f"{what}s")
    axis.legend(fontsize=8)


def _in_units(problem: Problem, energies: Any) -> Any:
    """Objectives of energies; energies alone where a state may be infeasible."""
    from pbit.problems.core.problem import objective_at

    return energies if problem.constrained else objective_at(problem, energies)


def _unit(problem: Problem) -> str:
    return "energy" if problem.constrained else problem.objective_name


def _trace(axis: Any, problem: Problem, reads: Reads) -> None:
    import numpy as np

    sweeps = reads.info["trace_sweeps"]
    now = _in_units(problem, reads.info["trace"])
    rising = problem.maximise and not problem.constrained
    best = np.maximum.accumulate(now) if rising else np.minimum.accumulate(now)
    axis.plot(sweeps, now, color="#aabbcc", linewidth=0.8, label="best read at this sweep")
    axis.plot(sweeps, best, color="#cc3311", label="best so far")
    axis.set_xlabel("sweep" if reads.info["rounds"] == 1 else "sweep, rounds one after the other")
    axis.set_ylabel(_unit(problem))
    axis.legend(fontsize=8)


def _curve(axis: Any, problem: Problem, reads: Reads) -> None:
    """The lowest energy so far, step by step."""
    import numpy as np

    seconds, energies = np.array(reads.info["curve"]).T
    end = max(reads.info["timing"]["sampling_ns"] / 1e9, seconds[-1])
    values = _in_units(problem, energies)
    axis.step(np.append(seconds, end), np.append(values, values[-1]), where="post", color="#cc3311")
    axis.set_xscale("log")
    axis.set_xlabel("seconds")
    axis.set_ylabel(f"{_unit(problem)}, best so far")
    axis.grid(alpha=0.3)


_SECOND = {"curve": _curve, "trace_sweeps": _trace}
