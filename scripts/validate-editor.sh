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

umgebung_pruefen
pakete_sichern
npm_sichern "$WURZEL/tests/editor" "$LAGER"
printf 'Editor (yaml-language-server %s)\n' "$(node -p "require('$LAGER/node_modules/yaml-language-server/package.json').version")"
exec "$PYTHON" "$WURZEL/tests/validate/editor.py" "$LAGER/node_modules/yaml-language-server/bin/yaml-language-server"
