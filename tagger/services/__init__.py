"""Use cases: each joins library, files, images, metadata, ml and export.

No Qt, and torch only when asked for.
"""
