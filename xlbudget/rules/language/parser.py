"""From text to syntax tree, with the precedence of Excel.

Lowest to highest: comparison, ``&``, ``+ -``, ``* /``, ``^`` (from left to right: 2^3^2 is 64), prefix sign
(before ``^``: -2^2 is 4), postfix ``%``.
"""

from __future__ import annotations

from functools import lru_cache

from .check import check
from .errors import FormulaError
from .lexer import Kind, Token, tokens
from .nodes import COMPARISONS, Binary, Boolean, Call, Column, Name, Node, Number, Text, Unary

MAX_DEPTH = 64  # brackets and functions inside each other, Excel's own limit
MAX_CHAIN = 120  # operators in one chain without brackets

_LEVELS = (COMPARISONS, frozenset("&"), frozenset("+-"), frozenset("*/"), frozenset("^"))


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a formula; a leading ``=`` is allowed.

    Raises FormulaError (Chinese message and position) for anything that is not a formula of this language:
    syntax, unknown functions, wrong numbers of arguments, a column where one value is needed.
    """
    node = parse_tree(text)
    check(node)
    return node


def parse_tree(text: str) -> Node:
    """Like :func:`parse`, but functions may have any name and any number of arguments.

    For formulas that call macros (scoring laws); once these are written out, :func:`check` the tree.
    """
    found = tokens(text)
    if found[0].kind is Kind.SIGN and found[0].text == "=":
        found = found[1:]
    if found[0].kind is Kind.END:
        raise FormulaError("公式是空的", found[0].at)
    return _Parser(found).whole()


class _Parser:
    """Recursive descent over one list of tokens."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._i = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._level(0)
        if self._now.kind is not Kind.END:
            raise FormulaError(f"多出“{self._now.text}”", self._now.at)
        return node

    @property
    def _now(self) -> Token:
        return self._tokens[self._i]

    def _sign(self, *texts: str) -> Token | None:
        """The next token, taken, if it is one of these signs."""
        token = self._now
        if token.kind is Kind.SIGN and token.text in texts:
            self._i += 1
            return token
        return None

    def _expect(self, text: str) -> None:
        if not self._sign(text):
            found = self._now.text or "公式结尾"
            raise FormulaError(f"这里应是“{text}”，却是“{found}”", self._now.at)

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._prefixed()
        node = self._level(level + 1)
        count = 0
        while self._now.kind is Kind.SIGN and self._now.text in _LEVELS[level]:
            count += 1
            if count > MAX_CHAIN:
                raise FormulaError(f"连续运算超过{MAX_CHAIN}次，请改用 SUM 等函数", self._now.at)
            op = self._now.text
            self._i += 1
            node = Binary(op, node, self._level(level + 1))
        return node

    def _prefixed(self) -> Node:
        sign = self._sign("+", "-")
        if not sign:
            return self._percent()
        self._enter(sign)
        node = Unary(sign.text, self._prefixed())
        self._depth -= 1
        return node

    def _percent(self) -> Node:
        node = self._operand()
        count = 0
        while sign := self._sign("%"):
            count += 1
            if count > MAX_DEPTH:
                raise FormulaError("百分号过多", sign.at)
            node = Unary("%", node)
        return node

    def _operand(self) -> Node:
        token = self._now
        self._i += 1
        if token.kind is Kind.NUMBER:
            return Number(token.number)
        if token.kind is Kind.TEXT:
            return Text(token.text)
        if token.kind is Kind.WORD:
            return self._word(token)
        if token.kind is Kind.SIGN and token.text == "(":
            self._enter(token)
            node = self._level(0)
            self._expect(")")
            self._depth -= 1
            return node
        if token.kind is Kind.END:
            raise FormulaError("公式不完整", token.at)
        raise FormulaError(f"这里不能是“{token.text}”", token.at)

    def _word(self, token: Token) -> Node:
        if self._sign("("):
            self._enter(token)
            args = self._arguments()
            self._depth -= 1
            return Call(token.text.upper(), args, token.at)
        if self._sign("["):
            name = self._now
            if name.kind is not Kind.WORD:
                raise FormulaError("方括号里应是列名", name.at)
            self._i += 1
            self._expect("]")
            return Column(token.text, name.text, token.at)
        if token.text.upper() in ("TRUE", "FALSE"):
            return Boolean(token.text.upper() == "TRUE")
        return Name(token.text, token.at)

    def _arguments(self) -> tuple[Node, ...]:
        if self._sign(")"):
            return ()
        args: list[Node] = []
        while True:
            if self._now.kind is Kind.SIGN and self._now.text in (",", ")"):
                raise FormulaError("参数不能空着", self._now.at)
            args.append(self._level(0))
            if self._sign(")"):
                return tuple(args)
            if not self._sign(","):
                found = self._now.text or "公式结尾"
                raise FormulaError(f"这里应是“,”或“)”，却是“{found}”", self._now.at)

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FormulaError(f"括号或函数嵌套超过{MAX_DEPTH}层", token.at)
