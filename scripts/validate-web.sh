#!/bin/sh
# Judges every web page below a folder (default build/): accessibility and behaviour in Chromium (axe-core, light and
# dark, three widths, see tests/web/axe.mjs) and the markup (Nu HTML Checker).
# Exit: 0 no violation, 1 violations, 2 could not judge. It never passes over something in silence.
set -eu

ORDNER=${1:-build}
WURZEL=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
LAGER=${XDG_CACHE_HOME:-$HOME/.cache}/ihk-validate

# shellcheck source=scripts/pakete.sh
. "$WURZEL/scripts/pakete.sh"

chromium_finden() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}

fehlende_pakete() {
    chromium_finden >/dev/null || printf 'chromium '
    command -v node >/dev/null || printf 'nodejs '
    command -v npm >/dev/null || printf 'npm '
    command -v java >/dev/null || printf 'default-jre-headless '
}

# Prints the verdict of the Nu HTML Checker. The CSS of paged media is beyond it and filtered.
markup_pruefen() {
    java -jar "$LAGER/node_modules/vnu-jar/build/dist/vnu.jar" --errors-only --skip-non-html --filterpattern '.*CSS.*' "$@"
}

if [ ! -d "$ORDNER" ]; then
    melden "Fehler: Den Ordner $ORDNER gibt es nicht. Vorher „make build“ aufrufen oder einen Ordner nennen."
    exit 2
fi
liste=$(find "$ORDNER" -type f -name '*.html' | sort)
if [ -z "$liste" ]; then
    melden "Fehler: In $ORDNER liegt keine HTML-Datei. Vorher „make build“ aufrufen oder einen Ordner nennen."
    exit 2
fi

pakete_sichern
npm_sichern "$WURZEL/tests/web" "$LAGER"

IFS='
'
set -f
# Unquoted on purpose: one path a line.
# shellcheck disable=SC2086
set -- $liste
unset IFS
set +f

code=0
printf 'Markup (Nu HTML Checker)\n'
if BERICHT=$(markup_pruefen "$@" 2>&1); then
    printf '%s Seiten, 0 Fehler\n' "$#"
else
    printf '%s\n' "$BERICHT"
    code=1
fi
printf '\nZugänglichkeit und Bedienung (axe-core, Chromium)\n'
CHROMIUM=$(chromium_finden) NODE_PATH=$LAGER node "$WURZEL/tests/web/axe.mjs" "$@" || {
    ergebnis=$?
    [ "$ergebnis" -eq 1 ] || exit 2
    code=1
}
exit "$code"
