#!/usr/bin/env bash
# Gives a bare Debian machine what the whole system and its tests need: packages, Docker engine (started), Compose v2,
# base images. Every step is skipped when it is done already. Needs root, and `npm ci` done before.
set -euo pipefail

engine_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for step in packages compose start base-images; do
  bash "$engine_directory/$step.sh"
done
