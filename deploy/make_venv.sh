#!/bin/sh
# Make a virtual environment: make_venv.sh FOLDER. Debian splits `python3-venv` off Python, so a fresh machine may have
# Python without it: then virtualenv does it, the one that is there, or one that pip brings.
set -eu
folder=$1

for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$python" >/dev/null && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        found=$python
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "Python 3.11 or newer is needed, and none was found. Name it with: make install PYTHON=/path/to/python3" >&2
    exit 2
fi

if "$found" -m venv "$folder" >/dev/null 2>&1; then exit 0; fi
rm -rf "$folder"
if "$found" -m virtualenv --quiet "$folder" 2>/dev/null; then exit 0; fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if "$found" -m pip --version >/dev/null 2>&1 && "$found" -m pip install --quiet --target "$scratch/virtualenv" virtualenv; then
    PYTHONPATH=$scratch/virtualenv "$found" -m virtualenv --quiet "$folder"
else
    echo "Python has neither venv nor pip here. On Debian: apt-get install -y python3-venv" >&2
    exit 2
fi
