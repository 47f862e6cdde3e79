/** JSON schemas of what requests carry in several routes. */
export const targetId = { type: 'string', minLength: 1, maxLength: 1000 } as const;
/** `namespace/name`, as Kubernetes has names. */
export const objectKey = { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,252}/[a-z0-9][a-z0-9.-]{0,252}$' } as const;
/** Half of what a body may have: JSON escapes newlines. */
export const yamlText = { type: 'string', minLength: 1, maxLength: 200_000 } as const;
export const alertKey = { type: 'string', minLength: 1, maxLength: 2000 } as const;
/** Of a body with a YAML text, escaped: the largest that any route takes. */
export const LARGEST_BODY_BYTES = 500_000;
