"""Scopes, cell layouts and random formulas for the tests of the rule language."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.office import ErrorCell
from xlbudget.rules.language import ErrorValue, Value


class Names:
    """A scope over plain dictionaries."""

    def __init__(self, names: Mapping[str, Value], columns: Mapping[str, Sequence[Value]] = {}) -> None:
        self.names = names
        self.columns = columns

    def name(self, name: str, /) -> Value:
        return self.names[name]

    def column(self, rowset: str, name: str, /) -> Sequence[Value]:
        return self.columns[name]


class Grid:
    """A binder that lays names into row 1 and columns below each other's letters, rows 2 and on."""

    def __init__(self, scope: Names) -> None:
        self.scope = scope
        self.singles = {n: f"{chr(65 + i)}1" for i, n in enumerate(scope.names)}
        self.letters = {c: chr(65 + i) for i, c in enumerate(scope.columns)}

    def name(self, name: str, /) -> str:
        return self.singles[name]

    def column(self, rowset: str, name: str, /) -> str:
        letter = self.letters[name]
        return f"{letter}2:{letter}{1 + len(self.scope.columns[name])}"

    def cells(self) -> dict[str, Any]:
        found = {self.singles[n]: plain(v) for n, v in self.scope.names.items()}
        for c, values in self.scope.columns.items():
            found.update({f"{self.letters[c]}{2 + i}": plain(v) for i, v in enumerate(values)})
        return found


def plain(v: Value) -> Any:
    """A value as it is typed into a cell."""
    if isinstance(v, Fraction):
        return int(v) if v.denominator == 1 else float(v)
    return v


def alike(ours: Value, theirs: Any) -> bool:
    """Whether a cell shows what we computed: the same kind, numbers equal in 12 significant digits."""
    if ours is None:
        return theirs in (None, 0.0, "")
    if isinstance(ours, ErrorValue):
        return isinstance(theirs, ErrorCell)
    if isinstance(theirs, ErrorCell):
        return False
    if isinstance(ours, bool):
        return theirs is ours
    if isinstance(ours, Fraction):
        return isinstance(theirs, float) and same_digits(ours, theirs)
    return theirs == ours


def same_digits(exact: Fraction, binary: float) -> bool:
    """Doubles carry 15 digits and lose some on the way; sums near zero lose more."""
    shown = Decimal(f"{binary:.12g}")
    if Decimal(f"{float(exact):.12g}") == shown:
        return True
    return abs(Fraction(binary) - exact) <= max(Fraction(1), abs(exact)) / 10**12


NUMBERS = [Fraction(n, d) for n in (0, 1, 2, 3, 5, 7, 10, 25, 95, 100, 8632) for d in (1, 10, 100)]
TEXTS = ["产出指标", "效益指标", "成本", "成本指标", "abc", "ABC", "Ab c", "x?y", "a*"]
TEXTS += ["≥90%", "6项", " 两 端 "]

GRAMMAR = {
    "number": """
        {number}+{number} | {number}-{number} | {number}*{number} | {number}/{number} | ({number}+{number})
        ({number}*{number}) | -{number0}^2 | ({number0})^{small} | ({number})%
        ROUND({number},{digits}) | ROUNDUP(ROUND({number},6),{digits})
        ROUNDDOWN(ROUND({number},6),{digits})
        INT(ROUND({number},6)) | ABS({number}) | ROUND(MOD(ROUND({number},2),{divisor}),6)
        SUM({cells},{number}) | SUM({cells}) | MIN({cells},{number}) | MAX({cells})
        AVERAGE({cells},{number})
        COUNT({cells}) | COUNTA({cells}) | COUNTBLANK({column}) | COUNTIF({column},{criterion})
        SUMIF({column},{criterion},表[数]) | SUMIF(表[值],{limit}) | COUNTIFS(表[类],{label},表[数],{limit})
        SUMIFS(表[数],表[类],{label},表[值],{limit}) | SUMPRODUCT(表[值],表[数])
        SUMPRODUCT(--(表[数]{sign}{number0})) | SUMPRODUCT((表[类]={plain})*表[数])
        SUMPRODUCT((表[值]>0)*(表[数]<={number0}),表[数]) | SUMPRODUCT(ROUND(表[数]*{number0},1))
        SUMPRODUCT(--ISNUMBER(表[混])) | SUMPRODUCT(LEN(表[类])*1) | SUMPRODUCT(1/COUNTIF(表[类],表[类]))
        IF({condition},{number},{number}) | IFERROR({number},{number})
        IFERROR(MATCH({label},表[类],0),0) | IFERROR(INDEX(表[数],MATCH({plain},表[类],0)),-1)
        INDEX(表[数],{small}) | INDEX(表[数],6) | VALUE({readable}) | {readable}+{number0} | N({any})
        LEN({text})
        IFERROR(FIND({piece},{text}),0) | IFERROR(SEARCH({pattern},{text}),0)
    """,
    "text": """
        {text}&{text} | {text}&{number0} | LEFT({text},{small}) | RIGHT({text},{small}) | LEFT({text})
        RIGHT({text}) | TRIM({text}) | UPPER({text}) | T({any}) | MID({text},{small},{small})
        SUBSTITUTE({text},{piece},"*") | SUBSTITUTE({text},{piece},"",{small})
        CONCATENATE({text},"/",{text})
        IF({condition},{text},{text}) | INDEX(表[类],{small})
    """,
    "condition": """
        ROUND({number},4){sign}ROUND({number},4) | ({text})=({text}) | ({text})<>({text})
        ({text})>{number0}
        AND({condition},{condition}) | OR({condition},{condition},FALSE) | NOT({condition})
        ISNUMBER({content}) | ISTEXT({any}) | ISERROR({any}) | ISBLANK(空) | ISBLANK(甲)
        EXACT({text},{text})
        ISIN({text},"成本指标","abc","无") | HASANY({text},"指标","B","?")
    """,
    "number0": "甲 | 乙 | 空 | 2 | 0.5 | 10% | 3 | 100 | 1.25",
    "text0": '丙 | 丁 | 空 | "成本指标" | "aBc" | "" | " 空 格 "',
    "condition0": 'TRUE | FALSE | 甲>乙 | 空="" | 空=0 | 丙="成本" | 1<2',
    "any": "{number0} | {text0} | {condition0} | 1/0",
    "content": "{number} | {text} | 1/0",
    "sign": "= | <> | < | > | <= | >=",
    "digits": "2 | 0 | 1 | -1",
    "small": "1 | 2 | 3",
    "divisor": "3 | 7 | -4 | 10 | 0",
    "cells": "表[值] | 表[数] | 表[混] | 甲 | 空 | 丙",
    "column": "表[值] | 表[数] | 表[类] | 表[混]",
    "plain": '"产出指标" | "成本" | 丁',
    "label": '"产出指标" | "成本" | "成本*" | "?本" | 丙',
    "limit": '">1" | "<=0" | "<>0" | "<5" | ">=0.1"',
    "criterion": '">1" | "<=2" | "<>0" | 甲 | "产出指标" | "成本*" | "<>成本" | "" | "<>" | 2',
    "readable": '"12.5" | " 3 " | "90%" | "1,200" | "x" | "-4"',
    "piece": '"成" | "b" | "%" | " "',
    "pattern": '"指标" | "B" | "a?" | "成*标" | "~?"',
}
_CHOICES = {
    key: [part.strip() for line in rules.splitlines() for part in line.split(" | ") if part.strip()]
    for key, rules in GRAMMAR.items()
}
_SLOT = re.compile(r"\{(\w+)\}")


class Maker:
    """Random formulas that are well typed on the whole, so that most of them have a value.

    Kept out on purpose is what docs/engine-differences.md lists.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def scope(self) -> Names:
        r = self._random
        numbers = [n if r.random() < 0.7 else -n for n in r.choices(NUMBERS, k=12)]
        return Names(
            {"甲": numbers[0], "乙": numbers[1], "丙": r.choice(TEXTS), "丁": r.choice(TEXTS), "空": None},
            {
                "值": [*numbers[2:6], None],
                "数": [*numbers[6:10], numbers[10]],
                "类": r.choices(TEXTS[:4], k=5),
                "混": [numbers[11], r.choice(TEXTS), None, r.choice(TEXTS), numbers[1]],
            },
        )

    def formula(self) -> str:
        return self._grown(self._random.choice(["number", "number", "text", "condition"]), 3)

    def each(self) -> list[str]:
        """One formula for every alternative of the grammar, so that none is left to chance."""
        kinds = ("number", "text", "condition")
        return [self._filled(choice, 1) for kind in kinds for choice in _CHOICES[kind]]

    def _grown(self, kind: str, depth: int) -> str:
        if depth == 0 and f"{kind}0" in _CHOICES:
            kind = f"{kind}0"
        return self._filled(self._random.choice(_CHOICES[kind]), depth)

    def _filled(self, template: str, depth: int) -> str:
        return _SLOT.sub(lambda m: self._grown(m[1], max(0, depth - 1)), template)
