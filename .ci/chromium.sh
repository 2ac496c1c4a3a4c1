# The browser stories drive Debian's Chromium. Installs it where that is possible; else says so, and fails in CI.
set -eu
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "The browser stories need Chromium: sudo apt-get install chromium" >&2
[ -z "${CI:-}" ] || exit 1
