#!/bin/bash
# Tries the library for Python, as clients/check says.
set -euo pipefail

left_out() { echo "$*"; exit 3; }

python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
  || left_out "no Python 3.10 or later with venv"
python3 -m venv "$SCRATCH/venv"
bin=$SCRATCH/venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
"$bin/pip" download --quiet --no-deps --dest "$SCRATCH/packages" grpcio \
  || left_out "no packages can be had"
"$bin/pip" install --quiet '.[test]'
"$bin/pytest" -q -p no:cacheprovider -m "not real_time" tests examples
