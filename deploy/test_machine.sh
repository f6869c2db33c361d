#!/bin/sh
# What `make test` needs of the machine itself: a browser for the journeys, Debian's PostgreSQL for the core rooms,
# a telephone (sipp) for the exchange, a relay (coturn) between networks, proxies and a connection pool as cities put
# before us, what checks alert rules, what prints the final report and reads it back.
# Installs what is missing as root or by sudo without a password; where neither, prints the one line to run and exits 2.
set -eu

missing=
for each in chromium chromium-headless-shell; do
    command -v "$each" >/dev/null || missing="$missing $each"
done
set -- /usr/lib/postgresql/*/bin/postgres
[ -x "$1" ] || missing="$missing postgresql"
command -v sipp >/dev/null || missing="$missing sip-tester"
command -v ffmpeg >/dev/null || missing="$missing ffmpeg"
command -v turnserver >/dev/null || [ -x /usr/bin/turnserver ] || missing="$missing coturn"
command -v ip >/dev/null || [ -x /usr/sbin/ip ] || missing="$missing iproute2"
for each in nginx caddy pgbouncer; do
    command -v "$each" >/dev/null || [ -x "/usr/sbin/$each" ] || missing="$missing $each"
done
command -v promtool >/dev/null || missing="$missing prometheus"
command -v soffice >/dev/null || missing="$missing libreoffice-writer-nogui"
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
# Times New Roman's measures with Vietnamese letters: version 2, which is `fonts-liberation` from Debian 13 on
fc-list :lang=vi family 2>/dev/null | grep -q "Liberation Serif" || missing="$missing fonts-liberation2"
[ -n "$missing" ] || exit 0

line="apt-get install -y --no-install-recommends$missing"
if ! command -v apt-get >/dev/null; then
    echo "The tests need$missing; install them the way this system does, then run make test again." >&2
    exit 2
elif [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "sudo $line" >&2
    exit 2
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root $line
