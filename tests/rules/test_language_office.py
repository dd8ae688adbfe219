"""Native formulas recalculated by LibreOffice equal our evaluator; the exceptions are a committed list."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

from tests.office import Office
from tests.rules.language_samples import Grid, Maker, Names, alike
from tests.rules.test_language_native import DIGITS, ENDS, SIGNS
from xlbudget.rules.language import FUNCTIONS, Call, Node, Value, evaluate, fold, parse, to_excel, walk
from xlbudget.rules.laws import Law

F = Fraction
DIFFERENCES = Path(__file__).parents[2] / "docs" / "engine-differences.md"
NAMES = Names({})


def compared(office: Office, cases: list[tuple[Node, Names]]) -> list[str]:
    """Both engines' results where they differ, in words."""
    written = [(Grid(scope).cells(), to_excel(node, Grid(scope))) for node, scope in cases]
    theirs = office.evaluate(written)
    return [
        f"{formula}: {evaluate(node, scope)!r} here, {their!r} there, over {cells}"
        for (node, scope), (cells, formula), their in zip(cases, written, theirs, strict=True)
        if not alike(evaluate(node, scope), their)
    ]


def test_random_formulas(office: Office) -> None:
    """Every alternative of the grammar three times, and some hundred deeper formulas."""
    cases: list[tuple[Node, Names]] = []
    for seed in range(60):
        maker = Maker(seed)
        scope = maker.scope()
        texts = maker.each() if seed < 3 else [maker.formula() for _ in range(8)]
        cases += [(fold(tree) if seed % 2 else tree, scope) for tree in map(parse, texts)]
    assert len(cases) > 600
    assert compared(office, cases) == []


def test_the_grammar_uses_every_native_function() -> None:
    texts = [text for seed in range(8) for text in Maker(seed).each()]
    used = {p.fn for text in texts for p in walk(parse(text)) if isinstance(p, Call)}
    assert {name for name, f in FUNCTIONS.items() if f.native} <= used


LAWS = [
    Law("", "比例"),
    Law("", "反向比例", {"digits": 1}),
    Law("", "达标", {"relation": ">="}),
    Law("", "达标", {"relation": "="}),
    Law("", "分档", {"bands": ("(-∞,0] 5", "(0,10%] 4", "(10%,20%] 3", "(20%,30%] 2", "(30%,∞) 0")}),
    Law("", "分档", {"bands": ("[90%,100%] 优", "[80%,90%) 良", "[60%,80%) 中")}),
    Law("", "分档", {"bands": ("[90%,∞) 100%", "[80%,90%) 60%", "(-∞,80%) 0")}),
    *(
        Law("", "扣分", {"standard": "95%", "step": "1%", "deduct": "0.5", "mode": mode, "direction": way})
        for mode in ("floor", "ceil", "proportional")
        for way in ("above", "below", "both")
    ),
]


def test_random_scores(office: Office) -> None:
    r = random.Random(2)
    odd: list[Value] = [None, "无", F(0), F(-1)]
    cases: list[tuple[Node, Names]] = []
    for law in LAWS:
        names = {"分值": "分值", "目标值": "目标", "完成值": "实际", "实际值": "实际"}
        tree = law.build(*(parse(names[a]) for a in law.arguments))
        for i in range(40):
            target, actual = (F(r.choice([r.randint(0, 130), 95, 100]), 100) for _ in range(2))
            scope: dict[str, Value] = {"分值": F(r.choice([5, 8, 10, 15])), "目标": target, "实际": actual}
            if i < 8:
                scope["目标" if i % 2 else "实际"] = odd[i // 2]
            cases.append((tree, Names(scope)))
    assert compared(office, cases) == []


def test_every_whole_percentage(office: Office) -> None:
    """Steps of one per cent: where plain doubles lose a point at half of all rates."""
    law = Law("", "扣分", {"standard": "95%", "step": "1%", "deduct": 1, "direction": "below"})
    tree = law.build(parse("100"), parse("实际"))
    cases = [(tree, Names({"实际": F(p, 1000)})) for p in range(0, 1001, 5)]
    assert compared(office, cases) == []


def test_native_numbers_are_ours_or_none(office: Office) -> None:
    r = random.Random(3)
    texts = sorted({r.choice(SIGNS) + r.choice(DIGITS) + r.choice(ENDS) for _ in range(250)} - {""})
    trees = [parse("NUMVAL(x)"), parse("RELSIGN(x)")]
    scopes = [Names({"x": text}) for text in texts]
    written = [(Grid(s).cells(), to_excel(tree, Grid(s))) for s in scopes for tree in trees]
    results = iter(office.evaluate(written))
    answered = 0
    for scope in scopes:
        for tree in trees:
            native = next(results)
            answered += native != ""
            assert native == "" or alike(evaluate(tree, scope), native), (scope.names, native)
    assert answered > 60


def test_native_numbers_of_other_cells(office: Office) -> None:
    cases = [
        (parse(f"{fn}(x)"), Names({"x": v})) for fn in ("NUMVAL", "RELSIGN") for v in (None, F(-3, 2), F(0))
    ]
    assert compared(office, cases) == []


def _rows() -> list[tuple[str, str, str]]:
    lines = DIFFERENCES.read_text(encoding="utf-8").partition("\n## ")[0].splitlines()
    rows = [
        [cell.strip().strip("`") for cell in line.split("|")[1:4]] for line in lines if line.startswith("| `")
    ]
    return [(formula, ours, theirs) for formula, ours, theirs in rows]


def test_the_list_of_differences_is_true(office: Office) -> None:
    rows = _rows()
    assert len(rows) > 10
    theirs = office.evaluate([({}, formula) for formula, _, _ in rows])
    for (formula, ours, expected), their in zip(rows, theirs, strict=True):
        assert _shown(evaluate(parse(formula), NAMES)) == ours, formula
        assert _shown(their) == expected, formula


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
