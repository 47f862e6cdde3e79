import type { Delivery, Notification } from '../model/notification.ts';

/** How one attempt to tell one recipient ended. */
export interface Attempt {
  readonly notification: Notification;
  readonly recipient: string;
  readonly delivery: Delivery;
}
