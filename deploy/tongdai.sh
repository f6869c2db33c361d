#!/bin/sh
# A command of Tổng đài 1022 as its services run it: their user, their settings, their home. /usr/local/bin/tongdai
# Another place for the settings: TONGDAI_ETC=/etc/tongdai/trial tongdai …
set -eu
etc=${TONGDAI_ETC:-/etc/tongdai}
user=${TONGDAI_USER:-tongdai}
if [ "$(id -u)" = 0 ] && [ "$user" != root ]; then
    PATH=$PATH:/usr/sbin:/sbin # cron has neither
    exec runuser -u "$user" -- "$0" "$@"
fi

refuse() {
    echo "$1" >&2
    exit 1
}

# Taken literally, as systemd takes it, not run by the shell: an & or $ in an address or a password stays one.
take() {
    [ -r "$1" ] || refuse "$(id -un) không đọc được $1: chgrp tongdai $1 && chmod 640 $1 / can't be read"
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in '' | '#'* | ';'*) continue ;; esac
        name=${line%%=*} value=${line#*=}
        case $name in
            "$line" | '' | [0-9]* | *[!A-Za-z0-9_]*) refuse "$1: mỗi dòng một TÊN=giá-trị / each line is NAME=value" ;;
        esac
        case $value in
            \'*\') value=${value#\'} value=${value%\'} ;;
            \"*\") value=${value#\"} value=${value%\"} ;;
        esac
        export "$name=$value"
    done <"$1"
}

take "$etc/environment"
if [ -e "$etc/worker.environment" ]; then take "$etc/worker.environment"; fi
export TONGDAI_HOME="${TONGDAI_HOME:-/var/lib/tongdai}"
export TMPDIR="$TONGDAI_HOME/tmp"
mkdir -p "$TMPDIR"
exec "${TONGDAI_PROGRAM:-/opt/tongdai/current/bin/tongdai}" "$@"
