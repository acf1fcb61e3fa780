# Shared by the validate scripts, which source it and define fehlende_pakete: it prints the Debian packages still missing.
# shellcheck shell=sh

melden() {
    printf '%s\n' "$*" >&2
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
