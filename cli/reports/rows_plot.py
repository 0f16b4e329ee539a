"""Pictures of rows that are images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pbit.cli.output import write_whole

_ACROSS = 10
_MOST = 100
_UNKNOWN = 170


def draw_rows(path: Path, bands: dict[str, Any], title: str) -> None:
    """Each band of images (k, height, width) of grey values below its name."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from pbit.cli.rows_file import mosaic

    pictures = {name: mosaic(images[:_MOST], across=_ACROSS) for name, images in bands.items()}
    heights = [picture.shape[0] for picture in pictures.values()]
    width = max(picture.shape[1] for picture in pictures.values())
    size = (7.0, 0.5 + sum(0.35 + 7.0 * height / width for height in heights))
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.subplots(len(pictures), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axis, (name, picture) in zip(axes, pictures.items(), strict=True):
        axis.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        axis.set_title(name, fontsize=9)
        axis.set_axis_off()
    figure.suptitle(title.encode(errors="replace").decode(), fontsize=10, parse_math=False)
    write_whole(path, lambda temporary: figure.savefig(temporary, dpi=150))


def grey(images: Any, known: Any = None) -> Any:
    """Images of 0 and 1 in black and white, grey where a pixel is not known."""
    import numpy as np

    shown = (255 * images).astype(np.uint8)
    return shown if known is None else np.where(known, shown, _UNKNOWN).astype(np.uint8)
