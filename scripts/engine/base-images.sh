#!/usr/bin/env bash
# Makes sure that the base images of the Dockerfiles and of Compose are in the engine. An image that is there is left
# alone, else it is pulled; where no image registry answers it is built from Debian's packages and the Node binary of
# node_modules, under the same name, so that no Dockerfile needs to know. Such an image also trusts the certificate
# authorities of this machine. Needs root and debootstrap for building, `npm ci` done before.
set -euo pipefail

engine_directory=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository_root=$(cd "$engine_directory/../.." && pwd)
export DOCKER_BUILDKIT=0

debian_image=debian:bookworm-slim
node_image=node:24-bookworm-slim
postgres_image=postgres:15-bookworm
# A registry that answers says so within seconds; a whole image over a slow line takes minutes.
probe_limit_s=15
pull_limit_s=600

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

image_exists() {
  docker image inspect "$1" >/dev/null 2>&1
}

# `timeout` is not on every system that runs Docker.
limited() {
  local limit_s=$1
  shift
  if command -v timeout >/dev/null; then timeout "$limit_s" "$@"; else "$@"; fi
}

pull() {
  local limit_s=$probe_limit_s
  if limited "$probe_limit_s" docker manifest inspect "$1" >/dev/null 2>&1; then
    limit_s=$pull_limit_s
  fi
  limited "$limit_s" docker pull --quiet "$1" >/dev/null 2>&1
}

# Classic builds hide what a step printed unless it failed.
build() {
  local image=$1 context=$2
  local proxies=(--build-arg http_proxy --build-arg https_proxy --build-arg no_proxy)
  if ! docker build --quiet "${proxies[@]}" --tag "$image" "$context" >"$work/build.log" 2>&1; then
    cat "$work/build.log" >&2
    echo "images: building $image failed" >&2
    return 1
  fi
}

# The machine's trust and apt's way to its mirror, so that builds on the image work wherever the machine's own do.
copy_machine_settings() {
  local rootfs=$1
  install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$rootfs/etc/ssl/certs/ca-certificates.crt"
  apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date)' \
    >"$rootfs/etc/apt/apt.conf.d/90machine" || true
}

build_debian() {
  if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "images: no registry answers for $debian_image; building it needs root and debootstrap (apt-get install debootstrap)" >&2
    return 1
  fi
  local mirror rootfs=$work/rootfs
  mirror=$(apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' 'Component: main' | sed -n 1p)
  if ! debootstrap --variant=minbase --include=ca-certificates bookworm "$rootfs" "$mirror" >"$work/debootstrap.log" 2>&1; then
    tail -n 15 "$work/debootstrap.log" >&2
    return 1
  fi
  copy_machine_settings "$rootfs"
  rm -rf "$rootfs"/var/cache/apt/archives/*.deb "$rootfs"/var/lib/apt/lists/* "$rootfs"/usr/share/{doc,man,locale}/*
  tar -C "$rootfs" -c . | docker import \
    --change 'CMD ["bash"]' \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    - "$debian_image" >/dev/null
  rm -rf "$rootfs"
}

build_node() {
  ensure "$debian_image" build_debian
  local context=$work/node node_binary=$repository_root/node_modules/node/bin/node npm_directory
  npm_directory=$(npm root --global 2>/dev/null)/npm
  if [ ! -x "$node_binary" ] || [ ! -d "$npm_directory" ]; then
    echo "images: building $node_image needs node_modules/node (run npm ci) and npm" >&2
    return 1
  fi
  mkdir -p "$context"
  cp "$node_binary" "$context/node"
  cp -R --dereference "$npm_directory" "$context/npm"
  cp "$engine_directory/node.Dockerfile" "$context/Dockerfile"
  build "$node_image" "$context"
}

build_postgres() {
  ensure "$debian_image" build_debian
  local context=$work/postgres
  mkdir -p "$context"
  cp "$engine_directory/postgres-entrypoint.sh" "$context/"
  cp "$engine_directory/postgres.Dockerfile" "$context/Dockerfile"
  build "$postgres_image" "$context"
}

ensure() {
  local image=$1 build_image=$2 started=$SECONDS
  if image_exists "$image"; then
    echo "images: $image is there"
    return
  fi
  echo "images: $image is missing, pulling"
  if pull "$image"; then
    echo "images: $image pulled in $((SECONDS - started)) s"
    return
  fi
  echo "images: no registry gave $image, building it"
  "$build_image"
  echo "images: $image built in $((SECONDS - started)) s"
}

ensure "$node_image" build_node
ensure "$postgres_image" build_postgres
