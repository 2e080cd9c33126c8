import gzip
import struct
import zipfile

import pytest

from maillage.core.errors import InputError
from maillage.sources.archives import check_zip, read_gzip


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("zeros.txt", b"0" * 3_000_000)
        target.writestr("plain.txt", b"abc", zipfile.ZIP_STORED)
    return path


def test_a_whole_archive_passes(archive):
    check_zip(archive)


def test_an_archive_that_declares_too_much_is_refused(archive):
    with pytest.raises(InputError, match="unfolds into more than 1,000,000 bytes"):
        check_zip(archive, max_expanded_bytes=1_000_000)


def test_an_archive_that_understates_its_size_is_refused(archive):
    content = archive.read_bytes()
    lied = content.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 1_000))
    assert lied != content
    archive.write_bytes(lied)
    with pytest.raises(InputError, match=r"declares 1000 bytes and unfolds into\s+something else"):
        check_zip(archive, max_expanded_bytes=1_000_000)


def test_a_truncated_archive_is_refused(archive):
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(InputError, match="not a whole zip archive"):
        check_zip(archive)


def test_a_damaged_archive_is_refused(archive):
    content = bytearray(archive.read_bytes())
    content[60:70] = b"\xff" * 10
    archive.write_bytes(content)
    with pytest.raises(InputError, match="fetch it again"):
        check_zip(archive)


def test_an_archive_with_an_unusual_compression_is_refused(tmp_path):
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("a", b"abc" * 100)
    with pytest.raises(InputError, match="compression method 14"):
        check_zip(path)


def test_an_encrypted_archive_is_refused(archive):
    content = archive.read_bytes()
    at = content.index(b"PK\x01\x02")
    archive.write_bytes(content[: at + 8] + b"\x01" + content[at + 9 :])
    with pytest.raises(InputError, match="encrypted"):
        check_zip(archive)


def test_a_compressed_file_is_read_within_its_bound(tmp_path):
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(b"0" * 3_000_000))
    assert len(read_gzip(path)) == 3_000_000
    with pytest.raises(InputError, match="unfolds into more"):
        read_gzip(path, max_expanded_bytes=2_000_000)


@pytest.mark.parametrize("cut", [slice(0, -20), slice(5, None)])
def test_a_cut_compressed_file_is_refused(tmp_path, cut):
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 100)[cut])
    with pytest.raises(InputError, match="not a whole gzip file"):
        read_gzip(path)
