/** Lines of metrics.log or status.log about one container. `Host:` stands in them only when several are watched. */
export function linesOf(
  lines: readonly string[],
  { file, name, host }: { readonly file: 'metrics' | 'status'; readonly name: string; readonly host: string },
): readonly string[] {
  const field = file === 'metrics' ? `Container: ${name}` : `Name: ${name}`;
  return lines.filter((line) => {
    const fields = line.split(' | ');
    const lineHost = fields.find((text) => text.startsWith('Host: '));
    return fields.slice(1).includes(field) && (lineHost === undefined || lineHost === `Host: ${host}`);
  });
}
