# Tests of what comes back run Debian's Postfix and Dovecot. Installs them where that is possible; else says so, and fails in CI.
set -eu
PATH="$PATH:/usr/sbin"
missing=""
for program in postfix dovecot openssl; do command -v $program >/dev/null || missing="$missing $program"; done
[ -d /usr/lib/dovecot ] && [ -x /usr/lib/dovecot/imap ] || missing="$missing dovecot-imapd"
if [ -z "$missing" ] && [ "$(id -u)" = 0 ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # Only the programs are wanted: the servers that the packages would start are told not to.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
        trap 'rm -f $policy' EXIT
    fi
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        postfix dovecot-core dovecot-imapd openssl >/dev/null && exit 0
fi
[ -z "$missing" ] || echo "Tests with real mail servers need$missing: sudo apt-get install postfix dovecot-core dovecot-imapd openssl" >&2
[ "$(id -u)" = 0 ] || echo "Tests with real mail servers need to be run as root, as Postfix and Dovecot do." >&2
[ -z "${CI:-}" ] || exit 1
