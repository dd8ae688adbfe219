"""What the package patcher changed, told as steps that a live carrier repeats on the open workbook.

:func:`live_ops` compares two states of one workbook: the saved copy of what is open, and what
:mod:`xlbudget.workbook.mark` made of it. Nothing is decided here, so server and ribbon agree. What is the
same in both gives no step. Ways of writing, beyond what :mod:`xlbudget.workbook.ops` says:

- widths are those that Excel shows (``ColumnWidth``); a file has 5/7 of a character more; ``0`` hides
- areas (``FORMAT``, ``LOOK``) are split by spaces, at most 240 characters a step: Excel's ``Range`` takes 255
- ``PRINTAREA`` has no sheet and no dollar signs, several areas are split by commas
- ``ADDSHEET``: ``C00000``, ``1``, ``5``, ``$1:$5``; without frozen rows ``0`` and ``""``
- ``ROW`` comes before ``LINK``, ``LOOK``, numbers and formulas, so that ``LOOK`` has the last word on formats
- ``FORMAT`` patterns are ``lightUp``, ``gray125`` or ``solid``; the formula has its equals sign

Inside: :mod:`.view` is one state as seen from here, :mod:`.users` compares sheets of the user's, :mod:`.own`
builds sheets of ours, :mod:`.areas` joins and splits ranges.
"""

from .api import live_ops

__all__ = ["live_ops"]
