import type { ComponentType } from 'preact';
import type { ViewName, ViewProps } from './route.ts';

export type View = ComponentType<ViewProps>;

/** Views that are loaded when they are first shown; the overview comes with the page. */
export const lazyViews: Readonly<Partial<Record<ViewName, () => Promise<View>>>> = {
  container: () => import('./views/container/container-view.tsx').then(({ ContainerView }) => ContainerView),
  policies: () => import('./views/policies/policies-view.tsx').then(({ PoliciesView }) => PoliciesView),
  alerts: () => import('./views/alerts/alerts-view.tsx').then(({ AlertsView }) => AlertsView),
  'load-tests': () => import('./views/load-tests/load-tests-view.tsx').then(({ LoadTestsView }) => LoadTestsView),
  mails: () => import('./views/mails/mails-view.tsx').then(({ MailsView }) => MailsView),
};

export const viewTitles: Readonly<Record<ViewName | 'missing', string>> = {
  overview: 'overview',
  container: 'container',
  policies: 'policies',
  alerts: 'alerts',
  'load-tests': 'load tests',
  mails: 'mails',
  'sign-in': 'sign in',
  missing: 'not found',
};
