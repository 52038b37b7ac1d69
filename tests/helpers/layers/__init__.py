"""Every public layer with inputs and an oracle."""
