"""How large a picture is, before a browser unpacks it: a hundred kilobytes can become gigabytes.

Read is the size that stands at the beginning of a file, in each format that browsers recognise whatever its
data URI says. Sources: the formats' specifications (PNG 11.2.1, GIF89a 18, JPEG B.2, WebP's container, BMP).
"""

import base64
import binascii
import re
from collections.abc import Iterator

MAX_PIXELS = 60_000_000  # a photograph has 12 to 50 million
DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]*)")


def is_picture(uri: str) -> bool:
    """A data URI of a picture that a page may show."""
    found = DATA.fullmatch(uri)
    return found is not None and fits(found[1])


def fits(content: str) -> bool:
    """Of base64: does no browser make more of it than a page can hold?"""
    try:
        # as a browser reads it: what is no letter of base64 does not count
        data = base64.b64decode(content)
    except (binascii.Error, ValueError):
        return True  # of what cannot be read nothing is shown
    return all(width * height <= MAX_PIXELS for width, height in _sizes(data))


def _sizes(data: bytes) -> Iterator[tuple[int, int]]:
    def number(start: int, end: int, order: str = "little") -> int:
        return int.from_bytes(data[start:end], order)  # type: ignore[arg-type]

    if data.startswith(b"\x89PNG") and data[12:16] == b"IHDR":
        yield number(16, 20, "big"), number(20, 24, "big")
    elif data.startswith(b"GIF8"):
        yield number(6, 8), number(8, 10)
    elif data.startswith(b"BM"):
        yield number(18, 22) % 2**31, min(number(22, 26), 2**32 - number(22, 26))
    elif data[8:12] == b"WEBP":
        if data[12:16] == b"VP8X":
            yield number(24, 27) + 1, number(27, 30) + 1
        elif data[12:16] == b"VP8L":
            yield number(21, 25) % 2**14 + 1, (number(21, 25) >> 14) % 2**14 + 1
        elif data[12:16] == b"VP8 ":
            yield number(26, 28) % 2**14, number(28, 30) % 2**14
    elif data.startswith(b"\xff\xd8"):
        yield from _of_jpeg(data)


def _of_jpeg(data: bytes) -> Iterator[tuple[int, int]]:
    """Of its frame, FF C0 to CF but for C4, C8 and CC; what comes before it is passed over by its length, or
    the picture in the picture that cameras put there would count."""
    at = 2
    while (at := data.find(b"\xff", at)) >= 0 and at + 9 < len(data):
        marker = data[at + 1]
        if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):
            yield int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
            return
        alone = marker in (0x00, 0x01, 0xFF) or marker in range(0xD0, 0xDA)
        at += 1 if alone else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
