"""Names of budget subjects."""

from __future__ import annotations

from xlbudget.excel.wire import Scalar

from .values import Sentence, blank, number, quoted, text_of


def subject(code: Scalar, year: Scalar = None) -> str:
    """XB_SUBJECT"""
    if blank(code):
        return ""
    from xlbudget.codes import CatalogueError, load_catalogue

    digits = text_of(code).replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        raise Sentence(f"{quoted(code)}不是科目编码")
    when = None if blank(year) else number(year, "年度")
    if when is not None and when.denominator != 1:
        raise Sentence(f"年度{quoted(year)}应为四位年份")
    try:
        catalogue = load_catalogue(None if when is None else int(when))
    except CatalogueError as e:
        raise Sentence(str(e)) from e
    name = catalogue.name(digits)
    if name is None:
        raise Sentence(f"没有收录科目 {digits}（{catalogue.year} 年）")
    return name
