import { badRequest } from '../../kube/status.ts';
import type { KindDefinition } from '../kind.ts';
import { failure, faultAnswer, notAllowed, pageNotFound, statusAnswer, type Answer } from './answer.ts';
import { decodeBody } from './body.ts';
import type { DispatchDeps, HandlerDeps, KindRequest, RawRequest } from './context.ts';
import { impersonated } from './impersonate.ts';
import { isTrue } from './list-options.ts';
import { answerPath, createPaths, type Paths } from './paths.ts';
import { preparePodLog, type LateAnswer } from './pod-log.ts';
import { answerGet, answerList } from './read.ts';
import { createRefusals } from './refusals.ts';
import { parseRequest, type ResourceRequest, type Verb } from './request-info.ts';
import { answerReview, reviews } from './reviews.ts';
import { authorize } from './rights.ts';
import { prepareWatch, type WatchStream } from './watch-stream.ts';
import { answerCreate, answerDelete, answerDeleteCollection, answerPatch, answerUpdate } from './write.ts';

export type Dispatch = (request: RawRequest) => Answer | WatchStream | LateAnswer;

/** Decides what each request is answered: who asks, whether they may, and which handler has it. Never throws. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const parts = { ...deps, paths: createPaths(deps.kinds.all, deps.version), refused: createRefusals(deps) };
  return (request) => {
    try {
      return answer(parts, request);
    } catch (thrown) {
      return faultAnswer(thrown, deps.log);
    }
  };
}

interface AnswerDeps extends DispatchDeps {
  readonly paths: Paths;
  readonly refused: (request: RawRequest) => void;
}

function answer(deps: AnswerDeps, request: RawRequest): ReturnType<Dispatch> {
  const url = new URL(request.url, 'https://localhost');
  const info = parseRequest(request.method, url.pathname, isTrue(url.searchParams, 'watch'));
  if (info === undefined) throw badRequest('the path of the request cannot be decoded');
  const found = deps.authenticate(request.headers.authorization);
  if (found === 'invalid') {
    deps.refused(request);
    return statusAnswer(failure(401, 'Unauthorized', 'Unauthorized'));
  }
  const user = impersonated(found, request.headers);
  authorize(user, info);
  if (info.kind === 'path') return answerPath(deps, deps.paths, request, url);
  if (info.verb === '') throw notAllowed(info);
  const review = reviews.find(
    ({ group, version, plural }) => group === info.group && version === info.version && plural === info.plural,
  );
  if (review !== undefined) {
    if (info.verb !== 'create') throw notAllowed(info);
    return answerReview(review, user, decodeBody(request.headers['content-type'], request.body));
  }
  const kind = kindOf(deps, info);
  if (kind === undefined) return pageNotFound;
  if (kind.verbs?.includes(info.verb) === false)
    throw notAllowed(info, ': they are what the engine has, to be read only');
  const { accept, 'content-type': contentType, 'user-agent': userAgent } = request.headers;
  const headers = { accept, contentType, userAgent };
  return handlers[info.verb](deps, { info, kind, user, query: url.searchParams, headers, body: request.body });
}

type Handler = (deps: HandlerDeps, request: KindRequest) => ReturnType<Dispatch>;

const handlers: Readonly<Record<Exclude<Verb, ''>, Handler>> = {
  get: answerRead,
  list: answerList,
  watch: prepareWatch,
  create: answerCreate,
  update: answerUpdate,
  patch: answerPatch,
  delete: answerDelete,
  deletecollection: answerDeleteCollection,
};

function answerRead(deps: HandlerDeps, request: KindRequest): ReturnType<Dispatch> {
  const { info, kind } = request;
  const { podLogs, log } = deps;
  const isLog = info.subresource === 'log' && kind.subresources?.includes('log') === true;
  return isLog && podLogs !== undefined ? preparePodLog({ podLogs, log }, request) : answerGet(deps, request);
}

/** Undefined for what is not served, also for a single object that must be in a namespace and is asked for without one. */
function kindOf({ kinds }: HandlerDeps, info: ResourceRequest): KindDefinition | undefined {
  const found = kinds.all.find(
    ({ resource: { group, version, plural } }) =>
      group === info.group && version === info.version && plural === info.plural,
  );
  if (found === undefined) return undefined;
  const isInside = info.namespace !== undefined;
  const spansAll = info.verb === 'list' || info.verb === 'watch' || info.verb === 'deletecollection';
  if (found.resource.namespaced) return isInside || spansAll ? found : undefined;
  return isInside ? undefined : found;
}
