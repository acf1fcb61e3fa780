"""A strict Content-Security-Policy for a page that is one file.

Only the styles and the script of the templates may act, each known by its hash. A hash cannot allow ``style="…"`` on an
element, so the places of bars move from there into the style element: the policy needs no ``'unsafe-inline'``.
"""

from __future__ import annotations

import base64
import hashlib
import re

ZEICHENSATZ = '<meta charset="utf-8">'
# Text has neither a raw "<" nor a raw ">", so what is followed by the end of a tag stands in one.
_STIL = re.compile(r' style="([\w:;,.%#() -]*)"(?=(?:[^<>"]++|"[^"]*+")*+>)')
_ELEMENT = re.compile(r"<(style|script)\b[^>]*>(.*?)</\1>", re.DOTALL)


def with_policy(seite: str, *, eigene_adressen: bool = False) -> str:
    """The page with its policy, the same bytes every time; a project's own page that has another head is left to the project.

    ``eigene_adressen`` is for the preview, whose frame asks its own server.
    """
    kopf, ende, rumpf = seite.partition("</head>")
    if ZEICHENSATZ not in kopf or not ende:
        return seite
    rumpf, regeln = _styles_by_rule(rumpf)
    vor, stilende, nach = kopf.rpartition("</style>")
    kopf = f"{vor}{regeln}{stilende}{nach}"
    meta = f'{ZEICHENSATZ}\n<meta http-equiv="Content-Security-Policy" content="{_policy(kopf + (rumpf if eigene_adressen else ""), eigene_adressen)}">'
    return kopf.replace(ZEICHENSATZ, meta, 1) + ende + rumpf


def _policy(kopf: str, eigene_adressen: bool) -> str:
    quellen: dict[str, list[str]] = {"style": [], "script": []}
    for art, inhalt in _ELEMENT.findall(kopf):
        quellen[art].append(f"'sha256-{base64.b64encode(hashlib.sha256(inhalt.encode()).digest()).decode()}'")
    stile, skripte = (" ".join(quellen[art]) or "'none'" for art in ("style", "script"))
    return (
        f"default-src 'none'; img-src data:; font-src data:; style-src {stile}; script-src {skripte}; "
        "base-uri 'none'; form-action 'none'" + ("; connect-src 'self'; frame-src 'self'" if eigene_adressen else "")
    )


def _styles_by_rule(rumpf: str) -> tuple[str, str]:
    """The body with ``data-lage`` instead of ``style``, and the rules; equal styles share one."""
    stile: dict[str, str] = {}

    def lage(treffer: re.Match[str]) -> str:
        return f' data-lage="{stile.setdefault(treffer[1], str(len(stile)))}"'

    rumpf = _STIL.sub(lage, rumpf)
    return rumpf, "".join(f'[data-lage="{nummer}"] {{ {stil} }}\n' for stil, nummer in stile.items())
