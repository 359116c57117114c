"""Files made to do harm, in every format that is read: a picture or a reason, nothing else."""

import json
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from core.decoding import EXTENSIONS, FORMATS, MAX_PIXELS
from core.errors import UnusablePicture
from core.images import PictureSpec, load_picture, load_thumbnail, read_picture
from tests.core.datasets.photos import encoded, picture

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

REPOSITORY = Path(__file__).resolve().parents[2]
SPEC = PictureSpec(image_size=(16, 16))
# What the smallest computer that Loupe is for can spare, beyond Python and its libraries.
MEMORY_BYTES = 3_000_000_000
SECONDS = 120


def seeds() -> dict[str, bytes]:
    """Valid files of every format in several flavours, by name."""
    plain, wide = picture(3, (40, 30)), picture(4, (60, 20))
    frames = {"save_all": True, "append_images": [wide.resize((40, 30)), plain]}
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a description"
    found = {
        "jpeg": encoded(plain),
        "jpeg-exif": encoded(plain, exif=exif),
        "jpeg-progressive": encoded(plain, progressive=True),
        "jpeg-grey": encoded(plain.convert("L")),
        "jpeg-cmyk": encoded(plain.convert("CMYK")),
        "mpo": encoded(plain, "MPO", save_all=True, append_images=[wide]),
        "png": encoded(plain, "PNG", exif=exif),
        "png-palette": encoded(plain.convert("P"), "PNG", transparency=3),
        "png-deep": encoded(plain.convert("I;16"), "PNG"),
        "png-animated": encoded(plain, "PNG", **frames),
        "gif": encoded(plain, "GIF"),
        "gif-animated": encoded(plain, "GIF", **frames),
        "webp": encoded(plain, "WEBP"),
        "webp-lossless": encoded(plain.convert("RGBA"), "WEBP", lossless=True),
        "webp-animated": encoded(plain, "WEBP", **frames),
        "bmp": encoded(plain, "BMP"),
        "bmp-palette": encoded(plain.convert("P"), "BMP"),
        "tiff": encoded(plain, "TIFF", exif=exif),
        "tiff-lzw": encoded(plain, "TIFF", compression="tiff_lzw"),
        "tiff-deflate": encoded(plain, "TIFF", compression="tiff_adobe_deflate"),
        "tiff-jpeg": encoded(plain, "TIFF", compression="jpeg"),
        "tiff-fax": encoded(plain.convert("1"), "TIFF", compression="group4"),
        "tiff-float": encoded(plain.convert("F"), "TIFF"),
        "ppm": encoded(plain, "PPM"),
        "pgm-deep": encoded(plain.convert("I;16").convert("I"), "PPM"),
        "pbm": encoded(plain.convert("1"), "PPM"),
        "ppm-text": b"P3\n4 2\n255\n" + b" ".join(b"%d" % n for n in range(24)),
        "pfm": encoded(plain.convert("F"), "PPM"),
        "jpeg2000": encoded(plain, "JPEG2000"),
        "j2k": encoded(plain, "JPEG2000", no_jp2=True),
    }
    if features.check("avif"):
        found["avif"] = encoded(plain, "AVIF", speed=10)
        found["avif-animated"] = encoded(plain, "AVIF", speed=10, **frames)
    return found


SEEDS = seeds()


def look_at(data: bytes) -> str:
    """What all three ways of reading make of `data`: "picture", or the reason why not.

    Raises:
        AssertionError: If one of them returns nonsense.
    """
    verdicts = set()
    for read in (
        lambda: read_picture(data, "a.jpg").array,
        lambda: load_picture(data, SPEC),
        lambda: load_thumbnail(data, 32),
    ):
        try:
            array = read()
        except UnusablePicture as error:
            assert error.message.endswith("."), error.message
            verdicts.add(error.message)
        else:
            assert array.dtype == "uint8" and array.ndim == 3 and array.shape[2] == 3
            assert 0 < array.shape[0] * array.shape[1] <= MAX_PIXELS
            verdicts.add("picture")
    return max(verdicts)


def damaged(data: bytes, draw: random.Random) -> bytes:
    """`data` cut off, with flipped bits, with a run overwritten, grown or spliced."""
    spoilt = bytearray(data)
    kind = draw.randrange(6)
    if kind == 0:
        return bytes(spoilt[: draw.randrange(len(spoilt))])
    if kind == 1:
        for _ in range(draw.randrange(1, 12)):
            spoilt[draw.randrange(len(spoilt))] ^= 1 << draw.randrange(8)
    elif kind == 2:  # the header is where the dangerous numbers stand
        place = draw.randrange(min(64, len(spoilt)))
        spoilt[place : place + 4] = struct.pack(">I", draw.choice([0, 1, 2**31 - 1, 2**32 - 1]))
    elif kind == 3:
        place = draw.randrange(len(spoilt))
        spoilt[place : place + draw.randrange(1, 40)] = draw.randbytes(draw.randrange(40))
    elif kind == 4:
        place = draw.randrange(len(spoilt))
        spoilt[place:place] = spoilt[: draw.randrange(len(spoilt))]
    else:
        other = SEEDS[draw.choice(sorted(SEEDS))]
        place = draw.randrange(min(len(spoilt), len(other)))
        spoilt[place:] = other[place:]
    return bytes(spoilt)


def test_there_is_a_seed_for_every_format_and_all_are_read():
    kinds = {name: read_picture(data).format for name, data in SEEDS.items()}
    available = set(FORMATS) - (set() if features.check("avif") else {"AVIF"})
    assert set(kinds.values()) == available
    assert set(EXTENSIONS) == set(FORMATS)
    assert all(look_at(data) == "picture" for data in SEEDS.values())


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(SEEDS)), share=st.floats(0, 1, exclude_max=True))
def test_cut_off_anywhere(name, share):
    assert look_at(SEEDS[name][: int(share * len(SEEDS[name]))])


@settings(max_examples=250, deadline=None)
@given(
    name=st.sampled_from(sorted(SEEDS)),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=8),
)
def test_with_flipped_bits(name, flips):
    data = bytearray(SEEDS[name])
    for share, bit in flips:
        data[int(share * len(data))] ^= 1 << bit
    assert look_at(bytes(data))


# --- bombs: small files that say they are enormous, or take for ever -----------------


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(side: int, *chunks: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes((3 * 40 + 1) * 40))
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", png_chunk(b"IHDR", header), *chunks, png_chunk(b"IDAT", body)]
        + [png_chunk(b"IEND", b"")]
    )


def tiff(*entries: tuple[int, int, int, int], following: int = 0, more: bytes = b"") -> bytes:
    """A little-endian TIFF of one directory: (tag, type, count, value) each."""
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", following) + more


def size_of(width: int, height: int) -> list[tuple[int, int, int, int]]:
    return [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1)] + [
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (278, 4, 1, height),
        (279, 4, 1, width * height % 2**32),
    ]


def replaced(data: bytes, marker: bytes, offset: int, new: bytes) -> bytes:
    place = data.index(marker) + offset
    return data[:place] + new + data[place + len(new) :]


def many_frames(kind: str, count: int) -> bytes:
    frame = Image.new("P" if kind == "GIF" else "RGB", (8, 8))
    others = []
    for number in range(1, count):
        other = frame.copy()
        other.putpixel((number % 8, number // 8 % 8), number % 200 if kind == "GIF" else (9, 9, 9))
        others.append(other)
    return encoded(frame, kind, save_all=True, append_images=others)


def bombs() -> dict[str, bytes]:
    huge = struct.pack(">HH", 65500, 65500)
    jpeg, j2k = SEEDS["jpeg"], SEEDS["j2k"]
    text = zlib.compress(bytes(200_000_000), 9)
    found = {
        "png-huge": png(50_000),
        "png-2**31": png(2**31 - 1),
        "png-text": png(40, png_chunk(b"zTXt", b"Comment\0\0" + text)),
        "png-itxt": png(40, png_chunk(b"iTXt", b"Comment\0\1\0\0\0" + text)),
        "png-icc": png(40, png_chunk(b"iCCP", b"profile\0\0" + text)),
        "png-texts": png(40, *[png_chunk(b"tEXt", b"k%d\0" % n + b"v" * 200) for n in range(9000)]),
        "jpeg-huge": replaced(jpeg, b"\xff\xc0", 5, huge),
        "gif-huge": replaced(SEEDS["gif"], b"GIF8", 6, struct.pack("<HH", 65535, 65535)),
        "gif-frame-outside": replaced(SEEDS["gif"], b"\x2c\0\0\0\0", 1, b"\xff\xff\xff\xff"),
        "webp-huge": replaced(SEEDS["webp"], b"\x9d\x01\x2a", 3, struct.pack("<HH", 16383, 16383)),
        "bmp-huge": replaced(SEEDS["bmp"], b"BM", 18, struct.pack("<ii", 2**31 - 1, 2**31 - 1)),
        "bmp-negative": replaced(SEEDS["bmp"], b"BM", 18, struct.pack("<ii", -40, -(2**31))),
        "ppm-huge": b"P6\n999999999 999999999\n255\n",
        "ppm-long-number": b"P6\n" + b"9" * 5_000_000 + b" 1\n255\n",
        "ppm-long-comment": b"P6\n#" + b"c" * 5_000_000 + b"\n1 1\n255\nabc",
        "ppm-text-huge": b"P3\n12000 12000\n255\n1 2 3",
        "j2k-huge": replaced(j2k, b"\xff\x51", 6, struct.pack(">II", 2**32 - 1, 2**32 - 1)),
        "j2k-many-tiles": replaced(j2k, b"\xff\x51", 22, struct.pack(">II", 1, 1)),
        "tiff-huge": tiff(*size_of(2**31, 2**31)),
        "tiff-large-tile": tiff(*size_of(10, 10), (322, 4, 1, 2**31), (323, 4, 1, 2**31)),
        "tiff-loop": tiff(*size_of(10, 10), following=8),
        "tiff-count": tiff(*size_of(10, 10), (270, 2, 2**31, 8)),
        "tiff-strips": tiff(*size_of(10, 10)[:5], (273, 4, 50_000_000, 8), more=bytes(9000)),
        "tiff-deflate-bomb": tiff(
            *[
                (tag, kind, 1, value)
                for tag, kind, value in (
                    (256, 4, 12_000),
                    (257, 4, 12_000),
                    (258, 3, 8),
                    (259, 3, 8),
                    (262, 3, 1),
                    (273, 4, 200),
                    (278, 4, 12_000),
                    (279, 4, 150_000),
                )
            ],
            more=bytes(200 - 8 - 2 - 96 - 4) + zlib.compress(bytes(144_000_000), 9),
        ),
        "exif-loop": encoded(picture(), exif=b"Exif\0\0" + tiff((0x8769, 4, 1, 8), following=8)),
        "gif-frames": many_frames("GIF", 3000),
        "webp-frames": many_frames("WEBP", 1500),
        "png-frames": many_frames("PNG", 1500),
    }
    if "avif" in SEEDS:
        found["avif-huge"] = replaced(SEEDS["avif"], b"ispe", 8, struct.pack(">II", 2**31, 2**31))
    return found


def limited(task: str, *arguments: str, seconds: float = SECONDS) -> dict:
    """What `task` says, done in a process that may take so much memory and time, no more."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.test_hostile_pictures", task, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr[-3000:]}"
    return json.loads(done.stdout.splitlines()[-1])


def test_bombs_are_read_or_told_in_little_memory_and_time():
    verdicts = limited("bombs")
    told = {name: verdict["told"] for name, verdict in verdicts.items()}
    for name in ("png-huge", "png-2**31", "jpeg-huge", "gif-huge", "ppm-huge", "j2k-huge"):
        assert "million pixels" in told[name], told[name]
    for name in ("gif-frames", "webp-frames", "png-frames"):
        assert told[name] == "picture", told[name]
    slow = {name: v["seconds"] for name, v in verdicts.items() if v["seconds"] > 10}
    assert not slow, slow
    hungry = {name: v["megabytes"] for name, v in verdicts.items() if v["megabytes"] > 1500}
    assert not hungry, hungry


def test_a_sweep_of_damage_in_a_process_with_limits():
    verdicts = limited("sweep", "0", "1500")
    assert verdicts["picture"] > 100 and sum(verdicts.values()) == 1500


def do_bombs() -> dict:
    import resource
    import time

    answers = {}
    for name, data in bombs().items():
        began = time.process_time()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = look_at(data)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answers[name] = {
            "told": told,
            "seconds": round(time.process_time() - began, 2),
            "megabytes": (after - before) // 1024,
        }
    return answers


def do_sweep(seed: str, count: str) -> dict[str, int]:
    draw = random.Random(int(seed))
    verdicts: dict[str, int] = {}
    for number in range(int(count)):
        name = draw.choice(sorted(SEEDS))
        state = f"{seed}:{number}:{name}"
        data = damaged(SEEDS[name], draw)
        try:
            told = look_at(data)
        except BaseException:
            print(state, data.hex()[:4000], file=sys.stderr)
            raise
        verdicts[told] = verdicts.get(told, 0) + 1
    return verdicts


if __name__ == "__main__":
    # As in the server and the jobs; and a crash says where.
    import faulthandler
    import resource
    import warnings

    faulthandler.enable()
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    task, *arguments = sys.argv[1:]
    print(json.dumps({"bombs": do_bombs, "sweep": do_sweep}[task](*arguments)))
