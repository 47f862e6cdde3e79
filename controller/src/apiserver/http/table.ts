import type { KubeObject } from '../../kube/client.ts';
import type { KindDefinition, PrinterColumn } from '../kind.ts';

/** Which part of the object each row of a table carries. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

const nameColumn: PrinterColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  priority: 0,
  cell: (object) => object.metadata.name,
};

/** Objects as the Table that kubectl asks for. */
export function tableOf(
  kind: Pick<KindDefinition, 'columns'>,
  objects: readonly KubeObject[],
  options: {
    readonly metadata: unknown;
    readonly metaVersion: string;
    readonly include: IncludeObject;
    readonly nowMs: number;
    /** Left out of all but the first event of a watch. */
    readonly withColumns: boolean;
  },
): unknown {
  const hasName = kind.columns.some(({ format }) => format === 'name');
  const columns = hasName ? kind.columns : [nameColumn, ...kind.columns];
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.metaVersion}`,
    metadata: options.metadata,
    columnDefinitions: options.withColumns ? columns.map(({ cell: _cell, ...shown }) => shown) : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, options.nowMs) ?? null),
      object: rowObject(object, options),
    })),
  };
}

export function partialOf(object: KubeObject, metaVersion: string): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata: object.metadata };
}

function rowObject(
  object: KubeObject,
  { include, metaVersion }: { readonly include: IncludeObject; readonly metaVersion: string },
): unknown {
  if (include === 'None') return null;
  return include === 'Object' ? object : partialOf(object, metaVersion);
}
