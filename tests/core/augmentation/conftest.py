"""albumentations asks the network for a newer version when it is imported, unless told not to."""

import os

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
