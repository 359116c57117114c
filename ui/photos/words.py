"""Words that the views of the Photos page share."""

SPLIT_WORDS = {"train": "Train", "validation": "Validation", "test": "Test"}
