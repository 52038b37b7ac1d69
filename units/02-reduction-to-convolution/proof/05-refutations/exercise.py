# %% refute-card [markdown]
# ## {number} · What is no convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | refute four statements with exact numbers | 20 | ●●●○○ | lecture, sections {section:pooling} and {section:fails} |
#
# To refute "… is a convolution" one example is enough, in whole numbers or fractions (`"1/3"`), without rounding. Return `counterexample(statement, …)` for each of the four statements. Places count from 0, as in Python and in exercise {exercise:exercises/where-composing-fails} of the other notebook.
#
# | statement | needs |
# |---|---|
# | `"max-pool-not-affine"` | `x`, `v`: lists of one length, `p`: the window, which moves by 1 (stride 1), with $f(x+v) - f(x) - f(v) + f(0) \ne 0$ |
# | `"relu-between-not-affine"` | kernels `F`, `G` and lists `x`, `v`, for $f$ = G after ReLU after F |
# | `"same-same-not-conv"` | `F`, `G` of odd length, `n`, and a place `i`, `j` with $A_{ij} \ne A_{i+1,j+1}$ |
# | `"batch-norm-training"` | a number `x`, the `others` of its batch, and `others_changed`, as many; `eps` |

# %% refute role="answer"
def refutation(statement):
    ### BEGIN SOLUTION For each of the four statements return counterexample(statement, …) with your numbers.
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[1, 0], v=[0, 1], p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[1], G=[1], x=[1], v=[-1])
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[1, 1, 1], G=[1, 1, 1], n=3, i=0, j=0)
    return counterexample(statement, x=1, others=[0], others_changed=[3], eps="1/100000")
    ### END SOLUTION
