#!/bin/sh
# Sets up .venv with the locked dependencies (no argument), .venv-docs for the handbook (argument "docs"), .venv-bench with
# what is measured beside us (argument "bench"), or renews the locks (argument "lock"). Called by the Makefile; does nothing when the environment still fits.
set -eu

CDPATH='' cd -- "$(dirname -- "$0")/.."
PYTHON=${PYTHON:-python3}
VENV=.venv
LOCK=requirements/lock.txt
DOCS_VENV=.venv-docs
DOCS_LOCK=requirements/docs.txt
BENCH_VENV=.venv-bench
BENCH_LOCK=requirements/bench.txt

PIP_DISABLE_PIP_VERSION_CHECK=1
PIP_NO_INPUT=1
export PIP_DISABLE_PIP_VERSION_CHECK PIP_NO_INPUT
# Settings of a user that would install somewhere else than into the environment.
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PYTHONHOME PYTHONPATH

melden() {
    printf '%s\n' "$*" >&2
}

# Prints the Debian packages that are still missing. Asks the interpreter and the loader, not the package manager:
# that also fits a Python or a Pango that came from elsewhere.
fehlende_pakete() {
    "$PYTHON" - <<'PY'
import ctypes

missing = []
try:
    import ensurepip, venv
except ImportError:
    missing.append("python3-venv")
for package, library in (
    ("libpango-1.0-0", "libpango-1.0.so.0"),
    ("libpangoft2-1.0-0", "libpangoft2-1.0.so.0"),
    ("libharfbuzz-subset0", "libharfbuzz-subset.so.0"),
):
    try:
        ctypes.CDLL(library)
    except OSError:
        missing.append(package)
print(" ".join(missing))
PY
}

python_pruefen() {
    if ! command -v "$PYTHON" >/dev/null 2>&1; then
        melden "Fehler: $PYTHON wurde nicht gefunden. Benötigt wird Python 3.11 oder neuer."
        exit 2
    fi
    if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        melden "Fehler: Benötigt wird Python 3.11 oder neuer, gefunden wurde $("$PYTHON" --version 2>&1)."
        melden "Ein anderes Python wählen Sie zum Beispiel so: make PYTHON=python3.12 test"
        exit 2
    fi
}

pakete_sichern() {
    fehlend=$(fehlende_pakete)
    [ -n "$fehlend" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        melden "Fehler: Es fehlen Systempakete (Namen unter Debian): $fehlend"
        melden "Bitte installieren Sie die entsprechenden Pakete Ihres Systems und rufen Sie make danach erneut auf."
        exit 2
    fi
    if [ "$(id -u)" -ne 0 ]; then
        melden "Es fehlen Systempakete. Bitte führen Sie diesen Befehl aus und rufen Sie make danach erneut auf:"
        melden
        melden "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends $fehlend'"
        melden
        exit 2
    fi
    melden "Systempakete werden installiert: $fehlend"
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    # A failed update need not matter (one dead source among several): the installation decides.
    apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 update >&2 || true
    # Unquoted on purpose: a list of package names.
    # shellcheck disable=SC2086
    if ! apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 \
        install -y --no-install-recommends $fehlend >&2; then
        melden "Fehler: Die Systempakete konnten nicht installiert werden: $fehlend"
        exit 2
    fi
    fehlend=$(fehlende_pakete)
    if [ -n "$fehlend" ]; then
        melden "Fehler: Nach der Installation fehlen noch immer: $fehlend"
        melden "Gehört $(command -v "$PYTHON") nicht zu Debian, rufen Sie make mit PYTHON=/usr/bin/python3 auf."
        exit 2
    fi
}

# kennung FILE...: what an environment depends on, besides these files: this script, the place of the folder and the
# interpreter.
kennung() {
    cksum "$@" scripts/einrichten.sh
    pwd -P
    "$PYTHON" -c 'import sys; print(sys.version, sys.base_prefix)'
}

# fertig ENVIRONMENT STAMP: whether it was made whole, from exactly this.
fertig() {
    [ -f "$1/.eingerichtet" ] && [ "$(cat "$1/.eingerichtet")" = "$2" ] && "$1/bin/python" -c '' 2>/dev/null
}

# anlegen ENVIRONMENT LOCK: one without a fitting stamp is half-made or out of date, so it is made anew, never mended.
anlegen() {
    melden "Die Umgebung $1 wird eingerichtet. Das dauert etwa eine Minute."
    rm -rf "$1"
    "$PYTHON" -m venv "$1"
    # --only-binary: no compiler is needed, and no foreign set-up code runs.
    if ! "$1/bin/python" -m pip install --quiet --retries 10 --require-hashes --only-binary :all: -r "$2"; then
        melden "Fehler: Die Abhängigkeiten aus $2 konnten nicht installiert werden (Meldung siehe oben)."
        melden "Bitte prüfen Sie die Netzverbindung; für diese Python-Version und diesen Rechner muss es fertige Pakete geben."
        exit 1
    fi
}

umgebung_sichern() {
    soll=$(kennung "$LOCK" pyproject.toml)
    if fertig "$VENV" "$soll"; then
        return 0
    fi
    anlegen "$VENV" "$LOCK"
    # --no-index: everything that is needed is there, so nothing is looked up.
    if ! "$VENV/bin/python" -m pip install --quiet --no-index --no-deps --no-build-isolation --editable .; then
        melden "Fehler: Das Projekt selbst konnte nicht in $VENV installiert werden (Meldung siehe oben)."
        exit 1
    fi
    "$VENV/bin/python" -m pip check >/dev/null
    printf '%s\n' "$soll" >"$VENV/.eingerichtet"
}

# nebenumgebung ENVIRONMENT LOCK: one that the program itself is not in.
nebenumgebung() {
    soll=$(kennung "$2")
    if fertig "$1" "$soll"; then
        return 0
    fi
    anlegen "$1" "$2"
    printf '%s\n' "$soll" >"$1/.eingerichtet"
}

# Resolves for all systems and Python versions at once and takes hashes only from the public index, whatever this
# machine's own settings say.
lock_schreiben() {
    python_pruefen
    tmp=$(mktemp -d)
    trap 'rm -rf "$tmp"' EXIT
    trap 'exit 1' HUP INT TERM
    "$PYTHON" -m venv "$tmp/venv"
    "$tmp/venv/bin/python" -m pip install --quiet --require-hashes --only-binary :all: -r requirements/lock-tool.txt
    unset UV_INDEX UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS
    sperren "$LOCK" pyproject.toml --all-extras requirements/lock.in
    sperren "$DOCS_LOCK" requirements/docs.in
    sperren "$BENCH_LOCK" requirements/bench.in
    sperren requirements/lock-tool.txt requirements/lock-tool.in
    melden "Neu geschrieben: $LOCK, $DOCS_LOCK, $BENCH_LOCK und requirements/lock-tool.txt"
}

# sperren TARGET SOURCE...
sperren() {
    ziel=$1
    shift
    "$tmp/venv/bin/uv" --no-config --quiet pip compile --universal --python-version 3.11 --upgrade --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links --output-file "$tmp/neu.txt" "$@" >/dev/null
    {
        printf '%s\n' '# Every package with the hashes of all its files on the public index. Not edited by hand: change'
        printf '%s\n' '# pyproject.toml or requirements/*.in and renew this file with `make lock`.'
        cat "$tmp/neu.txt"
    } >"$tmp/fertig.txt"
    cp "$tmp/fertig.txt" "$ziel"
    rm -f "$tmp/neu.txt"
}

case ${1:-} in
    '')
        python_pruefen
        pakete_sichern
        umgebung_sichern
        ;;
    docs)
        python_pruefen
        pakete_sichern
        nebenumgebung "$DOCS_VENV" "$DOCS_LOCK"
        ;;
    bench)
        python_pruefen
        pakete_sichern
        umgebung_sichern
        nebenumgebung "$BENCH_VENV" "$BENCH_LOCK"
        ;;
    lock)
        lock_schreiben
        ;;
    *)
        melden "Aufruf: sh scripts/einrichten.sh [docs|bench|lock]"
        exit 2
        ;;
esac
