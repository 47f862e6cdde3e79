#!/usr/bin/env bash
# Installs Compose v2 as a Docker CLI plugin when `docker compose` is missing. Debian 12 does not package it, so the
# one static file comes out of a newer Debian's package, through an apt configuration of its own that leaves the
# system's sources and package lists alone. Idempotent. Needs root, apt and an installed Docker client.
set -euo pipefail

# The first Debian release whose docker-compose package is Compose v2 as a CLI plugin, newest version last resort.
suites=(trixie sid)
plugin_in_package=usr/libexec/docker/cli-plugins/docker-compose
plugin_directory=/usr/local/lib/docker/cli-plugins

if docker compose version >/dev/null 2>&1; then
  echo "compose: $(docker compose version --short) is installed"
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "compose: docker compose is missing. Install your distribution's Compose v2 plugin, or run as root: bash $0" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# apt drops to the user _apt for downloads.
chmod 755 "$work"

mirror=$(apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' 'Component: main' | sed -n 1p)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

fetch_from() {
  local suite=$1
  mkdir -p "$work/$suite/lists/partial" "$work/$suite/cache/archives/partial" "$work/$suite/download" "$work/$suite/parts"
  echo "deb [signed-by=$keyring] $mirror $suite main" >"$work/$suite/sources.list"
  local options=(
    -o "Dir::Etc::sourcelist=$work/$suite/sources.list"
    -o "Dir::Etc::sourceparts=$work/$suite/parts"
    -o "Dir::State::lists=$work/$suite/lists"
    -o "Dir::Cache=$work/$suite/cache"
    -o Acquire::Languages=none
    -o APT::Sandbox::User=root
  )
  apt-get "${options[@]}" update -qq &&
    (cd "$work/$suite/download" && apt-get "${options[@]}" download -qq docker-compose >/dev/null) &&
    dpkg -x "$work/$suite"/download/docker-compose_*.deb "$work/$suite/root" &&
    [ -x "$work/$suite/root/$plugin_in_package" ]
}

for suite in "${suites[@]}"; do
  echo "compose: fetching from Debian $suite"
  if fetch_from "$suite"; then
    install -D -m 755 "$work/$suite/root/$plugin_in_package" "$plugin_directory/docker-compose"
    echo "compose: installed $(docker compose version --short)"
    exit 0
  fi
done
echo "compose: no Debian release of ${suites[*]} at $mirror gave docker-compose" >&2
exit 1
