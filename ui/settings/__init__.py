"""The settings of a training on the page: what was chosen, the controls, what each of them does."""
