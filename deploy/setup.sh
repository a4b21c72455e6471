#!/bin/sh
# Makes .venv with the locked packages, and installs the system libraries that Qt needs where that is allowed.
# Usage: deploy/setup.sh [run|test]   ("test" adds the test packages and Xvfb). Safe to call again: it does only what is missing.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
python=${PYTHON:-python3}
venv=${CLEARWELL_VENV:-.venv}

script=setup
. deploy/system.sh

command -v "$python" >/dev/null 2>&1 || { install_system python3 python3-venv ca-certificates || ask_for; }
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' ||
    fail "Python 3.11, 3.12 or 3.13 is needed, $("$python" --version) was found; set PYTHON=/path/to/python3.12"

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_system python3-venv ca-certificates || ask_for
    [ -e /etc/ssl/certs/ca-certificates.crt ] || [ "$(uname)" != Linux ] || install_system ca-certificates || ask_for
    rm -rf "$venv"
    say "making the virtual environment $venv"
    "$python" -m venv "$venv" || fail "the virtual environment could not be made (see above)"
fi

lock=requirements.lock
[ "$purpose" = run ] || lock=requirements-test.lock
stamp="$venv/.installed-$purpose"
if ! cmp -s "$lock" "$stamp"; then
    say "installing the packages of $lock (a few minutes the first time)"
    # The lock names every package; --no-deps keeps an old pip from looking for newer ones to fulfil an "extra".
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r "$lock" ||
        fail "the packages could not be installed (see above); is the package index reachable?"
    # On all cores and without the packages' own tests, which pip would compile too; a file that can't be stays as it is.
    (cd "$venv"/lib/python*/site-packages && ../../../bin/python -m compileall -q -j 0 -x '/tests?/' . >/dev/null 2>&1) || true
    cp "$lock" "$stamp"
    [ "$purpose" = run ] || cp requirements.lock "$venv/.installed-run"
fi

[ "$(uname)" = Linux ] || exit 0
# What the Qt libraries in the wheel still miss, by the loader's own word.
qt_libraries="libglib2.0-0 libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4
 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libxcb-randr0 libxcb-image0 libxcb-render-util0"
qt=$("$venv/bin/python" -c 'import importlib.util as u; print(u.find_spec("PySide6").submodule_search_locations[0])')
missing_libraries() {
    ldd "$qt"/Qt/plugins/platforms/libqxcb.so "$qt"/QtGui.abi3.so "$qt"/QtWidgets.abi3.so 2>/dev/null |
        sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | grep -v '^libshiboken' | sort -u
}
if [ -n "$(missing_libraries)" ]; then
    # shellcheck disable=SC2086 # a list of packages
    install_system $qt_libraries || ask_for
    [ -z "$(missing_libraries)" ] || fail "Qt still misses: $(missing_libraries | tr '\n' ' ')"
fi
if [ "$purpose" = test ] && ! command -v xvfb-run >/dev/null 2>&1; then
    install_system xvfb xauth xdotool ||
        say "no Xvfb: window tests run off-screen. For a real screen: sudo apt-get install --no-install-recommends $missing_system"
fi
