# %% harder-card [markdown]
# ## Bonus · A harder one
#
# Three layers, with strides and dilations mixed: `own_theorem(me, level=3)`. (Level 1 is easier than your theorem of exercise {exercise:composition}, for a start.) No points; the checker answers all the same.

# %% harder-try
own_theorem(me, level=3)

# %% harder-answer
# your turn: P = theorem(own_theorem(me, level=3)), the line of its names, P.witness(…), P.calc(…), P.show()
