"""The views of the augmentation lab, beside its controls."""
