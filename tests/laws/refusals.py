"""The codes of all refusals, read from the server's own syntax."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from app.models import errors
from tests.laws.scanning import ROOT, called

CODE = re.compile(r"[a-z]+(_[a-z]+)*")
# What is named by a variable: the kinds of items that a proposal can be about.
KINDS = ("assumption", "criterion")
# An exception of the process that draws images anew carries a code, too; an illegal transition
# names what did not move.
REFUSALS = {"RefusedError"} | {
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, errors.DomainError) and name != "IllegalTransition"
}


def refusal_codes() -> set[str]:
    """Every code with which the server can refuse."""
    trees = [ast.parse(file.read_text("utf-8")) for file in (ROOT / "app").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {code for node in nodes for code in _codes(node)}


def _codes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Tuple):
        yield from _before_a_sentence(node.elts)
    if isinstance(node, ast.Call):
        yield from _of_a_call(node, called(node))


def _of_a_call(call: ast.Call, name: str | None) -> Iterator[str]:
    if name == "no_such":
        nouns = [_code(call.args[0])] if _code(call.args[0]) else KINDS
        yield from (f"{noun}_not_found" for noun in nouns)
    elif name == "invalid_field":
        yield from filter(None, map(_code, call.args[2:]))
    elif name in REFUSALS:
        yield from filter(None, map(_code, call.args[:1]))
    elif name == "render":
        yield from filter(None, map(_code, call.args[1:2]))
    elif name.startswith("RateLimitItemPer"):
        spaces = [_text(one.value) for one in call.keywords if one.arg == "namespace"]
        yield from (f"too_many_{space.replace('-', '_')}" for space in spaces)
    else:
        yield from _before_a_sentence(call.args)


def _before_a_sentence(row: list[ast.expr]) -> Iterator[str]:
    """A code stands before the sentence that explains it."""
    for first, second in pairwise(row):
        if (code := _code(first)) and _is_sentence(second):
            yield code


def _code(node: ast.expr) -> str | None:
    return _text(node) if CODE.fullmatch(_text(node)) else None


def _is_sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or re.fullmatch(r".* .*\.", _text(node)) is not None


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
