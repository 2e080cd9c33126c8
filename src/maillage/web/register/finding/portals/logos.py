"""Logos: an image read part by part, of which only what draws it is kept.

What a camera or a program wrote beside the picture (place, author, words, a second file after its
end) is left out, so that nothing but an image is ever served.
"""

import zlib
from typing import Final

from maillage.core.errors import InputError

LARGEST_FILE: Final = 200_000
"""Bytes."""

LARGEST_SIDE_PX: Final = 2_000
_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND")
_JPEG_START: Final = b"\xff\xd8\xff"
_JPEG_END: Final = b"\xff\xd9"
_JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_LEFT_OUT: Final = frozenset(range(0xE1, 0xF0)) - {0xEE} | {0xFE}  # all but JFIF and Adobe
_JPEG_SCAN: Final = 0xDA
_BROKEN: Final = "Cette image est abîmée : enregistrez-la à nouveau, puis réessayez."


def clean_logo(body: bytes) -> bytes:
    """Return a PNG or a JPEG with nothing but its picture. Raises InputError, in French."""
    if len(body) > LARGEST_FILE:
        raise InputError("Ce logo dépasse 200 Ko : réduisez-le, 600 pixels de large suffisent.")
    if body.startswith(_PNG_START):
        return _clean_png(body)
    if body.startswith(_JPEG_START):
        return _clean_jpeg(body)
    raise InputError("Ce fichier n’est pas une image PNG ou JPEG.")


def type_of_logo(body: bytes) -> str:
    """Return the media type of a logo that was cleaned, "" when there is none."""
    if body.startswith(_PNG_START):
        return "image/png"
    return "image/jpeg" if body.startswith(_JPEG_START) else ""


def _clean_png(body: bytes) -> bytes:
    """Keep the chunks that draw (PNG, third edition, 5.3); check the sum of each."""
    kept, place = [_PNG_START], len(_PNG_START)
    while place + 12 <= len(body):
        end = place + 12 + int.from_bytes(body[place : place + 4])
        chunk, kind = body[place:end], body[place + 4 : place + 8]
        if end > len(body) or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise InputError(_BROKEN)
        if len(kept) == 1:
            _check_png_header(kind, chunk[8:-4])
        if kind in _PNG_KEPT:
            kept.append(chunk)
        if kind == b"IEND":
            return b"".join(kept)
        place = end
    raise InputError(_BROKEN)


def _check_png_header(kind: bytes, data: bytes) -> None:
    if kind != b"IHDR" or len(data) != 13:
        raise InputError(_BROKEN)
    _check_size(int.from_bytes(data[:4]), int.from_bytes(data[4:8]))


def _clean_jpeg(body: bytes) -> bytes:
    """Keep the segments that draw (ITU-T T.81, B.1) and the scans, up to the end of the image."""
    kept, place, sized = [body[:2]], 2, False
    while body[place : place + 1] == b"\xff" and place + 4 <= len(body):
        marker, end = body[place + 1], place + 2 + int.from_bytes(body[place + 2 : place + 4])
        if end > len(body):
            break
        if marker in _JPEG_SIZES:
            height, width = body[place + 5 : place + 7], body[place + 7 : place + 9]
            _check_size(int.from_bytes(width), int.from_bytes(height))
            sized = True
        if marker == _JPEG_SCAN and sized:
            return b"".join([*kept, body[place : _end_of_scans(body, end)]])
        if marker not in _JPEG_LEFT_OUT:
            kept.append(body[place:end])
        place = end
    raise InputError(_BROKEN)


def _end_of_scans(body: bytes, place: int) -> int:
    """Return where the image ends: in a scan, 0xFF is always followed by what says it is data."""
    found = body.find(_JPEG_END, place)
    if found < 0:
        raise InputError(_BROKEN)
    return found + len(_JPEG_END)


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= LARGEST_SIDE_PX and 0 < height <= LARGEST_SIDE_PX):
        raise InputError(f"Ce logo fait {width} × {height} pixels : 2000 × 2000 au plus.")
