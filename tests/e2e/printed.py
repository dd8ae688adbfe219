"""Printed workbooks: the words on each page with their places, and the colours behind them."""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.office import Office, pdf_to_png

DPI = 110
POINT = DPI / 72  # pixels

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>宋体</string></test>
<edit name="family" mode="assign" binding="strong"><string>Noto Serif CJK SC</string></edit></match>
<match target="pattern"><test name="family"><string>黑体</string></test>
<edit name="family" mode="assign" binding="strong"><string>Noto Sans CJK SC</string></edit></match>
</fontconfig>
"""
"""Stand-ins for the two fonts of official forms, which only Windows has."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text without blanks, with its box in points from the page's top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """One printed page."""

    width: float  # points
    words: tuple[Word, ...]
    image: Path  # a PPM file

    @property
    def text(self) -> str:
        """All that stands on the page, without blanks."""
        return "".join(word.text for word in self.words)

    def find(self, text: str) -> Word:
        return next(word for word in self.words if word.text == text)

    def line(self, start: str) -> str:
        """The text of the printed line that begins with a word."""
        first = self.find(start)
        level = [
            w
            for w in self.words
            if abs((w.top + w.bottom) - (first.top + first.bottom)) < first.bottom - first.top
        ]
        return "".join(w.text for w in sorted(level, key=lambda w: w.left))

    @cached_property
    def _pixels(self) -> tuple[int, bytes]:
        """Pixels per line, and three bytes for each."""
        raw = self.image.read_bytes()
        _, size, _, body = raw.split(b"\n", 3)
        return int(size.split()[0]), body

    def colours(self) -> Counter[Colour]:
        _, body = self._pixels
        return Counter(zip(body[::3], body[1::3], body[2::3], strict=True))

    def behind(self, word: Word) -> Colour:
        """The colour that a word is printed on: the commonest just around it."""
        across, body = self._pixels
        seen: Counter[Colour] = Counter()
        for y in range(int(word.top * POINT), int(word.bottom * POINT)):
            for x in range(int(word.left * POINT) - 4, int(word.right * POINT) + 4):
                at = 3 * (y * across + x)
                seen[body[at], body[at + 1], body[at + 2]] += 1
        return seen.most_common(1)[0][0]

    def column(self, widths: tuple[float, ...], number: int) -> str:
        """The text in one column (0-based) of a table that is centred on the page, line by line."""
        left = min(word.left for word in self.words)
        scale = (self.width - 2 * left) / sum(widths)
        first, last = left + scale * sum(widths[:number]), left + scale * sum(widths[: number + 1])
        inside = [w for w in self.words if first - 2 <= w.left and w.right <= last + 2]
        return "".join(w.text for w in sorted(inside, key=lambda w: (round(w.top), w.left)))


def printed(office: Office, book: Path, folder: Path) -> list[Page]:
    """The pages of a workbook; PDF and PNG pictures stay in the folder for people to look at."""
    pdf = office.to_pdf(book, folder / f"{book.stem}.pdf")
    pdf_to_png(pdf, folder / book.stem, DPI)
    subprocess.run(["pdftoppm", "-r", str(DPI), str(pdf), str(folder / f"{book.stem}-raw")], check=True)
    images = sorted(folder.glob(f"{book.stem}-raw-*.ppm"))
    layout = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True).stdout
    space = "{http://www.w3.org/1999/xhtml}"
    pages = list(ET.fromstring(layout).iter(f"{space}page"))
    return [_page(page, image, space) for page, image in zip(pages, images, strict=True)]


def _page(page: ET.Element, image: Path, space: str) -> Page:
    words = [
        Word(word.text or "", *(float(word.get(side, "")) for side in ("xMin", "yMin", "xMax", "yMax")))
        for word in page.iter(f"{space}word")
    ]
    return Page(float(page.get("width", "")), tuple(words), image)
