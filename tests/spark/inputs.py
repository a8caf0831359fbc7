"""The files that the tests read: a log in each container, an empty file, and broken ones."""

import bz2
import gzip
import io
import lzma
import random
import zipfile
from pathlib import Path

import pyarrow as pa

LOGS = Path(__file__).parent.parent / "logs"
# More than pipes hold, in both directions.
DENSE_LINES = 20_000


def zipped(members: dict[str, bytes], method: int) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as written:
        for name, data in members.items():
            written.writestr(name, data)
    return archive.getvalue()


class Pipe(io.RawIOBase):
    """It cannot seek, so a zip that is written into it has the sizes only at its end."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.data += data
        return len(data)


def zip_without_sizes(name: str, data: bytes) -> bytes:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as written:
        written.writestr(name, data)
    return bytes(pipe.data)


def make(folder: Path) -> None:
    """Files that the program reads without an error in `good`, and others in `bad`."""
    log = b"".join((LOGS / name).read_bytes() for name in ["sample.log", "year-zone.log", "bytes.log"])
    dense = b"".join(
        b"05-09 07:31:%02d.104  4021  4055 W JMessage: responseCode = 87130%d\n" % (at % 60, at % 10)
        for at in range(DENSE_LINES))
    noise = b"".join(b"%d\n" % random.Random(at).getrandbits(200) for at in range(5_000))
    good, bad = folder / "good", folder / "bad"
    good.mkdir()
    bad.mkdir()
    zstd = pa.Codec("zstd").compress(log + dense, asbytes=True)
    files = {
        "plain.log": log, "dense.log": dense, "empty.log": b"", "no codes.log": b"nothing here\n",
        "log.gz": gzip.compress(log) + gzip.compress(log), "log.zst": zstd, "log.xz": lzma.compress(log),
        "log.bz2": bz2.compress(log), "utf-16.log": log.decode(errors="replace").encode("utf-16"),
        "log.zip": zipped({"a/one.log": log, "two.log": dense}, zipfile.ZIP_DEFLATED),
        "stored.zip": zipped({"one.log": log, "聊天.log": log}, zipfile.ZIP_STORED),
        "named-wrongly.txt": gzip.compress(log), "50% #1? [1].log": log,
        "empty.zip": zipped({}, zipfile.ZIP_STORED),
    }
    for name, data in files.items():
        (good / name).write_bytes(data)
    broken = gzip.compress(log + noise + log)
    (bad / "cut.gz").write_bytes(broken[:len(broken) - len(broken) // 4])
    cut = bytearray(zipped({"one.log": noise + log, "two.log": log}, zipfile.ZIP_DEFLATED))
    cut[1000] ^= 0xFF
    (bad / "member.zip").write_bytes(cut)
    (bad / "archive.7z").write_bytes(b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\0" * 100)
    (bad / "without-sizes.zip").write_bytes(zip_without_sizes("one.log", log))
