#!/usr/bin/env python3
"""Draws the capital letters and digits of the cabinet's own font as paths: server/src/pwa/letters.txt.

A lender's icons are its first letter on its colour; the server draws them from these outlines, so that no picture
has to be kept for each lender. Run again when the font changes:

  python3 -m venv /tmp/letters && /tmp/letters/bin/pip install fonttools brotli
  /tmp/letters/bin/python scripts/letters.py > server/src/pwa/letters.txt

A line is a letter and its outline: M x y, L x y, Q cx cy x y, Z; 1000 units to the em, y grows downwards from
the baseline, a capital is 700 high.
"""
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parent.parent / "public/fonts"
SETS = {
    "golos-text-cyrillic-wght-normal.woff2": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ0123456789",
    "golos-text-latin-wght-normal.woff2": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
BOLD = 700


def words(kind, *points):
    return [kind] + [str(round(value)) for x, y in points for value in (x, -y)]


def outline(font, letter):
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[font.getBestCmap()[ord(letter)]].draw(pen)
    path = []
    for kind, points in pen.value:
        if kind == "moveTo":
            path += words("M", *points)
        elif kind == "lineTo":
            path += words("L", *points)
        elif kind == "qCurveTo":
            for control, end in decomposeQuadraticSegment(points):
                path += words("Q", control, end)
        else:
            path.append("Z")
    return " ".join(path)


for file, letters in SETS.items():
    font = instantiateVariableFont(TTFont(FONTS / file), {"wght": BOLD})
    for letter in letters:
        print(letter, outline(font, letter))
