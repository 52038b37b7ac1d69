"""Mutation testing of the checks: which small slips in a solution would a student get full marks for?

`expressions` and `statements` name the slips, `making` puts each of them into an exercise's solution,
`judging` runs the exercise's checks, visible and hidden, on what comes out, and `results` compares that with
what the exercise says of its mutants. `python -m nonconv.publish.mutants` prints it.

mutmut and cosmic-ray change the files of a package and run its tests anew for each mutant. Here the code is a
cell of a notebook, the tests are checks that are data, and a mutant may take a few milliseconds, so mutants
are made on the syntax tree and judged in one process. Of those libraries' slips (operators, comparisons,
constants, conditions, loops, keywords) ours have the same. What goes wrong in code with tensors, they do not
have: axes, reductions, slices, None in an index, swapped results, dtypes, a letter missing in an einsum.
"""
