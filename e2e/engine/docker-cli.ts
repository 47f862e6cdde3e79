import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const COMMAND_TIMEOUT_MS = 60_000;

/** A small image that `scripts/engine/prepare.sh` provides: shell, sleep and tail. */
export const IMAGE = 'debian:bookworm-slim';

/** Containers of this run only: other work on the same engine is left alone. */
const LABEL = 'foghorn.test';

export interface DockerCli {
  /** Runs the docker command line client; resolves with its output. */
  docker(...args: readonly string[]): Promise<string>;
  /** `docker run --detach` with a label for {@link removeAll}; the shell script is what it runs. */
  run(name: string, script: string, ...options: readonly string[]): Promise<void>;
  removeAll(): Promise<void>;
}

/** @param marker tells the containers of one test file from those of others. */
export function createDockerCli(marker: string, socketPath = '/var/run/docker.sock'): DockerCli {
  const docker = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('docker', ['-H', `unix://${socketPath}`, ...args], { timeout: COMMAND_TIMEOUT_MS });
    return stdout.trim();
  };
  return {
    docker,
    run: async (name, script, ...options) => {
      const named = ['--detach', '--name', name, '--label', `${LABEL}=${marker}`];
      await docker('run', ...named, ...options, IMAGE, 'sh', '-c', script);
    },
    removeAll: async () => {
      const ids = await docker('ps', '--all', '--quiet', '--filter', `label=${LABEL}=${marker}`);
      if (ids !== '') await docker('rm', '--force', '--volumes', ...ids.split('\n'));
    },
  };
}
