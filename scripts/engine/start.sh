#!/usr/bin/env bash
# Starts the Docker engine in the background when none answers, and waits until it does. Leaves a running one alone.
# The engine outlives this script; its output goes to a log file. Needs root when an engine must be started.
set -euo pipefail

# A cold engine answers within 5 s; a first start that sets up its storage on a slow disk needs more.
start_limit_s=60
log=${DOCKERD_LOG:-/var/log/dockerd.log}

engine_answers() {
  timeout 10 docker info >/dev/null 2>&1
}

if engine_answers; then
  echo "engine: $(docker version --format '{{.Server.Version}}') answers"
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v dockerd >/dev/null; then
  echo "engine: no Docker engine answers, and this user cannot start one. Start it (systemctl start docker), or run as root: bash $0" >&2
  exit 1
fi

echo "engine: starting dockerd, log in $log"
# A pid file left by an engine that was killed stops the next one from starting.
if [ -f /var/run/docker.pid ] && ! kill -0 "$(cat /var/run/docker.pid)" 2>/dev/null; then
  rm -f /var/run/docker.pid
fi
setsid dockerd >"$log" 2>&1 </dev/null &
engine_pid=$!

for ((waited = 0; waited < start_limit_s; waited++)); do
  if engine_answers; then
    echo "engine: $(docker version --format '{{.Server.Version}}') answers after ${waited} s"
    exit 0
  fi
  kill -0 "$engine_pid" 2>/dev/null || break
  sleep 1
done
echo "engine: dockerd ended, or did not answer within ${start_limit_s} s. Its last lines:" >&2
tail -n 15 "$log" >&2
exit 1
