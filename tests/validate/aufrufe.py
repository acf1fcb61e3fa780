"""What the program asks of the system: ``ihk build``, ``check`` and ``diff`` of hostile concepts under strace.

No socket but AF_UNIX; nothing read outside the project, the installation and the system's libraries, fonts and locale; nothing
written outside output, cache and temporary folder. First a program that does each of these on purpose: what does not see
it judges nothing (exit 2). Exit 1 if the program did something that it must not.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from builders import schreibe
from feindlich import png

WURZEL = Path(__file__).resolve().parents[2]

OEFFNEN = {"open", "openat", "openat2", "creat"}
AENDERN = {
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "link", "linkat", "symlink", "symlinkat",
    "truncate", "chmod", "fchmodat", "chown", "lchown", "fchownat", "mknod", "mknodat", "utimensat", "setxattr", "lsetxattr",
}  # fmt: skip
NETZ = {"socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg"}
ZEILE = re.compile(r"^(?:\d+ +)?(?P<ruf>\w+)\((?P<rest>.*?)\) += (?P<wert>-?\d+)(?:<(?P<pfad>[^>]*)>)?")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
ORDNER = re.compile(r"<([^>]*)>")

# What any program of this kind reads of the system: the loader, locale, time zone, fonts, what the machine has.
SYSTEM = (
    "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/bin", "/bin", "/usr/share/fonts", "/usr/local/share/fonts",
    "/usr/share/fontconfig", "/usr/share/locale", "/usr/share/zoneinfo", "/usr/share/mime", "/usr/share/icu", "/usr/share/X11/locale", "/var/cache/fontconfig",
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload", "/etc/fonts", "/etc/localtime", "/etc/locale.alias", "/etc/mime.types",
    "/etc/nsswitch.conf", "/etc/passwd", "/etc/gitconfig", "/proc", "/sys", "/dev/null", "/dev/urandom", "/dev/random", "/dev/tty", "/dev/shm", "/etc/timezone",
    "/etc/alternatives", "/etc/ssl/openssl.cnf", "/usr/share/git-core", "/usr/share/terminfo", "/etc/terminfo", "/lib/terminfo",
)  # fmt: skip


@dataclass
class Urteil:
    """What a run did that it must not do, and how much of everything it did."""

    schaden: list[str] = field(default_factory=list)
    gesehen: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Erlaubt:
    lesen: tuple[str, ...]
    schreiben: tuple[str, ...]


def lauf(befehl: list[str], ort: Path, umgebung: dict[str, str]) -> tuple[int, str, str]:
    """Exit code, output, and the calls."""
    spur = ort.parent / "spur"
    auswahl = ",".join(sorted(OEFFNEN | AENDERN | NETZ | {"execve"}))
    voran = ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={auswahl}", "-e", "signal=none", "-o", str(spur), "--"]
    ergebnis = subprocess.run(
        [*voran, *befehl], cwd=ort, env=umgebung, capture_output=True, text=True, timeout=600, check=False
    )
    return ergebnis.returncode, ergebnis.stdout + ergebnis.stderr, spur.read_text("utf-8", "surrogateescape")


def beurteilt(spur: str, erlaubt: Erlaubt, urteil: Urteil, verboten: frozenset[str]) -> None:
    """Adds what one run did. ``verboten`` are files that must not even be asked for."""
    for ruf, rest, wert, pfad in _rufe(spur):
        if ruf in NETZ:
            urteil.gesehen["Netz"] += 1
            familie = re.search(r"\bAF_\w+|<(UNIX|TCP|UDP|NETLINK)\S*", rest)
            if (ruf == "socket" and "AF_UNIX" not in rest) or (
                ruf != "socket" and familie and not familie[0].startswith(("AF_UNIX", "AF_LOCAL", "<UNIX"))
            ):
                urteil.schaden.append(f"{ruf}({rest[:100]})")
        elif ruf == "execve" and wert == 0:
            urteil.gesehen["Programme"] += 1
        elif ruf in OEFFNEN:
            if verboten & set(_ziele(rest)):
                urteil.schaden.append(f"{ruf}({rest[:160]})")
            if wert < 0:
                continue
            schreibt = re.search(r"O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)|\bcreat\b", rest) is not None or ruf == "creat"
            urteil.gesehen["geschrieben" if schreibt else "gelesen"] += 1
            urteil.gesehen["Projekt gelesen"] += not schreibt and "/projekt/concepts" in pfad
            # The folder itself, not what lies in it, is looked through by an installation that points there.
            if pfad != str(WURZEL) and not _innen(
                pfad, erlaubt.schreiben if schreibt else erlaubt.lesen + erlaubt.schreiben
            ):
                urteil.schaden.append(f"{'schreibt' if schreibt else 'liest'} {pfad}")
        elif ruf in AENDERN and wert >= 0:
            urteil.gesehen["geändert"] += 1
            urteil.schaden += [f"{ruf} {ziel}" for ziel in _ziele(rest) if not _innen(ziel, erlaubt.schreiben)]


def _rufe(spur: str) -> Iterator[tuple[str, str, int, str]]:
    """Whole calls; one that another process interrupted in the record is put together again."""
    offen: dict[str, str] = {}
    for zeile in spur.split("\n"):
        pid = zeile.partition(" ")[0]
        if zeile.endswith("<unfinished ...>"):
            offen[pid] = zeile.removesuffix("<unfinished ...>")
            continue
        fortgesetzt = " resumed>" in zeile and pid in offen
        ganz = offen.pop(pid) + zeile.partition(" resumed>")[2] if fortgesetzt else zeile
        if (treffer := ZEILE.match(ganz)) is not None:
            yield (
                treffer["ruf"],
                treffer["rest"],
                int(treffer["wert"]),
                (treffer["pfad"] or "").removesuffix(" (deleted)"),
            )


def _ziele(rest: str) -> list[str]:
    """The paths that a call names, made whole by the folder that strace prints beside a descriptor."""
    ordner = ORDNER.findall(rest) or ["/unbekannt"]
    paare = ((ordner[min(i, len(ordner) - 1)], name) for i, name in enumerate(TEXT.findall(rest)))
    return [os.path.normpath(name if name.startswith("/") else f"{ort}/{name}") for ort, name in paare]


def _innen(pfad: str, orte: tuple[str, ...]) -> bool:
    if re.match(r"(?:pipe|socket|anon_inode|/memfd):", pfad):
        return True
    return any(pfad == ort or pfad.startswith(ort.rstrip("/") + "/") for ort in orte)


# ---------------------------------------------------------------------------------------------------- the concepts

GEHEIM = "geheimnis-7f3a"
"""Stands in the name of the file outside the project, so that even asking for it is seen."""
FREMDE = ("/dev/zero", "/proc/self/environ", "/etc/shadow")
MIT_GEHEIM = (
    "{g}", "../../../{n}", "file://{g}", "http://127.0.0.1:9/{n}.png", "//127.0.0.1/{n}", "https://127.0.0.1:9/{n}", "ftp://127.0.0.1/{n}",
    "data:image/svg+xml,<svg><image href='file://{g}'/></svg>", "javascript:fetch('{g}')", "jar:file://{g}!/", "ihk-asset:../{n}",
)  # fmt: skip
ALS_MARKDOWN = ("![x]({z})", "[x]({z})")
"""What a rule refuses, so that such a concept is not built."""
ALS_TEXT = (
    "<{z}>", "[x]: {z}", '<img src="{z}">', '<link rel="attachment" href="{z}">', '<a rel="attachment" href="{z}">x</a>',
    '<object data="{z}"></object>', "<style>@import url('{z}');</style>", '<svg><image href="{z}"/></svg>', '<iframe src="{z}"></iframe>',
    '<p style="background:url({z})">x</p>', '<base href="{z}">', '<script src="{z}"></script>',
)  # fmt: skip


def projekt(ort: Path) -> tuple[Path, int]:
    """A project with a hostile concept that can be built, with its predecessor, and one that names files from outside.

    Also how many hostile resources it names.
    """
    geheim = ort / GEHEIM
    geheim.write_text("geheim: ja\n", "utf-8")
    ziele = [z.format(g=geheim, n=GEHEIM) for z in MIT_GEHEIM]
    prosa, abgelehnt = (
        "\n\n".join(m.format(z=ziel) for m in muster for ziel in ziele) for muster in (ALS_TEXT, ALS_MARKDOWN)
    )
    # Links of these two kinds are allowed and printed; nothing is fetched for them.
    prosa += "\n\n[x](https://127.0.0.1:9/x) [y](http://127.0.0.1:9/y)"
    ordner = schreibe(
        ort / "projekt",
        {
            "concepts/musterstadt-ost/2024.yaml": konzept("2024", "Harmlos.", "Stadt"),
            "concepts/musterstadt-ost/2029.yaml": konzept("2029", prosa, " ".join(ziele)),
            "concepts/aussen/2024.yaml": aussen(ziele, abgelehnt),
        },
    )
    for konzeptordner in ("musterstadt-ost", "aussen"):
        (ordner / "concepts" / konzeptordner / "bild.png").write_bytes(png())
        (ordner / "concepts" / konzeptordner / "link.png").symlink_to(geheim)
    os.mkfifo(ordner / "concepts/aussen/rohr.png")
    return ordner, (len(ALS_TEXT) + len(ALS_MARKDOWN) + 2) * len(ziele)


def verbotene(ort: Path) -> frozenset[str]:
    """What the concept names and nobody may ask for."""
    return frozenset({str(ort / GEHEIM), *FREMDE})


def konzept(fassung: str, prosa: str, wort: str) -> str:
    """A concept without errors; ``prosa`` in every longer text, ``wort`` in the short ones."""
    neu = fassung != "2024"
    inhalt = {
        "format": "1",
        "konzept": {"id": "musterstadt-ost", "titel": f"Konzept {wort[:200]}", "fiktiv": "ja", "webseite": wort, "herausgeber": wort},
        "fassung": {
            "id": fassung, "art": "fortschreibung" if neu else "ursprung", "status": "entwurf", "stand": f"01.06.{fassung}",
            **({"vorgaenger": "2024", "anlass": prosa} if neu else {}),
        },
        "kapitel": [{"id": "ausgangslage", "text": prosa}],
        "bilder": [{"id": "B1", "datei": "bild.png", "alt": wort, "unterschrift": wort, "bildnachweis": wort}],
        "ziele": [{"id": "Z1", "titel": wort, "beschreibung": prosa, "teilziele": [{"id": "T1", "titel": wort}]}],
        "massnahmen": [
            {
                "id": "M01", "titel": "Platz", "kurztitel": wort[:40], "teilziele": ["T1"], "traeger": wort, "status": "geplant", "bilder": ["B1"],
                "zeitraum": {"von": "2024", "bis": "2030"}, "beschreibung": prosa + "\n\n![](B1)", "ziel": prosa, "begruendung": prosa,
                "kosten": {"gesamt": "90.000 €", "finanzierung": [{"geber": "kommune", "betrag": "90.000 €", "bemerkung": wort}]},
            }
        ],
        "quellen": [{"id": "Q1", "titel": wort, "url": wort.split(" ", maxsplit=1)[0], "fundstelle": wort}],
    }  # fmt: skip
    return json.dumps(inhalt, ensure_ascii=False, indent=1)


def aussen(ziele: list[str], prosa: str) -> str:
    """A concept whose pictures, boundary and typeface lie elsewhere: every name is refused, none is opened."""
    inhalt = json.loads(konzept("2024", prosa, "Stadt"))
    inhalt["konzept"] |= {
        "id": "aussen", "gebiet": {"grenze": f"../../../{GEHEIM}"}, "schriften": {"normal": ziele[0], "kursiv": ziele[1], "fett": "link.png"},
    }  # fmt: skip
    namen = [*ziele, "link.png", "rohr.png", *FREMDE]
    inhalt["bilder"] += [{"id": f"X{n}", "datei": name, "alt": "x"} for n, name in enumerate(namen)]
    return json.dumps(inhalt, ensure_ascii=False, indent=1)


# ---------------------------------------------------------------------------------------------------- the runs

melde = print  # what it says is its result


VERSTOSS = """
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    s.connect(("127.0.0.1", 9))
except OSError:
    pass
open({geheim!r}).read()
open({fremd!r}, "w").write("x")
os.rename({fremd!r}, {fremd!r} + "2")
if os.fork() == 0:
    open({geheim!r} + "-kind", "w").close()
    os._exit(0)
os.wait()
"""
ERWARTET = ("socket(AF_INET", "connect(", f"{GEHEIM}", "schreibt ", "rename ", "-kind")


def main() -> int:
    if shutil.which("strace") is None:
        melde("Fehler: strace fehlt.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="aufrufe-", dir=os.environ.get("TMPDIR")) as hier:
        ort = Path(hier).resolve()
        for name in ("cache", "tmp", "heim"):
            (ort / name).mkdir()
        ordner, anzahl = projekt(ort)
        umgebung = {
            "PATH": os.environ["PATH"], "LANG": os.environ.get("LANG", "C.UTF-8"), "HOME": str(ort / "heim"), "TMPDIR": str(ort / "tmp"),
            "XDG_CACHE_HOME": str(ort / "cache"), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        installiert = {sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), str(WURZEL / "ihk"), str(WURZEL / "templates"), str(WURZEL / "pyproject.toml")}  # fmt: skip
        installiert |= {str(Path(p).resolve()) for p in installiert}
        erlaubt = Erlaubt(
            (*SYSTEM, *sorted(installiert), str(ordner), str(ort / "heim")),
            (str(ordner / "build"), str(ort / "cache"), str(ort / "tmp"), "/dev/null", "/dev/tty", "/dev/shm"),
        )
        if not _sieht_verstoesse(ort, ordner, umgebung, erlaubt):
            return 2
        return _urteile(ordner, umgebung, erlaubt, anzahl)


def _sieht_verstoesse(ort: Path, ordner: Path, umgebung: dict[str, str], erlaubt: Erlaubt) -> bool:
    """Whether the record and its judge see what a program does on purpose."""
    urteil = Urteil()
    programm = VERSTOSS.format(geheim=str(ort / GEHEIM), fremd=str(ort / "fremd"))
    _, _, spur = lauf([sys.executable, "-c", programm], ordner, umgebung)
    beurteilt(spur, erlaubt, urteil, verbotene(ort))
    uebersehen = [was for was in ERWARTET if not any(was in s for s in urteil.schaden)]
    if uebersehen:
        melde(
            f"Fehler: Die Prüfung sieht nicht, was ein Programm mit Absicht tut: {uebersehen}",
            *urteil.schaden,
            sep="\n",
            file=sys.stderr,
        )
        return False
    melde(f"Gegenprobe: {len(urteil.schaden)} Verstöße eines Programms, das sie mit Absicht begeht, alle gesehen")
    return True


def _urteile(ordner: Path, umgebung: dict[str, str], erlaubt: Erlaubt, anzahl: int) -> int:
    ihk = str(Path(sys.executable).parent / "ihk")
    laeufe = (
        ("ihk build", [ihk, "build", "--report", "all", "musterstadt-ost"], (0,)),
        ("ihk build, Dateien von außen", [ihk, "build", "aussen"], (1,)),
        ("ihk check", [ihk, "check", "musterstadt-ost", "aussen"], (1,)),
        ("ihk diff", [ihk, "diff", "musterstadt-ost@2024", "musterstadt-ost@2029"], (0, 1)),
    )  # fmt: skip
    schaden = 0
    melde(f"{anzahl} feindliche Adressen im Konzept")
    for name, befehl, codes in laeufe:
        urteil = Urteil()
        code, ausgabe, spur = lauf(befehl, ordner, umgebung)
        beurteilt(spur, erlaubt, urteil, verbotene(ordner.parent))
        if code not in codes:
            urteil.schaden.append(f"Exit-Code {code}: {ausgabe[-600:]}")
        if not urteil.gesehen["Projekt gelesen"]:
            urteil.schaden.append("Das Projekt wurde nicht gelesen: es ist nichts geprüft")
        zahlen = ", ".join(f"{was} {n}" for was, n in sorted(urteil.gesehen.items()) if n)
        melde(
            f"{'ok  ' if not urteil.schaden else 'FAIL'}  {name}: {zahlen}",
            *sorted(set(urteil.schaden)),
            sep="\n      ",
        )
        schaden += bool(urteil.schaden)
    return 1 if schaden else 0


if __name__ == "__main__":
    sys.exit(main())
