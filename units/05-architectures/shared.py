"""What the checks of several exercises of this unit need."""

# no exercise of this unit asks for a layer, so its layers may be called: the framework's and the course's
ANY_LAYER = ("conv", "pool", "norm", "nonconv.layers")
