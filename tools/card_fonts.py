#!/usr/bin/env python3
"""Makes the fonts of the cards (data/fonts) out of Debian's: the scripts and signs that alerts are written in, figures of one width.

Needs the Debian packages python3-fonttools, fonts-inter and fonts-dejavu-extra. Run it from the repository's root. The same packages
give the same bytes; it has to be run again only to take newer fonts or more characters.
"""
import pathlib

from fontTools import subset
from fontTools.ttLib import TTFont

INTER = pathlib.Path("/usr/share/fonts/opentype/inter")
DEJAVU = pathlib.Path("/usr/share/fonts/truetype/dejavu")
OUT = pathlib.Path("data/fonts")

LETTERS = [  # Latin, Greek, Cyrillic, punctuation, currencies, letterlike signs, arrows, mathematics
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x24F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF)]
SIGNS = [  # what Inter lacks of them: more arrows, lines, blocks, shapes, symbols, dingbats
    (0x20A0, 0x20CF), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF), (0x2600, 0x26FF), (0x2700, 0x27BF), (0xFFFD, 0xFFFD)]


def code_points(ranges):
    return {point for first, last in ranges for point in range(first, last + 1)}


def one_width(font):
    """Figures, signs and points get the glyphs that the font's feature `tnum` has for them."""
    substitutes = {}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for step in table.LookupList.Lookup[index].SubTable:
                    substitutes.update(getattr(step, "ExtSubTable", step).mapping)
    for part in font["cmap"].tables:
        for point, glyph in list(part.cmap.items()):
            if chr(point) in "0123456789.,:+-\u2212\u2007 ":
                part.cmap[point] = substitutes.get(glyph, glyph) if point != 0x20 else glyph


def make(source, name, points):
    font = TTFont(source, recalcTimestamp=False)
    if "GSUB" in font:
        one_width(font)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=[0, 1, 2, 5, 13, 14],
                             drop_tables=["GSUB", "GPOS", "GDEF", "MATH", "FFTM", "kern", "DSIG", "gasp"], desubroutinize=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font.save(OUT / name)
    print(f"{name}: {len(font.getBestCmap())} characters, {(OUT / name).stat().st_size} bytes")
    return set(font.getBestCmap())


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    known = make(INTER / "Inter-Regular.otf", "cards-regular.otf", code_points(LETTERS))
    make(INTER / "Inter-SemiBold.otf", "cards-bold.otf", code_points(LETTERS))
    make(DEJAVU / "DejaVuSansCondensed.ttf", "cards-signs.ttf", code_points(SIGNS) - known)


if __name__ == "__main__":
    main()
