"""Syntax trees without spelling: what an expression says, however it is written.

torch.sqrt(x), x.sqrt(), x ** 0.5          one function
a + b - c, b - c + a                       a sum and a product are a row of terms, of factors
x[:, None], x.double(), dtype=…, keepdim   dress: axes of length 1, dtypes and devices are taken off
x.sum(dim=1), x.sum(1)                     an axis by name or by place
len(w), w.shape[0]                         a size: a variable of its own
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

DRESS = {"double", "float", "to", "clone", "detach", "item", "tolist", "contiguous", "cpu", "numpy", "copy"}
DRESS_KEYWORDS = {"dtype", "device", "keepdim", "requires_grad", "generator"}
SHAPES = {"reshape", "view"}
ANY_ORDER = {"sum", "product"}


@dataclass(frozen=True)
class Tree:
    """An expression without its spelling: a kind, a label that must be equal, and its parts."""

    kind: str
    label: str = ""
    parts: tuple["Tree", ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:  # trees are looked up again and again
        return hash((self.kind, self.label, self.parts))

    @cached_property
    def size(self) -> int:
        return 1 + sum(part.size for part in self.parts)

    @cached_property
    def weight(self) -> int:
        """How much it says: operators, functions, constants, and each variable that occurs again."""
        names = [tree.label for tree in self.walk() if tree.kind == "variable"]
        return sum(tree._own_weight for tree in self.walk()) + len(names) - len(set(names))

    @property
    def _own_weight(self) -> int:
        if self.kind in ("variable", "function", "Tuple", "List", "Starred"):
            return 0
        if self.kind == "call":
            return 1 + (self.parts[0].kind == "function") + (len(self.parts) > 4)
        if self.kind in ANY_ORDER:
            return len(self.parts) - 1
        if self.kind == "Slice":
            return int(bool(self.parts))
        return 1

    def walk(self) -> Iterator["Tree"]:
        yield self
        for part in self.parts:
            yield from part.walk()

    def replaced(self, values: dict[str, "Tree"]) -> "Tree":
        """With the values in the place of the names and variables that have one."""
        if self.kind in ("name", "variable") and self.label in values:
            return values[self.label]
        parts = tuple(part.replaced(values) for part in self.parts)
        if parts == self.parts:
            return self
        return self._with(parts)

    def undressed(self) -> "Tree":
        """Without shapes that are mere numbers, such as .reshape(1, 1, 2, 2)."""
        if self.kind == "dress":
            return self.parts[0].undressed()
        return self._with(tuple(part.undressed() for part in self.parts))

    def _with(self, parts: tuple["Tree", ...]) -> "Tree":
        return chain(self.kind, parts) if self.kind in ANY_ORDER else Tree(self.kind, self.label, parts)


@dataclass(frozen=True)
class Reader:
    """Makes trees of Python's syntax trees.

    `modules`: names of imported modules, whose functions are known by their own name. `variables`: the names
    that stand for anything. `functions`: other names for functions of modules, as in `conv2d = F.conv2d`.
    """

    modules: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    functions: dict[str, str] = field(default_factory=dict)

    def tree(self, node: ast.AST) -> Tree:
        """The tree of an expression, or of what a statement stores at a place."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node) if method is not None else self._other(node)

    def _other(self, node: ast.AST) -> Tree:
        labels, parts = [type(node).__name__], []
        for name, value in ast.iter_fields(node):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.operator | ast.unaryop | ast.boolop | ast.cmpop):
                    labels.append(type(one).__name__)
                elif isinstance(one, ast.expr | ast.comprehension):
                    parts.append(self.tree(one))
                elif isinstance(one, ast.expr_context) or name in ("type_comment", "kind"):
                    continue
                elif one is not None and not isinstance(one, ast.AST):
                    labels.append(str(one))
        return Tree(labels[0], " ".join(labels[1:]), tuple(parts))

    def _assign(self, node: ast.Assign) -> Tree:
        return Tree("set", "", (*map(self.tree, node.targets), self.tree(node.value)))

    def _augassign(self, node: ast.AugAssign) -> Tree:
        return Tree("set", type(node.op).__name__, (self.tree(node.target), self.tree(node.value)))

    def _name(self, node: ast.Name) -> Tree:
        if node.id in self.functions:
            return Tree("name", self.functions[node.id])
        return Tree("variable" if node.id in self.variables else "name", node.id)

    def _constant(self, node: ast.Constant) -> Tree:
        value = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _number(value)
        return Tree("constant", repr(value))

    def _binop(self, node: ast.BinOp) -> Tree:
        left, right = self.tree(node.left), self.tree(node.right)
        match node.op:
            case ast.Add():
                return chain("sum", (left, right))
            case ast.Sub():
                return chain("sum", (left, _negative(right)))
            case ast.Mult():
                return chain("product", (left, right))
            case ast.Div() if left.kind == right.kind == "number" and float(right.label):
                return _number(float(left.label) / float(right.label))
            case ast.Pow():
                return (
                    Tree("root", "", (left,)) if right == _number(0.5) else Tree("power", "", (left, right))
                )
        return Tree(type(node.op).__name__, "", (left, right))

    def _unaryop(self, node: ast.UnaryOp) -> Tree:
        value = self.tree(node.operand)
        if isinstance(node.op, ast.USub):
            return _negative(value)
        return value if isinstance(node.op, ast.UAdd) else Tree(type(node.op).__name__, "", (value,))

    def _compare(self, node: ast.Compare) -> Tree:
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.Gt | ast.GtE):
            turned = ast.Lt() if isinstance(node.ops[0], ast.Gt) else ast.LtE()
            node = ast.Compare(node.comparators[0], [turned], [node.left])
        return self._other(node)

    def _attribute(self, node: ast.Attribute) -> Tree:
        if self.in_module(node):
            return Tree("name", node.attr)
        if node.attr == "mT":
            return Tree("attribute", "T", (self.tree(node.value),))
        return Tree("attribute", node.attr, (self.tree(node.value),))

    def in_module(self, node: ast.AST) -> bool:
        """Whether a chain such as torch.nn.functional.conv2d starts at a module."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.modules

    def _subscript(self, node: ast.Subscript) -> Tree:
        value, index = self.tree(node.value), node.slice
        if all(_is_axis(one) for one in (index.elts if isinstance(index, ast.Tuple) else [index])):
            return value
        if value.kind == "attribute" and value.label == "shape" and value.parts[0].kind == "variable":
            return Tree("variable", f"a size of {value.parts[0].label}: {ast.unparse(index)}")
        return Tree("Subscript", "", (value, self.tree(index)))

    def _slice(self, node: ast.Slice) -> Tree:
        ends = {"from": node.lower, "to": node.upper, "step": node.step}
        given = {name: end for name, end in ends.items() if end is not None}
        return Tree("Slice", " ".join(given), tuple(self.tree(end) for end in given.values()))

    def _call(self, node: ast.Call) -> Tree:
        arguments = [self.tree(one) for one in node.args]
        if isinstance(node.func, ast.Attribute):
            function = Tree("function", node.func.attr)
            if not self.in_module(node.func):
                arguments.insert(0, self.tree(node.func.value))
        else:
            function = self.tree(node.func)
            if function.kind == "name":
                function = Tree("function", function.label)
        keywords = {one.arg: self.tree(one.value) for one in node.keywords if one.arg}
        keywords = {name: value for name, value in keywords.items() if name not in DRESS_KEYWORDS}
        axis = [keywords.pop(name) for name in ("dim", "axis") if name in keywords]
        named = [Tree("keyword", name, (value,)) for name, value in sorted(keywords.items())]
        return _call(function, (*arguments, *axis, *named))


def _call(function: Tree, arguments: tuple[Tree, ...]) -> Tree:
    name, first = function.label if function.kind == "function" else "", arguments[:1]
    if first and (name in DRESS or (name in ("int", "float") and len(arguments) == 1)):
        return first[0]
    if name in SHAPES and first and all(_is_number(one) for one in arguments[1:]):
        return Tree("dress", "", arguments)
    if name == "sqrt" and len(arguments) == 1:
        return Tree("root", "", arguments)
    if name == "square" and len(arguments) == 1:
        return Tree("power", "", (arguments[0], _number(2)))
    if name in ("matmul", "mm", "mv") and len(arguments) == 2:
        return Tree("MatMult", "", arguments)
    if name == "len" and first and first[0].kind == "variable":
        return Tree("variable", f"a size of {first[0].label}: 0")
    return Tree("call", "", (function, *arguments))


def _number(value: float) -> Tree:
    return Tree(
        "number", repr(value) if isinstance(value, int) and abs(value) > 2**53 else repr(float(value))
    )


def _is_number(tree: Tree) -> bool:
    return tree.kind == "number" or (tree.kind in ("Tuple", "List") and all(map(_is_number, tree.parts)))


def _is_axis(index: ast.AST) -> bool:
    """None, … or a bare colon: what only adds axes."""
    if isinstance(index, ast.Constant):
        return index.value in (None, ...)
    return isinstance(index, ast.Slice) and not (index.lower or index.upper or index.step)


def _negative(tree: Tree) -> Tree:
    if tree.kind == "number":
        return _number(-float(tree.label))
    if tree.kind == "negative":
        return tree.parts[0]
    if tree.kind == "sum":
        return chain("sum", tuple(_negative(part) for part in tree.parts))
    return Tree("negative", "", (tree,))


def chain(kind: str, parts: tuple[Tree, ...]) -> Tree:
    """A sum or a product without inner brackets."""
    flat = [inner for part in parts for inner in (part.parts if part.kind == kind else (part,))]
    return Tree(kind, "", tuple(flat))
