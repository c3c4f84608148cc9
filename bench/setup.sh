#!/usr/bin/env bash
# Installs and builds what the measures need: Debian, npm and Maven packages, through the clients as they are set up,
# and the service itself. Run as root for the first part, or install the packages by hand and say SKIP_APT=1.
set -euo pipefail
cd "$(dirname "$0")"
if [ "${SKIP_APT:-}" != 1 ]; then
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # no service is to start by itself
  packages=(beanstalkd redis-server redis-tools libhiredis-dev gcc make python3 python3-redis python3-hiredis
    ruby ruby-sidekiq ruby-redis postgresql)
  command -v javac >/dev/null || packages+=(openjdk-17-jdk-headless)
  command -v mvn >/dev/null || packages+=(maven)
  command -v npm >/dev/null || packages+=(nodejs npm)
  # What is there stays as it is: other results on this machine were measured with it.
  apt-get install -y --no-install-recommends --no-upgrade "${packages[@]}"
fi
make -C c
(cd node && npm install --no-package-lock --no-audit --no-fund)
(cd jvm && mvn -q -B package dependency:copy-dependencies -DoutputDirectory=target/lib)
(cd .. && ./mvnw -q -B package -DskipTests)
