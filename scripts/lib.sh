# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
#
# What the scripts beside Package.swift share. Sourced by bash 3.2 (macOS) and newer, in the package's own directory.

# The system libraries that the package is built against: the store that needs it, Debian's package, Homebrew's formula,
# and what it is for.
system_libraries="
- zlib1g-dev zlib compresses large session cookies, as Flask does
SQLite libsqlite3-dev sqlite keeps sessions in an SQLite database
Postgres libpq-dev libpq keeps sessions in PostgreSQL
Redis libhiredis-dev hiredis formats and parses what goes to and from Redis
"

say() { printf '==> %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

has() { command -v "$1" > /dev/null 2>&1; }

require_swift() {
    has swift || fail "Swift is missing. Install Swift 6.2 or newer from https://www.swift.org/install and try again."
    swift --version > /dev/null 2>&1 || fail "Swift is there but does not start: see what 'swift --version' says."
}

# package_build ARGUMENT...: `swift build`. SwiftPM passes the traits of a dependency to the compiler in the order of their
# hashes, and compiles all of Hummingbird again when another run has them in another order.
package_build() { SWIFT_DETERMINISTIC_HASHING=1 swift build "$@"; }

# require_system_libraries [PARTS]: those of all stores, unless some are named.
require_system_libraries() {
    local store debian brew why
    # The list comes in on its own channel: what installs may read standard input.
    while read -r -u 3 store debian brew why; do
        [[ -n $debian ]] && [[ -z ${1+named} || $store == - || " $1 " == *" $store "* ]] || continue
        has_package "$debian" "$brew" || install_package "$debian" "$brew" "$why"
    done 3<<< "$system_libraries"
}

# require_command COMMAND DEBIAN-PACKAGE BREW-FORMULA WHY
require_command() { has "$1" || install_package "$2" "$3" "$4"; }

# Debian has Chromium as a package; elsewhere a person installs it.
require_browser() {
    local place
    for place in chromium chromium-browser google-chrome Chromium "Google Chrome"; do
        ! has "$place" && [[ ! -x /Applications/$place.app/Contents/MacOS/$place ]] || return 0
    done
    has apt-get || fail "Chromium is missing. On macOS put Chromium or Google Chrome into /Applications, and try again."
    install_package chromium chromium "visits the examples as a browser does (80 MB, and 290 MB when it is unpacked)"
}

has_package() {
    if has dpkg-query; then
        [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2> /dev/null) == installed* ]]
    elif has brew; then
        brew list --versions "$2" > /dev/null 2>&1
    fi # On other systems the build says what is missing.
}

# install_package DEBIAN-PACKAGE BREW-FORMULA WHY
install_package() {
    if has apt-get; then
        say "Installing the system package $1: $3"
        as_root apt-get -qq update > /dev/null || say "The package lists could not be renewed; the old ones may do."
        # Servers are installed for the tests, which start their own. RUNLEVEL=1 asks for none of the system's; systemd may
        # start them all the same.
        as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq install --yes --no-install-recommends "$1" > /dev/null ||
            fail "The system package $1 could not be installed ($3)."
    elif has brew; then
        say "Installing the Homebrew formula $2: $3"
        brew install --quiet "$2" || fail "The Homebrew formula $2 could not be installed ($3)."
    else
        fail "Neither apt nor brew is here: install what Debian calls $1 ($3) and try again."
    fi
}

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        fail "This needs root, and there is no sudo. Run as root: $*"
    fi
}

# The programs of the server are where only its own tools look: not in the path.
has_postgres() {
    has postgres || compgen -G "/usr/lib/postgresql/*/bin/postgres" > /dev/null ||
        compgen -G "/opt/homebrew/opt/postgresql*/bin/postgres" > /dev/null ||
        compgen -G "/usr/local/opt/postgresql*/bin/postgres" > /dev/null
}

environment=.venv

# Real Flask in a virtual environment of the package's own.
prepare_flask() {
    local wanted=Tests/Interop/requirements.txt installed=$environment/requirements.txt
    ! cmp -s "$wanted" "$installed" || ! "$environment/bin/python" -c "import flask, flask_session, requests" 2> /dev/null || return 0
    python3 -c "import ensurepip, venv" 2> /dev/null ||
        install_package python3-venv python "keeps real Flask apart from the system's Python"
    say "Installing real Flask into $environment"
    python3 -m venv --clear "$environment" || fail "The virtual environment $environment could not be made."
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" ||
        fail "Flask could not be installed into $environment."
    cp "$wanted" "$installed"
}
