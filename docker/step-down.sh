#!/bin/sh
# Entry point of the images that use the Docker socket. Compose starts them as root with no capability but those to do
# the following: give OWNED_DIRECTORIES (mounts that the engine created as root) to the user node, join the group that
# owns DOCKER_SOCKET, whose number differs from host to host, and become node. Started as another user, it only runs
# the command.
set -eu

if [ "$(id -u)" -ne 0 ]; then
  exec "$@"
fi

for directory in ${OWNED_DIRECTORIES:-}; do
  if [ "$(stat -c %u "$directory")" -ne "$(id -u node)" ]; then
    chown -R node:node "$directory"
  fi
done

# Files that node writes into a mount of the user who runs the stack: that user's group may read them, others not.
for file in ${SHARED_FILES:-}; do
  folder=$(dirname "$file")
  [ -d "$folder" ] || continue
  [ -e "$file" ] || (umask 027 && : >"$file")
  chown "node:$(stat -c %g "$folder")" "$file"
done

groups=$(id -g node)
socket=${DOCKER_SOCKET:-/var/run/docker.sock}
if [ -S "$socket" ]; then
  groups="$groups,$(stat -c %g "$socket")"
fi
export HOME=/home/node
exec setpriv --reuid=node --regid=node --groups="$groups" --inh-caps=-all --no-new-privs -- "$@"
