#!/bin/sh
# Watches with strace what ihk build, check and diff of hostile concepts ask of the system: no network, nothing read outside
# the project, the installation and the system's libraries and fonts, nothing written outside output, cache and temp.
# Exit: 0 nothing forbidden, 1 something was done, 2 could not judge. It never passes over something in silence.
set -eu

WURZEL=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
PYTHON=$WURZEL/.venv/bin/python

# shellcheck source=scripts/pakete.sh
. "$WURZEL/scripts/pakete.sh"

fehlende_pakete() {
    command -v strace >/dev/null || printf 'strace '
}

if [ "$(uname -s)" != Linux ]; then
    melden "Fehler: Diese Prüfung braucht strace und läuft nur unter Linux."
    exit 2
fi
umgebung_pruefen
pakete_sichern
PYTHONPATH="$WURZEL/tests" exec "$PYTHON" "$WURZEL/tests/validate/aufrufe.py"
