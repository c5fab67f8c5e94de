"""Teaching a classifier: from folders or from decisions, quick or deep, into a new bundle."""
