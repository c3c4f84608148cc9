#!/bin/bash
# Vets and tests the module; the tests of duelinetest run on the service that DUELINE_DEV names.
# Run by clients/check; ends with 3, and a line that says why, where it cannot be tried.
set -euo pipefail
cd "$(dirname "$0")"
command -v go >/dev/null || { echo "no go"; exit 3; }
go mod download || { echo "the modules cannot be downloaded"; exit 3; }
go vet ./...
go test -count=1 ./...
