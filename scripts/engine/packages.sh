#!/usr/bin/env bash
# Installs the Debian packages that the tests and the local images need and that the machine lacks:
# the Docker engine, debootstrap for base images, Chromium for the page's tests, nginx to stand in front of it.
# Idempotent: an installed package costs one dpkg query. Needs root and Debian or a derivative.
# Usage: packages.sh [PACKAGE...]
set -euo pipefail

packages=("$@")
if [ ${#packages[@]} -eq 0 ]; then
  packages=(ca-certificates chromium debootstrap docker.io iptables nginx-light)
fi

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  echo "packages: all installed (${packages[*]})"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "packages: missing: ${missing[*]}. Run as root: bash $0" >&2
  exit 1
fi

echo "packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
echo "packages: installed ${missing[*]}"
