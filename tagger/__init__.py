"""Recognises wedding scenes in a photographer's own folders; see README.md."""

__version__ = "0.1.0"
