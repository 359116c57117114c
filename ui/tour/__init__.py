"""The guided tour: twenty minutes that end with a model of one's own."""
