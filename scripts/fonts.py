#!/usr/bin/env python3
"""Cuts the cabinet's font down to the characters it prints: public/fonts/*.woff2. Run again when a character is missing:

  npm pack @fontsource-variable/golos-text@5.3.0 && tar xzf fontsource-variable-golos-text-5.3.0.tgz
  python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools brotli
  /tmp/fonts/bin/python scripts/fonts.py package/files

A Russian page needs the first file alone: Russian letters, figures, signs and the rouble, which the published
subsets keep in three files. The second has the Latin letters; browsers ask for it when a page has any. The ranges
in style/base.css say the same.

The weight stays variable from 400 to 900: a narrower axis has no whole numbers for deltas and weighs more. Figures
are tabular in themselves, so no feature is needed for them. Left out: hinting, vertical metrics, the table of
advance widths (HVAR), which says again what gvar says, and glyph names.
"""
import sys
from copy import deepcopy
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

RUSSIAN = "".join(map(chr, range(0x410, 0x450))) + "Ёё№"
FIGURES = "0123456789"
SIGNS = " !\"#$%&'()*+,-./:;<=>?@[\\]_{|}~\u00a0§©«°±·»×–—‘’“”„•…↑↓−"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DROPPED = ["HVAR", "VVAR", "vhea", "vmtx", "STAT", "gasp"]

SOURCE = Path(sys.argv[1])
OUT = Path(__file__).parent.parent / "public/fonts"


def published(script):
    return TTFont(SOURCE / f"golos-text-{script}-wght-normal.woff2")


def cut(font, text, features):
    options = Options(
        layout_features=features, hinting=False, name_IDs=[1, 2], notdef_outline=False, glyph_names=False
    )
    options.drop_tables += DROPPED
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)


def tabular(font):
    """What each figure is replaced by where figures stand in columns."""
    table = font["GSUB"].table
    found = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    found.update(getattr(part, "ExtSubTable", part).mapping)
    return found


def add(font, other, text):
    """Copies characters between two subsets of one font: outline, its variations, its width, its place."""
    assert font["head"].unitsPerEm == other["head"].unitsPerEm
    assert [(a.axisTag, a.minValue, a.maxValue) for a in font["fvar"].axes] == [
        (a.axisTag, a.minValue, a.maxValue) for a in other["fvar"].axes
    ]
    swap, names = tabular(other) if "GSUB" in other else {}, other.getBestCmap()

    def copy(source):
        target = f"copied.{source}"
        if target in font["glyf"].keys():
            return target
        glyph = deepcopy(other["glyf"][source])
        if glyph.isComposite():
            for part in glyph.components:
                part.glyphName = copy(part.glyphName)
        font["glyf"][target] = glyph
        font["gvar"].variations[target] = deepcopy(other["gvar"].variations.get(source, []))
        font["hmtx"][target] = other["hmtx"][source]
        return target

    for char in text:
        source = names[ord(char)]
        target = copy(swap.get(source, source))
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(char)] = target


def save(font, script):
    font.flavor = "woff2"
    file = OUT / f"golos-text-{script}-wght-normal.woff2"
    font.save(file)
    print(file.name, file.stat().st_size)


russian = published("cyrillic")
cut(russian, RUSSIAN, ["kern"])
add(russian, published("latin"), FIGURES + SIGNS)
add(russian, published("latin-ext"), "₽")
save(russian, "cyrillic")

latin = published("latin")
cut(latin, LATIN, ["kern"])
save(latin, "latin")
