"""What is taken for what: operators, functions and attributes that are one slip apart."""

import ast

# no power in the place of a product: no signal stops Python while it computes a number of a million digits
ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div, ast.MatMult),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Sub),
    ast.FloorDiv: (ast.Div, ast.Mult, ast.Mod),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult, ast.Add),
    ast.MatMult: (ast.Mult,),
}
SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@",
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE, ast.NotEq),
    ast.LtE: (ast.Lt, ast.Gt, ast.GtE, ast.Eq),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE, ast.NotEq),
    ast.GtE: (ast.Gt, ast.Lt, ast.LtE, ast.Eq),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
# functions and methods, of torch and of Python
CALLS = {
    "mean": ("sum", "amax"),
    "sum": ("mean", "amax", "max"),
    "amax": ("amin", "mean"),
    "amin": ("amax",),
    "max": ("min", "sum"),
    "min": ("max", "sum"),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "prod": ("sum",),
    "all": ("any",),
    "any": ("all",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "var": ("std",),
    "std": ("var",),
    "sqrt": ("square",),
    "relu": ("abs", "sigmoid", "tanh"),
    "sigmoid": ("tanh", "relu"),
    "tanh": ("sigmoid",),
    "softmax": ("log_softmax",),
    "abs": ("neg",),
    "sign": ("abs",),
    "floor": ("ceil", "round"),
    "ceil": ("floor", "round"),
    "int": ("round",),
    "round": ("int",),
    "stack": ("cat",),
    "cat": ("stack",),
    "sorted": ("list",),
    "deepcopy": ("copy",),
    "startswith": ("endswith",),
    "norm": ("sum",),
}
# neither their axes nor their terms have an order
REDUCTIONS = ("all", "amax", "amin", "any", "max", "mean", "min", "prod", "std", "sum", "var")
ATTRIBUTES = {
    "float64": ("float16",),
    "running_mean": ("running_var",),
    "running_var": ("running_mean",),
    "weight": ("bias",),
    "bias": ("weight",),
    "out_channels": ("in_channels",),
    "in_channels": ("out_channels",),
    "stride": ("padding",),
    "padding": ("stride",),
}
