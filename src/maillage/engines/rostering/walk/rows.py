"""The constraints that rules wrote for CP-SAT, read back as arrays: rules are written once.

A variable is 0 or 1. It is free (a pair), or follows from others: a gate is 1 when enough of its
inputs are. A row bounds a weighted sum of variables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of numbers, one after the other: list i is `items[first[i] : first[i + 1]]`."""

    first: IntArray
    items: IntArray

    @classmethod
    def of(cls, lists: Iterable[Iterable[int]]) -> "Lists":
        """Lay lists one after the other."""
        rows = [list(one) for one in lists]
        first = np.cumsum([0, *map(len, rows)])
        return cls(first.astype(np.int64), np.array([x for row in rows for x in row], np.int64))


@dataclass(frozen=True, slots=True)
class Rows:
    """The constraints of a model.

    low, high    of each row, shape (n_rows,)
    rows, coefs  of each variable: the rows it is in, with its weight there
    gates        of each variable: the gates that it is an input of
    gate_var     the variable that a gate sets, and `gate_need` how many inputs that takes
    """

    low: IntArray
    high: IntArray
    rows: Lists
    coefs: IntArray
    gates: Lists
    gate_var: IntArray
    gate_need: IntArray


_FAR: Final = 1 << 60


def rows_of(model: cp_model.CpModel) -> Rows:
    """Read the constraints of a model whose variables are all 0 or 1."""
    proto = model.proto
    n_vars = len(proto.variables)
    reader = _Reader(n_vars)
    for constraint in proto.constraints:
        reader.read(constraint)
    return Rows(
        np.array(reader.low, np.int64),
        np.array(reader.high, np.int64),
        Lists.of([row for row, _ in entries] for entries in reader.entries),
        np.array([coef for entries in reader.entries for _, coef in entries], np.int64),
        Lists.of(reader.gates),
        np.array(reader.gate_var, np.int64),
        np.array(reader.gate_need, np.int64),
    )


class _Reader:
    """What was read so far."""

    def __init__(self, n_vars: int) -> None:
        self.low: list[int] = []
        self.high: list[int] = []
        self.entries: list[list[tuple[int, int]]] = [[] for _ in range(n_vars)]
        self.gates: list[list[int]] = [[] for _ in range(n_vars)]
        self.gate_var: list[int] = []
        self.gate_need: list[int] = []

    def read(self, constraint: Any) -> None:
        """Read one constraint, of one of the four kinds that rules write."""
        if constraint.has_linear():
            linear = constraint.linear
            low, high = list(linear.domain)
            self._row(list(linear.vars), list(linear.coeffs), low, high)
        elif constraint.has_at_most_one():
            literals = list(constraint.at_most_one.literals)
            self._row(literals, [1] * len(literals), 0, 1)
        elif constraint.has_lin_max():
            self._gate(constraint.lin_max)
        else:
            self._row(list(constraint.bool_or.literals), [], 1, 1)

    def _row(self, variables: list[int], coefs: list[int], low: int, high: int) -> None:
        for variable, coef in zip(variables, coefs, strict=True):
            self.entries[variable].append((len(self.low), coef))
        self.low.append(max(low, -_FAR))
        self.high.append(min(high, _FAR))

    def _gate(self, largest: Any) -> None:
        """An "or" is the largest of its inputs, an "and" the least: the largest of opposites."""
        inputs = [one.vars[0] for one in largest.exprs]
        is_and = largest.target.coeffs[0] < 0
        for variable in inputs:
            self.gates[variable].append(len(self.gate_var))
        self.gate_var.append(largest.target.vars[0])
        self.gate_need.append(len(inputs) if is_and else 1)
