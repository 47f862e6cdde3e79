import type { Delivery, EmailMessage } from '../model/notification.ts';

/** Where messages go. Never rejects; ends by its own deadline. */
export interface Notifier {
  send(message: EmailMessage): Promise<Delivery>;
}
