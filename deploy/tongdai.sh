#!/bin/sh
# A command of Tổng đài 1022 as its services run it: their user, their settings, their home. /usr/local/bin/tongdai
set -eu
etc=${TONGDAI_ETC:-/etc/tongdai}
user=${TONGDAI_USER:-tongdai}
if [ "$(id -u)" = 0 ] && [ "$user" != root ]; then
    exec runuser -u "$user" -- "$0" "$@"
fi
set -a
. "$etc/environment"
if [ -r "$etc/worker.environment" ]; then . "$etc/worker.environment"; fi
TONGDAI_HOME=${TONGDAI_HOME:-/var/lib/tongdai}
TMPDIR=$TONGDAI_HOME/tmp
set +a
mkdir -p "$TMPDIR"
exec "${TONGDAI_PROGRAM:-/opt/tongdai/current/bin/tongdai}" "$@"
