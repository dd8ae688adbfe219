"""The pack that a function is asked about. Packs are loaded when the first function needs one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xlbudget.excel.wire import Scalar

from .values import Sentence, quoted, text_of

if TYPE_CHECKING:
    from xlbudget.packs import Pack
    from xlbudget.rules.program import Program

DEFAULT = "S3-CN"  # where a function is asked about no pack


def pack_of(which: Scalar) -> Pack:
    """The pack with this id, which may be written as in a workbook's signature (S3-HN@2020.1).

    Only packs that come with xlbudget: a path would let a formula of a stranger's workbook read folders.
    Raises Sentence.
    """
    return _pack(text_of(which).upper().partition("@")[0] or DEFAULT)


@lru_cache(maxsize=32)
def _pack(pack_id: str) -> Pack:
    from xlbudget.packs import available_packs, load_pack

    known = available_packs()
    if pack_id not in known:
        raise Sentence(f"没有规则包{quoted(pack_id)}，可用的有：{'、'.join(known)}")
    return load_pack(pack_id)


def program_of(which: Scalar) -> Program:
    """The pack's formulas, ready to run. Raises Sentence."""
    from xlbudget.packs.program import pack_program

    return pack_program(pack_of(which))


def pack_ids() -> list[str]:
    from xlbudget.packs import available_packs

    return available_packs()
