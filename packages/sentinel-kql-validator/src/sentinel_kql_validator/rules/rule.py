"""What a rule is, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from sentinel_kql_validator.result import Facts
    from sentinel_kql_validator.tree import Node


@dataclass(frozen=True, slots=True)
class Scene:
    """A valid query as a rule sees it."""

    text: str
    root: Node
    facts: Facts

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """Give the nodes of these kinds in the order of the text."""
        return (node for node in self.root.walk() if node.kind in kinds)

    def source(self, node: Node) -> str:
        """Give the text that a node stands for."""
        return self.text[node.start : node.end]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that a rule complains about, and why, in a sentence that says what to do."""

    start: int
    length: int
    message: str

    @classmethod
    def at(cls, node: Node, message: str) -> Finding:
        """Complain about a node."""
        return cls(node.start, node.length, message)


Check: TypeAlias = Callable[[Scene], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `example` is a query that it complains about, `counter_example` a like one that it lets pass.

    Its findings never change a verdict, and its code never begins with KS, which are the analyser's.
    """

    code: str
    name: str
    summary: str
    severity: Literal["warning", "suggestion"]
    category: Literal["Correctness", "Performance", "Portability"]
    example: str
    counter_example: str
    check: Check
    concerns: Callable[[Facts], bool] = lambda _facts: True
    """Cheap: whether the rule could complain at all, judged by the facts alone, so that no tree is made in vain."""


def rows_of(node: Node) -> Node:
    """Give the source at the beginning of a pipe, out of parentheses: `T` of `(T | where a | take 5)`."""
    while True:
        inner = node.child("Expression") if node.kind in {"PipeExpression", "ParenthesizedExpression"} else None
        if inner is None:
            return node
        node = inner


def operators_of(node: Node) -> list[Node]:
    """Give the operators of a pipe in order, out of parentheses."""
    found: list[Node] = []
    while node.kind in {"PipeExpression", "ParenthesizedExpression"}:
        operator, inner = node.child("Operator"), node.child("Expression")
        if operator is not None:
            found.append(operator)
        if inner is None:
            break
        node = inner
    return found[::-1]
