#!/bin/bash
# Builds the client, and runs its tests on the service that DUELINE_DEV names. Run by
# clients/check; ends with 3, and a line that says why, where it cannot be tried.
set -euo pipefail
cd "$(dirname "$0")"
command -v javac >/dev/null && command -v mvn >/dev/null || { echo "no JDK, or no Maven"; exit 3; }
mvn -q -B dependency:resolve >"$SCRATCH/resolve.log" 2>&1 \
  || { tail -n 3 "$SCRATCH/resolve.log"; echo "the libraries cannot be downloaded"; exit 3; }
mvn -q -B test
