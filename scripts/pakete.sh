# Shared by the validate scripts, which source it and define fehlende_pakete: it prints the Debian packages still missing.
# shellcheck shell=sh

melden() {
    printf '%s\n' "$*" >&2
}

# The environment of the project must be there; ends with 2 if it is not.
umgebung_pruefen() {
    if [ ! -x "$PYTHON" ]; then
        melden "Fehler: Die Umgebung .venv fehlt. Zuerst „make einrichten“ aufrufen."
        exit 2
    fi
}

# npm_sichern FOLDER STORE: the programs of FOLDER/package-lock.json in STORE, which lies outside the repository; they are
# fetched anew when the lock has changed.
npm_sichern() {
    soll=$(cksum <"$1/package-lock.json")
    if [ -f "$2/stand" ] && [ "$(cat "$2/stand")" = "$soll" ]; then
        return 0
    fi
    melden "Die Prüfwerkzeuge werden nach $2 geladen."
    mkdir -p "$2"
    cp "$1/package.json" "$1/package-lock.json" "$2/"
    # No set-up code of packages runs; the lock's hashes say which files are right.
    if ! (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2); then
        melden "Fehler: Die Prüfwerkzeuge konnten nicht geladen werden (Meldung siehe oben)."
        exit 2
    fi
    printf '%s\n' "$soll" >"$2/stand"
}

# As root installs what is missing; else prints the one command to run and ends with 2.
pakete_sichern() {
    fehlend=$(fehlende_pakete)
    [ -n "$fehlend" ] || return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        melden "Es fehlen Programme. Bitte führen Sie diesen Befehl aus und danach die Prüfung noch einmal:"
        melden
        melden "  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${fehlend% }'"
        melden
        exit 2
    fi
    melden "Systempakete werden installiert: $fehlend"
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 update >&2 || true
    # Unquoted on purpose: a list of package names.
    # shellcheck disable=SC2086
    apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 install -y --no-install-recommends $fehlend >&2 || true
    fehlend=$(fehlende_pakete)
    if [ -n "$fehlend" ]; then
        melden "Fehler: Diese Programme fehlen noch immer: $fehlend"
        exit 2
    fi
}
