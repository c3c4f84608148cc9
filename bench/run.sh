#!/usr/bin/env bash
# run.sh PEER MEASURE [ROUNDS]: one JSON line per result. run.sh list | all | table: see --help.
# The system's own python3 is used, because Debian's python3-redis is installed for that one.
set -euo pipefail
py=$(command -pv python3)
PYTHONPATH=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH
case "${1:-}" in
  "" | -h | --help) exec "$py" -m rig --help ;;
  run | all | table | list) exec "$py" -m rig "$@" ;;
  *) exec "$py" -m rig run "$1" "$2" --rounds "${3:-1}" ;;
esac
