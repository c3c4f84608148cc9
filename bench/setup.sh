#!/usr/bin/env bash
# Installs and builds what the measures need: Debian, npm, Python, Maven and Go packages, through the clients as they are set
# up, and the service itself. Run as root for the first part, or install the packages by hand and say SKIP_APT=1.
# A Go is yours to install, in the version that go/go.mod names: Debian's is older. Without one its drivers are left out.
set -euo pipefail
cd "$(dirname "$0")"
if [ "${SKIP_APT:-}" != 1 ]; then
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # no service is to start by itself
  packages=(beanstalkd redis-server redis-tools libhiredis-dev gcc make python3 python3-venv python3-redis python3-hiredis
    ruby ruby-sidekiq ruby-redis postgresql)
  command -v javac >/dev/null || packages+=(openjdk-17-jdk-headless)
  command -v mvn >/dev/null || packages+=(maven)
  command -v npm >/dev/null || packages+=(nodejs npm)
  # What is there stays as it is: other results on this machine were measured with it.
  apt-get install -y --no-install-recommends --no-upgrade "${packages[@]}"
fi
make -C c
(cd node && npm install --no-package-lock --no-audit --no-fund)
(cd ../clients/node && npm install --no-package-lock --no-audit --no-fund && npm pack --silent)
(cd node && npm install --no-save --no-package-lock --no-audit --no-fund ../../clients/node/dueline-*.tgz)
python3 -m venv python/venv
python/venv/bin/pip install -q -r python/requirements.txt ../clients/python
if command -v go >/dev/null; then
  (cd go && go build -o build/ ./...) # clients/go among them
else
  echo "no Go: its drivers are left out" >&2
fi
mvn -q -B -f ../clients/java install
(cd jvm && mvn -q -B package dependency:copy-dependencies -DoutputDirectory=target/lib)
mvn -q -B -f ../clients/java dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PWD/jvm/target/client"
(cd .. && ./mvnw -q -B package -DskipTests)
