#!/bin/sh
# Installs servers that aren't ours, for `make foreign`: libmodbus and mosquitto as Debian packages, modbus-serial and node-opcua into
# .foreign/ (delete it to be rid of them). Safe to call again: it does only what is missing.
set -eu
cd "$(dirname "$0")/.."
script=foreign
. deploy/system.sh
peers=tests/foreign/servers

"${PYTHON:-python3}" -c 'import ctypes; ctypes.CDLL("libmodbus.so.5")' 2>/dev/null || install_system libmodbus5 || ask_for
command -v mosquitto >/dev/null 2>&1 || [ -x /usr/sbin/mosquitto ] || install_system mosquitto || ask_for
command -v npm >/dev/null 2>&1 || install_system nodejs npm || ask_for
command -v openssl >/dev/null 2>&1 || install_system openssl || ask_for # node-opcua makes its certificates with it

if ! cmp -s "$peers/package-lock.json" .foreign/.installed; then
    say "installing the packages of $peers/package-lock.json into .foreign (a minute the first time)"
    mkdir -p .foreign
    cp "$peers/package.json" "$peers/package-lock.json" .foreign/
    # None of them needs to run a script of its own while it is installed.
    npm ci --prefix .foreign --ignore-scripts --no-audit --no-fund --loglevel=error ||
        fail "the packages could not be installed (see above); is the npm registry reachable?"
    cp "$peers/package-lock.json" .foreign/.installed
fi
