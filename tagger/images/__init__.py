"""Reading pictures: what the camera wrote, a hash of the image data, and upright sRGB pixels."""

from tagger.images.capture import read_capture
from tagger.images.content_id import read_content_id
from tagger.images.decode import decode_photo
from tagger.images.pool import DecodePool
from tagger.images.scaled import decode_to_size, open_small, read_exif_block

__all__ = [
    "DecodePool",
    "decode_photo",
    "decode_to_size",
    "open_small",
    "read_capture",
    "read_content_id",
    "read_exif_block",
]
