"""A Chinese font for pictures, found on the computer: pictures never show boxes for characters."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import ImageFont

from layers.errors import LayerError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE = "县"
_NO_CHARACTER = "\uffff"
# By folder, the fonts that come with Windows, macOS and the usual packages of Linux.
_KNOWN = (
    ("{WINDIR}/Fonts", ("msyh.ttc", "Deng.ttf", "simhei.ttf", "simsun.ttc")),
    ("/System/Library/Fonts", ("PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Medium.ttc")),
    (
        "/usr/share/fonts",
        ("**/NotoSansCJK*Regular*", "**/SourceHanSans*", "**/wqy-*", "**/*Fallback*"),
    ),
)


@dataclass(frozen=True)
class Font:
    """One face of a font file."""

    path: Path
    face: int = 0

    def at(self, size: float) -> ImageFont.FreeTypeFont:
        """Give the font at a size in pixels."""
        return ImageFont.truetype(self.path, size, index=self.face)


def find_font(path: Path | None = None) -> Font | None:
    """Give the font of a file, else one of this computer; None where it has none.

    Raises LayerError (font_unusable) for a file that is no font or cannot write Chinese.
    """
    if path is None:
        return chinese_font()
    font = Font(path)
    if not can_write(font):
        raise LayerError(Problem("--font", "font_unusable", value=str(path)))
    return font


@cache
def chinese_font() -> Font | None:
    """Give a font of this computer that can write Chinese, None where there is none."""
    return next((font for font in _candidates() if can_write(font)), None)


def can_write(font: Font, sample: str = _SAMPLE) -> bool:
    """Say whether a font has a character: one it lacks looks like any other it lacks."""
    try:
        face = font.at(24)
    except OSError:
        return False
    missing = face.getmask(_NO_CHARACTER)
    return all(
        bytes(face.getmask(character)) != bytes(missing) and face.getmask(character).getbbox()
        for character in sample
    )


def _candidates() -> Iterator[Font]:
    for folder, names in _KNOWN[:2]:
        for name in names:
            yield Font(Path(folder.format(WINDIR=os.environ.get("WINDIR", ""))) / name)
    yield from _by_fontconfig()
    folder, patterns = _KNOWN[2]
    for pattern in patterns:
        yield from map(Font, sorted(Path(folder).glob(pattern)))


def _by_fontconfig() -> Iterator[Font]:
    program = shutil.which("fc-match")
    if program is None:
        return
    asked = [program, "--format=%{file}|%{index}", "sans:lang=zh-cn"]
    told = subprocess.run(  # noqa: S603 - a program of the system with our own words
        asked, capture_output=True, text=True, encoding="utf-8", check=False
    ).stdout
    path, _, face = told.partition("|")
    if path and face.isdigit():
        # the upper half of fontconfig's index tells a variation, the lower the face
        yield Font(Path(path), int(face) & 0xFFFF)
