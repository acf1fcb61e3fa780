"""What commands there are: name → module and one line, so that the overview needs none of them loaded."""

from __future__ import annotations

BEFEHLE = {
    "build": ("bauen", "PDF, HTML und Daten schreiben, soweit nicht schon aktuell"),
    "check": ("pruefen", "alle Befunde auf einmal zeigen"),
    "diff": ("vergleichen", "zeigen, was sich von einem Stand zum anderen ändert"),
    "doctor": ("pruefen", "sagen, was auf diesem Rechner fehlt"),
    "explain": ("pruefen", "einen Befund erklären, mit Beispielen"),
    "export": ("bauen", "Daten, Arbeitsmappe, CSV oder Drucksache ausgeben"),
    "fmt": ("schreiben", "Dateien in die übliche Form bringen"),
    "fortschreiben": ("schreiben", "die nächste Fassung öffnen"),
    "git-setup": ("vergleichen", "Git beibringen, Konzepte zu vergleichen"),
    "history": ("verlauf", "zeigen, was über alle Fassungen geworden ist"),
    "import": ("einlesen", "Maßnahmen und Kosten aus einer Tabelle übernehmen"),
    "merge": ("vergleichen", "zwei Bearbeitungen einer Datei zusammenführen"),
    "new": ("schreiben", "ein Konzept oder eine Maßnahme anlegen"),
    "review": ("review", "festhalten, was geprüft ist"),
    "schema": ("pruefen", "das Format als JSON-Schema für Editoren ausgeben"),
    "seal": ("pruefen", "beschlossene Fassungen versiegeln"),
    "serve": ("vorschau", "Berichte und Befunde im Browser, neu nach jedem Speichern"),
    "status": ("pruefen", "zeigen, was zu tun ist"),
    "verify": ("pruefen", "sagen, woraus ein PDF ist und ob es unverändert ist"),
}
