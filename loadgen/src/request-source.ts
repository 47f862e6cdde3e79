/** Endpoint, headers and body -> what is dispatched. All that can be made ready before the run is made ready before. */
import { endpointName, type Endpoint } from './endpoint.ts';
import type { Headers } from './header.ts';
import type { Template, TemplateSources } from './placeholder.ts';
import { compileTemplate, render } from './template.ts';

export interface RequestContent {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** @param sequence the number of the request, for templates; without any, the same object is returned each time */
export type RequestSource = (sequence: number) => RequestContent;

export interface RequestContext {
  /** Path of the target's address, before that of the endpoint; without a slash at its end. */
  readonly basePath: string;
  /** Of every request; those of an endpoint go before them. */
  readonly headers: Headers;
  /** No template, whatever it holds. */
  readonly authorization?: string | undefined;
  readonly sources: TemplateSources;
}

/** @throws InputError when a template is wrong */
export function compileRequest(endpoint: Endpoint, context: RequestContext): RequestSource {
  const { method } = endpoint;
  const { sources, basePath } = context;
  const what = `endpoint ${JSON.stringify(endpointName(endpoint))}`;
  const path = compileTemplate(endpoint.path, { what, kind: 'path' }, sources);
  const headers = compileHeaders(endpoint, context);
  const body = compileBody(endpoint, sources);
  const isFixed = [path, ...headers.map(([, value]) => value), body].every((part) => typeof part !== 'function');
  const make: RequestSource = (sequence) => ({
    method,
    path: basePath + render(path, sequence),
    headers: Object.fromEntries(headers.map(([name, value]) => [name, render(value, sequence)])),
    body: typeof body === 'function' ? Buffer.from(body(sequence)) : body,
  });
  if (!isFixed) return make;
  const fixed = make(0);
  return () => fixed;
}

function compileHeaders({ headers: own = {}, body }: Endpoint, context: RequestContext): readonly [string, Template][] {
  const { headers, authorization, sources } = context;
  const type = body === undefined ? {} : { 'content-type': body.contentType };
  const compiled = Object.entries({ ...type, ...headers, ...own }).map(([name, value]): [string, Template] => [
    name,
    compileTemplate(value, { what: `header ${name}`, kind: 'header' }, sources),
  ]);
  return authorization === undefined ? compiled : [...compiled, ['authorization', authorization]];
}

function compileBody({ body }: Endpoint, sources: TemplateSources): Exclude<Template, string> | Buffer | null {
  if (body === undefined) return null;
  if (typeof body.content !== 'string') return body.content;
  const compiled = compileTemplate(body.content, { what: body.what, kind: 'body' }, sources);
  return typeof compiled === 'string' ? Buffer.from(compiled) : compiled;
}
