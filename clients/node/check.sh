#!/bin/bash
# Tries the library for Node, as clients/check says. It leaves node_modules, gen and dist, which git
# ignores.
set -euo pipefail

left_out() { echo "$*"; exit 3; }

npm --version >/dev/null && node -e 'process.exit(+(process.versions.node.split(`.`)[0] < 20))' \
  || left_out "no Node 20 or later with npm"
npm install --silent --no-audit --no-fund --ignore-scripts || left_out "no packages can be had"
npm run --silent build
# worker.test.ts measures real time: left to those who run the tests by hand.
node --test --test-concurrency=1 dist/test/{units,service,orphans}.test.js dist/examples/*.test.js
