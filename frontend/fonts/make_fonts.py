"""Make the two font files: Latin and Vietnamese of Be Vietnam Pro in one, with true tabular figures (the family ships none).

Run once by hand when the family changes, in a folder that has `npm install @fontsource/be-vietnam-pro`:
`uv run --with 'fonttools[woff]' python make_fonts.py`. What it makes is committed beside it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

SUBSET = "node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-%s-%s-normal.woff2"
# Narrower than the widest figure (a 4 is 710 units): its sidebearings give, so that a 1 does not stand alone.
FIGURE_WIDTH = 640


def merged(weight: str) -> TTFont:
    """The Latin and the Vietnamese subset of one weight in one font."""
    parts = []
    for subset in ("latin", "vietnamese"):
        font = TTFont(SUBSET % (subset, weight))
        font.flavor = None
        parts.append(f"{subset}-{weight}.ttf")
        font.save(parts[-1])
    return Merger().merge(parts)


def add_tabular_figures(font: TTFont) -> dict[str, str]:
    """Give each figure a copy of one width, centred; the figure's glyph -> its copy."""
    by_character, widths, outlines = font.getBestCmap(), font["hmtx"], font["glyf"]
    order = font.getGlyphOrder()[:]
    copies = {}
    for figure in "0123456789":
        glyph = by_character[ord(figure)]
        copies[glyph] = glyph + ".tnum"
        advance, left = widths[glyph]
        shift = round((FIGURE_WIDTH - advance) / 2)
        copy = deepcopy(outlines[glyph])
        if copy.isComposite():
            for component in copy.components:
                component.x += shift
        else:
            copy.coordinates.translate((shift, 0))
        order.append(copies[glyph])
        font.setGlyphOrder(order)
        outlines.glyphs[copies[glyph]] = copy
        outlines.glyphOrder = order
        copy.recalcBounds(outlines)
        widths[copies[glyph]] = (FIGURE_WIDTH, left + shift)
    font["maxp"].numGlyphs = len(order)
    return copies


def offer_as_feature(font: TTFont, copies: dict[str, str]) -> None:
    """Add the feature `tnum` to every script by hand: feaLib would replace the merged table."""
    rules: Any = font["GSUB"].table
    single = otTables.SingleSubst()
    single.mapping, single.Format = copies, 1
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable, lookup.SubTableCount = 1, 0, [single], 1
    rules.LookupList.Lookup.append(lookup)
    rules.LookupList.LookupCount = len(rules.LookupList.Lookup)

    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = "tnum", otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex, record.Feature.LookupCount = [rules.LookupList.LookupCount - 1], 1
    rules.FeatureList.FeatureRecord.append(record)
    rules.FeatureList.FeatureCount = len(rules.FeatureList.FeatureRecord)
    for script in rules.ScriptList.ScriptRecord:
        for language in [script.Script.DefaultLangSys] + [each.LangSys for each in script.Script.LangSysRecord]:
            if language:
                language.FeatureIndex.append(rules.FeatureList.FeatureCount - 1)
                language.FeatureCount = len(language.FeatureIndex)


if __name__ == "__main__":
    for weight in ("400", "600"):
        font = merged(weight)
        offer_as_feature(font, add_tabular_figures(font))
        font.flavor = "woff2"
        font.save(f"be-vietnam-pro-vi-{weight}.woff2")
