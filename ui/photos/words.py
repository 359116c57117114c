"""Words that the views of the Photos page share."""

SPLIT_WORDS = {"train": "Train", "validation": "Validation", "test": "Test"}
USE_WORDS = {"used": "In use", "excluded": "Excluded", "all": "All"}
ORIGIN_WORDS = {
    "import": "Imported",
    "files": "Files",
    "camera": "Camera",
    "drawing": "Drawing pad",
    "flickr": "Flickr",
    "inaturalist": "iNaturalist",
    "known-set": "Well-known set",
}
