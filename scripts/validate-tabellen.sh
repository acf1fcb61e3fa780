#!/bin/sh
# Has LibreOffice calculate every workbook of ihk export --format xlsx anew (all Fassungen of concepts/ and two hard
# concepts) and compares every cell with ours, numbers to the cent.
# Then sends workbooks through LibreOffice and back, one of them with edited cells: ihk import must see exactly the edits.
# Exit: 0 everything is equal, 1 something is not, 2 could not judge. It never passes over something in silence.
set -eu

WURZEL=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
PYTHON=$WURZEL/.venv/bin/python

# shellcheck source=scripts/pakete.sh
. "$WURZEL/scripts/pakete.sh"

fehlende_pakete() {
    command -v soffice >/dev/null || printf 'libreoffice-calc '
}

pruefe() {
    PYTHONPATH="$WURZEL:$WURZEL/tests" "$PYTHON" "$WURZEL/tests/validate/tabellen.py" "$@"
}

# A profile of its own: nothing of the user's is read or changed. It has LibreOffice calculate what it opens, always.
profil_anlegen() {
    mkdir -p "$1/user"
    cat >"$1/user/registrymodifications.xcu" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
XML
}

umgebung_pruefen
pakete_sichern
hier=$(mktemp -d)
trap 'rm -rf "$hier"' EXIT
pruefe write "$hier" || exit 2
profil_anlegen "$hier/profil"
umwandeln() { # FORM, ZIEL, DATEIEN …
    form=$1 ziel=$2
    shift 2
    if ! timeout 900 soffice "-env:UserInstallation=file://$hier/profil" --headless --norestore --convert-to "$form" \
        --outdir "$ziel" "$@" >"$hier/meldungen" 2>&1; then
        cat "$hier/meldungen" >&2
        melden "Fehler: LibreOffice konnte die Arbeitsmappen nicht öffnen (Meldung siehe oben)."
        exit 2
    fi
}
urteilen() { # 0 and 10 are verdicts; anything else means that the comparison itself failed
    wert=0
    pruefe "$@" || wert=$?
    case $wert in
        0) ;;
        10) ergebnis=1 ;;
        *) exit 2 ;;
    esac
}

umwandeln xlsx "$hier/gerechnet" "$hier"/falsch/*.xlsx
printf 'Arbeitsmappen, neu gerechnet von %s\n' "$(soffice "-env:UserInstallation=file://$hier/profil" --version)"
ergebnis=0
urteilen compare "$hier"
pruefe prepare "$hier" || exit 2
umwandeln fods "$hier/flach" "$hier"/hin/*.xlsx
pruefe edit "$hier" || exit 2
umwandeln xlsx "$hier/zurueck" "$hier"/flach/*.fods
urteilen import "$hier"
exit "$ergebnis"
