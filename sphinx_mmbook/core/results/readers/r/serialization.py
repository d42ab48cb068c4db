"""R's serialization, read into :class:`RValue` within limits. Nothing in it is evaluated.

Functions, calls, environments and byte code are read past: what they hold is not kept. Source: R
Internals, "Serialization Formats", and the comments of R's ``src/main/serialize.c``.
"""

from __future__ import annotations

from collections.abc import Generator

from sphinx_mmbook.core.results.readers.r.objects import RValue, expand
from sphinx_mmbook.core.results.readers.r.stream import BinaryStream, TextStream, open_stream
from sphinx_mmbook.core.results.values.fault import too_large, unreadable

#: Objects in one file, and objects inside of each other. R's own limit on nesting is 5,000.
MAX_OBJECTS, MAX_DEPTH = 200_000, 5_000
NOTHING = RValue("NIL")
#: Objects of which a file holds only the type: NULL, environments known to all, and marks.
SINGLE = {
    241: RValue("BASEENV"), 242: RValue("EMPTYENV"), 250: RValue("BASENAMESPACE"),
    251: RValue("MISSING"), 252: RValue("UNBOUND"), 253: RValue("GLOBALENV"), 254: NOTHING,
}  # fmt: skip
#: Objects made of pairs: attributes, tag, head, and a tail that is the next.
PAIRS = {2: "LIST", 3: "CLO", 5: "PROM", 6: "LANG", 17: "DOT"}
LISTS = {19: "VEC", 20: "EXPR"}
NAMED = {247: "PERSIST", 248: "PACKAGE", 249: "NAMESPACE"}
SYMBOL, ENVIRONMENT, BUILTINS, STRING, POINTER, WEAK = 1, 4, (7, 8), 9, 22, 23
BYTE_CODE, S4, ALTREP, REFERENCE = 21, 25, 238, 255
#: Inside byte code: a call with attributes, a pairlist with them, a shared call and one met before.
CODE_PAIRS, CODE_ATTRIBUTES, CODE_SHARED, CODE_SEEN = (2, 6, 239, 240, 244), (239, 240), 244, 243
HAS_ATTRIBUTES, HAS_TAG = 1 << 9, 1 << 10
LATIN1 = 1 << 2

# An object that is still being read: it yields those that it needs and is sent what they are.
Step = Generator["Step", RValue, RValue]


def read_serial(data: bytes, start: int = 0) -> RValue:
    """Return the object whose serialization begins at ``start`` of ``data``.

    :raises ResultFault: if it is damaged, or has too many or too deeply nested objects.
    """
    stream = open_stream(data, start)
    version, _, _ = stream.integer(), stream.integer(), stream.integer()
    if version not in (2, 3):
        raise unreadable(f"has R's format {version}; store it again with saveRDS(x, version = 3)")
    encoding = stream.text(stream.integer()).decode("ascii", "replace") if version == 3 else ""
    return _Reader(stream, encoding).read()


class _Reader:
    def __init__(self, stream: BinaryStream | TextStream, encoding: str) -> None:
        self.stream, self.encoding = stream, encoding
        self.references: list[RValue] = []
        self.objects = 0

    def read(self) -> RValue:
        """Read one object and all that it holds, on a stack of our own: Python's is too short."""
        steps: list[Step] = [self.read_object()]
        value: RValue | None = None
        while steps:
            try:
                step = steps[-1].send(value)  # type: ignore[arg-type]
            except StopIteration as done:
                steps.pop()
                value = done.value
                continue
            if len(steps) >= MAX_DEPTH:
                raise unreadable("is nested too deeply; store only the table")
            steps.append(step)
            value = None
        return value or NOTHING

    def read_object(self, flags: int | None = None) -> Step:
        """Read an object whose first word, ``flags``, is read or not."""
        flags = self.stream.integer() if flags is None else flags
        kind = flags & 255
        self.objects += 1
        if self.objects > MAX_OBJECTS:
            raise too_large(f"has more than {MAX_OBJECTS:,} parts; store only the table")
        if kind in SINGLE:
            return SINGLE[kind]
        if kind == REFERENCE:
            return self.reference(flags >> 8 or self.stream.integer())
        if kind in PAIRS:
            return (yield self.pairs(flags))
        if kind in (SYMBOL, ENVIRONMENT, POINTER, WEAK, *NAMED):
            return (yield self.referred(kind, flags))
        if kind == ALTREP:
            return (yield self.compact())
        if kind == BYTE_CODE:
            self.stream.integer()  # how many shared calls it has
            value = yield self.byte_code()
        elif kind in LISTS:
            children = []
            for _ in range(self.stream.check(self.stream.integer())):
                children.append((yield self.read_object()))
            value = RValue(LISTS[kind], children)
        else:
            value = self.leaf(kind, flags)
        if flags & HAS_ATTRIBUTES:
            value.attributes = (yield self.read_object()).pairs()
        return value

    def reference(self, number: int) -> RValue:
        if not 0 < number <= len(self.references):
            raise unreadable("refers to what it does not hold; store the result again")
        return self.references[number - 1]

    def leaf(self, kind: int, flags: int) -> RValue:
        """Read an object that holds no other."""
        stream = self.stream
        if kind == STRING:
            return RValue("CHAR", self.string(flags))
        if kind in (10, 13):
            return RValue("LGL" if kind == 10 else "INT", stream.integers(stream.integer()))
        if kind == 14:
            return RValue("REAL", stream.doubles(stream.integer()))
        if kind == 15:
            stream.doubles(2 * stream.integer())
            return RValue("CPLX")
        if kind == 16:
            count = stream.check(stream.integer())
            return RValue("STR", [self.string(stream.integer()) for _ in range(count)])
        if kind == 24:
            stream.raw(stream.integer())
            return RValue("RAW")
        if kind in BUILTINS:
            stream.text(stream.integer())
            return RValue("BUILTIN")
        if kind == S4:
            return RValue("S4")
        raise unreadable(f"has an object of unknown type {kind}; store the result again")

    def string(self, flags: int) -> str | None:
        if flags & 255 != STRING:
            raise unreadable("is damaged: a string is missing; store the result again")
        length = self.stream.integer()
        if length == -1:
            return None
        data = self.stream.text(length)
        encodings = ("latin-1",) if flags >> 12 & LATIN1 else ("utf-8", self.encoding or "latin-1")
        for encoding in encodings:
            try:
                return data.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
        return data.decode("latin-1")

    def referred(self, kind: int, flags: int) -> Step:
        """Read an object that later ones may refer to by its number."""
        if kind == SYMBOL:
            name = yield self.read_object()
            value = RValue("SYM", name.data)
            self.references.append(value)
            return value
        value = RValue(NAMED.get(kind, "ENV"))
        if kind in NAMED:
            self.stream.integer()
            for _ in range(self.stream.check(self.stream.integer())):
                self.string(self.stream.integer())
            self.references.append(value)
            return value
        self.references.append(value)
        if kind == ENVIRONMENT:
            self.stream.integer()
        parts = {ENVIRONMENT: 4, POINTER: 2, WEAK: 0}[kind]
        for _ in range(parts + (kind != ENVIRONMENT and bool(flags & HAS_ATTRIBUTES))):
            yield self.read_object()
        return value

    def pairs(self, flags: int) -> Step:
        """Read a chain of pairs; only those of a pairlist are kept."""
        first = RValue(PAIRS[flags & 255], [])
        while True:
            if flags & HAS_ATTRIBUTES:
                attributes = yield self.read_object()
                first.attributes = first.attributes or attributes.pairs()
            tag = (yield self.read_object()) if flags & HAS_TAG else NOTHING
            head = yield self.read_object()
            if first.kind == "LIST":
                first.data.append((tag.data if tag.kind == "SYM" else "", head))
            flags = self.stream.integer()
            if flags & 255 not in PAIRS:
                yield self.read_object(flags)
                return first
            self.objects += 1

    def compact(self) -> Step:
        """Read a vector that R keeps in a form of its own."""
        info = yield self.read_object()
        state = yield self.read_object()
        attributes = yield self.read_object()
        name = info.data[0][1].data if info.kind == "LIST" and info.data else None
        value = expand(str(name), state)
        return RValue(value.kind, value.data, attributes.pairs() or value.attributes)

    def byte_code(self) -> Step:
        """Read past the compiled form of a function: its code, then its constants."""
        yield self.read_object()
        for _ in range(self.stream.check(self.stream.integer())):
            kind = self.stream.integer()
            if kind == BYTE_CODE:
                yield self.byte_code()
            elif kind in (*CODE_PAIRS, CODE_SEEN):
                yield self.code_pairs(kind)
            else:
                yield self.read_object()
        return RValue("BYTECODE")

    def code_pairs(self, kind: int) -> Step:
        """Read past a call in byte code."""
        while kind in CODE_PAIRS:
            if kind == CODE_SHARED:
                self.stream.integer()
                kind = self.stream.integer()
            if kind in CODE_ATTRIBUTES:
                yield self.read_object()
            yield self.read_object()
            yield self.code_pairs(self.stream.integer())
            kind = self.stream.integer()
            self.objects += 1
        if kind == CODE_SEEN:
            self.stream.integer()
        else:
            yield self.read_object()
        return NOTHING
