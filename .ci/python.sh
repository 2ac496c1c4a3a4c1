# Says which Debian package is missing for a virtual environment, or installs it as root. Argument: the Python to use.
set -eu
python=${1:-python3}
root_installs() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
    else
        echo "eventsys needs the Debian package $1: sudo apt-get install $1" >&2
        exit 1
    fi
}
command -v "$python" >/dev/null || root_installs python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "eventsys needs Python 3.11 or newer; $python is older" >&2; exit 1; }
"$python" -c 'import venv, ensurepip' 2>/dev/null || root_installs python3-venv
