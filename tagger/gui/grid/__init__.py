"""The grid of photos: arithmetic layout, a model of ids, painting."""
