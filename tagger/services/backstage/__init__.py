"""Long work in a process of its own, so that a window never waits for it.

Importing torch, collecting garbage and a hundred small computations a photo would hold Python's
lock while the window wants to paint. The process has a lower priority, gives its memory back when
it has nothing to do, and takes nothing down with it when a damaged file makes a decoder crash.
"""

from tagger.services.backstage.stage import Backstage

__all__ = ["Backstage"]
