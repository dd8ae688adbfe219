"""The rule language: Excel formulas over names, with exact numbers.

``parse`` makes a tree, ``evaluate`` runs it, ``to_excel`` writes it as a native formula. The functions are
those of ``FUNCTIONS``; a bare name is a cell, ``指标[得分]`` a column of a row set.
"""

from .check import check
from .errors import FormulaError, NotNative
from .evaluate import Program, compile_node, compile_step, evaluate
from .frame import Frame, Scope, Step, frame_of
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
    "Frame",
    "Function",
    "Name",
    "Node",
    "NotNative",
    "Number",
    "Program",
    "Scope",
    "Step",
    "Text",
    "Unary",
    "Value",
    "check",
    "children",
    "columns_in",
    "compile_node",
    "compile_step",
    "evaluate",
    "expand",
    "fold",
    "frame_of",
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
