"""What a book's ``conf.py`` says, read and never run: plain values, and how they are put together.

Assignments (also annotated), ``+=``, ``|=``, ``.append`` and the like, ``x["key"] = …``, unpacking
with a star and the default of ``os.environ.get("X", "default")`` are understood. The environment
itself is not read: what it holds could stand in a message, and messages are public.
"""

from __future__ import annotations

import ast
import builtins
import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeGuard

from sphinx_mmbook.core.book.read_me import read_mes
from sphinx_mmbook.core.book.setting_values import faults_of_value
from sphinx_mmbook.core.book.settings import NAMES, BookSettings, ConfText, settings_from
from sphinx_mmbook.core.book.vocabulary import CONF
from sphinx_mmbook.core.finding import Finding, Location
from sphinx_mmbook.core.suggestions import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sphinx_mmbook.core.book.vocabulary import Vocabulary

#: A conf.py is some lines; what is larger is read as if it said nothing.
MAX_BYTES = 256 * 1024
#: So many values may be put together (or hundreds of characters): a list doubled thirty times is
#: no setting.
MAX_STEPS = 200_000
#: So many letters a mistyped setting has in common with the right one, and so many more it has not.
ALIKE, LONGER = 0.87, 3
#: Settings of whose keys Sphinx refuses all that it does not know.
CLOSED = ("latex_elements", "latex_theme_options")

#: Settings whose values extensions register.
GROWING = ("primary_domain", "html_math_renderer")
#: Old names of MyST-NB's settings; all others lack the begin of the new one.
OLD = {
    "jupyter_execute_notebooks": "nb_execution_mode", "jupyter_cache": "nb_execution_cache_path",
    "nb_render_priority": "nb_mime_priority_overrides", "nb_render_key": "nb_cell_metadata_key",
}  # fmt: skip

#: What a method does to a list, set or dictionary.
_METHODS: dict[str, Any] = {
    "append": list.append, "extend": list.extend, "insert": list.insert, "add": set.add,
    "update": lambda it, *more, **named: it.update(*more, **named),
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], Any] = {ast.Add: operator.iadd, ast.BitOr: operator.ior}
_COPIES: dict[str, Any] = {"dict": dict, "list": list, "set": set, "tuple": tuple}
_FAULTS = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError
)  # fmt: skip


def read_conf(book: Path) -> BookSettings:
    """Return the settings in the ``conf.py`` of a book; what is computed there is named."""
    settings = settings_of_conf(book)
    return replace(settings, excluded=(*settings.excluded, *read_mes(book)))


def settings_of_conf(book: Path) -> BookSettings:
    """Return the same without a walk through the book: no read-me file is left out."""
    try:
        data = (book / "conf.py").read_bytes()
        tree = ast.parse(data if len(data) <= MAX_BYTES else b"")
    except FileNotFoundError:
        return BookSettings()
    except SyntaxError as error:
        message = f"this is not valid Python: {error.msg}; nothing can be built until it is mended"
        at = Location("conf.py", error.lineno or 1, error.offset or 0)
        return BookSettings(extensions=(CONF,), findings=(Finding(at, "conf", message),))
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "strerror", "") or str(error) or "it is nested too deeply"
        message = f"this file cannot be read: {reason}; nothing can be built until it is mended"
        return BookSettings(findings=(Finding(Location("conf.py"), "conf", message),))
    reader = _Reader()
    for node in tree.body:
        reader.read(node)
    found = [*_no_language(reader.values), *_unnamed(tree), *_computed(reader.computed)]
    settings = settings_from(reader.values, found)
    registers = "extensions" in reader.computed or any(map(_registers, tree.body))
    settings = replace(settings, extensions=(*settings.extensions, *[CONF] * registers))
    used = frozenset(node.id for node in ast.walk(tree) if _is_used(node))
    places = _places(tree)
    values = {name: reader.values[name] for name in places if name in reader.values}
    return replace(settings, conf=ConfText(values, places, used))


def _is_used(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _places(tree: ast.Module) -> dict[str, Location]:
    """Return where names and keys of dictionaries first get a value, outside of functions."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    inner = {id(node) for function in functions for node in ast.walk(function)}
    found: dict[str, Location] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Name(name, ast.Store()) if id(node) not in inner:
                found.setdefault(name, _place(node))
            case ast.Assign([ast.Name(name)], ast.Dict(keys)):
                texts = (key for key in keys if isinstance(key, ast.Constant))
                found |= {f"{name}.{key.value!s}": _place(key) for key in texts}
            case ast.Subscript(ast.Name(name), ast.Constant(str(key)), ast.Store()):
                found[f"{name}.{key}"] = _place(node)
    return found


def _place(node: ast.expr) -> Location:
    return Location(CONF, node.lineno, node.col_offset + 1)


def faults_of_settings(
    conf: ConfText, book: Path, words: Vocabulary, registered: Iterable[str] = ()
) -> Iterator[Finding]:
    """Yield values in the ``conf.py`` of a book that do not fit, and names nearly a setting's.

    ``registered`` are settings besides those of the vocabulary: a build knows them all.
    """
    for name, value in conf.values.items():
        kind = None if name in GROWING and words.unknown else words.settings.get(name)
        kind = ["", "None", *words.roles] if name == "default_role" and not words.unknown else kind
        faults = faults_of_value(book, name, value, kind)
        yield from (Finding(conf.places[name], "setting-value", fault) for fault in faults)
    if registered or not words.unknown:
        yield from _mistyped(conf, {*words.settings, *registered})


def _mistyped(conf: ConfText, names: set[str]) -> Iterator[Finding]:
    """Yield the settings, and keys of settings, that there are not, but nearly.

    A theme of another version may have other keys than those that are known.
    """
    own = {*conf.places} if conf.used & {"globals", "locals", "vars"} else conf.used
    for name, at in conf.places.items():
        setting, _, key = name.rpartition(".")
        new = OLD.get(name, f"nb_{name}")
        if new in names and name not in own:
            message = f"'{name}' is an old name, of which a build warns; write '{new}'"
            yield Finding(at, "setting-unknown", message)
        if name in own | names or "_" not in name or (setting and setting not in names):
            continue
        rows = (one.rpartition(".") for one in names)
        near = nearest(key, [last for first, _, last in rows if first == setting], ALIKE)
        is_near = near and abs(len(near) - len(key)) < LONGER
        if is_near or setting in CLOSED:
            shown = f"'{setting}' has no key" if setting else "there is no setting"
            advice = f"did you mean '{near}'?" if is_near else "take it out"
            message = f"{shown} '{key}', so what it says is lost; {advice}"
            yield Finding(at, "setting-unknown", message)


def _registers(node: ast.stmt) -> bool:
    """Return whether a statement is a function that registers directives, roles or extensions."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(inner, ast.Attribute) and inner.attr.startswith(("add_", "setup_extension"))
        for inner in ast.walk(node)
    )


def plain_values(text: str) -> dict[str, Any]:
    """Return the plain values that the text of a ``conf.py`` gives its names.

    :raises SyntaxError: if it is not Python.
    """
    reader = _Reader()
    for node in ast.parse(text).body:
        reader.read(node)
    return reader.values


def _no_language(values: dict[str, Any]) -> Iterable[Finding]:
    """Yield the finding of a language that is not text: Sphinx dies of it before it asks us."""
    said = values.get("language")
    if "language" in values and not (said and isinstance(said, str)):
        message = f"'language' cannot be {said!r:.60}; write, for example, language = 'de'"
        yield Finding(Location("conf.py"), "conf", message)


#: What a word without quotes was meant to be.
_MEANT = {"true": "True", "false": "False", "none": "None", "null": "None"}


def _unnamed(tree: ast.Module) -> Iterable[Finding]:
    """Yield the names that nothing defines: texts without quotes, of which Sphinx dies."""
    made = {"tags", "__file__", "__name__", "__builtins__", *dir(builtins)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(name, ast.Store() | ast.Del()) | ast.arg(name):
                made.add(name)
            case ast.FunctionDef(name) | ast.ClassDef(name) | ast.ExceptHandler(name=str(name)):
                made.add(name)
            case ast.alias(name, other):
                made.add(other or name.partition(".")[0])
    if "*" in made:
        return
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.If | ast.Try | ast.With):
            continue  # which may never run
        if isinstance(statement, ast.AnnAssign):
            statement.annotation = ast.Constant(None)  # which Sphinx does not look at
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id not in made:
                at = Location("conf.py", node.lineno, node.col_offset + 1)
                meant = _MEANT.get(node.id.lower(), f'"{node.id}"')
                yield Finding(at, "conf", f"nothing defines '{node.id}'; write {meant}")


def _computed(lines: dict[str, int]) -> Iterable[Finding]:
    """Yield the one finding that names the settings which only a build knows."""
    names = [name for name in (*NAMES, "*") if name in lines]
    if names:
        at = Location("conf.py", min(lines[name] for name in names))
        listed = ", ".join(f"'{name}'" if name != "*" else "what 'import *' sets" for name in names)
        message = f"{listed}: computed here, which the check cannot tell, since it runs nothing"
        yield Finding(at, "conf-computed", f"{message}; write plain values", "info")


class _Reader:
    """The values that a module's statements give its names, as far as they are plain.

    Values are copied when they are used again, so that none is shared or holds itself.
    """

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.computed: dict[str, int] = {}
        self.left = MAX_STEPS

    def read(self, node: ast.stmt) -> None:
        """Do what a statement does; else note the names that it changes."""
        try:
            self.do(node)
        except _FAULTS:
            for name in _changed(node):
                self.computed.setdefault(name, node.lineno)

    def do(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets, value):
                for target in targets:
                    self.assign(target, self.value(value))
            case ast.AnnAssign(target, _, value) if value:
                self.assign(target, self.value(value))
            case ast.AugAssign(ast.Name(name), action, value):
                both = _OPERATORS[type(action)](self.values[name], self.value(value))
                self.values[name] = self.spend(both)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), method), args, named)):
                if name in self.values:
                    values = [self.value(one) for one in args]
                    _METHODS[method](self.values[name], *values, **self.words(named))
            case ast.FunctionDef() | ast.ClassDef() | ast.Import() | ast.Expr() | ast.AnnAssign():
                pass
            case ast.ImportFrom(_, names) if names[0].name != "*":
                pass
            case _:
                raise TypeError

    def assign(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(name):
                self.values[name] = value
                self.computed.pop(name, None)
            case ast.Subscript(ast.Name(name), key):
                self.values[name][self.value(key)] = value
            case ast.Tuple(names) | ast.List(names):
                for inner, item in zip(names, value, strict=True):
                    self.assign(inner, item)
            case _:
                raise TypeError

    def value(self, node: ast.expr) -> Any:
        """Return the value of an expression.

        :raises Exception: one of ``_FAULTS``, if it is not plain.
        """
        match node:
            case ast.Constant(value):
                return self.spend(value)
            case ast.Name(name):
                return self.copy(self.values[name])
            case ast.List(items):
                return self.items(items)
            case ast.Tuple(items):
                return tuple(self.items(items))
            case ast.Set(items):
                return set(self.items(items))
            case ast.Dict(keys, items):
                made: dict[Any, Any] = {}
                for key, item in zip(keys, items, strict=True):
                    value = self.value(item)
                    made.update({self.value(key): value} if key else value)
                return made
            case ast.BinOp(left, action, right):
                return self.spend(_OPERATORS[type(action)](self.value(left), self.value(right)))
            case ast.UnaryOp(ast.USub(), operand):
                return -self.value(operand)
            case ast.Subscript(inner, key):
                return self.value(inner)[self.value(key)]
            case ast.Call(function, args, named):
                return self.call(ast.unparse(function), args, named)
        raise TypeError

    def items(self, nodes: list[ast.expr]) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found += self.value(node.value)
            else:
                found.append(self.value(node))
        return found

    def call(self, name: str, args: list[ast.expr], named: list[ast.keyword]) -> Any:
        """Return what the environment says by default, or a copy of another kind."""
        values = [self.value(one) for one in args]
        if name in ("os.environ.get", "environ.get", "os.getenv", "getenv"):
            return values[1]
        return _COPIES[name](*values, **self.words(named))

    def words(self, named: list[ast.keyword]) -> dict[Any, Any]:
        return {one.arg: self.value(one.value) for one in named}

    def copy(self, value: Any) -> Any:
        self.spend("")
        if isinstance(value, dict):
            return {key: self.copy(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return type(value)(map(self.copy, value))
        return value

    def spend(self, value: Any) -> Any:
        """Count a value that was made.

        :raises ValueError: if there were too many.
        """
        self.left -= 1 + (len(value) // 100 if isinstance(value, str | bytes) else 0)
        if self.left < 0:
            raise ValueError
        return value


def _changed(node: ast.stmt) -> set[str]:
    """Return the names that a statement may change."""
    found = {"*"} if isinstance(node, ast.ImportFrom) else set()
    for inner in ast.walk(node):
        match inner:
            case ast.Name(name, ast.Store() | ast.Del()):
                found.add(name)
            case ast.Call(ast.Attribute(ast.Name(name))) | ast.Subscript(
                ast.Name(name), _, ast.Store()
            ):
                found.add(name)
    return found
