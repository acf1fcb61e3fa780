#!/bin/sh
# Schreibt den Kommentar zu einem Vorschlag: für jede geänderte Fassung den Vergleich mit dem Stand, in den er soll.
# Aufruf: kommentar.sh ZIELSTAND DATEI, zum Beispiel kommentar.sh origin/main kommentar.md
set -eu
ziel=$1
datei=$2

# concepts/<konzept>/<fassung>.yaml oder concepts/<konzept>/<fassung>/… wird zu concepts/<konzept>/<fassung>[.yaml]
geaendert=$(git diff --name-only "$ziel...HEAD" -- concepts | sed -n 's|^\(concepts/[^/.]*/[^/.][^/]*\).*|\1|p' | sort -u)

{
    echo '## Änderungen an den Konzepten'
    [ -n "$geaendert" ] || { echo; echo 'Keine Fassung ist geändert.'; }
    for fassung in $geaendert; do
        echo
        echo "### ${fassung#concepts/}"
        echo
        if [ ! -e "$fassung" ]; then
            echo 'Die Fassung ist gelöscht.'
        elif ! git cat-file -e "$ziel:$fassung" 2>/dev/null; then
            echo 'Die Fassung ist neu.'
        else
            echo '```text'
            ihk diff "$ziel:$fassung" "$fassung" --format text --weight einfach 2>&1 || true
            echo '```'
        fi
    done
    echo
    echo '### Befunde'
    echo
    echo '```text'
    ihk check 2>&1 || true
    echo '```'
} >"$datei"
