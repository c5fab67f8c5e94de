"""Reading pictures: what the camera wrote, a hash of the image data, and upright sRGB pixels."""

from tagger.images.capture import read_capture
from tagger.images.content_id import read_content_id
from tagger.images.decode import decode_photo
from tagger.images.pool import DecodePool

__all__ = ["DecodePool", "decode_photo", "read_capture", "read_content_id"]
