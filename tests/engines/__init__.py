"""Excel for tests on a PC without Excel: xlwings' own Windows engine over an object model of ours.

The port's calls go through xlwings' real code for Windows (retries, conversions, name look-ups); only what
would answer over COM is ours (:mod:`.model`). What stands in the cells is kept either by openpyxl
(:mod:`.memory`) or by LibreOffice, which recalculates (:mod:`.calc`).
"""
