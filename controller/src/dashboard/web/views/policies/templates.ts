/** A policy to begin with. */
export interface Template {
  readonly name: string;
  readonly title: string;
  readonly yaml: string;
}

export const templates: readonly Template[] = [
  {
    name: 'service',
    title: 'A service of Compose: down, CPU, memory',
    yaml: `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: my-service
spec:
  selector:
    matchLabels: { com.docker.compose.service: web }
  interval: 15s
  rules:
    - name: down
      severity: critical
      expr: '!up'
      message: '{{ container.name }} is DOWN'
      actions: ['docker logs --tail 50 {{ container.name }}']
    - { name: cpu, severity: critical, expr: 'cpu > 90.0', for: 1m }
    - { name: cpu, severity: warning, expr: 'cpu > 70.0', for: 5m }
    - { name: memory, severity: critical, expr: 'memory > 90.0', for: 1m }
  cooldown: 10m
`,
  },
  {
    name: 'web',
    title: 'A web address: status and latency',
    yaml: `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: my-website
spec:
  selector: {}
  containerNames: ['web*']
  interval: 15s
  probes:
    - name: http
      http: { url: 'http://web:8000/health', timeout: 5s, expectedStatus: [200] }
  rules:
    - { name: down, severity: critical, expr: '!up' }
    - name: http
      severity: critical
      expr: '!probes.http.up'
      for: 30s
      message: '{{ container.name }} does not answer as it should'
    - { name: slow, severity: warning, expr: 'probes.http.latency > 1.0', for: 2m }
`,
  },
  {
    name: 'crashes',
    title: 'Every container: crashes, restart loops, want of memory',
    yaml: `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: crashes
spec:
  selector: {}
  interval: 30s
  rules:
    - { name: crashed, severity: warning, expr: crashed }
    - { name: oom, severity: critical, expr: oomKilled }
    - name: restart-loop
      severity: critical
      expr: 'increaseOver("restarts", "10m") >= 3.0'
      message: '{{ container.name }} keeps restarting'
`,
  },
  {
    name: 'port',
    title: 'A TCP port that must answer',
    yaml: `apiVersion: foghorn.dev/v1alpha1
kind: MonitorPolicy
metadata:
  name: my-port
spec:
  selector: {}
  containerNames: ['cache']
  expect: [cache]
  interval: 15s
  probes:
    - name: port
      tcp: { host: cache, port: 6379, timeout: 2s }
  rules:
    - { name: down, severity: critical, expr: '!up' }
    - { name: port, severity: critical, expr: '!probes.port.up', for: 30s }
`,
  },
];
