#!/bin/sh
# Drives the real yaml-language-server over our schemas and the files that ihk new writes: what it offers, explains and flags.
# Exit: 0 as it should be, 1 it is not, 2 could not judge. It never passes over something in silence. Fetches the server once,
# by its lock; the run itself needs no network.
set -eu

WURZEL=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
PYTHON=$WURZEL/.venv/bin/python
LAGER=${XDG_CACHE_HOME:-$HOME/.cache}/ihk-validate/editor

# shellcheck source=scripts/pakete.sh
. "$WURZEL/scripts/pakete.sh"

fehlende_pakete() {
    command -v node >/dev/null || printf 'nodejs '
    command -v npm >/dev/null || printf 'npm '
}

server_sichern() {
    soll=$(cksum <"$WURZEL/tests/editor/package-lock.json")
    if [ -f "$LAGER/stand" ] && [ "$(cat "$LAGER/stand")" = "$soll" ]; then
        return 0
    fi
    melden "Der Sprachdienst für YAML wird nach $LAGER geladen."
    mkdir -p "$LAGER"
    cp "$WURZEL/tests/editor/package.json" "$WURZEL/tests/editor/package-lock.json" "$LAGER/"
    # No set-up code of packages runs; the lock's hashes say which files are right.
    if ! (cd "$LAGER" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2); then
        melden "Fehler: Der Sprachdienst konnte nicht geladen werden (Meldung siehe oben)."
        exit 2
    fi
    printf '%s\n' "$soll" >"$LAGER/stand"
}

if [ ! -x "$PYTHON" ]; then
    melden "Fehler: Die Umgebung .venv fehlt. Zuerst „make einrichten“ aufrufen."
    exit 2
fi
pakete_sichern
server_sichern
printf 'Editor (yaml-language-server %s)\n' "$(node -p "require('$LAGER/node_modules/yaml-language-server/package.json').version")"
exec "$PYTHON" "$WURZEL/tests/validate/editor.py" "$LAGER/node_modules/yaml-language-server/bin/yaml-language-server"
