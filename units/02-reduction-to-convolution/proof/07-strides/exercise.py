# %% strides-card [markdown]
# ## Bonus · With strides
#
# `theorem("conv-conv-strided")`: the first convolution has stride `s`, the second stride `e`. What are $O$ and $o$ now, and up to which $t$? Prove it. (No points; the checker answers all the same.)

# %% strides-statement
print(statement_text("conv-conv-strided"))

# %% strides-try
P = theorem("conv-conv-strided")
P.symbols()
# your turn: P.witness(…), P.calc(…), P.show()
