# %% chain-card [markdown]
# ## {number} · The theorem, whole: one of your own
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | prove a theorem that nobody has proved for you: find $O$ and $o$, and write the whole chain | 60 | ●●●●○ | exercise {exercise:plane}; for strides and dilations the lecture of unit {unit:convolution}, section {section:convolution/size} |
#
# Two convolutions, and a part that is yours: strides, dilations, or a third layer. It is drawn from your name. So write here **the name under which you hand in**, as your instructor or your platform shows it (upper and lower case, accents and the order of the names do not matter). Your work is graded against the theorem of that name, and no other one counts.

# %% chain-name role="answer"
### BEGIN SOLUTION code: me = ""  # the name under which you hand in
me = "Ada Lovelace"
### END SOLUTION

# %% chain-statement
own_theorem(me)

# %% chain-predict [markdown]
# **Predict first.** Take kernels of size 2 in your theorem, and $i = 1$. Which entries of $X$ does one number of the result read, and through which product of kernel entries? The furthest entry tells you how long $O$ is; compare with the shape of $O$ above. An entry that is reached in no way is a 0 in the kernel.
#
# Then name $O$ and $o$: `P.witness(O[…], …)`, `P.witness(o[…], …)`, built from the given kernels and biases only. Then the chain, from what the layers give to `W`. The checker reads it in one and in two dimensions at once.
#
# The line of code that hands out the names is printed above: copy it. Four cells give points: for $O$ and $o$, for the lines that follow from the left side, for those that lead to the right side, and for a chain without a gap. Each line that is right earns its share, whatever stands beside it. While you work, leave lines out or write `...` for a line that you do not know yet.


# %% chain role="answer"
def composition_proof():
    ### BEGIN SOLUTION Begin with P = theorem(own_theorem(me)) and the line that ends in P.symbols(). Then P.witness for O and o, and P.calc(…), from the left side to W.
    mine = own_theorem(me)
    P = theorem(mine)
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w]))
    P.witness(o[l], h[l] + S[k:K, w:r](a[k] * H[k, l, w]))
    bias = S[k:K, w:r](a[k] * H[k, l, w])
    terms = S[k:K, w:r, m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u] * H[k, l, w])
    kernel = S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w])
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, s * (i - 1) + w] * H[k, l, w]) + h[l], "definition Z"),
        (
            S[k:K, w:r](
                (S[m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u]) + a[k]) * H[k, l, w]
            )
            + h[l],
            "definition Y",
        ),
        (terms + bias + h[l], "distribute"),
        (terms + o[l], "definition o"),
        (
            S[m:M, t : p + 2 * (r - 1), k:K, u:p, w:r, u + 2 * (w - 1) == t](
                X[m, 2 * s * (i - 1) + t] * A[m, k, u] * H[k, l, w]
            )
            + o[l],
            "regroup",
        ),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * kernel) + o[l], "factor"),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    ### END SOLUTION
    return P


# %% chain-hints [markdown]
# <details><summary>Hint 1: O and o</summary>
#
# Put the definitions into each other on paper, for one place $i$. Write down where $X$ is read: that place, less where $W$ begins to read, is $t$. The sum over all ways to reach $t$, with the kernels along the way, is $O$. What is left of the whole when $X = 0$ is $o$.
#
# </details>
# <details><summary>Hint 2: the order of the steps</summary>
#
# One definition a line, from the last layer to the first. Then multiply out. Put $o$ in where its terms stand. Count the terms by $t$ ("regroup"), take $X$ out of the inner sums, put $O$ in, and then $W$.
#
# </details>
# <details><summary>Hint 3: from where you stand</summary>
#
# Write `P.hint()` above `return P`, and run the first check again. Under the table stands what remains between your last right line and the end; or, if $O$ or $o$ is not right yet, what $X$ is multiplied by in a small case. The certificate says that your proof has a hint in it, and each of the four parts then earns a tenth less.
#
# </details>
