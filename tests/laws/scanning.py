"""Reading the tree's own syntax: what the laws are checked with."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A source file: where it stands in the tree, and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        return Path(self.path).stem

    def calls(self, name: str) -> list[str]:
        """The places where something of this name is called."""
        return [
            f"{self.path}:{node.lineno}"
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and called(node) == name
        ]

    def imports(self) -> set[str]:
        """The full names of all that is imported."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def functions(self) -> dict[str, Function]:
        """The functions that stand at the top of the file."""
        return {node.name: node for node in self.tree.body if isinstance(node, Function)}

    def definitions(self) -> dict[str, ast.AST]:
        """The functions and the constants that stand at the top of the file."""
        found: dict[str, ast.AST] = dict(self.functions())
        for node in self.tree.body:
            if isinstance(node, ast.AnnAssign | ast.Assign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {ast.unparse(target): node.value for target in targets}
        return found


@lru_cache
def modules(folder: str) -> tuple[Module, ...]:
    """Return the Python files below a folder of the tree."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple(Module(str(p.relative_to(ROOT)), p.read_text("utf-8")) for p in paths)


def called(call: ast.Call) -> str:
    """The last word of what is called."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree in the order in which it is read; `ast.walk` goes level by level."""
    for child in ast.iter_child_nodes(node):
        yield child
        yield from in_order(child)


def annotations(function: Function) -> list[str]:
    """The written types of the parameters that are given by position."""
    return [ast.unparse(arg.annotation) if arg.annotation else "" for arg in function.args.args]
