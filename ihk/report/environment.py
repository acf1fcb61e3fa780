"""The one Jinja environment, and where it is quicker than Jinja alone (decision 0021).

A page of a thousand measures prints half a million values: one call looks after each instead of four, and a macro is called as
what it is. A template is compiled once, not at every start: the code lies beside what Python has compiled of this package.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
from collections.abc import Callable
from functools import cache, partial
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from ihk.characters import printable
from ihk.problems import IhkError
from ihk.resources import templates
from ihk.write import write_quickly

KURZ = 40
"""Letters up to which a printed text is kept: captions, numbers, classes, which come again and again."""
VIELE = 20_000


class _Writer(CodeGenerator):
    """Prints through ``environment.ausgabe``, which escapes too, wherever a template is escaped without being asked."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if self._escapes(frame):
            self.write("environment.ausgabe(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if self._escapes(frame):
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)

    @staticmethod
    def _escapes(frame: Frame) -> bool:
        return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


class _Context(Context):
    """Calls a macro, which most calls are, without looking what else it might be."""

    environment: _Environment

    def call(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if type(fn) is not Macro:
            return super().call(fn, *args, **kwargs)
        kwargs.pop("_loop_vars", None)  # for functions that ask for the context
        kwargs.pop("_block_vars", None)
        self.environment.gedruckt = ergebnis = fn(self.eval_ctx, *args, **kwargs)
        return ergebnis


class _Environment(Environment):
    code_generator_class = _Writer
    context_class = _Context
    ausgabe: Callable[[Any], str]
    gedruckt: object = None
    """What a macro has just made, all of it printed already: as a rule it is printed next, and need not be looked through again."""


class _Folder(FileSystemLoader):
    """Templates of one folder; a link out of it would print what its author may not read."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        quelle, datei, frisch = super().get_source(environment, template)
        if not Path(datei).resolve().is_relative_to(Path(self.searchpath[0]).resolve()):
            raise IhkError(
                f"Die Vorlage „{template}“ liegt nicht in „{self.searchpath[0]}“. Die Datei selbst dorthin legen."
            )
        return quelle, datei, frisch


class _Compiled(BytecodeCache):
    """The shipped templates as code, in the folder and under the conditions of Python's own; those of a project are not kept.

    An entry begins with a checksum of itself, of the template, and of what compiles it: anything else counts as not there.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file of a template; empty for one that does not belong to the program."""
        if filename is None or not Path(filename).is_relative_to(templates()):
            return ""
        return cache_from_source(str(Path(__file__).with_name(f"{name.replace('/', '-')}.py")))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Leaves the bucket empty if there is nothing that is whole and fits."""
        if not bucket.key:
            return
        try:
            inhalt = Path(bucket.key).read_bytes()
        except OSError:
            return
        if inhalt[:32] == _checksum(bucket, inhalt[32:]):
            bucket.bytecode_from_string(inhalt[32:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """That it cannot be kept is no reason to stop."""
        if bucket.key and not sys.dont_write_bytecode:
            code = bucket.bytecode_to_string()
            write_quickly(Path(bucket.key), _checksum(bucket, code) + code)


def _checksum(bucket: Bucket, code: bytes) -> bytes:
    return hashlib.sha256(f"{_compiler()} {bucket.checksum} ".encode() + code).digest()


@cache
def _compiler() -> str:
    return f"{importlib.metadata.version('jinja2')} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"


@cache
def environment(vorlagen: Path | None, zeichen: frozenset[int] = frozenset()) -> Environment:
    """Escaping is always on, a misspelt name fails, and None is never printed. The project's own templates come first.

    ``zeichen`` are the code points that the concept's own typeface draws besides the shipped one.
    """
    ordner = [templates()]
    if vorlagen is not None and vorlagen.is_dir():
        ordner.insert(0, vorlagen)
    umgebung = _Environment(
        loader=ChoiceLoader([_Folder(o) for o in ordner]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=partial(_finalize, zeichen),
        bytecode_cache=_Compiled(),
    )
    umgebung.ausgabe = _ausgabe(umgebung, zeichen)
    umgebung.globals.clear()  # templates loop, branch and print; they need neither range nor lipsum
    return umgebung


def _finalize(zeichen: frozenset[int], wert: Any) -> Any:
    """What may be printed: text with every character that no font has replaced by its code. None is a mistake of the view."""
    if wert is None:
        raise TypeError("a template prints None")
    return printable(wert, zeichen) if isinstance(wert, str) else wert


def _ausgabe(umgebung: _Environment, zeichen: frozenset[int]) -> Callable[[Any], str]:
    """The same, escaped unless it is markup; short texts are looked up."""
    fertige: dict[str, str] = {}

    def ausgabe(wert: Any) -> str:
        if type(wert) is str:
            fertig = fertige.get(wert)
            if fertig is None:
                fertig = str(escape(printable(wert, zeichen)))
                if len(wert) <= KURZ and len(fertige) < VIELE:
                    fertige[wert] = fertig
            return fertig
        if type(wert) is Markup:
            schon, umgebung.gedruckt = wert is umgebung.gedruckt, None
            return wert if schon else printable(wert, zeichen)
        return str(escape(_finalize(zeichen, wert)))

    return ausgabe
