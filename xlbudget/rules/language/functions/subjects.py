"""The catalogue of budget subjects (:mod:`xlbudget.codes`) as a function; Excel has none for it."""

from __future__ import annotations

from xlbudget.codes import CatalogueError, load_catalogue

from ..values import NA, Value, fail, text, whole
from .spec import Kind, function


@function(
    "科目名",
    Kind.SCALAR,
    Kind.SCALAR,
    required=1,
    own=True,
    says="科目编码在那一年的名称，没有收录时为空文本，那一年没有目录时为 #N/A",
)
def subject_name(code: Value, year: Value = None) -> Value:
    when = None if year is None or year == "" else whole(year)
    try:
        return load_catalogue(when).name(text(code).strip()) or ""
    except CatalogueError:
        return fail(NA)
