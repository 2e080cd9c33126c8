"""Compressed files opened with bounds: a small file that unfolds into a huge one is refused.

Sizes that an archive declares may lie, so both are checked: what it says, and what really comes
out when it is unfolded piece by piece.
"""

import gzip
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from maillage.core.errors import InputError

MAX_EXPANDED_BYTES: Final = 1 << 30
_CHUNK: Final = 1 << 20
_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_BROKEN = (zipfile.BadZipFile, EOFError, OSError, zlib.error, struct.error, NotImplementedError)


def check_zip(path: Path, *, max_expanded_bytes: int = MAX_EXPANDED_BYTES) -> None:
    """Raise InputError unless `path` is a whole zip archive of at most `max_expanded_bytes`.

    Workbooks (.xlsx) are zip archives too. Each member is unfolded once, piece by piece, and must
    give exactly the bytes it declares.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            members = archive.infolist()
            declared = sum(member.file_size for member in members)
            _refuse_above(path, declared, max_expanded_bytes)
            for member in members:
                _check_member(path, file, member)
    except _BROKEN as error:
        raise InputError(
            f"{path.name} is not a whole zip archive or workbook ({error}). The download was "
            "probably cut, or another page came in its place: fetch it again."
        ) from error


def _check_member(path: Path, file: BinaryIO, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 1:
        raise InputError(f"{path.name}: {member.filename} is encrypted; expected an open file.")
    file.seek(member.header_offset)
    header = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    file.seek(header[-2] + header[-1], 1)
    if member.compress_type == zipfile.ZIP_STORED:
        size, crc = member.compress_size, None
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        size, crc = _inflated(file, member)
    else:
        raise InputError(
            f"{path.name}: {member.filename} uses compression method {member.compress_type}; "
            "expected stored or deflated."
        )
    if size != member.file_size or crc not in (None, member.CRC):
        raise InputError(
            f"{path.name}: {member.filename} declares {member.file_size} bytes and unfolds into "
            "something else. The file is damaged or was made to deceive: fetch it again from "
            "its producer."
        )


def _inflated(file: BinaryIO, member: zipfile.ZipInfo) -> tuple[int, int]:
    """Return the size (at most one byte more than declared) and checksum of what unfolds."""
    unfold = zlib.decompressobj(-zlib.MAX_WBITS)
    left, size, crc = member.compress_size, 0, 0
    pending = b""
    while not unfold.eof and size <= member.file_size:
        if not pending:
            pending = file.read(min(_CHUNK, left))
            left -= len(pending)
            if not pending:
                raise EOFError(f"{member.filename} is cut")
        piece = unfold.decompress(pending, _CHUNK)
        pending = unfold.unconsumed_tail
        size += len(piece)
        crc = zlib.crc32(piece, crc)
    return size, crc


def read_gzip(path: Path, *, max_expanded_bytes: int = MAX_EXPANDED_BYTES) -> bytes:
    """Return what a .gz file holds; raise InputError when it is cut, not gzip, or too large."""
    pieces, size = [], 0
    try:
        with gzip.open(path, "rb") as file:
            while piece := file.read(_CHUNK):
                size += len(piece)
                _refuse_above(path, size, max_expanded_bytes)
                pieces.append(piece)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path.name} is not a whole gzip file ({error}). The download was probably cut: "
            "fetch it again."
        ) from error
    return b"".join(pieces)


def _refuse_above(path: Path, size: int, limit: int) -> None:
    if size > limit:
        raise InputError(
            f"{path.name} unfolds into more than {limit:,} bytes; no file of this kind does. "
            "Check that it comes from its producer."
        )
