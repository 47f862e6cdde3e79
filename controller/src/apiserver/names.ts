const dnsLabel = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dnsSubdomain = new RegExp(`^${dnsLabel}(\\.${dnsLabel})*$`);
const dnsLabelOnly = new RegExp(`^${dnsLabel}$`);
const qualifiedNamePart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const MAX_SUBDOMAIN_CHARACTERS = 253;
const MAX_LABEL_CHARACTERS = 63;

const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const namePartText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** What is wrong with the name of an object, in the words of a Kubernetes API server; empty when nothing is. */
export function subdomainFaults(name: string): readonly string[] {
  return faults(name, MAX_SUBDOMAIN_CHARACTERS, dnsSubdomain, subdomainText);
}

/** Of a namespace. */
export function dnsLabelFaults(name: string): readonly string[] {
  return faults(name, MAX_LABEL_CHARACTERS, dnsLabelOnly, labelText);
}

/** Of the value of a label. */
export function labelValueFaults(value: string): readonly string[] {
  return faults(value, MAX_LABEL_CHARACTERS, labelValue, labelValueText);
}

/** Of the key of a label, an annotation or a finalizer: `name` or `prefix.example/name`. */
export function qualifiedNameFaults(key: string): readonly string[] {
  const parts = key.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return [`a valid label key must be a name with an optional DNS subdomain prefix and '/'`];
  if (second === undefined) return namePartFaults(first);
  const prefix =
    first === '' ? ['prefix part must be non-empty'] : subdomainFaults(first).map((text) => `prefix part ${text}`);
  return [...prefix, ...namePartFaults(second)];
}

function namePartFaults(name: string): readonly string[] {
  if (name === '') return ['name part must be non-empty', namePartText];
  const tooLong = name.length > MAX_LABEL_CHARACTERS;
  return [
    ...(tooLong ? [`name part must be no more than ${MAX_LABEL_CHARACTERS} characters`] : []),
    ...(qualifiedNamePart.test(name) ? [] : [namePartText]),
  ];
}

function faults(text: string, maxCharacters: number, pattern: RegExp, wording: string): readonly string[] {
  const tooLong = text.length > maxCharacters;
  return [
    ...(tooLong ? [`must be no more than ${maxCharacters} characters`] : []),
    // a text past its bound is not matched: the pattern's time grows with it
    ...(text.length > 2 * MAX_SUBDOMAIN_CHARACTERS || pattern.test(text) ? [] : [wording]),
  ];
}
