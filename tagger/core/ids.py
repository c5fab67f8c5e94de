"""Names for the integers and strings that identify things, so that they can't be mixed up."""

from typing import NewType

FolderId = NewType("FolderId", int)
PhotoId = NewType("PhotoId", int)
TagId = NewType("TagId", int)
ModelId = NewType("ModelId", int)
BatchId = NewType("BatchId", int)
RunId = NewType("RunId", int)

ContentId = NewType("ContentId", str)
"""32 hexadecimal digits: the hash of a photo's image data without its metadata."""
