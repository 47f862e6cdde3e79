import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A cluster of which no more is known than how to call it. */
export interface GivenCluster {
  readonly kubeconfig: string;
  /** Absent: its kubelets' certificates are not checked. */
  readonly kubeletAuthorityFile?: string;
  close(): Promise<void>;
}

const STOP_MS = 10_000;

/** The cluster of KUBECONFIG_FOR_TESTS; without it a simulated one in a process of its own, which is known as little. */
export async function openGivenCluster(): Promise<GivenCluster> {
  const kubeconfig = process.env['KUBECONFIG_FOR_TESTS'];
  if (kubeconfig !== undefined && kubeconfig !== '') return { kubeconfig, close: async () => undefined };
  const program = join(import.meta.dirname, 'simulated-process.ts');
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    ...(JSON.parse(String(line)) as Pick<GivenCluster, 'kubeconfig' | 'kubeletAuthorityFile'>),
    async close() {
      child.stdin.end();
      await Promise.race([once(child, 'exit'), once(AbortSignal.timeout(STOP_MS), 'abort')]);
      child.kill('SIGKILL');
    },
  };
}
