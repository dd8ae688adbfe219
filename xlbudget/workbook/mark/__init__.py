"""Marks in somebody else's workbook: put in by byte splices, taken out again without trace.

- :func:`apply_patch` changes cells, highlights others (conditional formats), writes notes and margin
  labels, and adds our own sheets. It touches the parts concerned and nothing else.
- :func:`clear` takes all of it out; the original bytes come back unless another program saved the file.
- :func:`own_sheet_rows` reads back what the accountant typed into one of our sheets.

Inside: :mod:`.outline` and :mod:`.splice` know bytes, :mod:`.skeleton` and :mod:`.sheetedit` know where
things go, :mod:`.cells` changes what stands in cells, :mod:`.conditional`, :mod:`.notes`, :mod:`.labels` and
:mod:`.ownsheets` each make one kind of mark, :mod:`.undo` and :mod:`.strip` are the two ways back,
:mod:`.look` holds colours and fonts.
"""

from .apply import Cleared, Report, apply_patch, clear
from .ownsheets import own_sheet_rows

__all__ = ["Cleared", "Report", "apply_patch", "clear", "own_sheet_rows"]
