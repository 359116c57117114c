"""Cross-validation on the training page: start it, watch it, read it, compare it."""
