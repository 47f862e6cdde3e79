/** What a pod's container uses: cores since a time, and memory. */
export interface PodUsage {
  /** Of its pod; absent: the usual one. */
  readonly namespace?: string;
  readonly container: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly since: number;
}

/** `/stats/summary` as a kubelet gives it, of these pods; counters grow with the time. */
export function summaryOf(namespace: string, usage: ReadonlyMap<string, PodUsage>, now: number): object {
  return {
    node: { nodeName: 'node-1' },
    pods: [...usage].map(([name, { namespace: own = namespace, container, cores, memoryBytes, since }]) => {
      const time = new Date(now).toISOString();
      const usageCoreNanoSeconds = Math.round((now - since) * 1e6 * cores);
      return {
        podRef: { name, namespace: own, uid: name },
        containers: [
          {
            name: container,
            startTime: new Date(since).toISOString(),
            cpu: { time, usageNanoCores: Math.round(cores * 1e9), usageCoreNanoSeconds },
            memory: { time, workingSetBytes: memoryBytes },
          },
        ],
        network: { time, name: 'eth0', rxBytes: (now - since) * 10, txBytes: (now - since) * 20 },
      };
    }),
  };
}

/** The same as `/metrics/resource` has it. */
export function metricsOf(namespace: string, usage: ReadonlyMap<string, PodUsage>, now: number): string {
  const lines = [...usage].flatMap(([pod, { namespace: own = namespace, container, cores, memoryBytes, since }]) => {
    const labels = `{container="${container}",namespace="${own}",pod="${pod}"}`;
    return [
      `container_cpu_usage_seconds_total${labels} ${((now - since) / 1000) * cores} ${now}`,
      `container_memory_working_set_bytes${labels} ${memoryBytes} ${now}`,
    ];
  });
  return [...lines, 'resource_scrape_error 0', ''].join('\n');
}
