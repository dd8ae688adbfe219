"""The rule language: Excel formulas over names, with exact numbers.

``parse`` makes a tree, ``evaluate`` runs it, ``to_excel`` writes it as a native formula. The functions are
those of ``FUNCTIONS``; a bare name is a cell, ``指标[得分]`` a column of a row set.
"""

from .check import check
from .errors import FormulaError, NotNative
from .evaluate import Program, Scope, compile_node, evaluate
from .functions import FUNCTIONS, Function
from .native import expand
from .nodes import Binary, Boolean, Call, Column, Name, Node, Number, Text, Unary, children, walk
from .parser import parse, parse_tree
from .render import Binder, to_excel, unparse
from .transform import columns_in, fold, literal, names_in, substitute
from .values import ErrorValue, Value, is_number, plain_number

__all__ = [
    "FUNCTIONS",
    "Binary",
    "Binder",
    "Boolean",
    "Call",
    "Column",
    "ErrorValue",
    "FormulaError",
    "Function",
    "Name",
    "Node",
    "NotNative",
    "Number",
    "Program",
    "Scope",
    "Text",
    "Unary",
    "Value",
    "check",
    "children",
    "columns_in",
    "compile_node",
    "evaluate",
    "expand",
    "fold",
    "is_number",
    "literal",
    "names_in",
    "parse",
    "parse_tree",
    "plain_number",
    "substitute",
    "to_excel",
    "unparse",
    "walk",
]
