# What the scripts of this folder share: how they speak, and how they come by Debian packages. Sourced, never run.

say() { printf '%s: %s\n' "$script" "$*"; }
fail() { printf '%s: %s\n' "$script" "$*" >&2; exit 1; }

# Installs Debian packages, or says the line that a person with the right to do so must type.
install_system() {
    command -v apt-get >/dev/null 2>&1 || { missing_system="$*"; return 1; }
    as_root=
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || { missing_system="$*"; return 1; }
        as_root="sudo -n"
    fi
    say "installing system packages: $*"
    $as_root apt-get update -q >/dev/null || true
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null ||
        { missing_system="$*"; return 1; }
}
ask_for() { fail "please run this line, then try again:  sudo apt-get install --no-install-recommends $missing_system"; }
