"""The real yaml-language-server, asked as an editor asks it, about files that ``ihk new`` and ``ihk schema`` write.

``python tests/validate/editor.py SERVER`` with the path of the server's program; exit 1 if it does not offer, explain and flag
what it should. No schema is loaded from the net: the server's own catalogue is switched off, as a file asks for its schema itself.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from ihk.model.massnahme import STATUS, Massnahme
from ihk.schema import beschreibung

WURZEL = Path(__file__).resolve().parents[2]

IHK = str(Path(sys.executable).parent / "ihk")
FRIST = 60
melde = print  # what it says is its result


class Editor:
    """A client of the language server over its standard streams."""

    def __init__(self, server: str, ordner: Path) -> None:
        self.ordner = ordner
        self.einstellungen = json.loads((ordner / ".vscode/settings.json").read_text("utf-8"))
        befehl = ["node", server, "--stdio"]
        self.prozess = subprocess.Popen(
            befehl, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ordner
        )
        self.antworten: queue.Queue[dict[str, Any]] = queue.Queue()
        self.nummer = 0
        self.fassung = 0
        self.befunde: dict[str, list[dict[str, Any]]] = {}
        threading.Thread(target=self._lies, daemon=True).start()
        faehig = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
                "hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "workspaceFolders": True},
        }  # fmt: skip
        ort = {"uri": ordner.as_uri(), "name": "projekt"}
        self.frage(
            "initialize",
            {"processId": None, "rootUri": ordner.as_uri(), "capabilities": faehig, "workspaceFolders": [ort]},
        )
        self.sage("initialized", {})
        self.sage("workspace/didChangeConfiguration", {"settings": self._konfiguration()})

    def _konfiguration(self) -> dict[str, Any]:
        """What VS Code would pass on: the project's own settings; the catalogue on the net is off."""
        yaml = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        yaml["schemas"] = self.einstellungen["yaml.schemas"]
        return {"yaml": yaml}

    def _lies(self) -> None:
        strom = self.prozess.stdout
        assert strom is not None
        while kopf := strom.readline():
            laenge = 0
            while kopf.strip():
                name, _, wert = kopf.decode().partition(":")
                laenge = int(wert) if name.lower() == "content-length" else laenge
                kopf = strom.readline()
            self.antworten.put(json.loads(strom.read(laenge)))

    def _sende(self, nachricht: dict[str, Any]) -> None:
        daten = json.dumps({"jsonrpc": "2.0", **nachricht}).encode()
        assert self.prozess.stdin is not None
        self.prozess.stdin.write(b"Content-Length: %d\r\n\r\n" % len(daten) + daten)
        self.prozess.stdin.flush()

    def sage(self, methode: str, angaben: Any) -> None:
        self._sende({"method": methode, "params": angaben})

    def frage(self, methode: str, angaben: Any) -> Any:
        """The server's answer; what it asks in the meantime is answered."""
        self.nummer += 1
        self._sende({"id": self.nummer, "method": methode, "params": angaben})
        while True:
            nachricht = self._naechste()
            if nachricht.get("id") == self.nummer and "method" not in nachricht:
                if "error" in nachricht:
                    raise RuntimeError(f"{methode}: {nachricht['error']}")
                return nachricht["result"]

    def _naechste(self) -> dict[str, Any]:
        nachricht = self.antworten.get(timeout=FRIST)
        if nachricht.get("method") == "textDocument/publishDiagnostics":
            self.befunde[nachricht["params"]["uri"]] = nachricht["params"]["diagnostics"]
        elif nachricht.get("method") == "workspace/configuration":
            konfiguration = self._konfiguration()
            self._sende(
                {
                    "id": nachricht["id"],
                    "result": [konfiguration.get(i.get("section")) for i in nachricht["params"]["items"]],
                }
            )
        elif "method" in nachricht and "id" in nachricht:
            self._sende({"id": nachricht["id"], "result": None})
        return nachricht

    def zeige(self, datei: Path, text: str) -> list[dict[str, Any]]:
        """Open the file with this text; what the server flags in it."""
        self.fassung += 1
        uri = datei.as_uri()
        self.befunde.pop(uri, None)
        dokument = {"uri": uri, "languageId": "yaml", "version": self.fassung, "text": text}
        if self.fassung > 1:
            self.sage("textDocument/didClose", {"textDocument": {"uri": uri}})
            self.befunde.pop(uri, None)
        self.sage("textDocument/didOpen", {"textDocument": dokument})
        # The flags of closing come first and are empty; asking for something makes sure that those of opening are there.
        self.befunde.pop(uri, None)
        while True:
            nachricht = self._naechste()
            von_hier = (
                nachricht.get("method") == "textDocument/publishDiagnostics" and nachricht["params"]["uri"] == uri
            )
            if von_hier and nachricht["params"].get("version") in (None, self.fassung) and self._fertig(uri):
                return self.befunde[uri]

    def _fertig(self, uri: str) -> bool:
        """No newer flags come for a moment."""
        try:
            while True:
                nachricht = self.antworten.get(timeout=1)
                self.antworten.queue.appendleft(nachricht)
                self._naechste()
        except queue.Empty:
            return uri in self.befunde

    def angeboten(self, datei: Path, text: str) -> dict[str, dict[str, Any]]:
        """What is offered at the sign ‸ of the text, by its word."""
        angaben = self._stelle(datei, text)
        liste = self.frage("textDocument/completion", angaben)
        return {e["label"]: e for e in (liste["items"] if isinstance(liste, dict) else liste)}

    def erklaert(self, datei: Path, text: str) -> str:
        """What is shown for the word behind the sign ‸."""
        antwort = self.frage("textDocument/hover", self._stelle(datei, text))
        return json.dumps(antwort, ensure_ascii=False) if antwort else ""

    def _stelle(self, datei: Path, text: str) -> dict[str, Any]:
        davor = text.partition("‸")[0]
        self.zeige(datei, text.replace("‸", ""))
        return {
            "textDocument": {"uri": datei.as_uri()},
            "position": {"line": davor.count("\n"), "character": len(davor) - davor.rfind("\n") - 1},
        }

    def ende(self) -> None:
        self.prozess.kill()
        self.prozess.wait()


def ihk(ordner: Path, *argumente: str) -> str:
    lauf = subprocess.run([IHK, *argumente], cwd=ordner, capture_output=True, text=True, check=False)
    if lauf.returncode not in (0, 1):
        raise RuntimeError(lauf.stdout + lauf.stderr)
    return lauf.stdout


def projekt(ordner: Path) -> tuple[Path, Path]:
    """A project as ``ihk new`` makes it: a concept in one file, and a measure in a file of its own."""
    (ordner / "concepts").mkdir()
    ihk(
        ordner,
        "new",
        "konzept",
        "probe",
        "--fiktiv",
        "--titel",
        "Probe",
        "--kommune",
        "Stadt Probe",
        "--land",
        "Hessen",
        "--fassung",
        "2024",
    )
    ihk(ordner, "new", "massnahme", "probe@2024", "Platz")
    einzeln = ordner / "concepts/geteilt/2024/massnahmen/M01.yaml"
    einzeln.parent.mkdir(parents=True)
    einzeln.write_text("id: M01\ntitel: Platz\nstatus: idee\n", "utf-8")
    return ordner / "concepts/probe/2024.yaml", einzeln


FEHLER = {
    "unbekannter Schlüssel": "    traegr: Stadt\n",
    "falscher Status": "    status: geplannt\n",
    "falsche Art": "    teilziele: T1\n",
    "Abschnitt statt Wert": "    traeger: {name: Stadt}\n",
    "Wort statt Abschnitt": "    kosten: viel\n",
}


def main(server: str) -> int:
    funde: list[str] = []

    def pruefe(was: str, gut: bool, sonst: object = "") -> None:
        melde(f"{'ok  ' if gut else 'FAIL'}  {was}{'' if gut else f': {sonst}'}")
        if not gut:
            funde.append(was)

    with tempfile.TemporaryDirectory() as hier:
        ordner = Path(hier).resolve() / "projekt"
        ordner.mkdir()
        konzept, einzeln = projekt(ordner)
        text = konzept.read_text("utf-8")
        editor = Editor(server, ordner)
        try:
            pruefe("Was ihk new schreibt, ist ohne Beanstandung", not (b := editor.zeige(konzept, text)), b)
            leer = text.replace("    titel: Platz\n    status: idee\n", "    titel: Platz\n    ‸\n")
            schluessel = set(Massnahme.model_fields) - {"id", "titel", "unbekannt"}
            angebot = editor.angeboten(konzept, leer)
            pruefe(
                f"(a) In einer Maßnahme werden alle {len(schluessel)} übrigen Schlüssel angeboten",
                schluessel <= set(angebot),
                sorted(schluessel - set(angebot)),
            )
            pruefe(
                "(a) … und keiner, den es nicht gibt",
                set(angebot) <= set(Massnahme.model_fields),
                sorted(set(angebot) - set(Massnahme.model_fields)),
            )
            ohne = [
                n
                for n in schluessel & set(angebot)
                if beschreibung(Massnahme, n) not in json.dumps(angebot[n], ensure_ascii=False)
            ]
            pruefe("(a) … jeder mit seiner Erklärung", not ohne, ohne)
            status = editor.angeboten(konzept, text.replace("status: idee", "status: ‸"))
            pruefe(
                f"(b) Die {len(STATUS)} Status werden angeboten, sonst nichts",
                set(status) == set(STATUS),
                sorted(status),
            )
            satz = editor.erklaert(konzept, text.replace("    status: idee", "    ‸status: idee"))
            pruefe("(c) Über „status“ steht die deutsche Erklärung", beschreibung(Massnahme, "status") in satz, satz)
            for was, zeile in FEHLER.items():
                schluessel_ = zeile.split(":")[0].strip()
                falsch = text.replace(
                    "    status: idee\n", zeile + ("" if schluessel_ == "status" else "    status: idee\n")
                )
                if schluessel_ in ("teilziele", "kosten", "traeger"):
                    falsch = "".join(
                        z for z in falsch.splitlines(True) if not z.startswith(f"      {schluessel_}: Noch")
                    )
                nummer = falsch[: falsch.index(zeile)].count("\n") + 1
                im_editor = {b["range"]["start"]["line"] + 1 for b in editor.zeige(konzept, falsch)}
                konzept.write_text(falsch, "utf-8")
                bericht = json.loads(ihk(ordner, "check", "--format", "json", "probe@2024"))
                von_ihk = {b["zeile"] for b in bericht["befunde"] if b["schwere"] == "fehler"}
                pruefe(
                    f"(d) {was}: beanstandet in Zeile {nummer} wie von ihk check",
                    im_editor == von_ihk == {nummer},
                    (im_editor, von_ihk),
                )
            konzept.write_text(text, "utf-8")
            # The measure in a file of its own has no modeline: the project's settings say which schema it is.
            angebot = editor.angeboten(einzeln, "id: M01\ntitel: Platz\n‸\n")
            pruefe(
                "Auch in einer Maßnahme in eigener Datei", schluessel <= set(angebot), sorted(schluessel - set(angebot))
            )
            beanstandet = editor.zeige(einzeln, "id: M01\ntitel: Platz\nstatus: geplannt\ntraegr: x\n")
            im_editor = {b["range"]["start"]["line"] + 1 for b in beanstandet}
            pruefe("… mit falschem Status und unbekanntem Schlüssel", im_editor == {3, 4}, beanstandet)
            # What would be said of every file of any other kind, if the schema had not been found.
            pruefe(
                "Gegenprobe: ohne Modeline und Einstellung bietet der Server nichts an",
                not editor.angeboten(ordner / "anderes.yaml", "titel: Platz\n‸\n"),
            )
        finally:
            editor.ende()
    melde(f"{len(funde)} Abweichungen")
    return 1 if funde else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
