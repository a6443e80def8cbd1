#!/bin/sh
# One image, several roles. What cannot work is refused here, with the reason, before anything starts.
set -eu

refuse() {
    printf 'linkcrawler: %s\n' "$*" >&2
    exit 64 # EX_USAGE: a restart will not help
}

# NAME_FILE names a file that holds the value of NAME: how secrets are handed over without showing in the environment.
read_secret() {
    eval "file=\${${1}_FILE:-}"
    [ -n "$file" ] || return 0
    [ -r "$file" ] || refuse "${1}_FILE=$file cannot be read: mount the secret there, readable for user $(id -u)"
    value=$(cat "$file")
    export "$1=$value"
    unset "${1}_FILE"
}

need_store() {
    case "${LINKCRAWLER_STORE:-}" in
        mongodb://?* | mongodb+srv://?* | sqlite:////?*) ;;
        '') refuse "LINKCRAWLER_STORE is not set: expected mongodb://USER:PASSWORD@HOST/DATABASE, in the environment or in a file that LINKCRAWLER_STORE_FILE names" ;;
        sqlite:*) refuse "LINKCRAWLER_STORE lies inside the container and would be gone with it: name a file on a volume, such as sqlite:////data/links.db, or a mongodb:// address" ;;
        *) refuse "LINKCRAWLER_STORE has an unknown scheme: expected mongodb://HOST/DATABASE or sqlite:////data/links.db" ;;
    esac
}

need_frontier() {
    case "${LINKCRAWLER_FRONTIER:-}" in
        redis://?* | rediss://?* | unix://?* | sentinel://?*) ;;
        '') refuse "LINKCRAWLER_FRONTIER is not set: workers in containers share their crawl; expected redis://USER:PASSWORD@HOST/0, in the environment or in a file that LINKCRAWLER_FRONTIER_FILE names" ;;
        *) refuse "LINKCRAWLER_FRONTIER has an unknown scheme: expected redis://, rediss://, unix:// or sentinel://" ;;
    esac
}

need_contact() {
    [ -n "${LINKCRAWLER_CONTACT:-}" ] ||
        refuse "LINKCRAWLER_CONTACT is not set: give an address or a page at which the operators of crawled sites can reach you"
}

crawl() {
    need_store
    need_frontier
    need_contact
    export LINKCRAWLER_METRICS="${LINKCRAWLER_METRICS:-0.0.0.0:9410}"
    exec scrapy crawl "$@"
}

# Again and again, with a pause; SIGTERM ends the pause at once and lets a run come to its end.
every() {
    seconds=$1
    shift
    case "$seconds" in '' | *[!0-9]*) refuse "every: expected seconds and a linkcrawler command, such as: every 900 classify; got '$seconds'" ;; esac
    trap 'exit 0' TERM INT
    while :; do
        linkcrawler "$@" || printf 'linkcrawler: %s failed with code %s; next try in %s s\n' "$1" "$?" "$seconds" >&2
        sleep "$seconds" &
        wait $!
    done
}

ready() {
    exec python -c "
import sys, urllib.request
try:
    urllib.request.urlopen(sys.argv[1], timeout=5)
except Exception as error:
    sys.exit(f'{sys.argv[1]}: {error}')
" "${1:-http://127.0.0.1:9410/readyz}"
}

read_secret LINKCRAWLER_STORE
read_secret LINKCRAWLER_FRONTIER

role=${1:-}
[ $# -eq 0 ] || shift
case "$role" in
    worker)
        # Whatever starts ended containers anew would otherwise begin a finished crawl again.
        export LINKCRAWLER_STAY="${LINKCRAWLER_STAY:-1}"
        crawl backlinks "$@"
        ;;
    recheck | archive) crawl "$role" "$@" ;;
    every) need_store; every "$@" ;;
    web) need_store; exec linkcrawler serve "$@" ;;
    classify | doctor | events | migrate | report | links | frontier | notify) need_store; exec linkcrawler "$role" "$@" ;;
    scrapyd) exec scrapyd "$@" ;;
    ready) ready "$@" ;;
    linkcrawler | scrapy) exec "$role" "$@" ;;
    *) refuse "no role is called '$role': expected worker, recheck, archive, classify, every, web, scrapyd, doctor, ready, or a linkcrawler or scrapy command line" ;;
esac
