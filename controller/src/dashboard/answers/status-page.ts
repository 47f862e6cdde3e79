/** `GET api/status-page`: open to all when it is turned on, 404 otherwise. No image, label, host or address. */
export interface StatusPageAnswer {
  readonly title: string;
  /** When the controller last looked. */
  readonly at: number;
  /** Worst of the services: `up` when all are. */
  readonly state: ServiceState;
  /** Worst first, then by name. */
  readonly services: readonly StatusService[];
  /** More than the page may hold. */
  readonly leftOut: number;
}

/** `degraded`: it runs, and a warning or critical alert fires or its health check fails. */
export type ServiceState = 'up' | 'degraded' | 'down' | 'unknown';

export interface StatusService {
  readonly name: string;
  readonly state: ServiceState;
  /** Up and degraded over what is known of the last 24 hours, 0..1; null when nothing is known. */
  readonly uptime: number | null;
  /** Half hours of the last 24 hours, oldest first; empty when nothing is known. */
  readonly slots: readonly ServiceState[];
}
