#!/bin/sh
# Ein Rundgang als neuer Nutzer auf einem frischen Debian 12: richtet ihk in einem neuen Klon ein, macht das Tutorial Schritt für
# Schritt mit und schreibt auf, was zu sehen war. Aufruf: sh docs/rundgang.sh REPOSITORIUM > docs/rundgang.md
set -eu
ordner=$(mktemp -d)
trap 'rm -rf "$ordner"' EXIT
git clone --quiet "$1" "$ordner/ihk"
cd "$ordner/ihk"
beginn=$(date +%s)
make einrichten >&2
dauer=$(($(date +%s) - beginn))
. /etc/os-release
cat <<KOPF
# Rundgang

Aufgezeichnet mit \`docs/rundgang.sh\` auf einem frischen ${PRETTY_NAME} mit \`git\`, \`make\` und \`python3\`: ein neuer Klon, \`make einrichten\`
(${dauer} Sekunden, mit den fehlenden Systembibliotheken), dann das [Tutorial](tutorial.md) von vorn bis hinten. Jeder Schritt, jede Angabe steht im Handbuch.

KOPF
.venv/bin/python tests/mitmachen.py docs/tutorial.md
