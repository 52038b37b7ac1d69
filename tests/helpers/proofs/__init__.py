"""Right, wrong and hostile proofs, and the brute force that looks for unsound ones."""
