#!/bin/sh
# Make a virtual environment: make_venv.sh FOLDER, with PYTHON if that is given, else with a Python from 3.11 on that can.
# One that was built to be quick goes first, as Debian's is: a fifth quicker than what pyenv compiles (docs/adr/0053).
# Debian splits `python3-venv` off Python, so a fresh machine may have Python without it: then virtualenv does it, the one
# that is there, or one that pip brings.
set -eu
folder=$1

quick= others=
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3}; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$python" -c 'import sys, sysconfig as s; sys.exit("--enable-optimizations" not in (s.get_config_var("CONFIG_ARGS") or ""))'; then
        quick="$quick $python"
    else
        others="$others $python"
    fi
done
if [ -z "$quick$others" ]; then
    echo "Python 3.11 or newer is needed, and none was found. Name it with: make install PYTHON=/path/to/python3" >&2
    exit 2
fi

make_with() {
    "$1" -m venv "$folder" >/dev/null 2>&1 && return
    rm -rf "$folder"
    "$1" -m virtualenv --quiet "$folder" 2>/dev/null && return
    "$1" -m pip --version >/dev/null 2>&1 && "$1" -m pip install --quiet --target "$scratch/virtualenv" virtualenv &&
        PYTHONPATH=$scratch/virtualenv "$1" -m virtualenv --quiet "$folder"
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for python in $quick $others; do
    if make_with "$python"; then exit 0; fi
    rm -rf "$scratch/virtualenv"
done
echo "Python has neither venv nor pip here. On Debian: apt-get install -y python3-venv" >&2
exit 2
