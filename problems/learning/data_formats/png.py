"""Data sets as PNG images: one, or a folder of them, whose sub-folders are classes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Sign, Stage
from pbit.formats.parts import listed
from pbit.formats.sample import Sample
from pbit.formats.source import load
from pbit.problems.learning.data_formats.registry import Asked, DataFormat, Found
from pbit.problems.learning.raw_data import Array, RawData
from pbit.system.extras import imported

_MAGIC = b"\x89PNG\r\n\x1a\n"
_GREY = {"1": np.bool_, "L": np.uint8, "I;16": np.uint16, "I": np.int32}
_SAVE_GREY = "save it as greyscale without transparency"


class _Images(NamedTuple):
    """Paths of images, classes of them by number and by name, and what else there is."""

    paths: list[Path]
    labels: list[int] | None
    classes: tuple[str, ...] | None
    notes: tuple[str, ...]


def read_png(found: Found, asked: Asked) -> RawData:
    """The pixels of one image, or of all images of a folder in the order of their names.

    Raises
    ------
    FormatError
        A damaged image, colours, images of different sizes, images beside sub-folders, none.
    ImportError
        Pillow is missing.
    """
    if found.data:
        pixels = _pixels(found.data, found.name, asked.max_bytes)
        return RawData(values=pixels[None], name=found.name)
    images = _listed(Path(found.name))
    values = np.stack(list(_all(images.paths, asked.max_bytes)))
    labels = None if images.labels is None else np.array(images.labels)
    return RawData(
        values=values, name=found.name, labels=labels, classes=images.classes, notes=images.notes
    )


def _listed(folder: Path) -> _Images:
    """The images of a folder and of its sub-folders."""
    entries = sorted(folder.iterdir())
    inner = [entry for entry in entries if entry.is_dir()]
    paths, others = _sorted_out([entry for entry in entries if not entry.is_dir()])
    name = str(folder)
    if inner and paths:
        raise FormatError(
            name,
            None,
            f"holds images and the folder {shown(inner[0].name)}, expected images or a folder for "
            "each class; move the images",
        )
    labels: list[int] = []
    for label, sub in enumerate(inner):
        below = sorted(sub.iterdir())
        if any(entry.is_dir() for entry in below):
            raise FormatError(str(sub), None, "holds folders, expected images; move them up")
        images, more = _sorted_out(below)
        if not images:
            raise FormatError(str(sub), None, "holds no PNG image, expected a class; remove it")
        paths += images
        others += [f"{sub.name}/{other}" for other in more]
        labels += [label] * len(images)
    if not paths:
        raise FormatError(name, None, "holds no PNG image, expected some; check the path")
    notes = (f"of the folder {listed(others)} {_are(others)} not read: no PNG",) if others else ()
    classes = tuple(sub.name for sub in inner)
    return _Images(paths, labels if inner else None, classes or None, notes)


def _sorted_out(entries: list[Path]) -> tuple[list[Path], list[str]]:
    """Images, and the names of what is none."""
    images = [entry for entry in entries if entry.suffix.lower() == ".png"]
    return images, [entry.name for entry in entries if entry not in set(images)]


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _all(paths: list[Path], max_bytes: int) -> Iterator[Array]:
    """Pixels of images of one size, no more bytes than allowed."""
    size, first = 0, None
    for path in paths:
        data, name = load(path, max_bytes=max_bytes)
        pixels = _pixels(data, name, max_bytes - size)
        first = pixels if first is None else first
        if pixels.shape != first.shape or pixels.dtype != first.dtype:
            raise FormatError(
                name,
                None,
                f"an image of {_told(pixels)}, expected {_told(first)} as {shown(paths[0].name)}; "
                "make all images alike",
            )
        size += pixels.nbytes
        yield pixels


def _told(pixels: Array) -> str:
    depth = 1 if pixels.dtype == np.bool_ else 8 * pixels.itemsize
    return f"{pixels.shape[1]} x {pixels.shape[0]} pixels of {depth} bits"


def _pixels(data: bytes, name: str, max_bytes: int) -> Array:
    """Grey values of an image, shape (height, width)."""
    pillow: Any = imported("PIL.Image", what="images need", package="pillow")
    try:
        with pillow.open(io.BytesIO(data), formats=["PNG"]) as image:
            if 4 * image.width * image.height > max_bytes:
                raise FormatError(
                    name,
                    None,
                    f"{image.width} x {image.height} pixels are more than max_bytes = {max_bytes} "
                    "allow; raise it",
                )
            if getattr(image, "n_frames", 1) > 1:
                raise FormatError(name, None, "an animation, expected one image; save one frame")
            return _grey(image, name)
    except FormatError:
        raise
    except (OSError, SyntaxError, ValueError, pillow.DecompressionBombError) as error:
        raise FormatError(
            name, None, f"no valid PNG image ({str(error)[:80]}); save it again"
        ) from error


def _grey(image: Any, name: str) -> Array:
    image.load()
    if image.mode in _GREY and "transparency" not in image.info:
        return np.array(image, dtype=_GREY[image.mode])
    if image.mode not in ("P", "RGB") or "transparency" in image.info:
        raise FormatError(name, None, f"an image of mode {image.mode}; {_SAVE_GREY}")
    colors = np.array(image.convert("RGB"))
    if np.any(colors != colors[..., :1]):
        raise FormatError(name, None, f"an image in colours; {_SAVE_GREY}")
    return colors[..., 0].copy()


def _is_png(sample: Sample) -> bool:
    return sample.data.startswith(_MAGIC)


FORMAT = DataFormat(
    name="png",
    what="a PNG image, or a folder of them with a sub-folder for each class",
    read=read_png,
    signs=(Sign(Stage.BYTES, 2, _is_png),),
    takes_folders=True,
    rank=3,
)
