"""The one door to the library, by subject. The work is done in the modules beside it."""

from tagger.library.facade.library import Library

__all__ = ["Library"]
