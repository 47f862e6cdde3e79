import { expect, it } from 'vitest';
import { answerOpenApiV2 } from './openapi-v2.ts';

it('is a document without schemas', () => {
  const { status, contentType, body } = answerOpenApiV2('1.2.3', 'application/json');
  expect([status, contentType]).toEqual([200, 'application/json']);
  const info = { title: 'Foghorn', version: '1.2.3' };
  expect(JSON.parse(body)).toEqual({ swagger: '2.0', info, paths: {}, definitions: {} });
});

it('is one in protobuf for kubectl', () => {
  const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
  const { contentType, body } = answerOpenApiV2('1.2.3', accept);
  expect(contentType).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
  expect(body).toBe('\u000A\u00032.0\u0012\u0010\u000A\u0007Foghorn\u0012\u00051.2.3');
});
