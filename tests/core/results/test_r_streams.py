"""The two forms in which R writes objects: bytes and words."""

from __future__ import annotations

import math
import struct

import pytest

from sphinx_mmbook.core.results.readers.r.stream import BinaryStream, TextStream
from sphinx_mmbook.core.results.values.fault import ResultFault


def test_words_are_read_one_by_one_and_an_empty_string_leaves_none() -> None:
    stream = TextStream(b"A\n2\na\\040b\nNA\nNA\n0x1.8p+1\n-Inf\nff\n07\n", 2)
    assert stream.integer() == 2
    assert stream.text(0) == b"" and stream.text(3) == b"a b"
    assert stream.integers(1).tolist() == [-(2**31)]
    missing, three, infinite = stream.doubles(3).tolist()
    assert math.isnan(missing) and (three, infinite) == (3, -math.inf)
    assert stream.raw(2) == b"\xff\x07"
    with pytest.raises(ResultFault, match="cut off"):
        stream.word()


def test_a_string_of_another_length_than_announced_is_damaged() -> None:
    assert TextStream(b"A\na\n", 2).text(1) == b"a"
    with pytest.raises(ResultFault, match="cut off or damaged"):
        TextStream(b"A\na\n", 2).text(2)


@pytest.mark.parametrize("order", [">", "<"])
def test_numbers_are_read_in_the_order_of_their_bytes(order: str) -> None:
    data = b"X\n" + struct.pack(f"{order}iii", -5, 7, 9) + struct.pack(f"{order}d", 0.5) + b"rest"
    stream = BinaryStream(data, 2, order)
    assert stream.integer() == -5
    assert stream.integers(2).tolist() == [7, 9]
    assert stream.doubles(1).tolist() == [0.5]
    assert stream.text(4) == b"rest" and stream.text(0) == b""
    with pytest.raises(ResultFault, match="cut off"):
        stream.text(1)


@pytest.mark.parametrize(
    ("stream", "most"),
    [(BinaryStream(b"X\n" + bytes(11), 2, ">"), 2), (TextStream(b"A\n1\n2\n3", 2), 2)],
)
def test_no_more_objects_are_announced_than_bytes_are_left(
    stream: BinaryStream | TextStream, most: int
) -> None:
    assert [stream.check(count) for count in (0, most)] == [0, most]
    for count in (-1, most + 1):
        with pytest.raises(ResultFault, match="cut off"):
            stream.check(count)
