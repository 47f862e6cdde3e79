import type { Clock } from '../../clock.ts';
import type { HostStatus } from '../../model/host.ts';
import type { Session } from './connection.ts';
import type { EngineError } from './failure.ts';

/** Where the host stands, and since when. */
export interface HostState {
  status(): HostStatus;
  /** The session that is open; undefined while the host is unreachable. */
  session(): Session | undefined;
  reach(session: Session): void;
  /** True when that is news. */
  lose(error: EngineError): boolean;
  setSource(source: 'cgroup' | 'engine-api'): void;
}

export function createHostState(host: string, clock: Clock): HostState {
  const base = { host, runtime: 'docker' } as const;
  let session: Session | undefined;
  let source: 'cgroup' | 'engine-api' = 'engine-api';
  let status: HostStatus = {
    ...base,
    since: clock.now(),
    reachable: false,
    reason: 'Starting',
    message: 'the engine has not been asked yet',
  };

  return {
    status: () => (status.reachable ? { ...status, source } : status),
    session: () => session,
    reach(opened) {
      session = opened;
      const { engineVersion, apiVersion, size } = opened;
      const since = status.reachable ? status.since : clock.now();
      status = { ...base, since, reachable: true, engineVersion, apiVersion, source, ...size };
    },
    lose({ reason, message }) {
      session = undefined;
      const isNews = status.reachable || status.reason !== reason || status.message !== message;
      const since = status.reachable ? clock.now() : status.since;
      status = { ...base, since, reachable: false, reason, message };
      return isNews;
    },
    setSource(next) {
      source = next;
    },
  };
}
