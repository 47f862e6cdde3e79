/** `/foghorn` of `https://ops.example.org/foghorn/`; empty at the root. */
export function basePath(url: URL): string {
  return url.pathname.replace(/\/+$/, '');
}

/** Some proxies take the sub-path away, some pass it on: both work. */
export function withoutBasePath(requestUrl: string, base: string): string {
  return base !== '' && requestUrl.startsWith(`${base}/`) ? requestUrl.slice(base.length) : requestUrl;
}
